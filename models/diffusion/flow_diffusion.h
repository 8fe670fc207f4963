#pragma once
// A generator of flow sequences out of parts: attributes, then how many records, then their features given
// the attributes.

#include <torch/torch.h>

#include <memory>

#include "models/chunked/sequence_model.h"
#include "models/diffusion/averaged_training.h"
#include "models/diffusion/flow_parts.h"
#include "models/diffusion/networks.h"
#include "models/encode/layout.h"

namespace bench {

/// What samples look like.
struct SampleShape {
  Layout attributes, features;
  int64_t longest = 0;  ///< records
  bool cut = false;     ///< a full sample may go on in another one
  /// Where attribute columns are given, the number of records is too, and there is no generation flag.
  bool flags() const { return attributes.given == 0; }
  /// Feature columns without the generation flag, the last two.
  int64_t record_width() const { return features.width - (flags() ? 2 : 0); }
};

struct FlowTraining {
  int64_t batch = 128;
  double lr = 1e-3, lr_discriminator = 1e-3;
  std::string lr_decay = "cosine";
  double ema = 0.999;
  int64_t snapshots = 1;
  int64_t length_units = 256, length_blocks = 2;  ///< of the classifier that says how long a sample is
};

class FlowDiffusion : public SequenceModel {
 public:
  FlowDiffusion(SampleShape shape, FlowTraining training, std::unique_ptr<AttributePart> attributes,
                std::unique_ptr<RecordPart> records, const at::Generator& init, torch::Device device);
  void train(const FlowSamples& samples, int64_t iterations, Seed seed, Progress& progress,
             const std::function<void(int64_t)>& snapshot) override;
  void save(H5Writer& file, const std::string& name) const override;
  void load(const H5Reader& file, const std::string& name) override;
  void save_training(H5Writer& file) const override;
  void load_training(const H5Reader& file, bool moments) override;
  void start_sampling(Seed seed) override { generator_ = nn::make_generator(seed); }
  std::vector<float> attributes(std::span<const float> given, int64_t count) override;
  FlowSamples features(std::vector<float> attributes, std::span<const int64_t> lengths) override;

 private:
  std::vector<FlowPart::Named> sampled() const;
  std::vector<FlowPart::Named> all() const;
  double iterate(const SampleBatch& batch, const TrainingStep& step);
  std::vector<int64_t> draw_lengths(const torch::Tensor& rows) const;
  void append(const torch::Tensor& records, int64_t length, bool goes_on, FlowSamples& out) const;

  SampleShape shape_;
  FlowTraining training_;
  torch::Device device_;
  std::unique_ptr<AttributePart> attributes_;
  std::unique_ptr<RecordPart> records_;
  mutable std::unique_ptr<Trained<RowNet>> length_;  ///< null where lengths are given
  mutable Averages averages_;
  at::Generator generator_ = nn::make_generator(Seed(0));
};

}  // namespace bench
