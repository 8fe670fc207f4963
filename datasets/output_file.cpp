#include "datasets/output_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.h"
#include "core/files.h"

namespace bench {

OutputFile::OutputFile(const std::filesystem::path& path)
    : path_(path), temporary_(path.string() + ".tmp"), stream_(std::fopen(temporary_.c_str(), "wbe")) {
  if (stream_ == nullptr) failed();
}

OutputFile::~OutputFile() {
  if (stream_ != nullptr) std::fclose(stream_);
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void OutputFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) failed();
}

std::FILE* OutputFile::release() { return std::exchange(stream_, nullptr); }

void OutputFile::finish() {
  if (stream_ != nullptr && std::fclose(release()) != 0) failed();
  publish(temporary_, path_);
}

void OutputFile::failed() const {
  fail(Kind::io, "{}: cannot be written: {}", path_.string(), std::strerror(errno));
}

}  // namespace bench
