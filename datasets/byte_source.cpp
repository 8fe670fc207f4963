#include "datasets/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace bench {
namespace {
constexpr unsigned kGzipBuffer = 1 << 17;
constexpr size_t kLargestRead = 1 << 30;
}  // namespace

ByteSource::ByteSource(const std::filesystem::path& path) : path_(path) {
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) fail(Kind::io, "{}: cannot be opened: {}", path.string(), std::strerror(errno));
  struct stat status {};
  unsigned char magic[2] = {0, 0};
  const bool known = ::fstat(descriptor_, &status) == 0;
  if (known && S_ISDIR(status.st_mode)) {
    ::close(descriptor_);
    fail(Kind::io, "{}: is a directory; a file would be right", path.string());
  }
  size_ = static_cast<int64_t>(status.st_size);
  const bool gzip = ::pread(descriptor_, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  if (!gzip) return;
  gzip_ = gzdopen(descriptor_, "rb");
  if (gzip_ == nullptr) {
    ::close(descriptor_);
    fail(Kind::io, "{}: cannot be opened as a gzip file", path.string());
  }
  gzbuffer(gzip_, kGzipBuffer);
}

ByteSource::~ByteSource() {
  if (gzip_ != nullptr) {
    gzclose(gzip_);
  } else {
    ::close(descriptor_);
  }
}

void ByteSource::seek(int64_t offset) {
  if (::lseek(descriptor_, offset, SEEK_SET) != offset) {
    fail(Kind::io, "{}: cannot be read from byte {}: {}", path_.string(), offset, std::strerror(errno));
  }
}

size_t ByteSource::read(char* buffer, size_t size) {
  size_t filled = 0;
  while (filled < size) {
    const size_t n = read_some(buffer + filled, std::min(size - filled, kLargestRead));
    if (n == 0) break;
    filled += n;
  }
  return filled;
}

size_t ByteSource::read_some(char* buffer, size_t size) {
  if (gzip_ != nullptr) {
    const int n = gzread(gzip_, buffer, static_cast<unsigned>(size));
    int code = Z_OK;
    const char* reason = gzerror(gzip_, &code);
    if (n < 0 || code == Z_BUF_ERROR) {
      fail(Kind::data, "{}: the gzip data are damaged or cut: {}", path_.string(), reason);
    }
    return static_cast<size_t>(n);
  }
  while (true) {
    const ssize_t n = ::read(descriptor_, buffer, size);
    if (n >= 0) return static_cast<size_t>(n);
    if (errno != EINTR) fail(Kind::io, "{}: cannot be read: {}", path_.string(), std::strerror(errno));
  }
}

}  // namespace bench
