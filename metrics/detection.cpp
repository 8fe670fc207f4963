#include "metrics/detection.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "datasets/flows.h"
#include "metrics/columns.h"
#include "metrics/density_coverage.h"
#include "metrics/mean_discrepancy.h"
#include "metrics/record_sample.h"
#include "metrics/two_sample.h"

namespace bench {
namespace {

constexpr std::string_view kWholeRecord = "record";

Seed detection_seed() { return Seed(0).child("metrics detection"); }

// Records of both sides, their columns and how to compare them.
struct Sampled {
  Trace real, synthetic;
  std::vector<CategoryPair> categories;
  std::vector<NumberPair> numbers;  ///< without clocks
};

Sampled sampled(Trace real, Trace synthetic) {
  Sampled out{std::move(real), std::move(synthetic), {}, {}};
  out.categories = category_pairs(out.real, out.synthetic);
  out.numbers = number_pairs(out.real, out.synthetic, 0);
  std::erase_if(out.numbers, [](const NumberPair& number) { return number.spec->clock; });
  return out;
}

Trace head(const Trace& trace, size_t records) { return slice(trace, 0, std::min(records, trace.size())); }

std::vector<double> log_units(const NumberPair& number, const std::vector<int64_t>& values) {
  return signed_log1p(in_units(values, number.spec->raw_per_unit));
}

// Both sides as points: numbers as ln(1 + v) scaled so that the real sample fills 0 .. 1.
std::pair<MixedPoints, MixedPoints> points(const Sampled& records) {
  MixedPoints real{records.real.size(), 0, 0, {}, {}};
  MixedPoints synthetic{records.synthetic.size(), 0, 0, {}, {}};
  std::vector<std::vector<double>> real_numbers, synthetic_numbers;
  for (const NumberPair& number : records.numbers) {
    if (!number.missing.empty()) continue;
    std::vector<double> r = log_units(number, number.real);
    std::vector<double> s = log_units(number, number.synthetic);
    const auto [lo, hi] = std::minmax_element(r.begin(), r.end());
    const double low = *lo;
    const double range = *hi > *lo ? *hi - *lo : 1;
    for (auto* side : {&r, &s}) {
      for (double& value : *side) value = (value - low) / range;
    }
    real_numbers.push_back(std::move(r));
    synthetic_numbers.push_back(std::move(s));
  }
  const auto fill = [&](MixedPoints& out, const std::vector<std::vector<double>>& numbers, auto codes) {
    out.numbers = numbers.size();
    for (const CategoryPair& category : records.categories)
      out.categories += category.missing.empty() ? 1 : 0;
    for (size_t i = 0; i < out.points; ++i) {
      for (const auto& column : numbers) out.number.push_back(column[i]);
      for (const CategoryPair& category : records.categories) {
        if (category.missing.empty()) out.category.push_back((category.*codes)[i]);
      }
    }
  };
  fill(real, real_numbers, &CategoryPair::real);
  fill(synthetic, synthetic_numbers, &CategoryPair::synthetic);
  return {std::move(real), std::move(synthetic)};
}

void add_neighbours(const Sampled& records, const Compared& what, ScoreList& list) {
  const auto [real, synthetic] = points(records);
  const DensityCoverage found = density_coverage(real, synthetic, kNeighbours);
  list.value("density", "strict", what, "", std::min(found.density, 1.0), Direction::higher);
  list.value("coverage", "strict", what, "", found.coverage, Direction::higher);
  list.value("mmd", "strict", what, "", mean_discrepancy(real, synthetic, median_distance(real)));
}

// A column of the learner's table. Addresses are cut in two halves, which a float holds exactly.
struct LearnerColumn {
  std::string field;
  std::vector<float> real, synthetic;
};

std::vector<LearnerColumn> learner_columns(const Sampled& records) {
  std::vector<LearnerColumn> columns;
  const auto add = [&](const std::string& field, const auto& real, const auto& synthetic, auto number) {
    LearnerColumn column{field, {}, {}};
    for (const auto value : real) column.real.push_back(static_cast<float>(number(value)));
    for (const auto value : synthetic) column.synthetic.push_back(static_cast<float>(number(value)));
    columns.push_back(std::move(column));
  };
  for (const CategoryPair& c : records.categories) {
    if (!c.missing.empty()) continue;
    if (c.name == "srcip" || c.name == "dstip") {
      add(c.name, c.real, c.synthetic, [](uint32_t value) { return value >> 16; });
      add(c.name, c.real, c.synthetic, [](uint32_t value) { return value & 0xFFFF; });
    } else {
      add(c.name, c.real, c.synthetic, [](uint32_t value) { return value; });
    }
  }
  for (const NumberPair& n : records.numbers) {
    if (n.missing.empty())
      add(std::string(n.spec->name), n.real, n.synthetic, [](int64_t value) { return value; });
  }
  return columns;
}

// Records of one five-tuple share a fold: otherwise a learner would know its hosts and ports from training.
LabelledRows labelled_rows(const Sampled& records, const std::vector<LearnerColumn>& columns, Seed seed) {
  LabelledRows rows;
  rows.columns = columns.size();
  const auto add = [&](const Trace& trace, auto side, uint8_t synthetic) {
    for (size_t i = 0; i < trace.size(); ++i) {
      for (const LearnerColumn& column : columns) rows.values.push_back((column.*side)[i]);
      rows.synthetic.push_back(synthetic);
      const Seed drawn = seed.child("fold of five-tuple", FiveTupleHash{}(five_tuple(trace, i)));
      rows.fold.push_back(static_cast<uint32_t>(drawn.value() % kFolds));
    }
  };
  add(records.real, &LearnerColumn::real, 0);
  add(records.synthetic, &LearnerColumn::synthetic, 1);
  return rows;
}

void add_two_sample_test(const Sampled& records, const Compared& what, ScoreList& list) {
  const std::vector<LearnerColumn> columns = learner_columns(records);
  const LabelledRows rows = labelled_rows(records, columns, detection_seed());
  const auto result = two_sample_test(rows, detection_seed().child("trees"));
  const double score = result ? std::abs(2 * result->auc - 1) : 0;
  const std::string too_few = "the sample has too few five-tuples to cross-validate";
  if (result) {
    list.value("c2st", "strict", what, "", score);
  } else {
    list.not_applicable("c2st", "strict", what, "", too_few);
  }
  const auto add_field = [&](const std::string& name, const std::string& missing) {
    const Compared field{name, what.n_real, what.n_synthetic};
    if (!missing.empty() || !result) {
      list.not_applicable("c2st_field", "strict", field, "", missing.empty() ? too_few : missing);
      return;
    }
    double gain = 0;
    for (size_t c = 0; c < columns.size(); ++c) gain += columns[c].field == name ? result->gain[c] : 0;
    list.value("c2st_field", "strict", field, "", std::min(score * gain, 1.0));
  };
  for (const CategoryPair& category : records.categories) add_field(category.name, category.missing);
  for (const NumberPair& number : records.numbers) add_field(std::string(number.spec->name), number.missing);
}

}  // namespace

void add_detection(const ScoringPair& pair, ScoreList& list) {
  const auto draw = [](const Trace& trace) {
    return select(trace, sample_records(trace, kTestRecords, detection_seed().child("records")));
  };
  if (std::min(pair.real.size(), pair.synthetic.size()) < kFewestRecords) {
    const Compared what{kWholeRecord, 0, 0};
    const std::string reason = fmt::format("one trace has fewer than {} records", kFewestRecords);
    list.not_applicable("density", "strict", what, "", reason, Direction::higher);
    list.not_applicable("coverage", "strict", what, "", reason, Direction::higher);
    list.not_applicable("mmd", "strict", what, "", reason);
    list.not_applicable("c2st", "strict", what, "", reason);
    list.not_applicable("c2st_field", "strict", what, "", reason);
    return;
  }
  const Trace real = draw(pair.real);
  const Trace synthetic = draw(pair.synthetic);
  const Sampled few = sampled(head(real, kNeighbourRecords), head(synthetic, kNeighbourRecords));
  add_neighbours(
      few, {kWholeRecord, static_cast<int64_t>(few.real.size()), static_cast<int64_t>(few.synthetic.size())},
      list);
  const Sampled all = sampled(real, synthetic);
  add_two_sample_test(
      all, {kWholeRecord, static_cast<int64_t>(real.size()), static_cast<int64_t>(synthetic.size())}, list);
}

}  // namespace bench
