#pragma once
// Port numbers as bits and as categories: frequent ports by themselves, the others in bins.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/seed.h"

namespace bench {

class H5Reader;
class H5Writer;

inline constexpr int64_t kPorts = 65536;

/// The lowest `bits` bits of `value`, most significant first, as two-way categories: 0 is [1, 0], 1 is [0,
/// 1].
void encode_bits(uint32_t value, int bits, float* out);
/// Inverse: a bit is 1 where its second column is larger.
uint32_t decode_bits(const float* in, int bits);
/// Index of the largest of `width` columns, the first one on ties.
int64_t largest(const float* in, int64_t width);

/// Categories of one port column. Category c < frequent() is one frequent port; the others are bins: ranges
/// lo..hi of ports that occur and are not frequent, each on one side of 1024, of about equally many flows.
class PortCategories {
 public:
  /// `flows` and `records` are the counts of each port, [kPorts]; some port occurs. A port is frequent if it
  /// has at least `frequent_share` of the flows or of the records; at most `most_frequent` are, those with
  /// the larger of their two shares. `bins` is the number of bins, at least 1 on each side of 1024 that needs
  /// one.
  void fit(std::span<const int64_t> flows, std::span<const int64_t> records, int64_t most_frequent,
           double frequent_share, int64_t bins);

  int64_t frequent() const { return static_cast<int64_t>(frequent_.size()); }
  int64_t size() const { return frequent() + static_cast<int64_t>(lo_.size()); }
  /// Of a port that did not occur: the category with the nearest port, a bin on the same side of 1024 if
  /// there is one, else any bin, else a frequent port.
  uint16_t category(uint16_t port) const { return category_[port]; }
  bool is_frequent(uint16_t port) const {
    return category_[port] < frequent() && frequent_[category_[port]] == port;
  }
  /// The frequent port of a category, or any port of its bin that is not frequent, each with equal chance.
  uint16_t draw(int64_t category, Rng& rng) const;
  /// draw() of a bin chosen by its share of the flows. There is a bin.
  uint16_t draw_other(Rng& rng) const;

  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const std::string& name);

 private:
  void add_bins(std::span<const int64_t> counts, int64_t begin, int64_t end, int64_t bins);
  void index();
  std::vector<uint16_t> frequent_;  ///< ascending
  std::vector<uint16_t> lo_, hi_;   ///< bins, ascending
  std::vector<int64_t> mass_;       ///< flows of each bin
  std::vector<uint16_t> category_;  ///< [kPorts]
};

}  // namespace bench
