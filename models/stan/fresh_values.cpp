#include "models/stan/fresh_values.h"

#include <algorithm>
#include <random>

namespace bench {

FreshValues::FreshValues(const StanAttributes& attributes, const Attribute& attribute, int64_t times,
                         Rng& rng)
    : values_(static_cast<size_t>(attribute.classes)), left_(values_.size()) {
  const auto& counts = attributes.fresh(attribute);
  for (size_t value = 0; value < counts.size(); ++value) {
    const auto code = static_cast<int32_t>(value);
    std::vector<int32_t>& bin = values_[static_cast<size_t>(attributes.bin(attribute, code))];
    bin.insert(bin.end(), static_cast<size_t>(counts[value] * times), code);
  }
  fill(rng);
}

void FreshValues::fill(Rng& rng) {
  all_left_ = 0;
  for (size_t bin = 0; bin < values_.size(); ++bin) {
    std::shuffle(values_[bin].begin(), values_[bin].end(), rng);
    left_[bin] = values_[bin].size();
    all_left_ += left_[bin];
  }
}

torch::Tensor FreshValues::empty_bins() const {
  torch::Tensor out = torch::zeros({static_cast<int64_t>(left_.size())}, torch::kUInt8);
  for (size_t bin = 0; bin < left_.size(); ++bin) out.data_ptr<uint8_t>()[bin] = left_[bin] == 0;
  return out;
}

std::optional<int32_t> FreshValues::take(int64_t bin, Rng& rng) {
  const auto b = static_cast<size_t>(bin);
  if (left_[b] == 0) return std::nullopt;
  const int32_t out = values_[b][--left_[b]];
  if (--all_left_ == 0) fill(rng);
  return out;
}

}  // namespace bench
