#include "models/flow_wgan/vector_code.h"

#include <algorithm>

#include "core/error.h"

namespace bench {

void VectorCode::fit(std::span<const uint8_t> digits, int64_t width, Seed seed) {
  width_ = width;
  vectors_ = train_byte_vectors(digits, width, options_, seed);
  index();
}

void VectorCode::index() {
  const int64_t size = options_.size;
  table_ = torch::empty({width_ * base(), size});
  std::copy(vectors_.begin(), vectors_.end(), table_.data_ptr<float>());
  std::vector<std::vector<int64_t>> bytes(static_cast<size_t>(width_));
  size_t most = 0;
  for (int64_t p = 0; p < width_; ++p) {
    auto& own = bytes[static_cast<size_t>(p)];
    for (int64_t b = 0; b < base(); ++b) {
      const auto first = vectors_.begin() + (p * base() + b) * size;
      if (std::any_of(first, first + size, [](float v) { return v != 0; })) own.push_back(b);
    }
    if (own.empty()) fail(Kind::data, "byte vectors: place {} has none; at least one would be right", p);
    most = std::max(most, own.size());
  }
  for (auto& own : bytes) own.resize(most, own.front());
  bytes_ = torch::empty({width_, static_cast<int64_t>(most)}, torch::kLong);
  for (int64_t p = 0; p < width_; ++p) {
    const auto& own = bytes[static_cast<size_t>(p)];
    std::copy(own.begin(), own.end(), bytes_.data_ptr<int64_t>() + p * static_cast<int64_t>(most));
  }
  const torch::Tensor rows = (bytes_ + torch::arange(width_).unsqueeze(1) * base()).view({-1});
  known_ = table_.index_select(0, rows).view({width_, -1, size}).transpose(1, 2).contiguous();
}

torch::Tensor VectorCode::encode(const torch::Tensor& digits) const {
  const torch::Tensor rows = (digits + torch::arange(width_) * base()).view({-1});
  return table_.index_select(0, rows).view({digits.size(0), columns()});
}

torch::Tensor VectorCode::nearest(const torch::Tensor& codes) const {
  const torch::Tensor places = codes.detach().view({codes.size(0), width_, -1}).transpose(0, 1);
  const torch::Tensor best = torch::bmm(places, known_).argmax(2);  // [width, rows]
  return bytes_.gather(1, best).t().contiguous();
}

void VectorCode::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":vectors", vectors_);
  file.column(name + ":size", std::vector<int64_t>{options_.size});
}

void VectorCode::load(const H5Reader& file, const std::string& name) {
  vectors_ = file.column<float>(name + ":vectors");
  const auto size = file.column<int64_t>(name + ":size");
  const auto place = static_cast<size_t>(base() * options_.size);
  if (size.size() != 1 || size[0] != options_.size || vectors_.empty() || vectors_.size() % place != 0) {
    fail(Kind::data, "saved byte vectors: {} numbers; a multiple of {} would be right", vectors_.size(),
         place);
  }
  width_ = static_cast<int64_t>(vectors_.size() / place);
  index();
}

}  // namespace bench
