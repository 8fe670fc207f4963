#include "models/encode/ports.h"

#include <algorithm>
#include <map>
#include <vector>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

constexpr int kPortBits = 16;

class BitPorts : public PortEncoder {
 public:
  void fit(std::span<const uint16_t>) override {}
  void add_heads(Layout& layout) const override { layout.add(Head::Kind::category, kPortBits, 2); }
  void encode(uint16_t port, float* out) const override { encode_bits(port, kPortBits, out); }
  uint16_t decode(const float* in) const override {
    return static_cast<uint16_t>(decode_bits(in, kPortBits));
  }
  void save(H5Writer&, const std::string&) const override {}
  void load(const H5Reader&, const std::string&) override {}
};

class FrequentPorts : public PortEncoder {
 public:
  explicit FrequentPorts(const PortOptions& options) : options_(options) {}

  void fit(std::span<const uint16_t> ports) override {
    std::map<uint16_t, int64_t> counts;
    for (const uint16_t port : ports) ++counts[port];
    std::vector<std::pair<int64_t, uint16_t>> ranked;
    for (const auto& [port, count] : counts) {
      if (static_cast<double>(count) >= options_.frequent_share * static_cast<double>(ports.size())) {
        ranked.emplace_back(-count, port);
      }
    }
    std::sort(ranked.begin(), ranked.end());
    const auto kept = std::min(ranked.size(), static_cast<size_t>(options_.most_frequent));
    frequent_.clear();
    for (size_t i = 0; i < kept; ++i) frequent_.push_back(ranked[i].second);
    std::sort(frequent_.begin(), frequent_.end());
  }

  void add_heads(Layout& layout) const override {
    const int64_t start = layout.add(Head::Kind::category, 1, other() + 1);
    layout.add(Head::Kind::category, kPortBits, 2, start + other());
  }

  void encode(uint16_t port, float* out) const override {
    std::fill_n(out, other() + 1 + 2 * kPortBits, 0.0F);
    const auto place = std::lower_bound(frequent_.begin(), frequent_.end(), port);
    if (place != frequent_.end() && *place == port) {
      out[place - frequent_.begin()] = 1;
      return;
    }
    out[other()] = 1;
    encode_bits(port, kPortBits, out + other() + 1);
  }

  uint16_t decode(const float* in) const override {
    const int64_t choice = largest(in, other() + 1);
    if (choice < other()) return frequent_[static_cast<size_t>(choice)];
    return static_cast<uint16_t>(decode_bits(in + other() + 1, kPortBits));
  }

  void save(H5Writer& file, const std::string& name) const override {
    file.column(name + ":frequent", frequent_);
  }

  void load(const H5Reader& file, const std::string& name) override {
    frequent_ = file.column<uint16_t>(name + ":frequent");
    if (!std::is_sorted(frequent_.begin(), frequent_.end())) {
      fail(Kind::data, "saved encoder: the frequent ports of {} are not in order", name);
    }
  }

 private:
  int64_t other() const { return static_cast<int64_t>(frequent_.size()); }
  PortOptions options_;
  std::vector<uint16_t> frequent_;
};

}  // namespace

std::unique_ptr<PortEncoder> make_port_encoder(const PortOptions& options) {
  if (options.encoding == "bits") return std::make_unique<BitPorts>();
  if (options.encoding == "onehot_bits") return std::make_unique<FrequentPorts>(options);
  fail(Kind::config, "port encoding '{}' is unknown; bits or onehot_bits would be right", options.encoding);
}

void encode_bits(uint32_t value, int bits, float* out) {
  for (int i = 0; i < bits; ++i) {
    const bool set = (value >> (bits - 1 - i)) & 1U;
    out[2 * i] = set ? 0.0F : 1.0F;
    out[2 * i + 1] = set ? 1.0F : 0.0F;
  }
}

uint32_t decode_bits(const float* in, int bits) {
  uint32_t value = 0;
  for (int i = 0; i < bits; ++i) value = (value << 1U) | (in[2 * i + 1] > in[2 * i] ? 1U : 0U);
  return value;
}

int64_t largest(const float* in, int64_t width) { return std::max_element(in, in + width) - in; }

}  // namespace bench
