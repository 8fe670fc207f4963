#include "models/netshare/doppelganger_batches.h"

#include <algorithm>
#include <cassert>

namespace bench {

RealBatches::RealBatches(const NetShareParams& params, const Layout& attributes, const Layout& features,
                         const FlowSamples& samples, Rng rng, torch::Device device)
    : params_(params),
      attributes_(static_cast<size_t>(attributes.width)),
      features_(static_cast<size_t>(features.width)),
      flags_(attributes.given == 0),
      samples_(samples),
      rng_(rng),
      device_(device) {
  assert(samples.size() > 0);
}

size_t RealBatches::kept(size_t length) const {
  const size_t block = params_.mask == "block" ? static_cast<size_t>(params_.sample_len) : 1;
  return (length + block - 1) / block * block;
}

Batch RealBatches::next() {
  std::vector<size_t> chosen(static_cast<size_t>(params_.batch));
  std::uniform_int_distribution<size_t> pick(0, samples_.size() - 1);
  for (size_t& i : chosen) i = pick(rng_);
  return of(chosen);
}

Batch RealBatches::of(const std::vector<size_t>& chosen) const {
  const auto rows = static_cast<int64_t>(chosen.size());
  Batch batch;
  size_t longest = 1;
  for (const size_t i : chosen) {
    const size_t length = samples_.offsets[i + 1] - samples_.offsets[i];
    batch.lengths.push_back(static_cast<int64_t>(length));
    longest = std::max(longest, kept(length));
  }
  torch::Tensor attributes = torch::empty({rows, static_cast<int64_t>(attributes_)});
  torch::Tensor features =
      torch::zeros({rows, static_cast<int64_t>(longest), static_cast<int64_t>(features_)});
  auto* attribute = attributes.data_ptr<float>();
  auto* feature = features.data_ptr<float>();
  for (const size_t i : chosen) {
    const size_t begin = samples_.offsets[i], length = samples_.offsets[i + 1] - begin;
    std::copy_n(samples_.attributes.data() + i * attributes_, attributes_, attribute);
    std::copy_n(samples_.features.data() + begin * features_, length * features_, feature);
    for (size_t p = length; flags_ && p < kept(length); ++p) feature[(p + 1) * features_ - 1] = 1;
    attribute += attributes_;
    feature += longest * features_;
  }
  batch.attributes = attributes.to(device_);
  batch.features = features.to(device_);
  return batch;
}

}  // namespace bench
