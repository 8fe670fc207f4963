#pragma once
// A network for flow sequences, as the chunked regime drives it. It knows columns and heads, not traces.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/seed.h"
#include "models/encode/flow_encoder.h"

namespace bench {

class SequenceModel {
 public:
  virtual ~SequenceModel() = default;
  /// `iterations` steps of training; calls snapshot(k) for k = 0 .. snapshots - 1 at equal distances, the
  /// last one at the end, with the weights in place that sampling would use. Throws Error(diverged),
  /// Error(cancelled).
  virtual void train(const FlowSamples& samples, int64_t iterations, Seed seed, Progress& progress,
                     const std::function<void(int64_t)>& snapshot) = 0;
  /// What sampling needs.
  virtual void save(H5Writer& file, const std::string& name) const = 0;
  virtual void load(const H5Reader& file, const std::string& name) = 0;
  /// What another training can start from: every network, and the optimisers' moments (`moments`: taken
  /// over).
  virtual void save_training(H5Writer& file) const = 0;
  virtual void load_training(const H5Reader& file, bool moments) = 0;

  /// The random stream of the two functions below starts anew.
  virtual void start_sampling(Seed seed) = 0;
  /// Attribute rows [count, A] of new samples, soft. `given` [count, given columns], empty without any.
  virtual std::vector<float> attributes(std::span<const float> given, int64_t count) = 0;
  /// One sample for each row of `attributes` [n, A], which come back unchanged in the result. `lengths` [n]
  /// are the records of each, or empty: the network decides.
  virtual FlowSamples features(std::vector<float> attributes, std::span<const int64_t> lengths) = 0;
};

}  // namespace bench
