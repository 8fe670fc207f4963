#pragma once
// Port numbers <-> columns of an attribute row, in exchangeable ways.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "models/encode/layout.h"

namespace bench {

class H5Reader;
class H5Writer;

/// Encoder of one port column (source or destination).
class PortEncoder {
 public:
  virtual ~PortEncoder() = default;
  /// Learns from one port per flow.
  virtual void fit(std::span<const uint16_t> ports) = 0;
  /// Appends the heads behind the present end of `layout`; that end is the `out`/`in` of encode and decode.
  virtual void add_heads(Layout& layout) const = 0;
  virtual void encode(uint16_t port, float* out) const = 0;
  /// The port that the columns (soft or one-hot) mean.
  virtual uint16_t decode(const float* in) const = 0;
  virtual void save(H5Writer& file, const std::string& name) const = 0;
  /// Throws Error(data).
  virtual void load(const H5Reader& file, const std::string& name) = 0;
};

struct PortOptions {
  std::string encoding = "onehot_bits";  ///< "bits" or "onehot_bits"
  int64_t most_frequent = 48;            ///< onehot_bits: at most so many ports are categories of their own
  double frequent_share = 0.005;         ///< onehot_bits: and only ports of at least this share of the flows
};

/// bits: 16 two-way categories, most significant first. onehot_bits: a category for each frequent port and
/// one for "another port", whose 16 bits follow and are zero where a frequent port was chosen.
std::unique_ptr<PortEncoder> make_port_encoder(const PortOptions& options);

/// The lowest `bits` bits of `value`, most significant first, as two-way categories: 0 is [1, 0], 1 is [0,
/// 1].
void encode_bits(uint32_t value, int bits, float* out);
/// Inverse: a bit is 1 where its second column is larger.
uint32_t decode_bits(const float* in, int bits);
/// Index of the largest of `width` columns, the first one on ties.
int64_t largest(const float* in, int64_t width);

}  // namespace bench
