#pragma once
// Small traces with a known structure for the tests and timings of this folder.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/progress.h"
#include "core/seed.h"
#include "datasets/flows.h"
#include "datasets/split.h"
#include "datasets/trace.h"

namespace bench {

inline constexpr int64_t kMicrosecond = 1000, kMillisecond = 1'000'000;
inline constexpr int64_t kClockOrigin = 1'460'000'000'000'000'000;  ///< ns since 1970

/// Keeps the lines that were logged.
class RecordingProgress : public Progress {
 public:
  void report(double done, double, std::string_view, std::string_view) override { done_ = done; }
  void log(std::string_view line) override { lines_ += std::string(line) + "\n"; }
  bool cancelled() const override { return done_ >= stop_at; }
  const std::string& lines() const { return lines_; }
  double stop_at = 1e300;

 private:
  std::string lines_;
  double done_ = 0;
};

/// The trace as a training part, record for record.
inline TrainingTrace training_of(const Trace& trace) {
  std::vector<size_t> rows(trace.size() + 1);
  std::iota(rows.begin(), rows.end(), size_t{0});
  rows.back() = trace.size() - 1;
  const auto n = static_cast<double>(trace.size());
  return split_trace(select(trace, rows), n / (n + 1), SplitOrder::file, Seed(1)).train;
}

inline void add_five_tuple(Trace& trace, const FiveTuple& key) {
  trace.srcip.push_back(key.srcip);
  trace.dstip.push_back(key.dstip);
  trace.srcport.push_back(key.srcport);
  trace.dstport.push_back(key.dstport);
  trace.proto.push_back(key.proto);
}

/// Three services: TCP 443 in 2 to 5 packets (40 bytes first, then 1500), UDP 53 in one packet of 60 to 99
/// bytes, ICMP in one packet of 84 bytes. Header fields and TCP flags included; records at least 100 us
/// apart; in order of time.
inline Trace packet_trace(size_t flows, Seed seed) {
  Rng rng = seed.rng();
  Trace trace;
  trace.kind = TraceKind::packets;
  int64_t clock = kClockOrigin;
  for (size_t f = 0; f < flows; ++f) {
    const auto service = rng() % 3;
    FiveTuple key{0x0A000000U + static_cast<uint32_t>(rng() % 16),
                  0xC0A80000U + static_cast<uint32_t>(rng() % 4), static_cast<uint16_t>(1024 + f), 443, 6};
    if (service == 1) key = {key.srcip, 0x08080808U, key.srcport, 53, 17};
    if (service == 2) key = {key.srcip, 0xFFFFFFFFU - static_cast<uint32_t>(f), 0, 0, 1};
    const size_t packets = service == 0 ? 2 + rng() % 4 : 1;
    for (size_t p = 0; p < packets; ++p) {
      clock += (100 + static_cast<int64_t>(rng() % 3000)) * kMicrosecond;
      add_five_tuple(trace, key);
      trace.time.push_back(clock);
      const int32_t dns = 60 + static_cast<int32_t>(rng() % 40);
      trace.length.push_back(service == 0 ? (p == 0 ? 40 : 1500) : service == 1 ? dns : 84);
      trace.tos.push_back(service == 1 ? 8 : 0);
      trace.id.push_back(static_cast<uint16_t>(rng()));
      trace.ip_flags.push_back(service == 0 ? 2 : 0);
      trace.fragment_offset.push_back(0);
      trace.ttl.push_back(service == 0 ? 64 : 128);
      trace.tcp_flags.push_back(service == 0 ? (p == 0 ? 2 : 16) : 0);
    }
  }
  return trace;
}

/// TCP 80 with many packets ("web"), UDP 53 with one ("dns"), and a scan of many ports; now and then the
/// five-tuple of the record before. Two labels; TCP flags; in order of time.
inline Trace flow_trace(size_t records, Seed seed) {
  Rng rng = seed.rng();
  Trace trace;
  trace.kind = TraceKind::flows;
  trace.labels = {{"label", {"normal", "attack"}, {}}, {"type", {"dns", "web", "scan"}, {}}};
  int64_t clock = kClockOrigin;
  FiveTuple key;
  uint64_t service = 0;
  for (size_t i = 0; i < records; ++i) {
    if (i == 0 || rng() % 10 > 0) {
      service = rng() % 3;
      key = {0x0A000000U + static_cast<uint32_t>(rng() % 8), 0x08080808U, static_cast<uint16_t>(2000 + i), 53,
             17};
      if (service == 1) key = {key.srcip, 0xC0A80001U, key.srcport, 80, 6};
      if (service == 2) key = {0x05050505U, key.srcip, 55555, static_cast<uint16_t>(1 + rng() % 1000), 6};
    }
    clock += (100 + static_cast<int64_t>(rng() % 50'000)) * kMicrosecond;
    add_five_tuple(trace, key);
    trace.time.push_back(clock);
    const auto packets = static_cast<int64_t>(service == 1 ? 5 + rng() % 100 : 1);
    trace.packets.push_back(packets);
    trace.bytes.push_back(packets * (service == 0 ? 60 + static_cast<int64_t>(rng() % 100) : 44));
    trace.duration.push_back(service == 1 ? packets * 20 * kMillisecond : 0);
    trace.tcp_flags.push_back(service == 0 ? 0 : service == 1 ? 27 : 2);
    trace.labels[0].codes.push_back(service == 2 ? 1 : 0);
    trace.labels[1].codes.push_back(static_cast<int32_t>(service));
  }
  return trace;
}

}  // namespace bench
