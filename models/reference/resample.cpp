#include <random>
#include <unordered_set>

#include "core/error.h"
#include "datasets/flows.h"
#include "models/reference/reference.h"

namespace bench {
namespace {

constexpr int kPortTries = 64;
constexpr int kTriesPerWidth = 64;
constexpr uint16_t kFirstEphemeral = 49152, kLastEphemeral = 65535;

using KeySet = std::unordered_set<FiveTuple, FiveTupleHash>;

/// A five-tuple like `key` that is not in `used`; it is added.
FiveTuple fresh_key(const FiveTuple& key, KeySet& used, Rng& rng) {
  if (has_ports(key.proto)) {
    std::uniform_int_distribution<int> port(kFirstEphemeral, kLastEphemeral);
    for (int i = 0; i < kPortTries; ++i) {
      FiveTuple fresh = key;
      (key.srcport >= key.dstport ? fresh.srcport : fresh.dstport) = static_cast<uint16_t>(port(rng));
      if (used.insert(fresh).second) return fresh;
    }
  }
  for (int bits = 8; bits <= 32; bits += 8) {
    const uint32_t low = bits == 32 ? UINT32_MAX : (1U << bits) - 1;
    for (int i = 0; i < kTriesPerWidth; ++i) {
      FiveTuple fresh = key;
      fresh.srcip = (key.srcip & ~low) | (static_cast<uint32_t>(rng()) & low);
      if (used.insert(fresh).second) return fresh;
    }
  }
  fail(Kind::unsupported, "resample: no free source address is left for another copy of a flow");
}

class Resample : public TrainingReplay {
 public:
  Trace sample(int64_t records, SampleContext& context) override {
    const FlowIndex flows = group_flows(training());
    Rng rng = context.seed.child("sampling").rng();
    std::uniform_int_distribution<size_t> draw(0, flows.size() - 1);
    KeySet used;
    for (size_t f = 0; f < flows.size(); ++f) used.insert(five_tuple(training(), flows.flow(f).front()));
    std::vector<bool> drawn(flows.size(), false);
    std::vector<size_t> rows;
    std::vector<FiveTuple> keys;
    const auto wanted = static_cast<size_t>(records);
    while (rows.size() < wanted) {
      const size_t f = draw(rng);
      FiveTuple key = five_tuple(training(), flows.flow(f).front());
      if (drawn[f]) key = fresh_key(key, used, rng);
      drawn[f] = true;
      for (const size_t row : flows.flow(f).first(std::min(flows.flow(f).size(), wanted - rows.size()))) {
        rows.push_back(row);
        keys.push_back(key);
      }
    }
    Trace out = select(training(), rows);
    for (size_t i = 0; i < rows.size(); ++i) {
      out.srcip[i] = keys[i].srcip;
      out.srcport[i] = keys[i].srcport;
      out.dstport[i] = keys[i].dstport;
    }
    return select(out, time_order(out));
  }
};

}  // namespace

std::unique_ptr<Generator> make_resample(const Params&) { return std::make_unique<Resample>(); }

}  // namespace bench
