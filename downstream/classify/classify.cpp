#include "downstream/classify/classify.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/rank.h"
#include "core/score_list.h"
#include "downstream/classify/classify_parts.h"

namespace bench {
namespace {

// A classifier with its results by mode.
struct Trained {
  const ClassifierEntry* classifier;
  std::vector<ClassificationResult> by_mode;  // in the order of kTaskModes
  const ClassificationResult& in(TaskMode mode) const { return by_mode[static_cast<size_t>(mode)]; }
};

// Directions are the cards': evaluate() sets them.
void put(ScoreList& list, std::string_view metric, std::string_view mode, const Compared& what,
         const std::string& lacking, double value) {
  if (lacking.empty()) {
    list.value(metric, mode, what, "", value);
  } else {
    list.not_applicable(metric, mode, what, "", lacking);
  }
}

void put_majority(ScoreList& list, const ClassifyParts& parts) {
  const auto put_rate = [&](TaskMode mode, std::string_view side, const Labelled& rows, Compared what) {
    const std::string lacking = parts.lacking(mode);
    put(list, "majority_rate", side, what, lacking,
        lacking.empty() ? class_scores(rows.classes, rows.classes).majority_rate : 0);
  };
  const Compared sizes = parts.compared(parts.target(), TaskMode::tstr);
  put_rate(TaskMode::trtr, "real", parts.rows().real_test, sizes);
  put_rate(TaskMode::tstr, "synthetic", parts.rows().synthetic_train, sizes);
}

void put_scores(ScoreList& list, const ClassifyParts& parts, const std::vector<Trained>& all, TaskMode mode) {
  const auto put_one = [&](std::string_view metric, double ClassScores::*value) {
    for (const Trained& trained : all) {
      const ClassificationResult& result = trained.in(mode);
      put(list, metric, task_mode_name(mode), parts.compared(trained.classifier->id, mode),
          result.not_applicable, result.scores.*value);
    }
  };
  put_one("accuracy", &ClassScores::accuracy);
  put_one("macro_f1", &ClassScores::macro_f1);
  put_one("balanced_accuracy", &ClassScores::balanced_accuracy);
}

void put_ratio(ScoreList& list, const ClassifyParts& parts, const std::vector<Trained>& all) {
  for (const Trained& trained : all) {
    const double real = trained.in(TaskMode::trtr).scores.accuracy;
    std::string lacking = trained.in(TaskMode::tstr).not_applicable;
    if (lacking.empty() && real == 0)
      lacking = "the classifier trained on real records names no test record right";
    put(list, "accuracy_ratio", "strict", parts.both_training(trained.classifier->id), lacking,
        trained.in(TaskMode::tstr).scores.accuracy / real);
  }
}

void put_rank(ScoreList& list, const ClassifyParts& parts, const std::vector<Trained>& all) {
  std::vector<double> real, synthetic;
  for (const Trained& trained : all) {
    real.push_back(trained.in(TaskMode::trtr).scores.accuracy);
    synthetic.push_back(trained.in(TaskMode::tstr).scores.accuracy);
  }
  const auto put_one = [&](std::string_view field, const std::optional<double>& value) {
    std::string lacking = parts.lacking(TaskMode::tstr);
    if (lacking.empty() && all.size() < 2) lacking = "one classifier has no order";
    if (lacking.empty() && !value) {
      const bool tied = std::ranges::count(real, real.front()) == std::ssize(real);
      lacking = fmt::format("all classifiers trained on {} records are equally accurate",
                            tied ? "real" : "synthetic");
    }
    put(list, "classifier_rank", "strict", parts.both_training(field), lacking, value.value_or(0));
  };
  put_one("spearman", spearman(real, synthetic));
  put_one("kendall", kendall_tau_b(real, synthetic));
}

using Sweep = decltype(&augmentation_sweep);

void put_sweep(ScoreList& list, const ClassifyParts& parts, const std::vector<Trained>& all,
               std::string_view metric, std::span<const double> settings, Sweep sweep) {
  const std::string lacking = parts.lacking(TaskMode::tstr);
  for (const Trained& trained : all) {
    std::vector<SweepPoint> points(settings.size());
    if (lacking.empty()) points = sweep(*trained.classifier, parts.rows(), settings, parts.training_seed());
    for (size_t i = 0; i < settings.size(); ++i) {
      const std::string field = fmt::format("{:g} {}", settings[i], trained.classifier->id);
      const ClassificationResult& result = points[i].result;
      put(list, metric, "strict", parts.both_training(field),
          lacking.empty() ? result.not_applicable : lacking, result.scores.accuracy);
    }
  }
}

std::vector<Score> evaluate(const ScoringPair& pair, const Params& params, Seed seed) {
  const auto& settings = dynamic_cast<const ClassifyParams&>(params);
  const ClassifyParts parts(pair, settings, seed);
  const auto modes = std::span(kTaskModes).first(settings.modes == "all" ? 4 : 2);
  std::vector<Trained> all;
  for (const ClassifierEntry* classifier : settings.chosen()) {
    Trained trained{classifier, {}};
    for (const TaskMode mode : modes) trained.by_mode.push_back(parts.run(*classifier, mode));
    all.push_back(std::move(trained));
  }
  ScoreList list;
  put_majority(list, parts);
  for (const TaskMode mode : modes) put_scores(list, parts, all, mode);
  put_ratio(list, parts, all);
  put_rank(list, parts, all);
  if (settings.augmentation)
    put_sweep(list, parts, all, "augmentation", kAugmentationRatios, augmentation_sweep);
  if (settings.mixing) put_sweep(list, parts, all, "mixing", kMixingShares, mixing_sweep);
  std::vector<Score> scores = list.take();
  const std::vector<MetricCard> cards = classify_cards();
  for (Score& score : scores) {
    const auto card = std::ranges::find_if(
        cards, [&](const MetricCard& c) { return c.id == score.metric && c.mode == score.mode; });
    score.direction = card->direction;
  }
  return scores;
}

}  // namespace

Task classify_task() {
  return {"classify",
          1,
          "names the traffic type of real flow records after training on synthetic ones",
          classify_cards(),
          {{"accuracy", "TRTR", "TSTR"}},
          []() -> std::unique_ptr<Params> { return std::make_unique<ClassifyParams>(); },
          evaluate};
}

}  // namespace bench
