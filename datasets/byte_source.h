#pragma once
// Bytes of a file in order, decompressed where the file is gzip.

#include <cstddef>
#include <cstdint>
#include <filesystem>

struct gzFile_s;

namespace bench {

class ByteSource {
 public:
  /// Throws Error(io) if the file is missing, a directory or not readable.
  explicit ByteSource(const std::filesystem::path& path);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  /// Fills `buffer` with up to `size` bytes; fewer only at the end of the file, 0 after it. Throws Error(io)
  /// if reading fails, Error(data) if a gzip file is damaged or cut.
  size_t read(char* buffer, size_t size);
  /// Plain files: the next read starts at `offset`.
  void seek(int64_t offset);
  bool compressed() const { return gzip_ != nullptr; }
  /// Bytes of the file as it stands on disk.
  int64_t file_size() const { return size_; }

 private:
  size_t read_some(char* buffer, size_t size);

  std::filesystem::path path_;
  int descriptor_ = -1;
  gzFile_s* gzip_ = nullptr;
  int64_t size_ = 0;
};

}  // namespace bench
