#include <limits>

#include "downstream/anomaly/anomaly.h"

namespace bench {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr Direction kNeither = Direction::neither;
constexpr std::string_view kPaper =
    "NetShare (SIGCOMM 2022), NetML anomaly detection; netml 0.7.1 (Yang, Kpotufe, Feamster 2020)";
constexpr std::string_view kSelf =
    "fields with \"self\": nu = 0.5 (a tenth for iforest and pca) fixes the share that a detector flags of "
    "its "
    "own training flows, so it is nearly constant for any trace: read the fields with \"real\" beside it";
constexpr std::string_view kSelfError =
    "fields with \"self\": nu = 0.5 (a tenth for iforest and pca) fixes both shares, so the error is near 0 "
    "for any generator: read the fields with \"real\" beside it. With \"real\", held-out and training "
    "records "
    "differ too: even real traffic has an error";
constexpr std::string_view kRatio =
    "flagged flows / flows, in NetML's vectors of the field's mode. self: each trace by a detector fitted on "
    "it; real: held-out records (real) and the synthetic trace by one fitted on the real trace, in its "
    "scale. "
    "n_real = real flows the detector was trained on, n_synthetic = synthetic flows trained on (self) or "
    "scored (real)";

}  // namespace

std::vector<MetricCard> anomaly_cards() {
  std::vector<MetricCard> cards;
  for (const std::string_view mode : {"real", "synthetic"}) {
    cards.push_back({"anomaly_ratio", mode, "share of the flows of one trace that the detector flags", "",
                     kNeither, 0, 1, kPaper, kRatio, kSelf});
  }
  cards.push_back({"anomaly_ratio_error", "strict", "relative error of the share of flagged flows", "",
                   Direction::lower, 0, kUnbounded, kPaper,
                   "|ratio synthetic - ratio real| / ratio real, ratio = anomaly_ratio; not applicable where "
                   "no real flow is flagged, with the absolute difference in the reason",
                   kSelfError});
  cards.push_back(
      {"anomaly_score_emd", "strict",
       "distance between the detector's scores of real and synthetic flows (fields with \"real\")", "",
       Direction::lower, 0, kUnbounded, "HeaderBench",
       "integral |F(s) - G(s)| ds over the scores of the held-out records and of the synthetic "
       "trace, divided by the standard deviation of the former (by nothing if that is 0)",
       "which flows are strange: other flows with the same scores give 0; even held-out real "
       "records are not at 0 against the training part"});
  for (const std::string_view mode : {"real", "synthetic"}) {
    cards.push_back(
        {"anomaly_auc", mode,
         "does the detector find the flows labelled anomalous? (only where the real trace has "
         "labels)",
         "", kNeither, 0, 1, "area under the ROC curve, Mann-Whitney",
         "probability that an anomalous flow has a greater score than a normal one, ties one half; "
         "a flow is anomalous if one of its packets has a label other than normal, benign, "
         "background",
         "0.5 is chance; labels that a generator puts on the wrong flows lower it, and so does a "
         "detector that fails on the real trace too: compare both"});
  }
  for (const std::string_view mode : {"real", "synthetic"}) {
    cards.push_back(
        {"netml_flows", mode, "flows of one trace that NetML can use", "", kNeither, 0, kUnbounded,
         "netml 0.7.1 (Yang, Kpotufe, Feamster 2020)",
         "TCP and UDP five-tuples, cut at gaps, with min_packets or more in a piece. self: each "
         "trace by its own gap; real: held-out records (real) and the synthetic trace by the real "
         "trace's. n_real and n_synthetic are records",
         "what the flows look like; a generator of single packets has 0, and then no ratio"});
  }
  cards.push_back(
      {"anomaly_rank", "strict", "does the synthetic trace put NetML's six modes in the real trace's order?",
       "", Direction::higher, -1, 1,
       "NetShare (SIGCOMM 2022), rank correlation; Kendall, Biometrika 1945 for tau-b",
       "Spearman's rho (ties share ranks) or Kendall's tau-b of the six anomaly_ratio, real against "
       "synthetic; one run each, so no interval; n = modes",
       "with \"self\" the ratios differ by little more than chance, and so does their order: read "
       "\"real\" beside it; how large the differences are"});
  cards.push_back({"anomaly_rank_p", "strict", "p-value of anomaly_rank", "", kNeither, 0, 1,
                   "permutation test of Spearman's rho",
                   "share of the 720 orders of the modes whose |rho| is at least the observed one",
                   "the spread over trainings of a generator and over seeds of the detector"});
  return cards;
}

}  // namespace bench
