#include "metrics/count_series.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "core/stats.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

std::vector<double> white_noise(size_t n, uint64_t seed) {
  Rng rng(seed);
  std::normal_distribution<double> draw;
  std::vector<double> out(n);
  for (double& x : out) x = draw(rng);
  return out;
}

// Fractional Gaussian noise by the Durbin-Levinson recursion on its exact autocovariance (Hosking 1984).
std::vector<double> fractional_noise(size_t n, double hurst, uint64_t seed) {
  const auto covariance = [&](size_t k) {
    const auto lag = static_cast<double>(k);
    return 0.5 * (std::pow(lag + 1, 2 * hurst) - 2 * std::pow(lag, 2 * hurst) +
                  std::pow(std::abs(lag - 1), 2 * hurst));
  };
  const std::vector<double> noise = white_noise(n, seed);
  std::vector<double> out{noise[0]};
  std::vector<double> weights, before;
  double variance = 1;
  for (size_t t = 1; t < n; ++t) {
    before = weights;
    double sum = covariance(t);
    for (size_t j = 1; j < t; ++j) sum -= before[j - 1] * covariance(t - j);
    const double last = sum / variance;
    weights.push_back(last);
    for (size_t j = 1; j < t; ++j) weights[j - 1] = before[j - 1] - last * before[t - j - 1];
    variance *= 1 - last * last;
    double expected = 0;
    for (size_t j = 1; j <= t; ++j) expected += weights[j - 1] * out[t - j];
    out.push_back(expected + std::sqrt(variance) * noise[t]);
  }
  return out;
}

TEST(CountSeries, WidthIsTheLargestPowerOfTenWithAHundredIntervals) {
  EXPECT_EQ(bin_width({0, 100 * kSecond}), kSecond);
  EXPECT_EQ(bin_width({0, 100 * kSecond - 1}), kSecond / 10);
  EXPECT_EQ(bin_width({5, 5 + 2'500'000'000}), 10'000'000);
  EXPECT_EQ(bin_width({7, 7}), 1'000);
  EXPECT_EQ(bin_width({INT64_MIN, INT64_MAX}), kSecond);
  EXPECT_EQ(width_text(kSecond), "second");
  EXPECT_EQ(width_text(10'000'000), "10 ms");
  EXPECT_EQ(width_text(100'000), "100 us");
}

TEST(CountSeries, CountsOfRecordsBytesAndSpans) {
  Trace trace = random_flows(4, 1);
  trace.time = {30, 10, 31, 49};
  trace.bytes = {1, 2, 4, 8};
  const std::vector<Span> spans{{10, 30}, {20, 29}, {40, 1000}};
  const RateSeries series = rate_series(trace, spans, 10);  // [10, 20), [20, 30), [30, 40), [40, 50)
  EXPECT_EQ(series.records, (std::vector<double>{1, 0, 2, 1}));
  EXPECT_EQ(series.bytes, (std::vector<double>{2, 0, 5, 8}));
  EXPECT_EQ(series.active, (std::vector<double>{1, 2, 1, 1}));
}

TEST(CountSeries, ASeriesEnds) {
  Trace trace = random_packets(3, 1);
  trace.time = {INT64_MIN, INT64_MIN + 1, INT64_MAX};
  const RateSeries series = rate_series(trace, {}, kSecond);
  ASSERT_EQ(series.records.size(), kMostBins);
  EXPECT_EQ(series.records[0], 2);
  EXPECT_EQ(std::accumulate(series.records.begin(), series.records.end(), 0.0), 2);
}

TEST(CountSeries, AutocorrelationByHand) {
  // Deviations -1.5 -.5 .5 1.5: squares 5; lag 1: .75 - .25 + .75; lag 2: -.75 - .75; lag 3: -2.25.
  const std::vector<double> acf = series_acf(std::vector<double>{1, 2, 3, 4}, 4);
  EXPECT_NEAR(acf[0], 0.25, 1e-15);
  EXPECT_NEAR(acf[1], -0.3, 1e-15);
  EXPECT_NEAR(acf[2], -0.45, 1e-15);
  EXPECT_EQ(acf[3], 0);
  EXPECT_EQ(series_acf(std::vector<double>(9, 3.0), 2), (std::vector<double>{0, 0}));
}

TEST(CountSeries, BartlettBandWidensWithEarlierLags) {
  // n = 100: the band is .196 at lag 1, .196 sqrt(1 + 2 * .25) = .240 at lag 2, and at lag 3 .196
  // sqrt(1.5968).
  EXPECT_EQ(bartlett_lags(std::vector<double>{0.5, 0.22, -0.25}, 100), (std::vector<size_t>{1, 3}));
  EXPECT_EQ(bartlett_lags(std::vector<double>{0.195}, 100), (std::vector<size_t>{}));
}

TEST(CountSeries, HurstOfKnownProcesses) {
  const auto white = white_noise(1 << 15, 1);
  EXPECT_NEAR(*hurst_exponent(white), 0.5, 0.03);
  EXPECT_NEAR(*hurst_exponent(fractional_noise(4096, 0.8, 2)), 0.8, 0.07);
  EXPECT_NEAR(*hurst_exponent(fractional_noise(4096, 0.3, 3)), 0.3, 0.07);
  std::vector<double> walk(white.size());
  std::partial_sum(white.begin(), white.end(), walk.begin());
  EXPECT_GT(*hurst_exponent(walk), 0.95);
  std::vector<double> differences(white.size());
  std::adjacent_difference(white.begin(), white.end(), differences.begin());
  EXPECT_LT(*hurst_exponent(differences), 0.1);
}

TEST(CountSeries, NoHurstOfShortOrConstantSeries) {
  EXPECT_FALSE(hurst_exponent(white_noise(kFewestForHurst - 1, 1)));
  EXPECT_TRUE(hurst_exponent(white_noise(kFewestForHurst, 1)));
  EXPECT_FALSE(hurst_exponent(std::vector<double>(1000, 7.0)));
}

TEST(CountSeries, DispersionAndBurstiness) {
  EXPECT_DOUBLE_EQ(index_of_dispersion(std::vector<double>{0, 2, 4}), 2);  // variance 4, mean 2
  EXPECT_EQ(index_of_dispersion(std::vector<double>{0, 0}), 0);
  Rng rng(1);
  std::poisson_distribution<int> poisson(6);
  std::exponential_distribution<double> exponential(3);
  std::vector<double> counts(100'000), gaps(100'000);
  for (double& x : counts) x = poisson(rng);
  for (double& x : gaps) x = exponential(rng);
  EXPECT_NEAR(index_of_dispersion(counts), 1, 0.02);
  EXPECT_NEAR(burstiness(gaps), 0, 0.01);
  EXPECT_EQ(burstiness(std::vector<double>(5, 3.0)), -1);
  EXPECT_EQ(burstiness(std::vector<double>(5, 0.0)), -1);
  EXPECT_NEAR(burstiness(std::vector<double>{0, 0, 0, 8}), (4.0 - 2) / (4 + 2), 1e-15);
}

}  // namespace
}  // namespace bench
