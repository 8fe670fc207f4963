#include "experiments/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "core/error.h"
#include "core/files.h"
#include "core/process.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr int kPanelWidth = 420;  // pixels
constexpr int kHeight = 520;
constexpr size_t kPanelsBeside = 5;
constexpr double kWide = 1e7;  // the axis has powers of ten for labels
constexpr std::array<const char*, 12> kColours{"#1f77b4", "#d62728", "#2ca02c", "#ff7f0e",
                                               "#9467bd", "#8c564b", "#e377c2", "#bcbd22",
                                               "#17becf", "#000000", "#7f7f7f", "#6b8e23"};

double greatest_x(const Panel& panel) {
  double out = 0;
  for (const Line& line : panel.lines) {
    for (const auto& [x, y] : line.points) out = std::max(out, x);
  }
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string gnuplot_text(const std::vector<Panel>& panels, const fs::path& svg) {
  const size_t columns = std::min(panels.size(), kPanelsBeside),
               lines = panels.empty() ? 1 : (panels.size() + columns - 1) / columns;
  std::string out = fmt::format(
      "set terminal svg size {},{} font 'sans,12' background 'white'\nset output {}\nset logscale xy\n"
      "set grid\nset key below noenhanced font 'sans,9'\nset title noenhanced\nset multiplot layout {},{}\n",
      kPanelWidth * columns, kHeight * lines, quoted(svg.filename().string()), lines, columns);
  size_t block = 0;
  for (const Panel& panel : panels) {
    std::string curves;
    size_t colour = 0;
    for (const Line& line : panel.lines) {
      colour += line.title.empty() ? 0 : 1;
      if (line.points.empty()) continue;
      const std::string data = fmt::format("$data{}", block++);
      out += data + " << END\n";
      for (size_t i = 0; i < line.points.size(); ++i) {
        out += fmt::format("{:.6g} {:.6g}", line.points[i].first, line.points[i].second);
        if (!line.spans.empty())
          out += fmt::format(" {:.6g} {:.6g}", line.spans[i].first, line.spans[i].second);
        out += "\n";
      }
      out += "END\n";
      const char* marked = line.spans.empty() ? "linespoints" : "yerrorlines";
      curves += fmt::format(
          "{}{} using {} with {} linecolor rgb '{}' {}", curves.empty() ? "" : ", ", data,
          line.spans.empty() ? "1:2" : "1:2:3:4",
          line.dashed ? "lines dashtype 2" : fmt::format("{} pointsize 0.6 pointtype {}", marked, 3 + colour),
          kColours[(colour + kColours.size() - 1) % kColours.size()],
          line.title.empty() ? "notitle" : "title " + quoted(line.title));
    }
    if (curves.empty()) continue;
    if (!panel.log_y) out += "unset logscale y\n";
    const bool wide = greatest_x(panel) >= kWide;
    if (wide) out += "set format x '10^{%T}'\n";
    for (const auto& [x, text] : panel.x_marks)
      out += fmt::format("set xtics add ({} {:.6g})\n", quoted(text), x);
    out += fmt::format("set title {}\nset xlabel {}\nset ylabel {}\nplot {}\n", quoted(panel.title),
                       quoted(panel.x_label), quoted(panel.y_label), curves);
    if (!panel.log_y) out += "set logscale y\n";
    if (wide) out += "set format x\n";
    if (!panel.x_marks.empty()) out += "unset xtics\nset xtics\n";
  }
  return out + "unset multiplot\n";
}

void draw(const std::vector<Panel>& panels, const fs::path& svg) {
  const fs::path folder = fs::absolute(svg).parent_path();
  const fs::path commands = fs::path(svg).replace_extension(".gp");
  make_folder(folder);
  write_text_file(commands, gnuplot_text(panels, svg));
  const fs::path log = fs::path(svg).replace_extension(".gnuplot.log");
  std::error_code ignored;
  fs::remove(svg, ignored);
  ExitInfo exit;
  {
    Child child({"/usr/bin/env", "-C", folder.string(), "gnuplot", fs::absolute(commands).string()}, log, {});
    std::optional<ExitInfo> ended;
    while (!(ended = child.poll())) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    exit = *ended;
  }
  if (exit.status != 0 || exit.signal != 0 || !fs::exists(svg))
    fail(Kind::io, "{}: gnuplot made no figure; {} says why (is gnuplot-nox installed?)", svg.string(),
         log.string());
  fs::remove(log, ignored);
}

}  // namespace bench
