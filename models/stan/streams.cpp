#include "models/stan/streams.h"

#include <cmath>
#include <numeric>
#include <random>
#include <unordered_map>

namespace bench {

std::vector<int64_t> rows_before(const std::vector<int32_t>& stream, int64_t window) {
  const auto rows = static_cast<int64_t>(stream.size());
  const auto w = static_cast<size_t>(window);
  std::vector<int64_t> out(stream.size() * w, rows);
  std::unordered_map<int32_t, int64_t> last;
  for (int64_t i = 0; i < rows; ++i) {
    const auto row = static_cast<size_t>(i);
    const auto [place, first] = last.try_emplace(stream[row], i);
    if (!first) {
      const int64_t before = place->second;
      out[row * w] = before;
      for (size_t k = 1; k < w; ++k) out[row * w + k] = out[static_cast<size_t>(before) * w + k - 1];
    }
    place->second = i;
  }
  return out;
}

std::vector<int64_t> share_out(const std::vector<int64_t>& shares, int64_t total, Rng& rng) {
  const auto sum = static_cast<double>(std::accumulate(shares.begin(), shares.end(), int64_t{0}));
  // An offset below 1 that whole sums stay clear of.
  const double offset = std::uniform_real_distribution<double>(0.001, 0.999)(rng);
  std::vector<int64_t> out;
  double seen = 0;
  int64_t given = 0;
  for (const int64_t share : shares) {
    seen += static_cast<double>(share);
    const auto until = static_cast<int64_t>(std::floor(static_cast<double>(total) * (seen / sum) + offset));
    out.push_back(until - given);
    given = until;
  }
  return out;
}

}  // namespace bench
