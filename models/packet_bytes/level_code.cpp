#include "models/packet_bytes/level_code.h"

#include <algorithm>
#include <cassert>

#include "core/error.h"

namespace bench {
namespace {

constexpr float kBeyond = 1e9F;

}  // namespace

void LevelCode::fit(std::span<const uint8_t> digits, int64_t width, Seed) {
  assert(!digits.empty() && static_cast<int64_t>(digits.size()) % width == 0);
  width_ = width;
  counts_.assign(static_cast<size_t>(width_ * base_), 0);
  for (size_t i = 0; i < digits.size(); ++i) {
    const auto place = static_cast<int64_t>(i) % width_;
    ++counts_[static_cast<size_t>(place * base_ + digits[i])];
  }
  index();
}

void LevelCode::index() {
  centres_ = torch::zeros({width_ * base_});
  edges_ = torch::full({width_, base_}, kBeyond);
  seen_ = torch::zeros({width_, base_}, torch::kLong);
  auto* centres = centres_.data_ptr<float>();
  auto* edges = edges_.data_ptr<float>();
  auto* seen = seen_.data_ptr<int64_t>();
  const double largest = static_cast<double>(base_ - 1);
  for (int64_t p = 0; p < width_; ++p) {
    const int64_t* counts = counts_.data() + p * base_;
    double total = 0, below = 0;
    for (int64_t d = 0; d < base_; ++d) total += static_cast<double>(counts[d]);
    int64_t n = 0;
    for (int64_t d = 0; d < base_; ++d) {
      if (counts[d] == 0) continue;
      const double own = static_cast<double>(counts[d]) / total;
      const bool equalised = levels_ == Levels::equalised;
      const double centre = equalised ? below + own / 2 : static_cast<double>(d) / largest;
      if (n > 0) {
        const auto before = static_cast<double>(seen[p * base_ + n - 1]) / largest;
        edges[p * base_ + n - 1] = static_cast<float>(equalised ? below : (before + centre) / 2);
      }
      centres[p * base_ + d] = static_cast<float>(centre);
      seen[p * base_ + n++] = d;
      below += own;
    }
    std::fill(seen + p * base_ + n, seen + (p + 1) * base_, seen[p * base_ + n - 1]);
  }
}

torch::Tensor LevelCode::encode(const torch::Tensor& digits) const {
  const torch::Tensor places = torch::arange(width_) * base_;
  return centres_.index_select(0, (digits + places).view({-1})).view({digits.size(0), width_});
}

torch::Tensor LevelCode::nearest(const torch::Tensor& codes) const {
  const torch::Tensor columns = codes.detach().t().contiguous();  // [width, rows]
  const torch::Tensor places = torch::searchsorted(edges_, columns, false, true).clamp_max_(base_ - 1);
  return seen_.gather(1, places).t().contiguous();
}

void LevelCode::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":counts", counts_);
  file.column(name + ":shape", std::vector<int64_t>{base_, levels_ == Levels::equalised ? 1 : 0});
}

void LevelCode::load(const H5Reader& file, const std::string& name) {
  counts_ = file.column<int64_t>(name + ":counts");
  const auto shape = file.column<int64_t>(name + ":shape");
  if (shape.size() != 2 || shape[0] != base_ || counts_.empty() ||
      static_cast<int64_t>(counts_.size()) % base_ != 0) {
    fail(Kind::data, "saved levels: {} counts; a multiple of {} would be right", counts_.size(), base_);
  }
  levels_ = shape[1] != 0 ? Levels::equalised : Levels::linear;
  width_ = static_cast<int64_t>(counts_.size()) / base_;
  for (int64_t p = 0; p < width_; ++p) {
    const auto first = counts_.begin() + p * base_;
    if (std::all_of(first, first + base_, [](int64_t n) { return n <= 0; }))
      fail(Kind::data, "saved levels: no digit at place {}; at least one would be right", p);
  }
  index();
}

}  // namespace bench
