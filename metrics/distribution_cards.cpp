#include <cmath>
#include <limits>

#include "metrics/distribution.h"
#include "metrics/divergence.h"

namespace bench {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr Direction kLower = Direction::lower;
constexpr std::string_view kPaper = "NetShare (SIGCOMM 2022), dist_metrics.py v3";
constexpr std::string_view kOneField =
    "how fields go together: shuffling each column by itself leaves it at 0; who the hosts are, as addresses "
    "are ranked by popularity";

}  // namespace

std::vector<MetricCard> distribution_cards() {
  const double largest_distance = std::sqrt(kLn2);
  return {
      {"jsd", "paper",
       "Jensen-Shannon divergence KL(p|m)/2 + KL(q|m)/2, m = (p+q)/2: addresses by popularity rank, "
       "ports and "
       "protocol by value",
       "nats", kLower, 0, kLn2, kPaper,
       "sum_i p_i ln(p_i/m_i) / 2 + sum_i q_i ln(q_i/m_i) / 2, m = (p+q)/2, p and q the shares of value (or "
       "rank) i in the real and the synthetic records; divide by ln 2 = 0.6931 for bits, which then run from "
       "0 to 1; its square root is jsd_distance",
       kOneField},
      {"emd", "paper",
       "Wasserstein-1, the integral of |F - G| over raw values; times in us from each trace's own first "
       "record",
       "field", kLower, 0, kUnbounded, kPaper,
       "integral |F(v) - G(v)| dv over the exact distribution functions of real and synthetic values, "
       "nothing binned; equal to the mean distance of sorted values where both sides are equally long",
       "a shift of all times, since each trace starts at its own 0 (one early outlier moves all the rest); "
       "collapse on heavy tails, where a few huge values outweigh all small ones; how fields go together"},
      {"ks", "strict", "Kolmogorov-Smirnov max |F - G|; times on the training window's clock", "", kLower, 0,
       1, "two-sample Kolmogorov-Smirnov statistic",
       "max over v of |F(v) - G(v)|, F and G the distribution functions of real and synthetic values",
       "how far off misplaced values are: 1 ns beside the real value counts like 1 hour; differences in a "
       "thin tail; how fields go together"},
      {"emd_log1p", "strict",
       "Wasserstein-1 of sign(v) ln(1 + |v|), v in the field's unit: not ruled by the largest values", "ln",
       kLower, 0, kUnbounded, "HeaderBench",
       "integral |F(u) - G(u)| du, u = sign(v) ln(1 + |v|), which is also the mean distance of equal "
       "quantiles, the area beside the diagonal of a QQ plot; about the mean relative error of values well "
       "above one unit",
       "differences far below one unit of the field (times are in seconds); how fields go together"},
      {"jsd", "strict",
       "Jensen-Shannon divergence: as in paper mode, also labels and flag bits; numbers in n^(1/3) "
       "ranges of equal "
       "real share with bins below and above the real range",
       "nats", kLower, 0, kLn2, "HeaderBench; bins after Freedman-Diaconis on ranks",
       "as in paper mode (divide by ln 2 for bits); a number counts in one of n^(1/3), at most 200, ranges "
       "of equal real share, a value that fills a whole range has its own, and there is a bin below and one "
       "above the real range",
       "where inside a range a number lies and how far outside the real range; how fields go together; who "
       "the hosts are"},
      {"jsd_distance", "strict", "square root of the Jensen-Shannon divergence, for categorical fields",
       "sqrt(nats)", kLower, 0, largest_distance, "SDMetrics of NetShare's library; NetDPSyn",
       "sqrt(jsd) with jsd in nats; scipy.spatial.distance.jensenshannon gives this number", kOneField},
      {"jsd_value", "strict", "Jensen-Shannon divergence of the addresses themselves, not of their ranks",
       "nats", kLower, 0, kLn2, "NetDPSyn (IMC 2024), which prints the square root",
       "as jsd in paper mode with i the exact address; ln 2 where no address occurs on both sides",
       "near misses: an address of the right network counts as wrong as any other, and hosts that are "
       "renamed "
       "one by one get ln 2; 0 asks for the real hosts, which privacy counts as a leak"},
      {"tv", "strict", "total variation of a categorical field; addresses by popularity rank", "", kLower, 0,
       1, "total variation distance; NetShare's dist_metrics.py v1 for ports and protocol",
       "sum_i |p_i - q_i| / 2: the share of records that would have to change their value", kOneField},
      {"hellinger", "strict", "Hellinger distance of a categorical field; addresses by popularity rank", "",
       kLower, 0, 1, "Hellinger (1909)",
       "sqrt(sum_i (sqrt p_i - sqrt q_i)^2 / 2); weighs rare values more than tv does", kOneField},
      {"top5_services", "strict", "common values among the five most frequent service ports of each side", "",
       Direction::higher, 0, 1, "NetShare (SIGCOMM 2022), bars of the top five service ports",
       "|A and B| / max(|A|, |B|), A and B the five most frequent ports from 1 to 1023 of the real and the "
       "synthetic records, the smaller port first among equals",
       "how frequent these ports are and in which order; all other ports"},
      {"top10_ports", "strict", "common values among the ten most frequent ports of each side", "",
       Direction::higher, 0, 1, "HeaderBench", "as top5_services with ten ports from 1 to 65535",
       "how frequent these ports are; where ports beyond the first few are chosen at random by the hosts, "
       "the last places are chance: compare with the row `split`"},
      {"zipf_slope", "strict", "difference of the Zipf slopes of the addresses", "", kLower, 0, kUnbounded,
       "HeaderBench; Zipf's law",
       "|s_synthetic - s_real|, s the slope of the least-squares line through (ln rank, ln records) over all "
       "addresses of a side",
       "who the hosts are; a bend in the curve; the many addresses seen once weigh more than the few heavy "
       "ones, and the slope depends on the number of records"},
      {"distinct", "strict", "relative difference of the number of distinct values", "", kLower, 0, 1,
       "HeaderBench",
       "|d_real - d_synthetic| / max(d_real, d_synthetic), d the number of distinct addresses, ports or "
       "five-tuples of a side",
       "which values they are and how often each occurs; grows where the sides differ in length, so read "
       "n_real and n_synthetic"},
      {"emd", "strict", "Wasserstein-1 over raw values; times on the training window's clock", "field",
       kLower, 0, kUnbounded, "Wasserstein-1", "integral |F(v) - G(v)| dv, nothing binned",
       "collapse on heavy tails, where a few huge values outweigh all small ones: read ks and emd_log1p "
       "first; how fields go together"},
      {"emd_over_std", "strict", "strict emd divided by the real column's sample standard deviation", "sd",
       kLower, 0, kUnbounded, "HeaderBench", "strict emd / sd, sd over n - 1 real values",
       "as strict emd: one huge real value makes the deviation, and thereby the score of everything, "
       "incomparable with another trace's; never average it over fields"},
      {"emd_over_range", "strict", "strict emd divided by the real column's range", "", kLower, 0, kUnbounded,
       "HeaderBench; the range variant of the normalised EMD",
       "strict emd / (largest - smallest real value); 1 is a shift of everything by the whole real range",
       "nearly everything on heavy tails: the range is one record; use it where values are bounded, such as "
       "pkt_len and ttl"},
  };
}

}  // namespace bench
