#include "models/diffusion/noise_parts.h"

#include "models/diffusion/networks.h"
#include "models/diffusion/time_embedding.h"

namespace bench {
namespace {

class NoiseAttributes : public AttributePart {
 public:
  NoiseAttributes(const NoiseOptions& o, const Schedule& schedule, const Layout& layout,
                  const at::Generator& init, torch::Device device)
      : channels_(layout, layout.given, layout.width, CategoryNoise::gaussian),
        steps_(schedule, device),
        denoiser_("attributes", init, device, channels_.width() + layout.given + kTimeWidth, o.units,
                  o.blocks, channels_.raw_width(), Activation::silu) {}

  std::vector<Named> sampled() const override { return {denoiser_.named()}; }

  double step(const torch::Tensor& rows, const TrainingStep& step) override {
    const torch::Tensor given = rows.narrow(1, 0, rows.size(1) - channels_.width());
    return noise_step(channels_, steps_, {channels_.state(rows, step.generator), {}}, denoise(given),
                      denoiser_.learner, step.rate, step.generator);
  }

  torch::Tensor draw(const torch::Tensor& given, const at::Generator& generator) const override {
    const torch::Tensor state = draw_states(channels_, steps_, {given.size(0)}, {}, denoise(given),
                                            Prediction::noise, 0, generator, given.device());
    return torch::cat({given, channels_.rows(state, given)}, 1);
  }

 private:
  Denoiser denoise(const torch::Tensor& given) const {
    return [this, given](const torch::Tensor& next, const torch::Tensor&, const torch::Tensor& t) {
      return denoiser_.net(torch::cat({next, given, time_embedding(t, steps_.steps())}, 1));
    };
  }

  Channels channels_;
  StepTable steps_;
  mutable Trained<RowNet> denoiser_;
};

class NoiseRecords : public RecordPart {
 public:
  NoiseRecords(const NoiseOptions& o, const Schedule& schedule, int64_t attributes, const Layout& layout,
               int64_t width, int64_t longest, const at::Generator& init, torch::Device device)
      : channels_(layout, 0, width, CategoryNoise::gaussian),
        steps_(schedule, device),
        denoiser_("features", init, device, width, attributes + kTimeWidth, longest, o.units, o.blocks,
                  channels_.raw_width(), Activation::silu) {}

  std::vector<Named> sampled() const override { return {denoiser_.named()}; }

  double step(const SampleBatch& batch, const TrainingStep& step) override {
    const CleanBatch clean{channels_.state(batch.features, step.generator) * batch.exists, batch.exists};
    return noise_step(channels_, steps_, clean, denoise(batch.attributes, batch.exists), denoiser_.learner,
                      step.rate, step.generator);
  }

  torch::Tensor draw(const torch::Tensor& rows, int64_t length,
                     const at::Generator& generator) const override {
    const int64_t n = rows.size(0);
    const torch::Tensor exists = torch::ones({n, length, 1}, rows.options());
    const torch::Tensor state = draw_states(channels_, steps_, {n, length}, exists, denoise(rows, exists),
                                            Prediction::noise, 0, generator, rows.device());
    return channels_.rows(state, torch::empty({n, length, 0}, rows.options()));
  }

 private:
  Denoiser denoise(const torch::Tensor& rows, const torch::Tensor& exists) const {
    return [this, rows, exists](const torch::Tensor& next, const torch::Tensor&, const torch::Tensor& t) {
      return denoiser_.net(next, torch::cat({rows, time_embedding(t, steps_.steps())}, 1), exists);
    };
  }

  Channels channels_;
  StepTable steps_;
  mutable Trained<SequenceNet> denoiser_;
};

}  // namespace

std::unique_ptr<AttributePart> noise_attributes(const NoiseOptions& options, const Schedule& schedule,
                                                const Layout& attributes, const at::Generator& init,
                                                torch::Device device) {
  return std::make_unique<NoiseAttributes>(options, schedule, attributes, init, device);
}

std::unique_ptr<RecordPart> noise_records(const NoiseOptions& options, const Schedule& schedule,
                                          int64_t attribute_width, const Layout& features, int64_t width,
                                          int64_t longest, const at::Generator& init, torch::Device device) {
  return std::make_unique<NoiseRecords>(options, schedule, attribute_width, features, width, longest, init,
                                        device);
}

}  // namespace bench
