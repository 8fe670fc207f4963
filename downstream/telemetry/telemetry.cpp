#include "downstream/telemetry/telemetry.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/score_list.h"
#include "core/stats.h"
#include "downstream/telemetry/heavy_hitters.h"
#include "downstream/telemetry/width_sweep.h"

namespace bench {
namespace {

constexpr KeyField kKeyFields[] = {KeyField::srcip, KeyField::dstip, KeyField::five_tuple};
constexpr int64_t kNitroShare = 10;  // NitroSketch has a tenth of the columns

std::vector<SketchOptions> given_sketches(const TelemetryParams& params) {
  std::vector<SketchOptions> out;
  for (const SketchKind kind : all_sketch_kinds()) {
    SketchOptions options = default_options(kind);
    options.rows = static_cast<int>(params.rows);
    const bool nitro = kind == SketchKind::nitro_sketch;
    options.columns = nitro ? std::max<int64_t>(1, params.columns / kNitroShare) : params.columns;
    options.hash = hash_kind_from_name(params.hash);
    options.probability = params.nitro_probability;
    out.push_back(options);
  }
  return out;
}

/// A trace under one key, and what each sketch does with it.
struct KeyedSide {
  KeyedStream stream;
  std::vector<SketchErrors> total, top;  ///< by the threshold on the total and by the one on keys
};

KeyedStream without_comparison(TraceKind kind, TraceKind real) {
  KeyedStream stream;
  stream.reason = fmt::format("it has {} and the real one {}", kind_name(kind), kind_name(real));
  return stream;
}

KeyedSide side_of(KeyedStream stream, const TelemetryParams& params, Seed seed) {
  KeyedSide out{std::move(stream), {}, {}};
  const Threshold thresholds[] = {{Threshold::Of::total, params.threshold},
                                  {Threshold::Of::keys, params.top_keys}};
  for (const SketchOptions& sketch : params.sketches()) {
    auto errors =
        errors_by_threshold(out.stream, sketch, thresholds, seed, static_cast<int>(params.hash_seeds));
    out.total.push_back(std::move(errors[0]));
    out.top.push_back(std::move(errors[1]));
  }
  return out;
}

void add_difference(std::string_view metric, ErrorDefinition definition, std::string_view field,
                    const SketchErrors& real, const SketchErrors& synthetic, ScoreList& list) {
  const Compared what{field, real.heavy, synthetic.heavy};
  const Difference difference = compare(definition, real, synthetic);
  if (!difference.reason.empty()) {
    list.not_applicable(metric, "strict", what, "", difference.reason);
  } else if (difference.absolute) {
    list.not_applicable(
        metric, "strict", what, "",
        fmt::format("it is 0 on the real trace; the absolute difference is {:.6g}", difference.value));
  } else {
    list.value(metric, "strict", what, "", difference.value);
  }
}

void add_gap(std::string_view field, const SketchErrors& real, const SketchErrors& synthetic,
             ScoreList& list) {
  constexpr std::string_view kGap = "hh_count_absolute";
  const Compared what{field, real.heavy, synthetic.heavy};
  const std::string reason = compare(ErrorDefinition::hh_count, real, synthetic).reason;
  if (!reason.empty()) return list.not_applicable(kGap, "strict", what, "", reason);
  list.value(kGap, "strict", what, "", std::abs(mean(synthetic.hh_count) - mean(real.hh_count)));
}

// Values of one trace: the mean error, and how well the keys that the sketch finds are the heavy ones.
void add_values(std::string_view mode, const Compared& what, const SketchErrors& errors, ScoreList& list) {
  const auto add = [&](std::string_view metric, auto&& value) {
    if (errors.reason.empty()) {
      list.value(metric, mode, what, "", value(), Direction::neither);
    } else {
      list.not_applicable(metric, mode, what, "", fmt::format("{} trace: {}", mode, errors.reason),
                          Direction::neither);
    }
  };
  const auto mean_of = [&](double SetAgreement::*part) {
    double sum = 0;
    for (const SetAgreement& set : errors.hh_set) sum += set.*part;
    return sum / static_cast<double>(errors.hh_set.size());
  };
  add("hh_error", [&] { return mean(errors.hh_count); });
  add("hh_precision", [&] { return mean_of(&SetAgreement::precision); });
  add("hh_recall", [&] { return mean_of(&SetAgreement::recall); });
  add("hh_f1", [&] { return mean_of(&SetAgreement::f1); });
}

void add_ranks(std::string_view key, const KeyedSide& real, const KeyedSide& synthetic, Seed seed,
               ScoreList& list) {
  const RankResult result = hh_rank(real.total, synthetic.total, seed);
  const auto n = static_cast<int64_t>(real.total.size());
  const auto add = [&](std::string_view metric, std::string_view coefficient, double value,
                       Direction direction) {
    const std::string field = fmt::format("{} {}", key, coefficient);
    if (result.reason.empty()) {
      list.value(metric, "strict", {field, n, n}, "", value, direction);
    } else {
      list.not_applicable(metric, "strict", {field, n, n}, "", result.reason, direction);
    }
  };
  const RankAgreement& agreement = result.agreement;
  add("hh_rank", "spearman", agreement.spearman, Direction::higher);
  add("hh_rank", "kendall", agreement.kendall, Direction::higher);
  add("hh_rank_low", "spearman", agreement.spearman_interval.lo, Direction::neither);
  add("hh_rank_low", "kendall", agreement.kendall_interval.lo, Direction::neither);
  add("hh_rank_high", "spearman", agreement.spearman_interval.hi, Direction::neither);
  add("hh_rank_high", "kendall", agreement.kendall_interval.hi, Direction::neither);
  add("hh_rank_p", "spearman", agreement.p_value, Direction::neither);
}

// Miss rates by width. A side without stream has no points.
void add_widths(std::string_view key, size_t kind, const KeyedSide& real, const KeyedSide& synthetic,
                const TelemetryParams& params, Seed seed, ScoreList& list) {
  WidthSweepOptions options;
  options.sketch = params.sketches()[kind];
  options.base_keys = std::max<int64_t>(1, static_cast<int64_t>(real.stream.keys.size()));
  options.top_share = params.top_keys;
  options.seeds = static_cast<int>(params.hash_seeds);
  const auto of_real = width_sweep(real.stream, options, seed);
  const auto of_synthetic =
      real.stream.reason.empty() ? width_sweep(synthetic.stream, options, seed) : std::vector<WidthPoint>{};
  const std::string lacking_real = real.stream.reason.empty() ? "" : "real trace: " + real.stream.reason;
  const std::string lacking_synthetic =
      !lacking_real.empty()             ? "the widths are shares of the keys of the " + lacking_real
      : synthetic.stream.reason.empty() ? ""
                                        : "synthetic trace: " + synthetic.stream.reason;
  for (size_t w = 0; w < options.widths.size(); ++w) {
    const std::string field =
        fmt::format("{} {:.1f} {}", key, options.widths[w], sketch_kind_name(options.sketch.kind));
    const Compared what{field, real.top[kind].heavy, synthetic.top[kind].heavy};
    const auto add = [&](std::string_view metric, std::string_view mode, std::string_view reason,
                         auto&& value, Direction direction) {
      if (reason.empty()) {
        list.value(metric, mode, what, "", value(), direction);
      } else {
        list.not_applicable(metric, mode, what, "", reason, direction);
      }
    };
    const auto rate = [&](const std::vector<WidthPoint>& points) { return mean(points[w].miss_rate); };
    add(
        "hh_miss", "real", lacking_real, [&] { return rate(of_real); }, Direction::neither);
    add(
        "hh_miss", "synthetic", lacking_synthetic, [&] { return rate(of_synthetic); }, Direction::neither);
    add(
        "hh_miss_gap", "strict", lacking_synthetic,
        [&] { return std::abs(rate(of_synthetic) - rate(of_real)); }, Direction::lower);
  }
}

void add_key(KeyField field, const ScoringPair& pair, const TelemetryParams& params, Seed seed,
             ScoreList& list) {
  const WeightUnit unit = weight_unit_from_name(params.weight);
  const std::string_view key = key_field_name(field);
  const KeyedSide real = side_of(keyed_stream(pair.real, field, unit), params, seed);
  const KeyedSide synthetic =
      side_of(pair.synthetic.kind == pair.real.kind ? keyed_stream(pair.synthetic, field, unit)
                                                    : without_comparison(pair.synthetic.kind, pair.real.kind),
              params, seed);
  const std::vector<SketchOptions> sketches = params.sketches();
  for (size_t i = 0; i < sketches.size(); ++i) {
    const std::string name = fmt::format("{} {}", key, sketch_kind_name(sketches[i].kind));
    const SketchErrors &a = real.total[i], &b = synthetic.total[i];
    add_difference("hh_count", ErrorDefinition::hh_count, name, a, b, list);
    add_gap(name, a, b, list);
    add_difference("hh_number", ErrorDefinition::hh_number, name, a, b, list);
    add_difference("hh_set", ErrorDefinition::hh_set, name, a, b, list);
    add_difference("hh_set_top", ErrorDefinition::hh_set, name, real.top[i], synthetic.top[i], list);
    add_values("real", {name, a.heavy, b.heavy}, a, list);
    add_values("synthetic", {name, a.heavy, b.heavy}, b, list);
  }
  add_ranks(key, real, synthetic, seed.child("intervals"), list);
  if (!params.width_sweep) return;
  for (size_t i = 0; i < sketches.size(); ++i) add_widths(key, i, real, synthetic, params, seed, list);
}

std::vector<Score> evaluate(const ScoringPair& pair, const Params& base, Seed seed) {
  const auto& params = static_cast<const TelemetryParams&>(base);
  ScoreList list;
  for (const KeyField field : kKeyFields) {
    const std::string_view key = key_field_name(field);
    if (params.key == "all" || params.key == key) add_key(field, pair, params, seed.child(key), list);
  }
  return list.take();
}

}  // namespace

void TelemetryParams::describe(FieldVisitor& v) {
  v.text({"key", "", "what records are counted by", "NetShare: dstip for CAIDA; CS536: each of the three"},
         key, {"srcip", "dstip", "five_tuple", "all"});
  v.text(
      {"weight", "", "what a record adds to its key: 1, its packets or its bytes", "NetDPSyn: 1 per packet"},
      weight, {"records", "packets", "bytes"});
  v.number({"threshold", "", "share of the trace's weight from which on a key is a heavy hitter",
            "NetDPSyn, ElasticSketch: 0.001"},
           threshold, 1e-9, 1);
  v.number({"top_keys", "",
            "the other way to say it, of hh_set_top and hh_miss: the share of keys, largest first, that are "
            "heavy hitters",
            "CS536: 10 %"},
           top_keys, 1e-9, 1);
  v.text({"hash", "", "family that the hash functions of the sketches come from", "CS536: siphash"}, hash,
         {"xxhash", "siphash"});
  v.integer({"rows", "", "hash functions of a sketch, each with counters of its own", "NetDPSyn: 5"}, rows, 1,
            kMostRows);
  v.integer({"columns", "counters",
             "of a row of Count-Min, Count Sketch and UnivMon's level 0; NitroSketch has a tenth",
             "NetDPSyn: 1000 and 100"},
            columns, 1, 1 << 24);
  v.integer(
      {"memory_bytes", "bytes",
       "of each sketch alike, which then has as many columns as fit (UnivMon's remembered keys take 210,000 "
       "of them); 0 = columns as given",
       "NetDPSyn gives columns"},
      memory_bytes, 0, 1 << 30);
  v.number(
      {"nitro_probability", "", "share of its counters that a record touches in NitroSketch", "our choice"},
      nitro_probability, 1e-6, 1);
  v.integer({"hash_seeds", "", "sketches of each kind, with hash functions of their own; scores are of means",
             "our choice; NetShare shows boxes over an unknown number"},
            hash_seeds, 1, 10'000);
  v.flag(
      {"width_sweep", "",
       "also miss rates of sketches whose columns are 0.1 .. 0.9 of the real trace's keys; up to ten times "
       "the cost",
       "CS536"},
      width_sweep);
}

std::string TelemetryParams::contradiction() const {
  if (memory_bytes == 0) return {};
  for (SketchOptions options : given_sketches(*this)) {
    options.columns = 1;
    const int64_t least = bench::memory_bytes(options);
    if (least > memory_bytes) {
      return fmt::format("memory_bytes is {}, but {} with {} rows needs at least {}", memory_bytes,
                         sketch_kind_name(options.kind), rows, least);
    }
  }
  return {};
}

std::vector<SketchOptions> TelemetryParams::sketches() const {
  std::vector<SketchOptions> out = given_sketches(*this);
  if (memory_bytes == 0) return out;
  for (SketchOptions& options : out) options = fit_into(options, memory_bytes);
  return out;
}

Task telemetry_task() {
  return {"telemetry",
          1,
          "errors of four sketches on heavy hitters [NetShare 2022]",
          telemetry_cards(),
          {{"hh_error", "real", "synthetic"}},
          [] { return std::unique_ptr<Params>(std::make_unique<TelemetryParams>()); },
          evaluate};
}

}  // namespace bench
