#include "metrics/privacy.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "core/score_list.h"
#include "metrics/fields.h"
#include "metrics/identifiers.h"

namespace bench {
namespace {

constexpr Direction kLower = Direction::lower;
constexpr std::string_view kStrict = "strict";
const Seed kSeed = Seed(0).child("privacy");

int64_t size_of(const auto& values) { return static_cast<int64_t>(values.size()); }

std::vector<size_t> all_rows(const Trace& trace) {
  std::vector<size_t> rows(trace.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  return rows;
}

// Share of synthetic records whose columns, those that both traces have, equal a training record's.
double copied_share(const ScoringPair& pair, bool with_time) {
  std::vector<std::string_view> synthetic_columns;
  for_each_column(pair.synthetic, [&](std::string_view name, const auto& column) {
    if (!column.empty()) synthetic_columns.push_back(name);
  });
  std::vector<std::string_view> common;
  for_each_column(pair.real, [&](std::string_view name, const auto& column) {
    const bool both = !column.empty() && std::find(synthetic_columns.begin(), synthetic_columns.end(),
                                                   name) != synthetic_columns.end();
    if (both && (with_time || name != "time")) common.push_back(name);
  });
  const auto use = [&](std::string_view name) {
    return std::find(common.begin(), common.end(), name) != common.end();
  };
  std::vector<RowKey> real = row_keys(pair.real, use);
  std::sort(real.begin(), real.end());
  const std::vector<RowKey> synthetic = row_keys(pair.synthetic, use);
  const auto copies = std::count_if(synthetic.begin(), synthetic.end(), [&](const RowKey& key) {
    return std::binary_search(real.begin(), real.end(), key);
  });
  return static_cast<double>(copies) / static_cast<double>(synthetic.size());
}

void add_copies(const ScoringPair& pair, const std::string& reason, ScoreList& list) {
  for (const bool with_time : {true, false}) {
    const Compared what{with_time ? "records" : "records without time",
                        static_cast<int64_t>(pair.real.size()), size_of(pair.synthetic)};
    if (reason.empty()) {
      list.value("exact_copy", kStrict, what, "", copied_share(pair, with_time));
    } else {
      list.not_applicable("exact_copy", kStrict, what, "", reason);
    }
  }
}

void add_identifiers(const ScoringPair& pair, const IdentifierKind& kind, const std::string& reason,
                     ScoreList& list) {
  if (!reason.empty()) {
    list.not_applicable("identifier_share", kStrict, {kind.name, 0, 0}, "", reason);
    return;
  }
  const std::vector<RowKey> real = identifiers(kind, pair.real, all_rows(pair.real));
  const std::vector<RowKey> synthetic = identifiers(kind, pair.synthetic, all_rows(pair.synthetic));
  list.value("identifier_share", kStrict, {kind.name, size_of(real), size_of(synthetic)}, "",
             share_among(real, synthetic));
}

// Both sides of the difference have equally many records.
void add_leakage(const Parts& parts, ScoreList& list) {
  const size_t records = std::min(parts.synthetic.keys.size(), parts.holdout.keys.size());
  const auto synthetic_rows = draw(parts.synthetic.keys, records, kSeed.child("identifiers"));
  const auto held_rows = draw(parts.holdout.keys, records, kSeed.child("held identifiers"));
  for (const IdentifierKind& kind : identifier_kinds()) {
    const std::vector<RowKey> real = identifiers(kind, parts.real.trace, all_rows(parts.real.trace));
    const std::vector<RowKey> synthetic = identifiers(kind, parts.synthetic.trace, synthetic_rows);
    const std::vector<RowKey> held = identifiers(kind, parts.holdout.trace, held_rows);
    list.value("identifier_leakage", kStrict, {kind.name, size_of(real), size_of(synthetic)}, "",
               share_among(real, synthetic) - share_among(real, held));
  }
}

struct Row {
  std::string_view metric, field;
  Measured measured = {};
};

// Without parts the rows alone.
std::vector<Row> neighbour_rows(const Parts* parts, const NeighbourOptions& options) {
  std::vector<Row> rows{{"dcr_share", "records"},
                        {"nndr", "records"},
                        {"nndr", "held-out records"},
                        {"mia_density", "records"},
                        {"mia_flow_features", "five-tuples"},
                        {"mia_flow_features", "sources"}};
  if (parts == nullptr) return rows;
  const ClosestRecords closest = closest_records(*parts, options, kSeed.child("closest"));
  rows[0].measured = closest.closer_to_real;
  rows[1].measured = closest.ratio;
  rows[2].measured = closest.ratio_of_holdout;
  rows[3].measured = density_attack(*parts, options, kSeed.child("density"));
  rows[4].measured = feature_attack(*parts, GroupBy::five_tuple, options, kSeed.child("five-tuples"));
  rows[5].measured = feature_attack(*parts, GroupBy::source, options, kSeed.child("sources"));
  return rows;
}

void add_against_holdout(const ScoringPair& pair, const NeighbourOptions& options, const std::string& reason,
                         const std::string& too_small, ScoreList& list) {
  if (!reason.empty()) {
    for (const IdentifierKind& kind : identifier_kinds())
      list.not_applicable("identifier_leakage", kStrict, {kind.name, 0, 0}, "", reason);
    for (const Row& row : neighbour_rows(nullptr, options))
      list.not_applicable(row.metric, kStrict, {row.field, 0, 0}, "", reason);
    return;
  }
  const KeyedTrace real(pair.real), synthetic(pair.synthetic), holdout(*pair.holdout);
  const Parts parts{real, synthetic, holdout};
  add_leakage(parts, list);
  for (const Row& row : neighbour_rows(too_small.empty() ? &parts : nullptr, options)) {
    const Compared what{row.field, row.measured.n_real, row.measured.n_synthetic};
    if (too_small.empty()) {
      list.value(row.metric, kStrict, what, "", row.measured.value);
    } else {
      list.not_applicable(row.metric, kStrict, what, "", too_small);
    }
  }
}

std::string lacking_holdout(const ScoringPair& pair) {
  if (pair.holdout == nullptr || pair.holdout->size() == 0) return "there are no held-out records";
  if (pair.holdout->kind != pair.real.kind)
    return "the held-out records are of another kind than the real ones";
  if (pair.synthetic == *pair.holdout) return "the synthetic records are the held-out ones";
  return "";
}

std::string too_small(const ScoringPair& pair) {
  const size_t smallest = std::min({pair.real.size(), pair.synthetic.size(), pair.holdout->size()});
  if (smallest >= kSmallestPart) return "";
  return fmt::format("a part has {} records; neighbours need {} of each", smallest, kSmallestPart);
}

std::vector<Score> evaluate(const ScoringPair& pair) { return privacy_scores(pair, {}); }

}  // namespace

std::vector<Score> privacy_scores(const ScoringPair& pair, const NeighbourOptions& options) {
  ScoreList list;
  std::string reason = empty_side(pair);
  if (reason.empty() && pair.real.kind != pair.synthetic.kind)
    reason = "one trace has packets and the other flow records";
  const std::string no_holdout = reason.empty() ? lacking_holdout(pair) : reason;
  add_copies(pair, reason, list);
  for (const IdentifierKind& kind : identifier_kinds()) add_identifiers(pair, kind, reason, list);
  add_against_holdout(pair, options, no_holdout, no_holdout.empty() ? too_small(pair) : "", list);
  std::vector<Score> scores = list.take();
  for (Score& score : scores) {
    if (score.metric == "nndr") score.direction = Direction::higher;
  }
  return scores;
}

MetricFamily privacy_family() {
  constexpr std::string_view kCaps =
      "at most 5,000 queries and 20,000 references, drawn by record content (counts: n_synthetic, n_real); ";
  static const std::string closest =
      std::string(kCaps) +
      "Gower distance over addresses by leading bytes, ports, protocol, flags and "
      "ln(1 + v) of sizes, without time; equally many training and held-out records; "
      "ties count half; .5 is ideal";
  static const std::string ratio = std::string(kCaps) +
                                   "distance to the nearest over distance to the second nearest "
                                   "training record; 0/0 is 1";
  static const std::string density =
      std::string(kCaps) +
      "score (d_reference + .001) / (d_synthetic + .001), d the distance to the "
      "nearest record; the reference is one half of the holdout, the non-members the "
      "other; .5 is ideal";
  static const std::string features =
      std::string(kCaps) +
      "score -(distance to the closest synthetic group), features: counts, distinct "
      "destinations and ports, TCP and UDP share, mean and sd of sizes, ToS, TTL and "
      "gaps; .5 is ideal";
  constexpr std::string_view kDrift =
      "records held out from a later time differ by drift alone, which moves the value off .5 without any "
      "copying: the "
      "row split (two halves of the training flows) shows by how much; a copy made noisy in one field counts "
      "less";
  return {"privacy",
          2,
          {
              {"exact_copy", kStrict, "share of synthetic records that equal a training record", "", kLower,
               0, 1, "SDMetrics' new-row synthesis, turned round",
               "all numeric columns that both traces have; labels are left out",
               "short records without time are equal by chance; a copy changed in one bit is none"},
              {"identifier_share", kStrict, "share of the training part's identifiers that are in the output",
               "", kLower, 0, 1, "arXiv 2511.20497",
               "|identifiers(real) in identifiers(synthetic)| / |identifiers(real)|",
               "public services are in any trace of the network: identifier_leakage takes chance off"},
              {"identifier_leakage", kStrict,
               "identifier share in the output minus the share that held-out records of the same network "
               "have by chance",
               "", kLower, -1, 1, "arXiv 2511.20497; chance by the holdout: HeaderBench",
               "share of training identifiers in n synthetic records minus that in n held-out records, n the "
               "smaller "
               "number of records",
               "subsampled where the output is longer than the holdout; a value below 0 is no merit"},
              {"dcr_share", kStrict,
               "share of synthetic records closer to a training than to a held-out record", "", kLower, 0, 1,
               "distance to closest record with holdout (Platzer and Reutterer 2021)", closest, kDrift},
              {"nndr", kStrict,
               "mean ratio of the distances to the nearest and second nearest training record; that of "
               "held-out records "
               "stands beside it",
               "", Direction::higher, 0, 1, "nearest neighbour distance ratio (Zhao et al., CTAB-GAN, 2021)",
               ratio, "copies of records that occur several times in the training part have the ratio 1"},
              {"mia_density", kStrict,
               "membership inference by density ratio: AUC of training against held-out records", "", kLower,
               0, 1, "DOMIAS (van Breugel et al., AISTATS 2023)", density, kDrift},
              {"mia_flow_features", kStrict,
               "membership inference without shadow models: AUC of training against held-out groups of "
               "records by their "
               "features",
               "", kLower, 0, 1, "arXiv 2511.20497", features, kDrift},
          },
          evaluate};
}

}  // namespace bench
