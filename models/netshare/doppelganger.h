#pragma once
// DoppelGANger on encoded flow sequences: training, sampling, files. Knows columns and heads, not traces.

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/h5.h"
#include "core/progress.h"
#include "core/seed.h"
#include "models/encode/flow_encoder.h"
#include "models/encode/layout.h"
#include "models/netshare/params.h"

namespace bench {

/// attributes.given > 0: the first so many attribute columns are inputs, and the features have no generation
/// flag: the number of records is an input too. attributes.extra > 0: a second attribute network makes the
/// last so many columns. Uses as many threads as LibTorch has when it is made (at most one per critic is of
/// use), each for itself: results are the same for every number.
class DoppelGanger {
 public:
  /// Samples of at most `longest` records in these layouts; fresh weights.
  DoppelGanger(const NetShareParams& params, const Layout& attributes, const Layout& features,
               int64_t longest, Seed seed, torch::Device device);
  ~DoppelGanger();
  DoppelGanger(DoppelGanger&&) noexcept;
  DoppelGanger& operator=(DoppelGanger&&) noexcept;

  /// WGAN-GP, `iterations` generator steps, learning rate schedule over these iterations. Calls snapshot(k),
  /// k = 0 .. snapshot_count - 1, after iteration ceil((k + 1) * iterations / snapshot_count) with the
  /// averaged weights (ema) in place during the call; it may be empty. Afterwards save() and sampling use the
  /// averaged weights, save_training() and another train() the raw ones. Throws Error(diverged),
  /// Error(cancelled).
  void train(const FlowSamples& samples, int64_t iterations, Seed seed, Progress& progress,
             const std::function<void(int64_t)>& snapshot);

  /// Every further train() draws batches by chance, params.batch samples on average, and treats the critics'
  /// gradients as `steps` say.
  void make_private(const PrivateSteps& steps);

  /// The generator only, what sampling needs.
  void save(H5Writer& file, const std::string& name) const;
  void load(const H5Reader& file, const std::string& name);
  /// All networks, Adam's moments and step counts.
  void save_training(H5Writer& file) const;
  /// Throws Error(data) on other shapes.
  void load_training(const H5Reader& file, bool moments);

  /// Attribute rows [count, A] of new samples, soft. `given` [count, attributes.given], empty if that is 0.
  std::vector<float> attributes(std::span<const float> given, int64_t count, at::Generator generator) const;
  /// One sample for each row of `attributes` [n, A] (discretised inside; they come back unchanged in the
  /// result). `lengths` [n] in 1 .. longest, or empty: by the generation flags.
  FlowSamples features(std::vector<float> attributes, std::span<const int64_t> lengths,
                       at::Generator generator) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Floating point operations of the products in one training iteration.
double iteration_flops(const NetShareParams& params, int64_t attribute_width, int64_t feature_width,
                       int64_t positions);

}  // namespace bench
