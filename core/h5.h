#pragma once
// Columns in HDF5 files: chunked, shuffled, deflated one-dimensional datasets and string attributes.
// A file is written beside its target and renamed when whole (a half-written HDF5 file cannot be opened
// again).

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// Writes one HDF5 file; nothing stands at `path` before finish(). Throws Error(io).
class H5Writer {
 public:
  explicit H5Writer(const std::filesystem::path& path);
  ~H5Writer();
  H5Writer(const H5Writer&) = delete;
  H5Writer& operator=(const H5Writer&) = delete;
  /// T is one of uint8_t, uint16_t, uint32_t, int32_t, int64_t, float, double.
  template <typename T>
  void column(const std::string& name, const std::vector<T>& values);
  void attribute(const std::string& name, const std::string& value);
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads one HDF5 file. Throws Error(data) that names the file and what is missing or of another type.
class H5Reader {
 public:
  explicit H5Reader(const std::filesystem::path& path);
  ~H5Reader();
  H5Reader(const H5Reader&) = delete;
  H5Reader& operator=(const H5Reader&) = delete;
  bool has_column(const std::string& name) const;
  bool has_attribute(const std::string& name) const;
  template <typename T>
  std::vector<T> column(const std::string& name) const;
  std::string attribute(const std::string& name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bench
