#include "downstream/telemetry/heavy_hitters.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "core/stats.h"

namespace bench {
namespace {

std::vector<uint32_t> largest(const KeyedStream& stream, std::span<const double> values, size_t count) {
  std::vector<uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), uint32_t{0});
  const auto before = [&](uint32_t a, uint32_t b) {
    return values[a] != values[b] ? values[a] > values[b] : stream.keys[a] < stream.keys[b];
  };
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
  if (count < order.size()) std::nth_element(order.begin(), end, order.end(), before);
  order.erase(end, order.end());
  std::sort(order.begin(), order.end());
  return order;
}

std::vector<double> errors_by(ErrorDefinition definition, const SketchErrors& errors) {
  if (definition == ErrorDefinition::hh_count) return errors.hh_count;
  if (definition == ErrorDefinition::hh_number) return errors.hh_number;
  std::vector<double> out;
  for (const SetAgreement& set : errors.hh_set) out.push_back(set.jaccard_error);
  return out;
}

// Why one of the traces has no errors; empty if both have some.
std::string missing_side(const SketchErrors& real, const SketchErrors& synthetic) {
  if (!real.reason.empty()) return "real trace: " + real.reason;
  if (!synthetic.reason.empty()) return "synthetic trace: " + synthetic.reason;
  return {};
}

void check_share(double share) {
  if (!(share > 0 && share <= 1)) {
    fail(Kind::config, "the share that makes a heavy hitter must be above 0 and at most 1, not {}", share);
  }
}

std::vector<uint32_t> true_heavy_keys(const KeyedStream& stream, const Threshold& threshold) {
  if (!stream.reason.empty()) return {};
  std::vector<uint32_t> truth =
      heavy_keys(stream, std::vector<double>(stream.totals.begin(), stream.totals.end()), threshold);
  std::erase_if(truth, [&](uint32_t number) { return stream.totals[number] == 0; });
  return truth;
}

// Adds the errors of one sketch.
void judge(const KeyedStream& stream, const Threshold& threshold, std::span<const uint32_t> truth,
           std::span<const double> estimates, SketchErrors& errors) {
  const std::vector<uint32_t> found = heavy_keys(stream, estimates, threshold);
  errors.hh_count.push_back(mean_relative_error(stream, truth, estimates));
  if (threshold.of == Threshold::Of::total) {
    errors.hh_number.push_back(static_cast<double>(found.size()) / static_cast<double>(errors.records));
  }
  errors.hh_set.push_back(set_agreement(truth, found));
}

}  // namespace

std::vector<uint32_t> heavy_keys(const KeyedStream& stream, std::span<const double> values,
                                 const Threshold& threshold) {
  assert(values.size() == stream.keys.size());
  if (threshold.of == Threshold::Of::keys) {
    const auto count = std::llround(threshold.share * static_cast<double>(values.size()));
    return largest(stream, values, std::clamp<size_t>(static_cast<size_t>(count), 1, values.size()));
  }
  const double least = threshold.share * static_cast<double>(stream.total);
  std::vector<uint32_t> heavy;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= least) heavy.push_back(static_cast<uint32_t>(i));
  }
  return heavy;
}

double mean_relative_error(const KeyedStream& stream, std::span<const uint32_t> heavy,
                           std::span<const double> estimates) {
  assert(!heavy.empty());
  double sum = 0;
  for (const uint32_t number : heavy) {
    const auto truth = static_cast<double>(stream.totals[number]);
    sum += std::abs(estimates[number] - truth) / truth;
  }
  return sum / static_cast<double>(heavy.size());
}

SetAgreement set_agreement(std::span<const uint32_t> truth, std::span<const uint32_t> found) {
  assert(!truth.empty());
  std::vector<uint32_t> common;
  std::set_intersection(truth.begin(), truth.end(), found.begin(), found.end(), std::back_inserter(common));
  const auto hits = static_cast<double>(common.size());
  const auto n_truth = static_cast<double>(truth.size());
  const auto n_found = static_cast<double>(found.size());
  return {found.empty() ? 0 : hits / n_found, hits / n_truth, 2 * hits / (n_truth + n_found),
          1 - hits / (n_truth + n_found - hits)};
}

