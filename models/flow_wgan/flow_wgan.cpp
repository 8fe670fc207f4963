#include "models/flow_wgan/flow_wgan.h"

#include "models/flow_wgan/vector_code.h"
#include "models/packet_bytes/dense_networks.h"
#include "models/packet_bytes/packet_gan.h"

namespace bench {
namespace {

class FlowWganParams : public Params {
 public:
  AdversarialParams training;
  ByteVectorOptions vectors;
  DenseSizes sizes;

  std::string contradiction() const override { return training.contradiction(); }
  void describe(FieldVisitor& v) override {
    training.describe(v);
    v.integer({"vector_size", "", "components of a byte's vector", "our choice"}, vectors.size, 2, 256);
    v.integer({"vector_epochs", "epochs", "passes over the packets to learn the vectors", "our choice"},
              vectors.epochs, 1, 10000);
    v.integer({"units", "", "width of the hidden layers", "our choice"}, sizes.units, 1, 65536);
    v.integer({"layers", "layers", "generator and critic, output layer included", "our choice"}, sizes.layers,
              1, 100);
  }
};

}  // namespace

std::unique_ptr<Params> flow_wgan_params() { return std::make_unique<FlowWganParams>(); }

std::unique_ptr<Generator> make_flow_wgan(const Params& params) {
  const auto& p = dynamic_cast<const FlowWganParams&>(params);
  const DenseSizes sizes = p.sizes;
  const ByteVectorOptions vectors = p.vectors;
  PacketGanDesign design;
  design.code = [vectors] { return std::make_unique<VectorCode>(vectors); };
  design.generator = [sizes](const PacketShape& shape, at::Generator random) {
    return make_dense_generator(shape, sizes, DenseOutput::directions, std::move(random));
  };
  design.critic = [sizes](const PacketShape& shape, at::Generator random) {
    return make_dense_critic(shape, sizes, std::move(random));
  };
  return make_packet_gan(p.training, design);
}

}  // namespace bench
