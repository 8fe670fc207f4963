#include <limits>

#include "metrics/joint.h"

namespace bench {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr Direction kLower = Direction::lower;

}  // namespace

std::vector<MetricCard> joint_cards() {
  return {
      {"tv_proto_dstport", "strict",
       "total variation of (protocol, destination port) over records and, \"of flows\", with each "
       "five-tuple "
       "counted once; ports from 1024 up count as one",
       "", kLower, 0, 1, "HeaderBench",
       "sum over (proto, min(dstport, 1024)) of |p - q| / 2, p and q the shares in the real and the "
       "synthetic records (or five-tuples)",
       "which port from 1024 up it is; source ports, addresses, sizes and times"},
      {"tv_src_dst", "strict",
       "total variation of the (source, destination) address pairs, over records and of flows", "", kLower, 0,
       1, "HeaderBench",
       "sum over (srcip, dstip) of |p - q| / 2, p and q the shares in the real and the synthetic records (or "
       "five-tuples)",
       "addresses that only resemble real ones: a generator that renames hosts one by one gets 1 although "
       "the "
       "structure is right, and one that copies the real pairs gets 0"},
      {"corr_log_pkt_byt", "strict",
       "|r_synthetic - r_real|, r = Pearson correlation of ln(1 + packets) and ln(1 + bytes) per flow "
       "record, or "
       "per five-tuple of packets; 0 for a constant side",
       "", kLower, 0, 2, "HeaderBench",
       "|r_synthetic - r_real|, r the Pearson correlation of ln(1 + packets) and ln(1 + bytes)",
       "the bytes per packet themselves: doubling all bytes changes nothing; relations that are not "
       "monotone"},
      {"tv_conditional", "strict", "total variation of one field given another, mean over the other", "",
       kLower, 0, 1, "HeaderBench; conditional tables of FlowChronicle (CoNEXT 2024)",
       "sum over x of p(x) TV(p(y|x), q(y|x)), p real, q synthetic, TV = 1 for an x that no synthetic record "
       "has; ports from 1024 up are one value, packets and bytes (per flow record, or per five-tuple of "
       "packets) stand in quarter octaves floor(4 log2(1 + v)); not symmetric",
       "how often x occurs (its marginal); differences inside a quarter octave and among ports from 1024 up"},
      {"cmd", "strict",
       "mean Frobenius distance of the contingency tables of all pairs of categorical fields", "", kLower, 0,
       1.41421356237309515, "CMD of FlowChronicle (CoNEXT 2024)",
       "mean over pairs of sqrt(sum over cells (p - q)^2), p and q the shares of the cell; fields: "
       "addresses, "
       "ports (from 1024 up as one), protocol, flags and labels that both traces have",
       "large tables: many small differences vanish when squared, so address pairs weigh next to nothing; "
       "read cmd_tv beside it"},
      {"cmd_tv", "strict", "as cmd with the total variation in place of the Frobenius norm", "", kLower, 0, 1,
       "HeaderBench", "mean over pairs of sum over cells |p - q| / 2, fields as in cmd",
       "differences between ports from 1024 up and everything numeric; addresses that are renamed count as "
       "wrong. Sparse tables differ by chance: compare with the row `split`"},
      {"mi_difference", "strict", "difference of the mutual information between one field and all others",
       "nats", kLower, 0, kUnbounded, "HeaderBench; mutual information of Shannon (1948)",
       "mean over the other fields y of |I_synthetic(x, y) - I_real(x, y)|, I(x, y) = H(x) + H(y) - H(x, y) "
       "from the shares; ports from 1024 up are one value, numbers stand in quarter octaves "
       "floor(4 log2(1 + v)), times are left out",
       "which values go together: renaming all values leaves it at 0. The plug-in entropy of fields with "
       "many values grows with the number of records, so read n_real and n_synthetic"},
      {"pcd", "strict", "Frobenius distance of the matrices of Pearson correlations of the numeric fields",
       "", kLower, 0, 10.9544511501033224, "PCD of FlowChronicle (CoNEXT 2024)",
       "sqrt(sum over x, y (r_synthetic(x, y) - r_real(x, y))^2) over the numeric columns that both traces "
       "have, times on the training window's clock; \"numeric\" raw as published, \"log numeric\" with "
       "ln(1 + v) of all but times; r = 0 for a constant column; at most 2 sqrt(d (d - 1)) for d columns",
       "raw: everything but the largest values of heavy tails; both: relations that are not linear, and "
       "scale and shift of each column"},
      {"density", "strict", "density of synthetic records around real ones, cut at 1", "", Direction::higher,
       0, 1, "Naeem et al. (ICML 2020), k = 5",
       "min(1, 1/(k m) sum over synthetic y of the number of real x with |x - y| <= distance of x to its "
       "k-th "
       "nearest real neighbour), k = 5, m synthetic records; at most 2,000 records a side drawn by their "
       "contents; distance: ln(1 + v) of numbers scaled to 0..1 on the real sample, fields with values "
       "one-hot (a mismatch adds 2 to the square); copies on the surface of a ball share one place",
       "synthetic records that crowd where real ones are dense (the published density exceeds 1 there); "
       "times; what 2,000 records do not show"},
      {"coverage", "strict", "share of real records that have a synthetic one nearby", "", Direction::higher,
       0, 1, "Naeem et al. (ICML 2020), k = 5",
       "share of real x with a synthetic y at |x - y| <= distance of x to its k-th nearest real neighbour; "
       "k, sample and distance as in density; two samples of one distribution reach about 1 - 2^-k = 0.97",
       "how many of the synthetic records are implausible (density sees them); memorised records count as "
       "coverage; times"},
      {"mmd", "strict", "maximum mean discrepancy of whole records under a Gaussian kernel", "", kLower, 0,
       1.41421356237309515, "Gretton et al. (JMLR 2012), biased estimate; synthcity",
       "sqrt(mean k(x, x') + mean k(y, y') - 2 mean k(x, y)), x real, y synthetic, all pairs (a record with "
       "itself too), k = exp(-d^2 / (2 s^2)), s the median of the distances > 0 between real records; sample "
       "and distance d as in density",
       "one field among many that is wrong in few records; what the bandwidth smooths over; times. Two "
       "samples "
       "of one distribution reach about sqrt(1/n_real + 1/n_synthetic), 0.03 for 2,000 records a side, so it "
       "does not compare across sizes; synthcity prints its square with numbers of another scale"},
      {"c2st", "strict", "classifier two-sample test: can boosted trees tell synthetic from real records?",
       "", kLower, 0, 1, "Lopez-Paz and Oquab (ICLR 2017); XGBoost (KDD 2016)",
       "|2 AUC - 1|, AUC the mean area under the ROC curve over 5 folds of 50 trees of depth 4 on at most "
       "5,000 records a side drawn by their contents; all records of a five-tuple share a fold; columns: "
       "both halves of the addresses, ports, protocol, flags, labels and numbers that both traces have",
       "times and the order of records; copies of real records (a perfect score for a leak); fields that one "
       "trace lacks; halves of the UGR16 and CAIDA samples reach 0.008 and 0.002, shorter "
       "traces more; hosts that only one side has count against it"},
      {"c2st_field", "strict",
       "what each field contributes to c2st: the largest ones give the synthetic trace away", "", kLower, 0,
       1, "HeaderBench; gain of XGBoost's trees",
       "c2st times the share of the field's splits in the total gain of all trees; sums to c2st over fields",
       "of two fields that carry the same sign of the fake the trees name one; a field may matter only "
       "together with another"},
  };
}

}  // namespace bench
