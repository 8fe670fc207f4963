#pragma once
// A trace as counts in equal intervals of time, and what such a series is described by.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "datasets/split.h"
#include "datasets/trace.h"

namespace bench {

inline constexpr size_t kFewestBins = 100;      ///< intervals that a window is cut into, if it is long enough
inline constexpr size_t kMostBins = 1'000'000;  ///< a series ends there
inline constexpr size_t kLagsAtMost = 100;      ///< autocorrelation is looked at up to this lag
inline constexpr size_t kFewestForAcf = 50;     ///< Box and Jenkins: below it an autocorrelation says little
inline constexpr size_t kFewestForHurst = 64;

/// The largest of 1 s, 100 ms, ..., 1 us that cuts the window into kFewestBins intervals; 1 us if none does.
int64_t bin_width(TimeWindow window);
/// "second", "100 ms", "10 us".
std::string width_text(int64_t width);

/// First and last ns of something that lasts.
struct Span {
  int64_t first = 0;
  int64_t last = 0;
};

/// Equal intervals from the trace's own first record to its last, at most kMostBins: records after them are
/// left out.
struct RateSeries {
  std::vector<double> records;
  std::vector<double> bytes;   ///< IP bytes; those of a flow record count where it starts
  std::vector<double> active;  ///< spans that touch the interval
};

/// The trace has a time column and records; width > 0.
RateSeries rate_series(const Trace& trace, std::span<const Span> spans, int64_t width);

/// Autocorrelation r_1 .. r_lags, sum (x_t - m)(x_{t+k} - m) / sum (x_t - m)^2; 0 at lags that the series is
/// too short for and for a constant series.
std::vector<double> series_acf(std::span<const double> series, size_t lags);
/// Lags k (from 1) of a series of n values whose |r_k| > 1.96 sqrt((1 + 2 sum_{j<k} r_j^2) / n): Bartlett
/// (1946).
std::vector<size_t> bartlett_lags(std::span<const double> acf, size_t n);
/// Hurst exponent in 0 .. 1 by aggregated variance (Taqqu, Teverovsky and Willinger 1995): the variance of
/// means of m neighbours falls as m^(2H-2); least squares over ln m for m = 1, 2, 3, 4, 6, 8, ... with ten
/// means or more. None for fewer than kFewestForHurst values or where fewer than three variances are
/// positive.
std::optional<double> hurst_exponent(std::span<const double> series);
/// Sample variance / mean, 1 for a Poisson process; 0 for a series of zeros.
double index_of_dispersion(std::span<const double> series);
/// (sd - mean) / (sd + mean) of the gaps between events, -1 (regular) .. 0 (Poisson) .. 1: Goh and Barabasi
/// (2008). -1 if all gaps are zero.
double burstiness(std::span<const double> gaps);

}  // namespace bench
