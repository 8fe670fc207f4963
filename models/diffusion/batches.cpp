#include "models/diffusion/batches.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace bench {

SampleBatches::SampleBatches(const FlowSamples& samples, int64_t attribute_width, int64_t feature_width,
                             int64_t batch, bool flags, Rng rng, torch::Device device)
    : samples_(samples),
      attributes_(static_cast<size_t>(attribute_width)),
      features_(static_cast<size_t>(feature_width)),
      batch_(batch),
      flags_(flags),
      rng_(rng),
      device_(device),
      order_(samples.size()) {
  assert(samples.size() > 0);
  std::iota(order_.begin(), order_.end(), size_t{0});
  place_ = order_.size();
}

SampleBatch SampleBatches::next() {
  std::vector<size_t> chosen;
  std::vector<int64_t> lengths, goes_on;
  while (static_cast<int64_t>(chosen.size()) < batch_) {
    if (place_ == order_.size()) {
      std::shuffle(order_.begin(), order_.end(), rng_);
      place_ = 0;
    }
    const size_t i = order_[place_++], end = samples_.offsets[i + 1];
    chosen.push_back(i);
    lengths.push_back(static_cast<int64_t>(end - samples_.offsets[i]));
    goes_on.push_back(flags_ && samples_.features[end * features_ - 2] > 0.5F ? 1 : 0);
  }
  const int64_t longest = *std::max_element(lengths.begin(), lengths.end());
  torch::Tensor attributes = torch::empty({batch_, static_cast<int64_t>(attributes_)});
  torch::Tensor features = torch::zeros({batch_, longest, static_cast<int64_t>(features_)});
  torch::Tensor exists = torch::zeros({batch_, longest, 1});
  auto* attribute = attributes.data_ptr<float>();
  auto* feature = features.data_ptr<float>();
  auto* exist = exists.data_ptr<float>();
  for (size_t k = 0; k < chosen.size(); ++k) {
    const size_t i = chosen[k], begin = samples_.offsets[i], length = static_cast<size_t>(lengths[k]);
    std::copy_n(samples_.attributes.data() + i * attributes_, attributes_, attribute);
    std::copy_n(samples_.features.data() + begin * features_, length * features_, feature);
    std::fill_n(exist, length, 1.0F);
    attribute += attributes_;
    feature += static_cast<size_t>(longest) * features_;
    exist += longest;
  }
  return {attributes.to(device_), features.to(device_), exists.to(device_),
          torch::tensor(lengths).to(device_), torch::tensor(goes_on).to(device_)};
}

}  // namespace bench
