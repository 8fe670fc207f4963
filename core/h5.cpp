#include "core/h5.h"

#include <H5Cpp.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include "core/error.h"
#include "core/files.h"

namespace bench {
namespace fs = std::filesystem;
namespace {

template <typename T>
const H5::PredType& h5_type() {
  if constexpr (std::is_same_v<T, uint8_t>) return H5::PredType::NATIVE_UINT8;
  if constexpr (std::is_same_v<T, uint16_t>) return H5::PredType::NATIVE_UINT16;
  if constexpr (std::is_same_v<T, uint32_t>) return H5::PredType::NATIVE_UINT32;
  if constexpr (std::is_same_v<T, int32_t>) return H5::PredType::NATIVE_INT32;
  if constexpr (std::is_same_v<T, int64_t>) return H5::PredType::NATIVE_INT64;
  if constexpr (std::is_same_v<T, float>) return H5::PredType::NATIVE_FLOAT;
  if constexpr (std::is_same_v<T, double>) return H5::PredType::NATIVE_DOUBLE;
}

constexpr hsize_t kChunk = 1 << 16;
constexpr int kDeflateLevel = 3;

}  // namespace

struct H5Writer::Impl {
  fs::path path;
  fs::path temporary;
  std::optional<H5::H5File> file;
  bool finished = false;
};

H5Writer::H5Writer(const fs::path& path) : impl_(std::make_unique<Impl>()) {
  H5::Exception::dontPrint();
  impl_->path = path;
  impl_->temporary = path.string() + ".tmp";
  try {
    impl_->file.emplace(impl_->temporary.string(), H5F_ACC_TRUNC);
  } catch (const H5::Exception&) {
    fail(Kind::io, "{}: cannot be written as an HDF5 file; is the folder there and writable?", path.string());
  }
}

H5Writer::~H5Writer() {
  if (impl_->finished) return;
  std::error_code ignored;
  fs::remove(impl_->temporary, ignored);
}

template <typename T>
void H5Writer::column(const std::string& name, const std::vector<T>& values) {
  try {
    const hsize_t n = values.size();
    const H5::DataSpace space(1, &n);
    H5::DSetCreatPropList properties;
    const hsize_t chunk = std::clamp<hsize_t>(n, 1, kChunk);
    properties.setChunk(1, &chunk);
    properties.setShuffle();
    properties.setDeflate(kDeflateLevel);
    H5::DataSet set = impl_->file->createDataSet(name, h5_type<T>(), space, properties);
    if (n > 0) set.write(values.data(), h5_type<T>());
  } catch (const H5::Exception& e) {
    fail(Kind::io, "{}: column {} cannot be written: {}", impl_->path.string(), name, e.getDetailMsg());
  }
}

void H5Writer::attribute(const std::string& name, const std::string& value) {
  try {
    const H5::StrType type(H5::PredType::C_S1, H5T_VARIABLE);
    impl_->file->openGroup("/").createAttribute(name, type, H5::DataSpace(H5S_SCALAR)).write(type, value);
  } catch (const H5::Exception& e) {
    fail(Kind::io, "{}: attribute {} cannot be written: {}", impl_->path.string(), name, e.getDetailMsg());
  }
}

void H5Writer::finish() {
  try {
    impl_->file->close();
  } catch (const H5::Exception& e) {
    fail(Kind::io, "{}: cannot be closed: {}", impl_->path.string(), e.getDetailMsg());
  }
  publish(impl_->temporary, impl_->path);
  impl_->finished = true;
}

struct H5Reader::Impl {
  fs::path path;
  std::optional<H5::H5File> file;
};

H5Reader::H5Reader(const fs::path& path) : impl_(std::make_unique<Impl>()) {
  H5::Exception::dontPrint();
  impl_->path = path;
  try {
    impl_->file.emplace(path.string(), H5F_ACC_RDONLY);
  } catch (const H5::Exception&) {
    fail(Kind::data, "{}: not a readable HDF5 file", path.string());
  }
}

H5Reader::~H5Reader() = default;

bool H5Reader::has_column(const std::string& name) const { return impl_->file->nameExists(name); }

bool H5Reader::has_attribute(const std::string& name) const {
  return impl_->file->openGroup("/").attrExists(name);
}

template <typename T>
std::vector<T> H5Reader::column(const std::string& name) const {
  try {
    const H5::DataSet set = impl_->file->openDataSet(name);
    const H5::DataSpace space = set.getSpace();
    if (space.getSimpleExtentNdims() != 1)
      fail(Kind::data, "{}: {} is not one-dimensional", impl_->path.string(), name);
    if (!(set.getDataType() == h5_type<T>()))
      fail(Kind::data, "{}: {} has another number type", impl_->path.string(), name);
    hsize_t n = 0;
    space.getSimpleExtentDims(&n);
    // A deflated column cannot expand more than about a thousandfold: a larger size is a damaged header.
    if (n > 0 && n * sizeof(T) > (set.getStorageSize() + 4096) * 1200) {
      fail(Kind::data, "{}: {} claims {} values, more than its bytes can hold", impl_->path.string(), name,
           n);
    }
    std::vector<T> out(n);
    if (n > 0) set.read(out.data(), h5_type<T>());
    return out;
  } catch (const H5::Exception&) {
    fail(Kind::data, "{}: column {} is missing or damaged", impl_->path.string(), name);
  }
}

std::string H5Reader::attribute(const std::string& name) const {
  try {
    const H5::Attribute attribute = impl_->file->openGroup("/").openAttribute(name);
    std::string out;
    attribute.read(attribute.getStrType(), out);
    return out;
  } catch (const H5::Exception&) {
    fail(Kind::data, "{}: attribute {} is missing or damaged", impl_->path.string(), name);
  }
}

template void H5Writer::column(const std::string&, const std::vector<uint8_t>&);
template void H5Writer::column(const std::string&, const std::vector<uint16_t>&);
template void H5Writer::column(const std::string&, const std::vector<uint32_t>&);
template void H5Writer::column(const std::string&, const std::vector<int32_t>&);
template void H5Writer::column(const std::string&, const std::vector<int64_t>&);
template void H5Writer::column(const std::string&, const std::vector<float>&);
template void H5Writer::column(const std::string&, const std::vector<double>&);
template std::vector<uint8_t> H5Reader::column(const std::string&) const;
template std::vector<uint16_t> H5Reader::column(const std::string&) const;
template std::vector<uint32_t> H5Reader::column(const std::string&) const;
template std::vector<int32_t> H5Reader::column(const std::string&) const;
template std::vector<int64_t> H5Reader::column(const std::string&) const;
template std::vector<float> H5Reader::column(const std::string&) const;
template std::vector<double> H5Reader::column(const std::string&) const;

}  // namespace bench
