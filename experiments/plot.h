#pragma once
// Figures through gnuplot.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace bench {

struct Line {
  std::string title;  ///< empty: not in the legend, and in the colour of the line before
  std::vector<std::pair<double, double>> points;   ///< x ascending
  bool dashed = false;                             ///< a line without marks: something that was not measured
  std::vector<std::pair<double, double>> spans{};  ///< least and greatest value of each point; empty: none
};

struct Panel {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<Line> lines;                                ///< coordinates on a logarithmic axis are above 0
  bool log_y = true;                                      ///< x always is
  std::vector<std::pair<double, std::string>> x_marks{};  ///< places on the axis with a text of their own
};

/// Commands for gnuplot with the data inside: the panels side by side in an SVG of that name.
std::string gnuplot_text(const std::vector<Panel>& panels, const std::filesystem::path& svg);
/// Writes the commands beside `svg` (extension .gp) and runs gnuplot. Throws Error(io) if it is not installed
/// or makes no figure.
void draw(const std::vector<Panel>& panels, const std::filesystem::path& svg);

}  // namespace bench
