#pragma once
// A row model that makes packets: header bytes, their code, a generator trained against a critic. The
// generators in pac_gan, packet_cgan and flow_wgan are this with their own code and networks.

#include <functional>
#include <memory>
#include <optional>

#include "models/packet_bytes/adversarial.h"
#include "models/packet_bytes/packet_classes.h"
#include "models/rows/row_model.h"

namespace bench {

/// What sets one of these generators apart. Every function makes a new object.
struct PacketGanDesign {
  int64_t bits = 8;                     ///< of a digit: 1, 4 or 8
  std::optional<ClassOptions> classes;  ///< conditions, if any
  std::function<std::unique_ptr<DigitCode>()> code;
  std::function<std::unique_ptr<ByteGenerator>(const PacketShape&, at::Generator)> generator;
  std::function<std::unique_ptr<CriticNetwork>(const PacketShape&, at::Generator)> critic;
};

/// A generator of packet records: rows by PacketGan. Five-tuples repeat by chance only.
std::unique_ptr<Generator> make_packet_gan(const AdversarialParams& params, const PacketGanDesign& design);

}  // namespace bench
