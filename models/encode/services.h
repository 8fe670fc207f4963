#pragma once
// The service of a flow, (source port, destination port, protocol), <-> columns of an attribute row, in
// exchangeable ways.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/seed.h"
#include "datasets/flows.h"
#include "datasets/trace.h"
#include "models/encode/layout.h"
#include "models/encode/ports.h"
#include "models/encode/words.h"

namespace bench {

class H5Reader;
class H5Writer;

struct Service {
  uint16_t srcport = 0, dstport = 0;
  uint8_t proto = 0;
  bool operator==(const Service&) const = default;
};

struct ServiceOptions {
  std::string encoding = "onehot_bits";  ///< a value of NetShareParams::ports
  int64_t most_frequent = 48;            ///< onehot*: at most so many ports are categories of their own
  double frequent_share = 0.005;         ///< onehot*: least share of the flows or of the records for that
  int64_t bins = 32;                     ///< onehot, onehot_bins: bins of the other ports
  int64_t word_size = 10, word_epochs = 5;
  std::string word_model = "cbow";
  bool word_subsampling = false, word_shared = false;
  std::string word_file;  ///< ip2vec: vectors are read from here and not learned
};

/// Columns stand in the order source port, destination port, protocol. The protocol is a category among those
/// seen, except for ip2vec. A port is
///  - bits: 16 two-way categories, most significant first;
///  - bytes: 2 units, high and low byte over 255;
///  - onehot_bits: a category for each frequent port and one for any other, whose bits follow and are zero
///    where a frequent port was chosen;
///  - onehot: a category for each frequent port and one for the others, decoded as one drawn like them;
///  - onehot_bins: a category of PortCategories, decoded as a port drawn from it;
///  - ip2vec: the WordVectors of the two ports and of the protocol, decoded as the nearest word.
class ServiceEncoder {
 public:
  /// Learns from the records of a trace, at least one, and their flows (group_flows). Throws Error(config)
  /// for an unknown encoding, and what WordVectors::read throws.
  void fit(const Trace& trace, const FlowIndex& flows, const ServiceOptions& options, Seed seed);
  /// Appends the heads; the end of the layout before is the `out`/`in` of encode and decode.
  void add_heads(Layout& layout) const;
  int64_t width() const;
  /// Whether encode() takes it. Not for ip2vec, whose words are those of one trace.
  bool covers(const Service& service) const;
  /// Fills width() columns. Throws Error(data) for a protocol that fit() did not see.
  void encode(const Service& service, float* out) const;
  /// What the columns, soft or as encoded, mean. Protocols without ports may come out with some. `rng` draws
  /// a port among several that a category stands for.
  Service decode(const float* in, Rng& rng) const;

  /// onehot_bins: the category of each of the three, srcport, dstport, protocol. Throws as encode.
  std::array<uint16_t, 3> classes(const Service& service) const;
  /// onehot_bins: fills width() columns.
  void encode_classes(const std::array<uint16_t, 3>& classes, float* out) const;

  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file);

 private:
  enum class Encoding { bits, bytes, onehot, onehot_bits, onehot_bins, ip2vec };
  static bool find_encoding(const std::string& name, Encoding& encoding);
  bool has_categories() const;
  int64_t choices(const PortCategories& port) const;
  int64_t port_width(const PortCategories& port) const;
  void add_port_heads(Layout& layout, const PortCategories& categories) const;
  void encode_port(const PortCategories& categories, uint16_t port, float* out) const;
  uint16_t decode_port(const PortCategories& categories, const float* in, Rng& rng) const;
  uint16_t protocol_index(uint8_t proto) const;

  Encoding encoding_ = Encoding::bits;
  PortCategories srcport_, dstport_;  ///< onehot*
  std::vector<uint8_t> protocols_;    ///< ascending; not for ip2vec
  WordVectors words_;                 ///< ip2vec
};

}  // namespace bench
