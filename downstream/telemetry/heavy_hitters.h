#pragma once
// Heavy-hitter telemetry, NetShare's task for packet traces: how wrong sketches are on a trace, and how far a
// synthetic trace gives other errors than the real one. Four definitions, because publications differ:
//   hh_count   E = mean over the true heavy hitters of |estimate - truth| / truth (what the axis of
//   NetShare's
//              figure says; its formula is not published)
//   hh_number  r = keys that the sketch finds heavy / records (the code of NetDPSyn, IMC 2024)
//   hh_set     1 - Jaccard of the sets of found and of true heavy hitters (the CS536 reproduction of
//   NetShare) hh_rank    Spearman of the order of the sketches by hh_count, on the real and on the synthetic
//   trace
// The first three compare as |E(synthetic) - E(real)| / E(real).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/rank.h"
#include "downstream/telemetry/keyed_stream.h"

namespace bench {

inline constexpr int kHashSeeds = 10;  ///< our choice: the paper shows boxes over an unknown number of runs

struct Threshold {
  enum class Of {
    total,  ///< heavy: at least this share of the trace's weight
    keys    ///< heavy: the largest round(share * keys), at least one; ties in favour of the smaller key
  };
  Of of = Of::total;
  double share = 0.001;  ///< (0, 1]; 0.1 % of the total as NetDPSyn; CS536 takes 10 % of the keys
};

/// Places in stream.keys, ascending, of the keys that are heavy by `values` [keys]: the totals as doubles, or
/// a sketch's estimates. Share of the total: of the exact one.
std::vector<uint32_t> heavy_keys(const KeyedStream& stream, std::span<const double> values,
                                 const Threshold& threshold);

/// E of hh_count. `heavy` is not empty and every total in it is positive.
double mean_relative_error(const KeyedStream& stream, std::span<const uint32_t> heavy,
                           std::span<const double> estimates);

/// How well the ascending list `found` matches the ascending, non-empty list `truth`; all 0 .. 1. Precision
/// and F1 are 0 where nothing was found.
struct SetAgreement {
  double precision = 0, recall = 0, f1 = 0;
  double jaccard_error = 1;  ///< 1 - |intersection| / |union|
};
SetAgreement set_agreement(std::span<const uint32_t> truth, std::span<const uint32_t> found);

/// One sketch on one trace; the lists have one entry per hash seed.
struct SketchErrors {
  std::string reason;  ///< why there are no errors, one sentence; empty if there are
  int64_t records = 0, keys = 0, heavy = 0;
  std::vector<double> hh_count;
  std::vector<double> hh_number;  ///< empty where the threshold is a share of keys: it fixes the number
  std::vector<SetAgreement> hh_set;
};

/// seeds >= 1. A key without weight is no true heavy hitter. The hash functions of repeat r come from
/// seed.child(sketch, r): the same for every trace. A trace without stream or without heavy hitter gives a
/// reason. Throws Error(config) for options or a share out of range.
SketchErrors sketch_errors(const KeyedStream& stream, const SketchOptions& options,
                           const Threshold& threshold, Seed seed, int seeds = kHashSeeds);
/// One result per threshold, each as above; the sketches are fed once for all of them.
std::vector<SketchErrors> errors_by_threshold(const KeyedStream& stream, const SketchOptions& options,
                                              std::span<const Threshold> thresholds, Seed seed,
                                              int seeds = kHashSeeds);

enum class ErrorDefinition { hh_count, hh_number, hh_set };

struct Difference {
  std::string reason;            ///< why there is none, one sentence; empty if there is one
  double value = 0;              ///< of the errors averaged over the hash seeds
  bool absolute = false;         ///< E(real) is 0: |E(synthetic)| instead, divided by nothing
  std::vector<double> per_seed;  ///< |E_r(synthetic) - E_r(real)| over the same divisor, for boxes
};

/// |mean synthetic - mean real| / mean real, with the guard. Lists of one length, not empty, values >= 0.
Difference relative_difference(std::span<const double> real, std::span<const double> synthetic);

Difference compare(ErrorDefinition definition, const SketchErrors& real, const SketchErrors& synthetic);

struct RankResult {
  std::string reason;  ///< why there is none, one sentence; empty if there is one
  RankAgreement agreement;
};

/// hh_rank over sketches in the same order on both sides, with intervals over the hash seeds.
RankResult hh_rank(std::span<const SketchErrors> real, std::span<const SketchErrors> synthetic, Seed seed,
                   const BootstrapOptions& options = {});

}  // namespace bench
