#include "datasets/line_reader.h"

#include <cstring>

#include "core/error.h"

namespace bench {
namespace {
constexpr size_t kBufferBytes = 1 << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
}  // namespace

LineReader::LineReader(const std::filesystem::path& path, ByteRange range)
    : path_(path), source_(path), range_(range), buffer_(kLinePadding + kBufferBytes + kLinePadding) {
  if (range.begin == 0) return;
  // The line that holds the byte in front of the range belongs to the range before.
  position_ = range.begin - 1;
  source_.seek(position_);
  std::string_view rest_of_line;
  raw_line(rest_of_line);
}

bool LineReader::next(std::string_view& line) {
  while (position_ < range_.end) {
    const bool first = position_ == 0;
    if (!raw_line(line)) return false;
    if (first && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (!line.empty()) return true;
  }
  return false;
}

bool LineReader::raw_line(std::string_view& line) {
  size_t searched = begin_;
  while (true) {
    const auto* hit = static_cast<const char*>(std::memchr(buffer_.data() + searched, '\n', end_ - searched));
    const size_t start = begin_;
    if (hit != nullptr) {
      const auto stop = static_cast<size_t>(hit - buffer_.data());
      line = {buffer_.data() + start, stop - start};
      begin_ = stop + 1;
      position_ += static_cast<int64_t>(stop - start) + 1;
      return true;
    }
    searched = kLinePadding + end_ - begin_;
    if (!refill()) break;
  }
  line = {buffer_.data() + begin_, end_ - begin_};
  position_ += static_cast<int64_t>(line.size());
  begin_ = end_;
  return !line.empty();
}

// Moves the unfinished line to the front and fills the rest of the buffer; false at the end of the file.
bool LineReader::refill() {
  const size_t kept = end_ - begin_;
  std::memmove(buffer_.data() + kLinePadding, buffer_.data() + begin_, kept);
  begin_ = kLinePadding;
  end_ = kLinePadding + kept;
  if (at_end_) return false;
  const size_t room = buffer_.size() - kLinePadding - end_;
  if (room == 0) {
    fail(Kind::data, "{}: has a line of more than {} bytes; a text file would be right", path_.string(),
         kept);
  }
  const size_t n = source_.read(buffer_.data() + end_, room);
  end_ += n;
  quotes_ = std::memchr(buffer_.data() + begin_, '"', end_ - begin_) != nullptr;
  at_end_ = n < room;
  return n > 0;
}

}  // namespace bench