SketchErrors sketch_errors(const KeyedStream& stream, const SketchOptions& options,
                           const Threshold& threshold, Seed seed, int seeds) {
  return errors_by_threshold(stream, options, std::span(&threshold, 1), seed, seeds).front();
}

std::vector<SketchErrors> errors_by_threshold(const KeyedStream& stream, const SketchOptions& options,
                                              std::span<const Threshold> thresholds, Seed seed, int seeds) {
  assert(seeds >= 1);
  check_options(options);
  std::vector<SketchErrors> out;
  std::vector<std::vector<uint32_t>> truths;
  for (const Threshold& threshold : thresholds) {
    check_share(threshold.share);
    out.push_back({stream.reason,
                   static_cast<int64_t>(stream.numbers.size()),
                   static_cast<int64_t>(stream.keys.size()),
                   0,
                   {},
                   {},
                   {}});
    truths.push_back(true_heavy_keys(stream, threshold));
    out.back().heavy = static_cast<int64_t>(truths.back().size());
    if (stream.reason.empty() && truths.back().empty())
      out.back().reason = fmt::format("no key has {} % of the total", 100 * threshold.share);
  }
  const auto judged = [](const SketchErrors& errors) { return errors.reason.empty(); };
  if (std::none_of(out.begin(), out.end(), judged)) return out;
  for (int r = 0; r < seeds; ++r) {
    const auto sketch =
        make_sketch(options, seed.child(sketch_kind_name(options.kind), static_cast<uint64_t>(r)));
    feed(stream, *sketch);
    const std::vector<double> estimates = estimates_of(*sketch, stream);
    for (size_t t = 0; t < thresholds.size(); ++t) {
      if (judged(out[t])) judge(stream, thresholds[t], truths[t], estimates, out[t]);
    }
  }
  return out;
}

Difference relative_difference(std::span<const double> real, std::span<const double> synthetic) {
  assert(!real.empty() && real.size() == synthetic.size());
  Difference out;
  const double mean_real = mean(real);
  out.absolute = mean_real == 0;
  const double divisor = out.absolute ? 1 : mean_real;
  out.value = std::abs(mean(synthetic) - mean_real) / divisor;
  for (size_t r = 0; r < real.size(); ++r) out.per_seed.push_back(std::abs(synthetic[r] - real[r]) / divisor);
  return out;
}

Difference compare(ErrorDefinition definition, const SketchErrors& real, const SketchErrors& synthetic) {
  Difference none;
  none.reason = missing_side(real, synthetic);
  if (!none.reason.empty()) return none;
  const std::vector<double> errors_real = errors_by(definition, real);
  const std::vector<double> errors_synthetic = errors_by(definition, synthetic);
  if (errors_real.empty()) {
    none.reason = "a share of the keys fixes the number of heavy hitters";
    return none;
  }
  return relative_difference(errors_real, errors_synthetic);
}

RankResult hh_rank(std::span<const SketchErrors> real, std::span<const SketchErrors> synthetic, Seed seed,
                   const BootstrapOptions& options) {
  assert(real.size() == synthetic.size());
  RankResult out;
  std::vector<std::vector<double>> errors_real, errors_synthetic;
  for (size_t i = 0; i < real.size(); ++i) {
    out.reason = missing_side(real[i], synthetic[i]);
    if (!out.reason.empty()) return out;
    errors_real.push_back(real[i].hh_count);
    errors_synthetic.push_back(synthetic[i].hh_count);
  }
  if (const auto agreement = rank_agreement(errors_real, errors_synthetic, seed, options)) {
    out.agreement = *agreement;
  } else {
    out.reason = "fewer than two sketches with different errors";
  }
  return out;
}

}  // namespace bench
