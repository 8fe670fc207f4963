#pragma once
// State of a DoppelGanger and the steps of its training. Private to this folder.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/netshare/critic.h"
#include "models/netshare/doppelganger.h"
#include "models/netshare/doppelganger_batches.h"
#include "models/privacy/dp_sgd.h"
#include "models/privacy/private_batches.h"

namespace bench {

struct DoppelGanger::Impl {
  Impl(const NetShareParams& p, const Layout& attributes, const Layout& features, int64_t longest_sample,
       Seed s, torch::Device d)
      : params(p),
        attribute_layout(attributes),
        feature_layout(features),
        longest(longest_sample),
        seed(s),
        device(d),
        threads(torch::get_num_threads()),
        network(p, attributes, features, longest_sample) {
    network.build(nn::make_generator(seed.child("generator")), device);
  }

  void build_training();
  void restore_raw();
  double iterate(RealBatches& reals, const at::Generator& noise_generator, double lr);
  double iterate_private(const RealBatches& reals, PrivateBatches& batches,
                         const at::Generator& noise_generator, double lr);
  void run_critics(const std::function<void(size_t)>& work) const;
  torch::Tensor given_of(std::span<const Batch> batches) const;
  std::vector<int64_t> lengths_of(std::span<const Batch> batches) const;

  NetShareParams params;
  Layout attribute_layout, feature_layout;
  int64_t longest;
  Seed seed;
  torch::Device device;
  int threads;
  GeneratorNetwork network;
  std::vector<std::unique_ptr<Critic>> critics;  // D, and D_a if it is used; made by the first training
  std::unique_ptr<nn::Adam> adam;
  std::unique_ptr<nn::MovingAverage> average;
  std::optional<PrivateSteps> privacy;
  bool averaged = false;  // the network holds the average, and `average` the raw weights
};

}  // namespace bench
