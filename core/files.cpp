#include "core/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace bench {
namespace fs = std::filesystem;
namespace {

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (fd_ < 0) fail(Kind::io, "{}: cannot be opened: {}", path.string(), std::strerror(errno));
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

void write_all(int fd, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail(Kind::io, "{}: cannot be written: {}", path.string(), std::strerror(errno));
    text.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace

std::string read_text_file(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  std::string out;
  char buffer[1 << 16];
  while (true) {
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(Kind::io, "{}: cannot be read: {}", path.string(), std::strerror(errno));
    if (n == 0) return out;
    out.append(buffer, static_cast<size_t>(n));
  }
}

void write_text_file(const fs::path& path, std::string_view text) {
  const fs::path temporary = path.string() + ".tmp";
  {
    const Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    write_all(file.get(), text, temporary);
  }
  publish(temporary, path);
}

void append_line(const fs::path& path, std::string_view line) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_APPEND);
  write_all(file.get(), std::string(line) + "\n", path);
}

void sync_path(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  if (::fsync(file.get()) != 0)
    fail(Kind::io, "{}: cannot be synced: {}", path.string(), std::strerror(errno));
}

void publish(const fs::path& from, const fs::path& to) {
  if (fs::is_directory(from)) {
    for (const auto& entry : fs::recursive_directory_iterator(from)) sync_path(entry.path());
  }
  sync_path(from);
  std::error_code code;
  fs::rename(from, to, code);
  if (code) fail(Kind::io, "{}: cannot be renamed to {}: {}", from.string(), to.string(), code.message());
  sync_path(to.has_parent_path() ? to.parent_path() : fs::path("."));
}

void make_folder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) fail(Kind::io, "{}: the folder cannot be made: {}", path.string(), code.message());
}

}  // namespace bench
