#include "models/ddgan/ddgan.h"

#include "models/chunked/chunked.h"
#include "models/ddgan/params.h"
#include "models/diffusion/autoregressive.h"
#include "models/diffusion/flow_diffusion.h"
#include "models/diffusion/gan_parts.h"

namespace bench {
namespace {

std::unique_ptr<SequenceModel> network_of(const DdganParams& p, SampleShape shape, Seed seed,
                                          torch::Device device) {
  const auto init = nn::make_generator(seed);
  const Schedule schedule = Schedule::variance_preserving(p.steps, p.beta_min, p.beta_max);
  const CategoryNoise noise =
      p.attributes == "gaussian" ? CategoryNoise::gaussian : CategoryNoise::multinomial;
  std::unique_ptr<AttributePart> attributes;
  if (p.attributes == "separate") {
    attributes = std::make_unique<AutoregressiveAttributes>(shape.attributes, p.row_units,
                                                            p.attribute_dropout, init, device);
  } else {
    attributes = gan_attributes({p.latent, p.r1, p.r1_every, p.divergence, p.row_units, p.row_blocks},
                                schedule, shape.attributes, noise, init, device);
  }
  auto records = gan_records({p.latent, p.r1, p.r1_every, p.divergence, p.units, p.blocks}, schedule,
                             shape.attributes.width, shape.features, shape.record_width(), shape.longest,
                             noise, init, device);
  const FlowTraining training{p.batch,          p.lr,        p.lr_discriminator, p.lr_decay, p.ema,
                              p.snapshot_count, p.row_units, p.row_blocks};
  return std::make_unique<FlowDiffusion>(std::move(shape), training, std::move(attributes),
                                         std::move(records), init, device);
}

class Ddgan : public ChunkedGenerator {
 public:
  explicit Ddgan(const DdganParams& params)
      : ChunkedGenerator(params.chunked_options(params.iterations, 1)), params_(params) {}

 protected:
  std::unique_ptr<SequenceModel> make_network(const FlowEncoder& encoder, Seed seed,
                                              const std::string& device, int /*threads*/) const override {
    return nn::with_torch_errors([&] {
      return network_of(
          params_, {encoder.attributes(), encoder.features(), encoder.longest_sample(), encoder.cuts_flows()},
          seed, nn::device_from_name(device));
    });
  }
  std::string name() const override { return "ddgan"; }

 private:
  DdganParams params_;
};

}  // namespace

std::unique_ptr<Params> ddgan_params() { return std::make_unique<DdganParams>(); }

std::unique_ptr<Generator> make_ddgan(const Params& params) {
  return std::make_unique<Ddgan>(dynamic_cast<const DdganParams&>(params));
}

}  // namespace bench
