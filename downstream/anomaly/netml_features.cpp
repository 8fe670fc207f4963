#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/rank.h"
#include "core/stats.h"
#include "downstream/anomaly/netml.h"

namespace bench {
namespace {

constexpr double kSecond = 1e9;  // ns
constexpr size_t kMostSamples = 500;

// One piece: times in ns since its first packet, sizes in bytes.
struct Piece {
  std::vector<double> times, sizes;
};

void read_piece(const Trace& trace, std::span<const size_t> rows, int32_t link_header, Piece& piece) {
  piece.times.clear();
  piece.sizes.clear();
  for (const size_t row : rows) {
    piece.times.push_back(static_cast<double>(trace.time[row] - trace.time[rows[0]]));
    piece.sizes.push_back(trace.length[row] + link_header);
  }
}

using Vector = std::vector<double>;

void add_gaps(const Piece& piece, Vector& out) {
  for (size_t i = 1; i < piece.times.size(); ++i)
    out.push_back((piece.times[i] - piece.times[i - 1]) / kSecond);
}

void add_gaps_and_sizes(const Piece& piece, Vector& out) {
  for (size_t i = 1; i < piece.times.size(); ++i) {
    out.push_back((piece.times[i] - piece.times[i - 1]) / kSecond);
    out.push_back(piece.sizes[i - 1]);
  }
  out.push_back(piece.sizes.back());
}

void add_stats(const Piece& piece, Vector& out) {
  const auto [least, greatest] = std::minmax_element(piece.sizes.begin(), piece.sizes.end());
  const double duration = piece.times.back() / kSecond;
  const auto packets = static_cast<double>(piece.sizes.size());
  const double bytes = std::accumulate(piece.sizes.begin(), piece.sizes.end(), 0.0);
  const double rate = duration > 0 ? 1 / duration : 0;
  const double spread = sample_sd(piece.sizes) * std::sqrt((packets - 1) / packets);
  const std::array values{duration,
                          packets * rate,
                          bytes * rate,
                          bytes / packets,
                          spread,
                          quantile(piece.sizes, 0.25),
                          quantile(piece.sizes, 0.5),
                          quantile(piece.sizes, 0.75),
                          *least,
                          *greatest,
                          packets,
                          bytes};
  out.insert(out.end(), values.begin(), values.end());
}

// Sums of `weights` (or counts, if it is empty) over windows; every window but a piece's first starts where
// the last one ends or, after a gap, whole windows later.
void add_samples(const Piece& piece, const Vector& weights, double window, Vector& out) {
  const auto weight = [&](size_t i) { return weights.empty() ? 1.0 : weights[i]; };
  double begin = 0;
  double sum = weight(0);
  for (size_t i = 1; i < piece.times.size(); ++i) {
    const double now = piece.times[i];
    if (now - begin <= window) {
      sum += weight(i);
      continue;
    }
    out.push_back(sum);
    if (window > 0) {
      begin += window;
      const double skipped = std::min(std::floor((now - begin) / window), double{kMostSamples});
      out.insert(out.end(), static_cast<size_t>(skipped), 0.0);
      begin += skipped * window;
    } else {
      begin = now;
    }
    if (out.size() > kMostSamples) {
      out.resize(kMostSamples);
      return;
    }
    sum = weight(i);
  }
  out.push_back(sum);
}

size_t vector_length(NetmlMode mode, size_t packets) {
  if (packets == 0) return 0;
  switch (mode) {
    case NetmlMode::size:
      return packets;
    case NetmlMode::iat_size:
      return 2 * packets - 1;
    case NetmlMode::stats:
      return 12;
    case NetmlMode::iat:
    case NetmlMode::samp_num:
    case NetmlMode::samp_size:
      break;
  }
  return packets - 1;
}

}  // namespace

std::string_view netml_mode_name(NetmlMode mode) {
  constexpr std::string_view kNames[] = {"IAT", "SIZE", "IAT_SIZE", "STATS", "SAMP_NUM", "SAMP_SIZE"};
  return kNames[static_cast<size_t>(mode)];
}

FeatureTable netml_features(const Trace& trace, const NetmlFlows& flows, NetmlMode mode,
                            const NetmlParams& params) {
  FeatureTable out{vector_length(mode, flows.scale.packets), {}};
  if (out.columns == 0) return out;
  out.values.reserve(flows.size() * out.columns);
  Piece piece;
  Vector vector;
  for (size_t f = 0; f < flows.size(); ++f) {
    read_piece(trace, flows.index.flow(f), params.link_header, piece);
    vector.clear();
    switch (mode) {
      case NetmlMode::iat:
        add_gaps(piece, vector);
        break;
      case NetmlMode::size:
        vector = piece.sizes;
        break;
      case NetmlMode::iat_size:
        add_gaps_and_sizes(piece, vector);
        break;
      case NetmlMode::stats:
        add_stats(piece, vector);
        break;
      case NetmlMode::samp_num:
        add_samples(piece, {}, flows.scale.window, vector);
        break;
      case NetmlMode::samp_size:
        add_samples(piece, piece.sizes, flows.scale.window, vector);
        break;
    }
    vector.resize(out.columns);
    out.values.insert(out.values.end(), vector.begin(), vector.end());
  }
  return out;
}

}  // namespace bench
