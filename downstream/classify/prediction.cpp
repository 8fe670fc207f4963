#include "downstream/classify/prediction.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

namespace bench {
namespace {

constexpr size_t kProto = 2;  // column of flow_features

// Numbers protocols 0, 1, ... in the order of the training part's.
class ProtocolCodes {
 public:
  explicit ProtocolCodes(const FeatureTable& rows) {
    std::set<double> seen;
    for (size_t i = 0; i < rows.rows(); ++i) seen.insert(rows.row(i)[kProto]);
    known_.assign(seen.begin(), seen.end());
  }
  FeatureTable apply(FeatureTable rows) const {
    for (size_t i = 0; i < rows.rows(); ++i) {
      double& proto = rows.row(i)[kProto];
      proto = static_cast<double>(std::lower_bound(known_.begin(), known_.end(), proto) - known_.begin());
    }
    return rows;
  }

 private:
  std::vector<double> known_;
};

struct Tally {
  double truth = 0, answers = 0, right = 0;
};

std::string empty_part(const Labelled& train, const Labelled& test) {
  if (train.size() == 0) return "the training part has no records";
  if (test.size() == 0) return "the test part has no records";
  return "";
}

using MakeTraining = Labelled (*)(const Labelled& real, const Labelled& synthetic, double setting, Seed seed);

std::vector<SweepPoint> sweep(const ClassifierEntry& classifier, const TaskParts& parts,
                              std::span<const double> settings, MakeTraining make_training, Seed seed) {
  std::vector<SweepPoint> out;
  for (const double setting : settings) {
    SweepPoint point{setting, {}};
    if (setting > 0 && parts.synthetic_train.size() == 0) {
      point.result.not_applicable = "the synthetic training part has no records";
    } else {
      const Labelled train = make_training(parts.real_train, parts.synthetic_train, setting, seed);
      point.result = train_and_test(classifier, train, parts.real_test, seed);
    }
    out.push_back(std::move(point));
  }
  return out;
}

}  // namespace

ClassScores class_scores(std::span<const int32_t> truth, std::span<const int32_t> answers) {
  assert(!truth.empty() && truth.size() == answers.size());
  std::map<int32_t, Tally> classes;
  for (size_t i = 0; i < truth.size(); ++i) {
    ++classes[truth[i]].truth;
    ++classes[answers[i]].answers;
    if (truth[i] == answers[i]) ++classes[truth[i]].right;
  }
  ClassScores out;
  double true_classes = 0;
  const auto n = static_cast<double>(truth.size());
  for (const auto& [code, tally] : classes) {
    out.accuracy += tally.right / n;
    out.macro_f1 += 2 * tally.right / (tally.truth + tally.answers) / static_cast<double>(classes.size());
    out.majority_rate = std::max(out.majority_rate, tally.truth / n);
    if (tally.truth == 0) continue;
    ++true_classes;
    out.balanced_accuracy += tally.right / tally.truth;
  }
  out.balanced_accuracy /= true_classes;
  return out;
}

ClassificationResult train_and_test(const ClassifierEntry& classifier, const Labelled& train,
                                    const Labelled& test, Seed seed) {
  ClassificationResult out;
  out.training_rows = train.size();
  out.test_rows = test.size();
  out.training_classes = std::set<int32_t>(train.classes.begin(), train.classes.end()).size();
  out.not_applicable = empty_part(train, test);
  if (!out.not_applicable.empty()) return out;
  const ProtocolCodes protocols(train.features);
  const FeatureTable training = protocols.apply(train.features);
  const ColumnScale scale = column_scale(training);
  const TrainedClassifier trained(classifier.make(), scale.apply(training), train.classes, seed);
  out.scores = class_scores(test.classes, trained.predict(scale.apply(protocols.apply(test.features))));
  return out;
}

std::string_view task_mode_name(TaskMode mode) {
  constexpr std::string_view kNames[] = {"TRTR", "TSTR", "TRTS", "TSTS"};
  return kNames[static_cast<size_t>(mode)];
}

ClassificationResult run_task(const ClassifierEntry& classifier, const TaskParts& parts, TaskMode mode,
                              Seed seed) {
  const bool real_train = mode == TaskMode::trtr || mode == TaskMode::trts;
  const bool real_test = mode == TaskMode::trtr || mode == TaskMode::tstr;
  return train_and_test(classifier, real_train ? parts.real_train : parts.synthetic_train,
                        real_test ? parts.real_test : parts.synthetic_test, seed);
}

std::vector<SweepPoint> augmentation_sweep(const ClassifierEntry& classifier, const TaskParts& parts,
                                           std::span<const double> ratios, Seed seed) {
  return sweep(classifier, parts, ratios, augmented, seed);
}

std::vector<SweepPoint> mixing_sweep(const ClassifierEntry& classifier, const TaskParts& parts,
                                     std::span<const double> synthetic_shares, Seed seed) {
  return sweep(classifier, parts, synthetic_shares, mixed, seed);
}

}  // namespace bench
