#include "metrics/count_series.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/stats.h"

namespace bench {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kMicrosecondNs = 1'000;
constexpr double kNormal975 = 1.96;
constexpr size_t kFewestMeans = 10;

uint64_t distance(int64_t from, int64_t to) {
  return static_cast<uint64_t>(to) - static_cast<uint64_t>(from);
}

double slope(std::span<const double> x, std::span<const double> y) {
  const double mx = mean(x);
  const double my = mean(y);
  double sxx = 0;
  double sxy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sxx += (x[i] - mx) * (x[i] - mx);
    sxy += (x[i] - mx) * (y[i] - my);
  }
  return sxy / sxx;
}

std::vector<double> means_of(std::span<const double> series, size_t neighbours) {
  std::vector<double> out(series.size() / neighbours);
  for (size_t i = 0; i < out.size(); ++i) out[i] = mean(series.subspan(i * neighbours, neighbours));
  return out;
}

}  // namespace

int64_t bin_width(TimeWindow window) {
  const uint64_t length = distance(window.begin, window.end);
  int64_t width = kSecondNs;
  while (width > kMicrosecondNs && length / static_cast<uint64_t>(width) < kFewestBins) width /= 10;
  return width;
}

std::string width_text(int64_t width) {
  if (width == kSecondNs) return "second";
  if (width >= 1'000'000) return fmt::format("{} ms", width / 1'000'000);
  return fmt::format("{} us", width / kMicrosecondNs);
}

RateSeries rate_series(const Trace& trace, std::span<const Span> spans, int64_t width) {
  assert(width > 0 && !trace.time.empty());
  const TimeWindow window = time_window(trace);
  const auto bin = [&](int64_t time) {
    return static_cast<size_t>(distance(window.begin, time) / static_cast<uint64_t>(width));
  };
  const size_t bins = std::min(kMostBins - 1, bin(window.end)) + 1;
  RateSeries out{std::vector<double>(bins), std::vector<double>(bins), std::vector<double>(bins)};
  const bool flows = trace.kind == TraceKind::flows;
  for (size_t i = 0; i < trace.size(); ++i) {
    const size_t at = bin(trace.time[i]);
    if (at >= bins) continue;
    out.records[at] += 1;
    out.bytes[at] += flows ? static_cast<double>(trace.bytes[i]) : trace.length[i];
  }
  for (const Span& span : spans) {
    const size_t from = bin(span.first);
    if (from >= bins) continue;
    out.active[from] += 1;
    const size_t behind = bin(span.last) + 1;
    if (behind < bins) out.active[behind] -= 1;
  }
  for (size_t i = 1; i < bins; ++i) out.active[i] += out.active[i - 1];
  return out;
}

std::vector<double> series_acf(std::span<const double> series, size_t lags) {
  std::vector<double> out(lags);
  const double m = mean(series);
  std::vector<double> deviation(series.begin(), series.end());
  double total = 0;
  for (double& x : deviation) {
    x -= m;
    total += x * x;
  }
  if (!(total > 0)) return out;
  for (size_t k = 1; k <= lags && k < series.size(); ++k) {
    out[k - 1] = std::inner_product(deviation.begin() + static_cast<std::ptrdiff_t>(k), deviation.end(),
                                    deviation.begin(), 0.0) /
                 total;
  }
  return out;
}

std::vector<size_t> bartlett_lags(std::span<const double> acf, size_t n) {
  std::vector<size_t> lags;
  double before = 0;
  for (size_t k = 1; k <= acf.size(); ++k) {
    const double r = acf[k - 1];
    if (std::abs(r) > kNormal975 * std::sqrt((1 + 2 * before) / static_cast<double>(n))) lags.push_back(k);
    before += r * r;
  }
  return lags;
}

std::optional<double> hurst_exponent(std::span<const double> series) {
  if (series.size() < kFewestForHurst) return std::nullopt;
  std::vector<double> log_sizes;
  std::vector<double> log_variances;
  size_t last = 0;
  for (int i = 0;; ++i) {
    const auto neighbours = static_cast<size_t>(std::lround(std::exp2(i / 2.0)));
    if (series.size() / neighbours < kFewestMeans) break;
    if (neighbours == last) continue;
    last = neighbours;
    const double sd = sample_sd(means_of(series, neighbours));
    if (!(sd > 0)) continue;
    log_sizes.push_back(std::log(static_cast<double>(neighbours)));
    log_variances.push_back(2 * std::log(sd));
  }
  if (log_sizes.size() < 3) return std::nullopt;
  return std::clamp(1 + slope(log_sizes, log_variances) / 2, 0.0, 1.0);
}

double index_of_dispersion(std::span<const double> series) {
  const double m = mean(series);
  const double sd = sample_sd(series);
  return m > 0 ? sd * sd / m : 0;
}

double burstiness(std::span<const double> gaps) {
  const double m = mean(gaps);
  const double sd = sample_sd(gaps);
  return sd + m > 0 ? (sd - m) / (sd + m) : -1;
}

}  // namespace bench
