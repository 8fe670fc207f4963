#include "models/packet_cgan/packet_cgan.h"

#include "models/packet_bytes/dense_networks.h"
#include "models/packet_bytes/level_code.h"
#include "models/packet_bytes/packet_gan.h"

namespace bench {
namespace {

constexpr int64_t kByteValues = 256;

class PacketCganParams : public Params {
 public:
  AdversarialParams training;
  std::string levels = "linear";
  std::string condition = "label";
  double service_share = 0.005;
  int64_t most_ports = 64;
  DenseSizes sizes;

  PacketCganParams() { training.loss = "standard"; }

  std::string contradiction() const override { return training.contradiction(); }
  void describe(FieldVisitor& v) override {
    training.describe(v);
    v.text(
        {"levels", "",
         "number of a byte: its value / 255, or the share of the training packets with a smaller one at its "
         "place and half of those with the same",
         "PacketCGAN: linear"},
        levels, {"linear", "equalised"});
    v.text(
        {"condition", "",
         "class that the networks are given: the trace's labels, or service where it has none; or labels and "
         "service",
         "PacketCGAN: the application"},
        condition, {"label", "service"});
    v.number(
        {"service_share", "",
         "services: least share of the packets for a source or destination port that does not count as one "
         "of the others",
         "our choice"},
        service_share, 0, 1);
    v.integer({"most_ports", "ports", "services: such ports at most", "our choice"}, most_ports, 1, 65536);
    v.integer({"units", "", "width of the hidden layers", "our choice"}, sizes.units, 1, 65536);
    v.integer({"layers", "layers", "generator and critic, output layer included", "our choice"}, sizes.layers,
              1, 100);
  }
};

}  // namespace

std::unique_ptr<Params> packet_cgan_params() { return std::make_unique<PacketCganParams>(); }

std::unique_ptr<Generator> make_packet_cgan(const Params& params) {
  const auto& p = dynamic_cast<const PacketCganParams&>(params);
  const Levels levels = p.levels == "linear" ? Levels::linear : Levels::equalised;
  const DenseSizes sizes = p.sizes;
  PacketGanDesign design;
  design.classes = ClassOptions{p.condition == "service", p.service_share, p.most_ports};
  design.code = [levels] { return std::make_unique<LevelCode>(kByteValues, levels); };
  design.generator = [sizes](const PacketShape& shape, at::Generator random) {
    return make_dense_generator(shape, sizes, DenseOutput::unit_interval, std::move(random));
  };
  design.critic = [sizes](const PacketShape& shape, at::Generator random) {
    return make_dense_critic(shape, sizes, std::move(random));
  };
  return make_packet_gan(p.training, design);
}

}  // namespace bench
