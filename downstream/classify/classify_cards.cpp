#include <limits>

#include "downstream/classify/classify.h"

namespace bench {
namespace {

struct ScoreText {
  std::string_view id, summary, source, formula;
};

constexpr ScoreText kScoreTexts[] = {
    {"accuracy", "share of the test records whose class is named right; read it beside majority_rate",
     "NetShare (Yin et al. 2022), traffic-type prediction; features and defaults as in NetDPSyn (2024)",
     "right answers / test records; first T of the mode: training records, second T: test records, R: real, "
     "S: synthetic; features srcport, dstport, proto, duration, packets, bytes, standardised by the training "
     "records"},
    {"macro_f1",
     "mean over the classes of the F1 of naming them: rare classes count as much as frequent ones",
     "F1: van Rijsbergen (1979), averaged over classes as scikit-learn's \"macro\" does",
     "mean over the classes of test records and answers of 2 right / (test records + answers of the class)"},
    {"balanced_accuracy", "mean over the classes of the share of their test records that is named right",
     "Brodersen, Ong, Stephan and Buhmann (2010)",
     "mean over the classes of the test records of right answers / test records of the class; one answer to "
     "everything reaches 1 / classes"},
};

struct ModeText {
  std::string_view mode;
  Direction direction;
  std::string_view blind_spot;
};

constexpr ModeText kModeTexts[] = {
    {"TRTR", Direction::neither,
     "says nothing about the synthetic trace: it is what real training records give, to read the others by"},
    {"TSTR", Direction::higher,
     "addresses, times and all that does not tell classes apart may be wrong; near majority_rate it may be "
     "one answer to everything"},
    {"TRTS", Direction::higher,
     "rewards a trace of few, typical records: variety that is missing makes the test easier"},
    {"TSTS", Direction::higher,
     "never looks at a real record: classes that depend on the features in an invented way score as well"},
};

}  // namespace

std::vector<MetricCard> classify_cards() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<MetricCard> cards;
  for (const auto& [id, summary, source, formula] : kScoreTexts) {
    for (const auto& [mode, direction, blind_spot] : kModeTexts)
      cards.push_back({id, mode, summary, "", direction, 0, 1, source, formula, blind_spot});
  }
  constexpr std::string_view kMajorityFormula =
      "records of the most frequent class / records; real: of the test part, synthetic: of the training part";
  constexpr std::string_view kMajorityBlindSpot =
      "which class it is; a synthetic rate equal to the real one can belong to another class";
  cards.insert(
      cards.end(),
      {
          {"majority_rate", "real",
           "accuracy of one fixed answer, the most frequent class, on the real test part", "",
           Direction::neither, 0, 1, "HeaderBench", kMajorityFormula, kMajorityBlindSpot},
          {"majority_rate", "synthetic", "share of the most frequent class of the synthetic training part",
           "", Direction::neither, 0, 1, "HeaderBench", kMajorityFormula, kMajorityBlindSpot},
          {"accuracy_ratio", "strict",
           "share of the real training records' accuracy that synthetic ones keep", "", Direction::higher, 0,
           kInfinity, "NetShare (Yin et al. 2022), figures of this task; HeaderBench",
           "accuracy TSTR / accuracy TRTR, of the same classifier on the same test records",
           "a classifier that learns nothing from either trace has ratio 1: read accuracy and majority_rate"},
          {"classifier_rank", "strict",
           "whether synthetic training records put the classifiers into the order that real ones do", "",
           Direction::higher, -1, 1, "Spearman (1904), Kendall (1945); as a score of traces: NetShare (2022)",
           "Spearman's rho with average ranks and Kendall's tau-b of accuracy TRTR against accuracy TSTR "
           "over "
           "the classifiers, unrounded",
           "how far apart the accuracies are: with five classifiers two that are nearly tied move it by 0.1"},
          {"augmentation", "strict",
           "accuracy on real test records after training on all real and `ratio` times as many synthetic "
           "records (field: ratio classifier); ratio 0 is TRTR",
           "", Direction::higher, 0, 1, "NetDiffusion (2024); ratios: HeaderBench",
           "accuracy of real_train + ratio |real_train| synthetic records, for ratios 0, 0.25, 0.5, 1, 2",
           "where real records suffice, synthetic ones can only do harm: useless ones score as useful ones"},
          {"mixing", "strict",
           "accuracy on real test records after training on a mixture as long as the real part, of which a "
           "share is synthetic (field: share classifier); share 0 is TRTR",
           "", Direction::higher, 0, 1, "NetSSM (2025), mixing rate; shares: HeaderBench",
           "accuracy of (1 - share) |real_train| real + share |real_train| synthetic records, for shares 0, "
           "0.1, .. 1",
           "a few real records often suffice: differences between traces show near share 1 only"},
      });
  return cards;
}

}  // namespace bench
