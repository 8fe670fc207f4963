#include "models/ddpm/ddpm.h"

#include "models/chunked/chunked.h"
#include "models/ddpm/params.h"
#include "models/diffusion/flow_diffusion.h"
#include "models/diffusion/noise_parts.h"

namespace bench {
namespace {

std::unique_ptr<SequenceModel> network_of(const DdpmParams& p, SampleShape shape, Seed seed,
                                          torch::Device device) {
  const auto init = nn::make_generator(seed);
  const Schedule schedule = p.schedule == "linear" ? Schedule::linear(p.steps) : Schedule::cosine(p.steps);
  auto attributes = noise_attributes({p.row_units, p.row_blocks}, schedule, shape.attributes, init, device);
  auto records = noise_records({p.units, p.blocks}, schedule, shape.attributes.width, shape.features,
                               shape.record_width(), shape.longest, init, device);
  const FlowTraining training{p.batch,          p.lr,        p.lr,        p.lr_decay, p.ema,
                              p.snapshot_count, p.row_units, p.row_blocks};
  return std::make_unique<FlowDiffusion>(std::move(shape), training, std::move(attributes),
                                         std::move(records), init, device);
}

class Ddpm : public ChunkedGenerator {
 public:
  explicit Ddpm(const DdpmParams& params)
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
  std::string name() const override { return "ddpm"; }

 private:
  DdpmParams params_;
};

}  // namespace

std::unique_ptr<Params> ddpm_params() { return std::make_unique<DdpmParams>(); }

std::unique_ptr<Generator> make_ddpm(const Params& params) {
  return std::make_unique<Ddpm>(dynamic_cast<const DdpmParams&>(params));
}

}  // namespace bench
