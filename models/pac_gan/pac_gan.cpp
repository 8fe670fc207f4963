#include "models/pac_gan/pac_gan.h"

#include "models/pac_gan/image_networks.h"
#include "models/packet_bytes/level_code.h"
#include "models/packet_bytes/packet_gan.h"

namespace bench {
namespace {

constexpr int64_t kNibbleValues = 16;

class PacGanParams : public Params {
 public:
  AdversarialParams training;
  std::string levels = "linear";
  int64_t duplicates = 2;
  int64_t channels = 32;
  int64_t units = 256;

  std::string contradiction() const override { return training.contradiction(); }
  void describe(FieldVisitor& v) override {
    training.describe(v);
    v.text({"levels", "",
            "grey of a half byte: its value, or the share of the training packets with a smaller one at its "
            "place and half of those with the same; or a block of its four bits, black or white",
            "PAC-GAN: linear"},
           levels, {"linear", "equalised", "bits"});
    v.integer({"duplicates", "pixels", "side of the block that a half byte (levels bits: a bit) fills",
               "PAC-GAN: duplicated values"},
              duplicates, 1, 16);
    v.integer(
        {"channels", "", "of the larger convolutions; the smaller ones have twice as many", "our choice"},
        channels, 1, 1024);
    v.integer({"units", "", "width of the dense hidden layer of generator and critic", "our choice"}, units,
              1, 65536);
  }
};

}  // namespace

std::unique_ptr<Params> pac_gan_params() { return std::make_unique<PacGanParams>(); }

std::unique_ptr<Generator> make_pac_gan(const Params& params) {
  const auto& p = dynamic_cast<const PacGanParams&>(params);
  const bool bits = p.levels == "bits";
  const Levels levels = p.levels == "equalised" ? Levels::equalised : Levels::linear;
  const ImageSizes sizes{bits, p.duplicates, p.channels, p.units};
  PacketGanDesign design;
  design.bits = bits ? 1 : 4;
  design.code = [levels, bits] { return std::make_unique<LevelCode>(bits ? 2 : kNibbleValues, levels); };
  design.generator = [sizes](const PacketShape& shape, at::Generator random) {
    return make_image_generator(shape, sizes, std::move(random));
  };
  design.critic = [sizes](const PacketShape& shape, at::Generator random) {
    return make_image_critic(shape, sizes, std::move(random));
  };
  return make_packet_gan(p.training, design);
}

}  // namespace bench
