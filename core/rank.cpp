#include "core/rank.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/stats.h"

namespace bench {
namespace {

constexpr size_t kLongestExact = 9;  // 362,880 orders

bool constant(std::span<const double> x) {
  return std::all_of(x.begin(), x.end(), [&](double v) { return v == x.front(); });
}

std::vector<double> means_of(std::span<const std::vector<double>> results, std::span<const size_t> repeats) {
  std::vector<double> means;
  for (const std::vector<double>& of_one : results) {
    double sum = 0;
    for (const size_t r : repeats) sum += of_one[r];
    means.push_back(sum / static_cast<double>(repeats.size()));
  }
  return means;
}

double exact_p_value(std::span<const double> x, std::span<const double> y, double rho) {
  const std::vector<double> ranks_x = average_ranks(x);
  const std::vector<double> ranks_y = average_ranks(y);
  std::vector<size_t> order(x.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::vector<double> permuted(x.size());
  int64_t orders = 0, as_extreme = 0;
  do {
    for (size_t i = 0; i < order.size(); ++i) permuted[i] = ranks_y[order[i]];
    ++orders;
    as_extreme += std::abs(pearson(ranks_x, permuted)) >= std::abs(rho) - 1e-9;
  } while (std::next_permutation(order.begin(), order.end()));
  return static_cast<double>(as_extreme) / static_cast<double>(orders);
}

}  // namespace

std::vector<double> average_ranks(std::span<const double> x) {
  std::vector<size_t> order(x.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return x[a] < x[b]; });
  std::vector<double> ranks(x.size());
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && x[order[end]] == x[order[begin]]) ++end;
    const double shared = static_cast<double>(begin + 1 + end) / 2;
    for (size_t i = begin; i < end; ++i) ranks[order[i]] = shared;
  }
  return ranks;
}

std::optional<double> spearman(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  if (constant(x) || constant(y)) return std::nullopt;
  return pearson(average_ranks(x), average_ranks(y));
}

std::optional<double> spearman_p_value(std::span<const double> x, std::span<const double> y) {
  const std::optional<double> rho = spearman(x, y);
  if (!rho) return std::nullopt;
  if (x.size() <= kLongestExact) return exact_p_value(x, y, *rho);
  const double freedom = static_cast<double>(x.size()) - 2;
  const double rest = 1 - *rho * *rho;
  if (rest <= 0) return 0;
  const boost::math::students_t t(freedom);
  return 2 * boost::math::cdf(boost::math::complement(t, std::abs(*rho) * std::sqrt(freedom / rest)));
}

std::optional<double> kendall_tau_b(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  if (constant(x) || constant(y)) return std::nullopt;
  const auto sign = [](double a, double b) { return (a > b) - (a < b); };
  int64_t surplus = 0, untied_x = 0, untied_y = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const int in_x = sign(x[i], x[j]);
      const int in_y = sign(y[i], y[j]);
      surplus += in_x * in_y;
      untied_x += in_x != 0;
      untied_y += in_y != 0;
    }
  }
  return static_cast<double>(surplus) /
         std::sqrt(static_cast<double>(untied_x) * static_cast<double>(untied_y));
}

std::optional<double> area_under_roc(std::span<const double> scores, const std::vector<bool>& positive) {
  assert(scores.size() == positive.size());
  const auto count = static_cast<double>(std::count(positive.begin(), positive.end(), true));
  const double rest = static_cast<double>(positive.size()) - count;
  if (count == 0 || rest == 0) return {};
  const std::vector<double> ranks = average_ranks(scores);
  double sum = 0;
  for (size_t i = 0; i < ranks.size(); ++i)
    if (positive[i]) sum += ranks[i];
  return (sum - count * (count + 1) / 2) / (count * rest);
}

double quantile(std::vector<double> sample, double q) {
  assert(!sample.empty() && q >= 0 && q <= 1);
  std::sort(sample.begin(), sample.end());
  const double place = q * static_cast<double>(sample.size() - 1);
  const auto below = static_cast<size_t>(place);
  if (below + 1 >= sample.size()) return sample.back();
  return std::lerp(sample[below], sample[below + 1], place - static_cast<double>(below));
}

std::optional<Interval> bootstrap_interval(
    size_t repeats, const std::function<std::optional<double>(std::span<const size_t>)>& statistic, Seed seed,
    const BootstrapOptions& options) {
  assert(repeats > 0 && options.draws > 0 && options.level > 0 && options.level < 1);
  Rng rng = seed.child("bootstrap").rng();
  std::vector<size_t> drawn(repeats);
  std::vector<double> values;
  for (int d = 0; d < options.draws; ++d) {
    for (size_t& r : drawn) r = static_cast<size_t>(rng() % repeats);  // bias below repeats / 2^64
    if (const std::optional<double> value = statistic(drawn)) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return Interval{quantile(values, (1 - options.level) / 2), quantile(values, (1 + options.level) / 2),
                  static_cast<int64_t>(values.size())};
}

std::optional<RankAgreement> rank_agreement(std::span<const std::vector<double>> a,
                                            std::span<const std::vector<double>> b, Seed seed,
                                            const BootstrapOptions& options) {
  assert(a.size() == b.size());
  if (a.size() < 2) return std::nullopt;
  const size_t repeats = a.front().size();
  const auto same_length = [&](const std::vector<double>& results) { return results.size() == repeats; };
  assert(repeats > 0 && std::all_of(a.begin(), a.end(), same_length) &&
         std::all_of(b.begin(), b.end(), same_length));
  static_cast<void>(same_length);
  std::vector<size_t> all(repeats);
  std::iota(all.begin(), all.end(), size_t{0});
  const std::vector<double> mean_a = means_of(a, all);
  const std::vector<double> mean_b = means_of(b, all);
  const std::optional<double> rho = spearman(mean_a, mean_b);
  if (!rho) return std::nullopt;
  RankAgreement out{*rho, *spearman_p_value(mean_a, mean_b), *kendall_tau_b(mean_a, mean_b), {}, {}};
  const auto interval_of = [&](auto coefficient) {
    const auto statistic = [&](std::span<const size_t> drawn) {
      return coefficient(means_of(a, drawn), means_of(b, drawn));
    };
    return bootstrap_interval(repeats, statistic, seed, options).value_or(Interval{-1, 1, 0});
  };
  out.spearman_interval = interval_of(spearman);
  out.kendall_interval = interval_of(kendall_tau_b);
  return out;
}

}  // namespace bench
