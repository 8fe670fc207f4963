#pragma once
// Lines of a text file, one buffer of a mebibyte at a time; gzip files are read through.

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "datasets/byte_source.h"

namespace bench {

/// A part of a plain file in bytes: the lines that START in [begin, end).
struct ByteRange {
  int64_t begin = 0;
  int64_t end = INT64_MAX;
};

/// Readable bytes on either side of every line.
inline constexpr size_t kLinePadding = 64;

class LineReader {
 public:
  /// Throws Error(io) as ByteSource does.
  explicit LineReader(const std::filesystem::path& path, ByteRange range = {});
  /// The next line that is not blank, without its line end (LF or CRLF) and without a byte order mark; it is
  /// valid until the next call, and kLinePadding bytes on either side of it can be read (parsers load whole
  /// words). False after the last line. Throws Error(data) for a line over one MiB.
  bool next(std::string_view& line);
  /// What is in the buffer from the next line on; nothing if the range ends in front of it.
  std::string_view buffered() const {
    return position_ < range_.end ? std::string_view(buffer_.data() + begin_, end_ - begin_)
                                  : std::string_view();
  }
  /// Passes over a line of `bytes` bytes in the buffer, its LF included.
  void skip(size_t bytes) {
    begin_ += bytes;
    position_ += static_cast<int64_t>(bytes);
  }
  /// False only if no line from the present one to the buffer's end has a double quote.
  bool may_have_quotes() const { return quotes_; }
  /// Bytes taken from the range so far.
  int64_t bytes_read() const { return position_ - range_.begin; }
  const ByteRange& range() const { return range_; }
  const ByteSource& source() const { return source_; }

 private:
  bool raw_line(std::string_view& line);
  bool refill();

  std::filesystem::path path_;
  ByteSource source_;
  ByteRange range_;
  std::vector<char> buffer_;
  size_t begin_ = kLinePadding;
  size_t end_ = kLinePadding;
  int64_t position_ = 0;
  bool at_end_ = false;
  bool quotes_ = false;
};

}  // namespace bench
