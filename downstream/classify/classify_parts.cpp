#include "downstream/classify/classify_parts.h"

#include <fmt/core.h>

#include <algorithm>

#include "datasets/labels.h"
#include "datasets/split.h"

namespace bench {
namespace {

constexpr double kSplitShare = 0.8;  // training share of a synthetic trace that is tested on, too
constexpr std::string_view kPaperClassifiers[] = {"dt", "lr", "rf", "gb", "mlp"};
constexpr int64_t kMostRows = 1'000'000'000;

std::string resolved_target(const Trace& real, const std::string& target) {
  if (target != "auto") return target;
  for (const std::string_view name : {"type", "label"})
    if (find_label(real, name) != nullptr) return std::string(name);
  return real.labels.empty() ? target : real.labels.front().name;
}

// Why records cannot be made rows with a class; "" if they can.
std::string lacking_rows(std::string_view whose, const Trace& trace, const std::string& target) {
  if (trace.kind != TraceKind::flows)
    return fmt::format("flow records are classified, and {} has packets", whose);
  if (trace.size() == 0) return fmt::format("{} has no records", whose);
  if (find_label(trace, target) != nullptr) return "";
  return target == "auto" ? fmt::format("{} has no label column", whose)
                          : fmt::format("{} has no label column '{}'", whose, target);
}

}  // namespace

void ClassifyParams::describe(FieldVisitor& v) {
  v.text({"target", "",
          "label column to be predicted; auto: type, else label, else the real trace's first label column",
          "NetDPSyn"},
         target, {});
  std::vector<std::string> names{"paper", "all"};
  for (const ClassifierEntry& entry : all_classifiers()) names.emplace_back(entry.id);
  v.text({"classifiers", "", "paper: dt, lr, rf, gb, mlp; all: with nb and ada; or one of them",
          "NetShare (2022)"},
         classifiers, names);
  v.integer({"rows", "records", "training parts are cut to so many records, drawn by the seed; 0 = all", ""},
            rows, 0, kMostRows);
  v.integer({"balanced_per_class", "records",
             "at most so many records of each class in training and test parts; 0 = as they are; CS536's "
             "reproduction has 2500",
             ""},
            balanced_per_class, 0, kMostRows);
  v.number({"rare_share", "",
            "classes below this share of the real training part are one class \"smalls\"; CS536's "
            "reproduction has 0.001",
            ""},
           rare_share, 0, 1);
  v.text({"modes", "", "main: TRTR and TSTR; all: with TRTS and TSTS", ""}, modes, {"main", "all"});
  v.flag({"augmentation", "", "also trains on all real and 0, .25, .5, 1, 2 times as many synthetic records",
          ""},
         augmentation);
  v.flag({"mixing", "", "also trains on mixtures with 0, .1, .. 1 of synthetic records", ""}, mixing);
}

std::vector<const ClassifierEntry*> ClassifyParams::chosen() const {
  std::vector<const ClassifierEntry*> out;
  for (const ClassifierEntry& entry : all_classifiers()) {
    const bool in_paper = std::ranges::find(kPaperClassifiers, entry.id) != std::end(kPaperClassifiers);
    if (classifiers == "all" || classifiers == entry.id || (classifiers == "paper" && in_paper))
      out.push_back(&entry);
  }
  return out;
}

ClassifyParts::ClassifyParts(const ScoringPair& pair, const ClassifyParams& params, Seed seed)
    : params_(params), seed_(seed), target_(resolved_target(pair.real, params.target)) {
  no_task_ = lacking_rows("the real trace", pair.real, target_);
  if (no_task_.empty() && pair.holdout == nullptr) no_task_ = "there are no held-out real records to test on";
  if (no_task_.empty()) no_task_ = lacking_rows("the held-out part", *pair.holdout, target_);
  if (!no_task_.empty()) return;
  classes_ = class_list(pair.real, target_, params.rare_share);
  if (classes_.names.size() < 2) {
    no_task_ = fmt::format("all real training records are of one class, '{}'", classes_.names.front());
    return;
  }
  add_classes(*pair.holdout);
  add_classes(pair.synthetic);
  rows_.real_train = training_rows(pair.real);
  rows_.real_test = part_rows(*pair.holdout);
  no_synthetic_ = lacking_rows("the synthetic trace", pair.synthetic, target_);
  if (!no_synthetic_.empty()) return;
  rows_.synthetic_train = training_rows(pair.synthetic);
  if (params.modes == "all") split_synthetic(pair.synthetic);
}

// Classes that only another trace has: distinct, so that none of them is taken for another.
void ClassifyParts::add_classes(const Trace& trace) {
  const LabelColumn* label = find_label(trace, target_);
  if (label == nullptr || classes_.rare_merged) return;
  for (const std::string& name : label->names)
    if (std::ranges::find(classes_.names, name) == classes_.names.end()) classes_.names.push_back(name);
}

Labelled ClassifyParts::part_rows(const Trace& trace) const {
  Labelled all = flow_features(trace, target_, classes_);
  if (params_.balanced_per_class == 0) return all;
  return balanced(all, static_cast<size_t>(params_.balanced_per_class), seed_.child("balance"));
}

Labelled ClassifyParts::training_rows(const Trace& trace) const {
  Labelled all = part_rows(trace);
  return params_.rows == 0 ? all : capped(all, static_cast<size_t>(params_.rows), seed_.child("rows"));
}

void ClassifyParts::split_synthetic(const Trace& synthetic) {
  if (synthetic.size() < 2) {
    no_split_ = "the synthetic trace has one record: too few for a training and a test part";
    return;
  }
  const Split split = split_trace(synthetic, kSplitShare, SplitOrder::random, seed_.child("split"));
  synthetic_rest_ = training_rows(split.train.trace());
  rows_.synthetic_test = part_rows(split.holdout);
  const auto of_first_class = [&](int32_t code) { return code == synthetic_rest_.classes.front(); };
  one_synthetic_class_ = std::ranges::all_of(synthetic_rest_.classes, of_first_class) &&
                         std::ranges::all_of(rows_.synthetic_test.classes, of_first_class);
}

std::string ClassifyParts::lacking(TaskMode mode) const {
  if (!no_task_.empty() || mode == TaskMode::trtr) return no_task_;
  if (!no_synthetic_.empty() || mode == TaskMode::tstr) return no_synthetic_;
  if (!no_split_.empty() || mode == TaskMode::trts) return no_split_;
  return one_synthetic_class_ ? "all synthetic records are of one class: no answer can be wrong" : "";
}

ClassificationResult ClassifyParts::run(const ClassifierEntry& classifier, TaskMode mode) const {
  ClassificationResult out;
  out.not_applicable = lacking(mode);
  if (!out.not_applicable.empty()) return out;
  if (mode == TaskMode::tsts)
    return train_and_test(classifier, synthetic_rest_, rows_.synthetic_test, training_seed());
  return run_task(classifier, rows_, mode, training_seed());
}

Compared ClassifyParts::compared(std::string_view field, TaskMode mode) const {
  const auto size = [](const Labelled& part) { return static_cast<int64_t>(part.size()); };
  switch (mode) {
    case TaskMode::trtr:
      return {field, size(rows_.real_train), 0};
    case TaskMode::tstr:
      return {field, size(rows_.real_test), size(rows_.synthetic_train)};
    case TaskMode::trts:
      return {field, size(rows_.real_train), size(rows_.synthetic_test)};
    case TaskMode::tsts:
      break;
  }
  return {field, 0, size(synthetic_rest_)};
}

Compared ClassifyParts::both_training(std::string_view field) const {
  return {field, compared(field, TaskMode::trtr).n_real, compared(field, TaskMode::tstr).n_synthetic};
}

}  // namespace bench
