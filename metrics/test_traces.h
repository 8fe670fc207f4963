#pragma once
// Small random traces for the tests and timings of this folder.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <string_view>
#include <vector>

#include "core/seed.h"
#include "metrics/metric.h"

namespace bench {

inline constexpr int64_t kSecond = 1'000'000'000;

/// 0 .. limit - 1, small numbers more often, like the ranks of hosts.
inline uint32_t skewed(Rng& rng, double limit) {
  const double u = std::generate_canonical<double, 53>(rng);
  return static_cast<uint32_t>(std::min(limit - 1, std::floor(std::pow(limit, u) - 1)));
}

/// Records with a five-tuple and a time; `hosts` addresses on each side.
inline Trace random_five_tuples(TraceKind kind, size_t records, double hosts, Rng& rng) {
  constexpr uint16_t kServices[] = {53, 80, 123, 443, 8080};
  Trace trace;
  trace.kind = kind;
  for (size_t i = 0; i < records; ++i) {
    trace.srcip.push_back(0x0A000000 + skewed(rng, hosts));
    trace.dstip.push_back(0x0B000000 + skewed(rng, hosts));
    trace.srcport.push_back(static_cast<uint16_t>(1024 + skewed(rng, 60000)));
    trace.dstport.push_back(kServices[skewed(rng, 5)]);
    trace.proto.push_back(trace.dstport.back() == 53 || trace.dstport.back() == 123 ? 17 : 6);
    trace.time.push_back(100 * kSecond + static_cast<int64_t>(rng() % (60 * kSecond)));
  }
  return trace;
}

inline Trace random_flows(size_t records, uint64_t seed, double hosts = 50) {
  Rng rng(seed);
  Trace trace = random_five_tuples(TraceKind::flows, records, hosts, rng);
  LabelColumn label{"label", {"background", "scan"}, {}};
  for (size_t i = 0; i < records; ++i) {
    trace.packets.push_back(1 + skewed(rng, 10000));
    trace.bytes.push_back(trace.packets.back() * (40 + skewed(rng, 1460)));
    trace.duration.push_back(rng() % 3 == 0 ? 0 : static_cast<int64_t>(rng() % (30 * kSecond)));
    label.codes.push_back(rng() % 10 == 0 ? 1 : 0);
  }
  trace.labels.push_back(label);
  return trace;
}

inline Trace random_packets(size_t records, uint64_t seed, double hosts = 50) {
  Rng rng(seed);
  Trace trace = random_five_tuples(TraceKind::packets, records, hosts, rng);
  for (size_t i = 0; i < records; ++i) {
    trace.length.push_back(rng() % 2 == 0 ? 1500 : 40 + static_cast<int32_t>(skewed(rng, 1460)));
    trace.tos.push_back(rng() % 8 == 0 ? 8 : 0);
    trace.id.push_back(static_cast<uint16_t>(rng()));
    trace.ip_flags.push_back(rng() % 4 == 0 ? 0 : 2);
    trace.fragment_offset.push_back(0);
    trace.ttl.push_back(static_cast<uint8_t>(40 + skewed(rng, 24)));
  }
  return trace;
}

inline Trace random_trace(TraceKind kind, size_t records, uint64_t seed) {
  return kind == TraceKind::flows ? random_flows(records, seed) : random_packets(records, seed);
}

inline Trace shuffled(const Trace& trace, uint64_t seed) {
  std::vector<size_t> rows(trace.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  Rng rng(seed);
  std::shuffle(rows.begin(), rows.end(), rng);
  return select(trace, rows);
}

/// The one score with this id, mode and field; nullptr if there is none.
inline const Score* find_score(const std::vector<Score>& scores, std::string_view metric,
                               std::string_view mode, std::string_view field) {
  const auto it = std::find_if(scores.begin(), scores.end(), [&](const Score& score) {
    return score.metric == metric && score.mode == mode && score.field == field;
  });
  return it == scores.end() ? nullptr : &*it;
}

}  // namespace bench
