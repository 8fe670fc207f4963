#include <limits>

#include "downstream/telemetry/telemetry.h"

namespace bench {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr Direction kLower = Direction::lower;
constexpr Direction kNeither = Direction::neither;
constexpr std::string_view kPaper =
    "NetShare (SIGCOMM 2022), figure of heavy-hitter estimation; its formula is not published: our reading";
constexpr std::string_view kOneSide =
    "says nothing about the other trace; the order of sketches by it is what hh_rank compares";
constexpr std::string_view kSmallDivisor =
    "a real error near 0 (few keys, wide sketch) makes it huge; which keys are heavy: any other set of keys "
    "with the same weights gives the same";
constexpr std::string_view kFound =
    "keys of the trace whose estimate is at least the threshold times the exact total, against those whose "
    "true weight is; means over the hash seeds; 0 where nothing was found";

// Both sides of a value of one trace.
void add_both(std::string_view id, std::string_view summary, double hi, std::string_view source,
              std::string_view formula, std::vector<MetricCard>& cards) {
  for (const std::string_view mode : {"real", "synthetic"})
    cards.push_back({id, mode, summary, "", kNeither, 0, hi, source, formula, kOneSide});
}

}  // namespace

std::vector<MetricCard> telemetry_cards() {
  std::vector<MetricCard> cards{
      {"hh_count", "strict",
       "how far the sketch's relative error on heavy hitters differs from that on the real trace", "", kLower,
       0, kUnbounded, kPaper,
       "|E(synthetic) - E(real)| / E(real), E = hh_error; not applicable where E(real) is 0: read "
       "hh_count_absolute; n_real and n_synthetic are the true heavy hitters",
       kSmallDivisor},
      {"hh_count_absolute", "strict", "the same difference, divided by nothing", "", kLower, 0, kUnbounded,
       "HeaderBench: the guard of hh_count", "|E(synthetic) - E(real)|, E = hh_error",
       "sketches with large errors outweigh the others: do not average over sketches"},
      {"hh_number", "strict", "how far the number of heavy hitters found per record differs", "", kLower, 0,
       kUnbounded, "NetDPSyn (IMC 2024), code of its evaluation; not applicable instead of a division by 0",
       "|r(synthetic) - r(real)| / r(real), r = keys that the sketch finds heavy / records, mean over the "
       "hash "
       "seeds; not applicable where r(real) is 0, with the absolute difference in the reason",
       "whether those found are the right ones; two traces of unlike length differ by it even if the keys "
       "found are the same"},
      {"hh_set", "strict", "how far the error of the set of found heavy hitters differs", "", kLower, 0,
       kUnbounded, "the CS536 reproduction of NetShare; set by the share of the total",
       "|J(synthetic) - J(real)| / J(real), J = 1 - |found and true| / |found or true|, mean over the hash "
       "seeds; not applicable where J(real) is 0, with the absolute difference in the reason",
       kSmallDivisor},
      {"hh_set_top", "strict", "the same with a share of the keys, the largest, as heavy hitters", "", kLower,
       0, kUnbounded, "the CS536 reproduction of NetShare (10 % of the keys)",
       "as hh_set, true and found = the round(top_keys x keys) largest, at least one, ties in favour of the "
       "smaller key; n_real and n_synthetic are the true ones",
       "where most keys have one record, the choice among them is arbitrary, in truth and estimate alike"},
      {"hh_rank", "strict", "does the synthetic trace put the four sketches in the real trace's order?", "",
       Direction::higher, -1, 1,
       "NetShare (SIGCOMM 2022), rank correlation; Kendall, Biometrika 1945 for tau-b",
       "Spearman's rho (ties share ranks) or Kendall's tau-b of hh_error, mean over the hash seeds, real "
       "against synthetic; n = sketches",
       "four things have few orders: a random one reaches rho >= 0.8 in 4 of 24; how large the errors are"},
  };
  for (const std::string_view id : {"hh_rank_low", "hh_rank_high"}) {
    cards.push_back({id, "strict",
                     id == "hh_rank_low" ? "lower end of the 95 % interval of hh_rank"
                                         : "upper end of the 95 % interval of hh_rank",
                     "", kNeither, -1, 1, "percentile bootstrap, Efron (1979)",
                     "quantile 0.025 (low) or 0.975 (high) of hh_rank over 2000 draws of the hash seeds with "
                     "putting back",
                     "the spread over trainings of a generator, which is larger: only hash functions vary"});
  }
  cards.push_back({"hh_rank_p", "strict", "p-value of hh_rank", "", kNeither, 0, 1,
                   "permutation test of Spearman's rho",
                   "share of the 24 orders of the sketches whose |rho| is at least the observed one",
                   "even a perfect rank has 1/12: four sketches cannot be significant at 5 %"});
  add_both(
      "hh_error", "relative error of the sketch on the heavy hitters of one trace", kUnbounded, kPaper,
      "E = mean over the true heavy hitters h of |estimate(h) - weight(h)| / weight(h), mean over the hash "
      "seeds; heavy: at least the threshold times the total weight; n_real and n_synthetic are the true "
      "heavy hitters",
      cards);
  add_both("hh_precision", "share of the keys found heavy that are", 1, "ElasticSketch (SIGCOMM 2018)",
           kFound, cards);
  add_both("hh_recall", "share of the heavy keys that are found", 1, "ElasticSketch (SIGCOMM 2018)", kFound,
           cards);
  add_both("hh_f1", "harmonic mean of precision and recall of the keys found", 1,
           "ElasticSketch (SIGCOMM 2018)", kFound, cards);
  constexpr std::string_view kSweep =
      "the CS536 reproduction of NetShare, with the real trace's widths for both";
  add_both(
      "hh_miss", "share of the top keys that a sketch of this width misses (with width_sweep only)", 1,
      kSweep,
      "1 - recall of the top_keys share of the keys; columns = the field's number x different keys of the "
      "REAL trace; n_real and n_synthetic are the heavy hitters by that share",
      cards);
  cards.push_back({"hh_miss_gap", "strict", "difference of hh_miss (with width_sweep only)", "", kLower, 0, 1,
                   kSweep, "|miss synthetic - miss real|",
                   "a trace with other numbers of keys misses otherwise at the same width, which is meant"});
  return cards;
}

}  // namespace bench
