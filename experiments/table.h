#pragma once
// Markdown tables with aligned columns, readable in a terminal as well.

#include <string>
#include <vector>

namespace bench {

class Table {
 public:
  explicit Table(std::vector<std::string> header);
  /// Shorter rows are filled with empty cells.
  void add(std::vector<std::string> row);
  /// The first column is left-aligned, the others right-aligned.
  std::string markdown() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace bench
