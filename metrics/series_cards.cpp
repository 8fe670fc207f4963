#include <cmath>

#include "metrics/divergence.h"
#include "metrics/series.h"

namespace bench {
namespace {

constexpr Direction kLower = Direction::lower;
constexpr std::string_view kDistanceUnit = "sqrt(nats)";
constexpr std::string_view kLibrary = "NetShare's library, SDMetrics for time series";
constexpr std::string_view kLibraryOtherwise =
    "after NetShare's library, SDMetrics for time series; formula by HeaderBench";

}  // namespace

std::vector<MetricCard> series_cards() {
  const double largest = std::sqrt(kLn2);
  return {
      {"attr_similarity", "strict", "Jensen-Shannon distance of one attribute over sessions", kDistanceUnit,
       kLower, 0, largest, kLibrary,
       "sqrt(JSD in nats) of the shares of an attribute's values, each five-tuple counted once: addresses by "
       "popularity rank, ports and protocol by value; the library counts records",
       "how many records the sessions have; how attributes go together; who the hosts are"},
      {"attr_similarity_joint", "strict",
       "Jensen-Shannon distance of several attributes together, over sessions", kDistanceUnit, kLower, 0,
       largest, kLibrary,
       "sqrt(JSD in nats), each five-tuple counted once: address pairs by popularity rank, (srcport, "
       "dstport, "
       "proto) by value",
       "which hosts talk to which; of ports, ephemeral ones make nearly every triple unique, so even two "
       "halves of one trace lie far apart: compare with the row `split`"},
      {"attr_coverage", "strict", "common values of an attribute", "", Direction::higher, 0, 1, kLibrary,
       "|A and B| / |A or B| (Jaccard), A and B the values that occur in the real and in the synthetic trace",
       "how often values occur; rewards copying the real addresses, which privacy counts as a leak"},
      {"session_length", "strict", "Jensen-Shannon distance of the number of records per five-tuple",
       kDistanceUnit, kLower, 0, largest, kLibraryOtherwise,
       "sqrt(JSD in nats) of the sizes in n^(1/3) ranges of equal real share with a bin below and above; the "
       "library has the Wasserstein distance, which is emd of flow_size in the family distribution",
       "how long sessions last in time; sizes within one range, so the few longest sessions"},
      {"feature_similarity", "strict", "Jensen-Shannon distance of one feature over all records",
       kDistanceUnit, kLower, 0, largest, kLibraryOtherwise,
       "sqrt(JSD in nats), numbers in n^(1/3) ranges of equal real share, flags and labels by value: the "
       "square "
       "root of strict jsd; the library has the Wasserstein distance of numbers (emd in the family "
       "distribution)",
       "how records follow each other and how features go together"},
      {"feature_similarity_joint", "strict", "Jensen-Shannon distance of all features of a record together",
       kDistanceUnit, kLower, 0, largest, kLibraryOtherwise,
       "sqrt(JSD in nats) over tuples of all features that both traces have, numbers in 8 ranges of equal "
       "real "
       "share (a value that fills a range has its own) with a bin below and above; the library leaves tuples "
       "with numbers out",
       "differences inside a range; with many features most tuples are rare and differ by chance: compare "
       "with "
       "the row `split`"},
      {"cross_feature_corr", "strict", "difference of the Pearson correlation of two features", "", kLower, 0,
       2, kLibrary,
       "|r_synthetic - r_real|, r over all records, raw values; the library prints 1 minus half of it; 0 for "
       "a constant side",
       "everything but the largest values where tails are heavy (pcd of log numeric and corr_log_pkt_byt see "
       "the rest); relations that are not linear"},
      {"autocorrelation", "strict", "difference of the autocorrelation of a feature inside sessions", "",
       kLower, 0, 2, kLibraryOtherwise,
       "mean over lags 1 to 5 with at least 30 real pairs of |r_synthetic - r_real|, r the Pearson "
       "correlation "
       "of (u_i, u_(i+lag)) over all records of one five-tuple in order of time, u = ln(1 + v) in the "
       "field's "
       "unit (interarrival in us); r = 0 without synthetic pairs. The library pads sessions with zeros to "
       "the "
       "longest one, which mostly measures lengths",
       "sessions shorter than two records; a few long sessions have most of the pairs; what is constant in a "
       "session and different between sessions looks like memory; records of equal time stand in the file's "
       "order"},
      {"interarrival", "strict", "Jensen-Shannon distance of the times between records of a five-tuple",
       kDistanceUnit, kLower, 0, largest, kLibraryOtherwise,
       "sqrt(JSD in nats) of the gaps in n^(1/3) ranges of equal real share with a bin below and above; the "
       "library has the Wasserstein distance in seconds",
       "bursts and their order; gaps within one range; sessions of one record, which have no gap"},
      {"attr_feature_corr", "strict", "how a feature's distribution depends on an attribute", "", kLower, 0,
       1, kLibraryOtherwise,
       "sum over values a of p(a) TV(p(f|a), q(f|a)), p real, q synthetic, f in 20 ranges of equal real "
       "share, "
       "ports from 1024 up as one value, TV = 1 for an a that no synthetic record has; the library prints a "
       "distance for each a; not symmetric",
       "how often a occurs; differences inside a range; services with few records differ by chance: compare "
       "with the row `split`"},
  };
}

}  // namespace bench
