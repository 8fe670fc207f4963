#pragma once
// A file written beside its target and renamed when it is whole.

#include <cstdio>
#include <filesystem>
#include <string_view>

namespace bench {

class OutputFile {
 public:
  /// Throws Error(io) if the folder is missing or not writable.
  explicit OutputFile(const std::filesystem::path& path);
  /// Removes what was written unless finish() was reached.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  /// Throws Error(io).
  void write(std::string_view bytes);
  /// The stream, which the caller closes.
  std::FILE* release();
  /// Closes the stream unless it was released and puts the file in its place. Throws Error(io).
  void finish();

 private:
  [[noreturn]] void failed() const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::FILE* stream_;
};

}  // namespace bench
