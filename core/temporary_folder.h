#pragma once
// A folder for what only this object needs.

#include <filesystem>

namespace bench {

/// A new folder in the system's temporary one; removed with everything in it.
class TemporaryFolder {
 public:
  /// Throws Error(io).
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace bench
