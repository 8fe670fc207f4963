#pragma once
// Which columns of a row mean what: a network turns its raw outputs into a row by these heads, an encoder
// fills and reads rows by them. Rows are plain float32.

#include <cstdint>
#include <vector>

namespace bench {

/// `count` outputs side by side, each `width` columns wide.
struct Head {
  enum class Kind {
    unit,     ///< each column in [0, 1]: sigmoid; width is 1
    word,     ///< each column in [-1, 1]: tanh; width is 1
    category  ///< each output is a distribution over its `width` columns: softmax
  };
  Kind kind = Kind::unit;
  int64_t offset = 0;  ///< first column
  int64_t count = 1;
  int64_t width = 1;
  /// A column of an earlier category head that multiplies these columns (an answer that is given only if that
  /// category was chosen), or -1.
  int64_t gate = -1;
  int64_t columns() const { return count * width; }
  bool operator==(const Head&) const = default;
};

/// Heads that cover the columns 0 .. width-1 in order without gaps.
struct Layout {
  std::vector<Head> heads;
  int64_t width = 0;
  int64_t given =
      0;  ///< the first so many columns are inputs of a network that it passes on, not its outputs
  int64_t extra = 0;  ///< the last so many columns come from a second network that sees those before them

  /// Appends a head behind the last column and returns its offset. Neighbours of the same kind, width and
  /// gate are merged: fewer and larger operations in a network.
  int64_t add(Head::Kind kind, int64_t count, int64_t head_width, int64_t gate = -1) {
    const int64_t offset = width;
    width += count * head_width;
    if (!heads.empty() && offset != given) {
      Head& last = heads.back();
      if (last.kind == kind && last.width == head_width && last.gate == gate) {
        last.count += count;
        return offset;
      }
    }
    heads.push_back({kind, offset, count, head_width, gate});
    return offset;
  }
  /// The columns so far are given, those behind them are not.
  void close_given() { given = width; }
  /// `count` unit columns of the second network; nothing is added behind them.
  void add_extra(int64_t count) {
    heads.push_back({Head::Kind::unit, width, count, 1, -1});
    width += count;
    extra = count;
  }
  bool operator==(const Layout&) const = default;
};

}  // namespace bench
