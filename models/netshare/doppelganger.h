#pragma once
// DoppelGANger on encoded flow sequences: training, sampling, files. Knows columns and heads, not traces.

#include <memory>

#include "core/progress.h"
#include "core/seed.h"
#include "models/encode/flow_encoder.h"
#include "models/netshare/network.h"
#include "models/netshare/params.h"

namespace bench {

class DoppelGanger {
 public:
  /// A network for samples in the layouts of `encoder`, with fresh weights.
  DoppelGanger(const NetShareParams& params, const FlowEncoder& encoder, Seed seed, torch::Device device);

  /// WGAN-GP training. Reports every iteration to `progress`. Throws Error(diverged), Error(cancelled).
  void train(const FlowSamples& samples, Seed seed, Progress& progress);

  /// Draws whole flows in batches: where a flow goes on behind a full sample, the same attributes with the
  /// starts-here column cleared give the next sample, and so on up to the longest flow of the training part.
  class Sampler {
   public:
    Sampler(const DoppelGanger& model, Seed seed);
    /// Some hundred flows, one sample each (fewer where the network draws samples that only continue a flow;
    /// may be none).
    FlowSamples next();

   private:
    const DoppelGanger& model_;
    at::Generator generator_;
  };

  void save(H5Writer& file) const { generator_.parameters().save(file, "generator"); }
  void load(const H5Reader& file) { generator_.parameters().load(file, "generator"); }

 private:
  torch::Tensor real_batch(const FlowSamples& samples, Rng& rng) const;
  torch::Tensor fake_rows(const Noise& noise) const;
  double rate(int64_t iteration) const;

  NetShareParams params_;
  torch::Device device_;
  Layout attribute_layout_;
  int64_t attribute_width_, feature_width_, starts_column_, longest_flow_;
  Seed seed_;
  GeneratorNetwork generator_;
};

/// Floating point operations of one training iteration.
double iteration_flops(const NetShareParams& params, int64_t attribute_width, int64_t feature_width,
                       int64_t positions);

}  // namespace bench
