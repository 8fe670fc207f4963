#include "models/diffusion/gan_parts.h"

#include "models/diffusion/time_embedding.h"

namespace bench {
namespace {

AdversarialOptions step_options(const GanOptions& options, const TrainingStep& step) {
  return {options.latent,     options.r1, options.r1_every,
          options.divergence, step.rate,  step.discriminator_rate};
}

class GanAttributes : public AttributePart {
 public:
  GanAttributes(const GanOptions& o, const Schedule& schedule, const Layout& layout, CategoryNoise noise,
                const at::Generator& init, torch::Device device)
      : options_(o),
        channels_(layout, layout.given, layout.width, noise),
        steps_(schedule, device),
        denoiser_("attributes", init, device, channels_.width() + layout.given + o.latent + kTimeWidth,
                  o.units, o.blocks, channels_.raw_width(), Activation::silu),
        discriminator_("attributes.judge", init, device, 2 * channels_.width() + layout.given + kTimeWidth,
                       o.units, o.blocks, 1, Activation::leaky) {}

  std::vector<Named> sampled() const override { return {denoiser_.named()}; }
  std::vector<Named> discriminators() const override { return {discriminator_.named()}; }

  double step(const torch::Tensor& rows, const TrainingStep& step) override {
    const torch::Tensor given = rows.narrow(1, 0, rows.size(1) - channels_.width());
    const Discriminator judge = [this, &given](const torch::Tensor& x, const torch::Tensor& next,
                                               const torch::Tensor& t) {
      return discriminator_.net(torch::cat({x, next, given, time_embedding(t, steps_.steps())}, 1));
    };
    return adversarial_step(channels_, steps_, {channels_.state(rows, step.generator), {}}, denoise(given),
                            judge, denoiser_.learner, discriminator_.learner, step_options(options_, step),
                            step.iteration, step.generator);
  }

  torch::Tensor draw(const torch::Tensor& given, const at::Generator& generator) const override {
    const torch::Tensor state = draw_states(channels_, steps_, {given.size(0)}, {}, denoise(given),
                                            Prediction::clean, options_.latent, generator, given.device());
    return torch::cat({given, channels_.rows(state, given)}, 1);
  }

 private:
  Denoiser denoise(const torch::Tensor& given) const {
    return [this, given](const torch::Tensor& next, const torch::Tensor& latent, const torch::Tensor& t) {
      return denoiser_.net(torch::cat({next, given, latent, time_embedding(t, steps_.steps())}, 1));
    };
  }

  GanOptions options_;
  Channels channels_;
  StepTable steps_;
  mutable Trained<RowNet> denoiser_, discriminator_;
};

class GanRecords : public RecordPart {
 public:
  GanRecords(const GanOptions& o, const Schedule& schedule, int64_t attributes, const Layout& layout,
             int64_t width, int64_t longest, CategoryNoise noise, const at::Generator& init,
             torch::Device device)
      : options_(o),
        channels_(layout, 0, width, noise),
        steps_(schedule, device),
        denoiser_("features", init, device, width, attributes + kTimeWidth + o.latent, longest, o.units,
                  o.blocks, channels_.raw_width(), Activation::silu),
        discriminator_("features.judge", init, device, 2 * width, attributes + kTimeWidth, longest, o.units,
                       o.blocks) {}

  std::vector<Named> sampled() const override { return {denoiser_.named()}; }
  std::vector<Named> discriminators() const override { return {discriminator_.named()}; }

  double step(const SampleBatch& batch, const TrainingStep& step) override {
    const CleanBatch clean{channels_.state(batch.features, step.generator) * batch.exists, batch.exists};
    const Discriminator judge = [this, &batch](const torch::Tensor& x, const torch::Tensor& next,
                                               const torch::Tensor& t) {
      return discriminator_.net(torch::cat({x, next}, 2),
                                torch::cat({batch.attributes, time_embedding(t, steps_.steps())}, 1),
                                batch.exists);
    };
    return adversarial_step(channels_, steps_, clean, denoise(batch.attributes, batch.exists), judge,
                            denoiser_.learner, discriminator_.learner, step_options(options_, step),
                            step.iteration, step.generator);
  }

  torch::Tensor draw(const torch::Tensor& rows, int64_t length,
                     const at::Generator& generator) const override {
    const int64_t n = rows.size(0);
    const torch::Tensor exists = torch::ones({n, length, 1}, rows.options());
    const torch::Tensor state = draw_states(channels_, steps_, {n, length}, exists, denoise(rows, exists),
                                            Prediction::clean, options_.latent, generator, rows.device());
    return channels_.rows(state, torch::empty({n, length, 0}, rows.options()));
  }

 private:
  Denoiser denoise(const torch::Tensor& rows, const torch::Tensor& exists) const {
    return [this, rows, exists](const torch::Tensor& next, const torch::Tensor& latent,
                                const torch::Tensor& t) {
      return denoiser_.net(next, torch::cat({rows, time_embedding(t, steps_.steps()), latent}, 1), exists);
    };
  }

  GanOptions options_;
  Channels channels_;
  StepTable steps_;
  mutable Trained<SequenceNet> denoiser_;
  mutable Trained<SequenceJudge> discriminator_;
};

}  // namespace

std::unique_ptr<AttributePart> gan_attributes(const GanOptions& options, const Schedule& schedule,
                                              const Layout& attributes, CategoryNoise noise,
                                              const at::Generator& init, torch::Device device) {
  return std::make_unique<GanAttributes>(options, schedule, attributes, noise, init, device);
}

std::unique_ptr<RecordPart> gan_records(const GanOptions& options, const Schedule& schedule,
                                        int64_t attribute_width, const Layout& features, int64_t width,
                                        int64_t longest, CategoryNoise noise, const at::Generator& init,
                                        torch::Device device) {
  return std::make_unique<GanRecords>(options, schedule, attribute_width, features, width, longest, noise,
                                      init, device);
}

}  // namespace bench
