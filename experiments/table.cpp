#include "experiments/table.h"

#include <algorithm>

namespace bench {
namespace {
/// Characters on a terminal: bytes that do not continue a UTF-8 sequence.
size_t width(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Field names such as "td | srcport" must not end a cell.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}
}  // namespace

Table::Table(std::vector<std::string> header) { add(std::move(header)); }

void Table::add(std::vector<std::string> row) {
  std::transform(row.begin(), row.end(), row.begin(), escaped);
  rows_.push_back(std::move(row));
}

std::string Table::markdown() const {
  const size_t columns = rows_[0].size();
  std::vector<size_t> widths(columns, 3);
  for (const auto& row : rows_) {
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
  }
  std::string out;
  for (size_t r = 0; r < rows_.size(); ++r) {
    for (size_t c = 0; c < columns; ++c) {
      const std::string text = c < rows_[r].size() ? rows_[r][c] : "";
      const std::string pad(widths[c] - width(text), ' ');
      out += "| " + (c == 0 ? text + pad : pad + text) + " ";
    }
    out += "|\n";
    if (r > 0) continue;
    for (size_t c = 0; c < columns; ++c)
      out += c == 0 ? "|" + std::string(widths[c] + 2, '-') : "|" + std::string(widths[c] + 1, '-') + ":";
    out += "|\n";
  }
  return out;
}

}  // namespace bench
