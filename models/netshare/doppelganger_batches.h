#pragma once
// Real samples for the critics, drawn by chance.

#include "core/seed.h"
#include "models/netshare/network.h"

namespace bench {

class RealBatches {
 public:
  /// The references must outlive this. `samples` has at least one.
  RealBatches(const NetShareParams& params, const Layout& attributes, const Layout& features,
              const FlowSamples& samples, Rng rng, torch::Device device);
  /// params.batch samples, drawn with replacement.
  Batch next();
  /// These samples, of which there may be none. With mask "block" the generation flag goes on to the end of a
  /// sample's last block.
  Batch of(const std::vector<size_t>& chosen) const;

 private:
  size_t kept(size_t length) const;

  const NetShareParams& params_;
  size_t attributes_, features_;  // columns
  bool flags_;
  const FlowSamples& samples_;
  Rng rng_;
  torch::Device device_;
};

}  // namespace bench
