// Reading a million records. The files are made at first use in $HEADERBENCH_BENCH_DIR (the temporary folder
// unless it is set) and kept there: bench_packets.pcap, bench_netshare.csv, bench_ugr16.csv, so that tcpdump
// and wc can be timed on the same ones.

#include <benchmark/benchmark.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "core/files.h"
#include "datasets/formats.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kRecords = 1'000'000;
constexpr int64_t kStart = 1'460'332'800'000'000'000;  // 2016-04-11
constexpr uint32_t kHosts = 20'000;

fs::path bench_file(const char* name) {
  const char* folder = std::getenv("HEADERBENCH_BENCH_DIR");
  return (folder == nullptr ? fs::temp_directory_path() : fs::path(folder)) / name;
}

// Hosts and ports repeat as in real traffic; every number has as many digits as there.
Trace million(TraceKind kind) {
  std::mt19937_64 rng(1);
  const auto host = [&rng] { return static_cast<uint32_t>(rng() % kHosts * 2654435761U); };
  Trace trace;
  trace.kind = kind;
  int64_t time = kStart;
  for (size_t i = 0; i < kRecords; ++i) {
    trace.srcip.push_back(host());
    trace.dstip.push_back(host());
    trace.srcport.push_back(static_cast<uint16_t>(1024 + rng() % 64512));
    trace.dstport.push_back(rng() % 2 == 0 ? uint16_t{443} : static_cast<uint16_t>(rng() % 65536));
    trace.proto.push_back(rng() % 4 == 0 ? uint8_t{17} : uint8_t{6});
    time += static_cast<int64_t>(rng() % 8'000) * 1000;
    trace.time.push_back(time);
    if (kind == TraceKind::packets) {
      trace.length.push_back(static_cast<int32_t>(40 + rng() % 1461));
      continue;
    }
    trace.duration.push_back(static_cast<int64_t>(rng() % 300'000) * 1'000'000);
    trace.packets.push_back(static_cast<int64_t>(1 + rng() % 2000));
    trace.bytes.push_back(trace.packets.back() * static_cast<int64_t>(40 + rng() % 1461));
  }
  if (kind == TraceKind::flows) {
    trace.labels = {{"type", {"background", "blacklist"}, {}}};
    for (size_t i = 0; i < kRecords; ++i) trace.labels[0].codes.push_back(rng() % 100 == 0 ? 1 : 0);
  }
  return trace;
}

void write_ugr16(const Trace& trace, const fs::path& path) {
  fmt::memory_buffer out;
  for (size_t i = 0; i < trace.size(); ++i) {
    const std::time_t end = (trace.time[i] + trace.duration[i]) / 1'000'000'000;
    fmt::format_to(std::back_inserter(out), "{:%Y-%m-%d %H:%M:%S},{:.3f},{},{},{},{},{},{},0,0,{},{},{}\n",
                   fmt::gmtime(end), static_cast<double>(trace.duration[i]) * 1e-9, format_ip(trace.srcip[i]),
                   format_ip(trace.dstip[i]), trace.srcport[i], trace.dstport[i], proto_name(trace.proto[i]),
                   trace.proto[i] == 6 ? ".AP.SF" : ".A....", trace.packets[i], trace.bytes[i],
                   trace.labels[0].names[static_cast<size_t>(trace.labels[0].codes[i])]);
  }
  write_text_file(path, {out.data(), out.size()});
}

fs::path packets_pcap() {
  const fs::path path = bench_file("bench_packets.pcap");
  if (!fs::exists(path)) write_pcap(million(TraceKind::packets), path);
  return path;
}

fs::path netshare_csv() {
  const fs::path path = bench_file("bench_netshare.csv");
  if (!fs::exists(path)) write_netshare_csv(million(TraceKind::flows), path);
  return path;
}

fs::path ugr16_csv() {
  const fs::path path = bench_file("bench_ugr16.csv");
  if (!fs::exists(path)) write_ugr16(million(TraceKind::flows), path);
  return path;
}

template <typename Reader>
void read_repeatedly(benchmark::State& state, const fs::path& path, Reader read) {
  for (auto _ : state) {
    ReadReport report;
    const Trace trace = read(path, ReadOptions{}, report);
    if (trace.size() != kRecords) state.SkipWithError("not a million records");
    benchmark::DoNotOptimize(trace.srcip.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRecords));
}

void BM_read_pcap_1m(benchmark::State& state) { read_repeatedly(state, packets_pcap(), read_pcap); }
void BM_read_netshare_csv_1m(benchmark::State& state) {
  read_repeatedly(state, netshare_csv(), read_netshare_csv);
}
void BM_read_ugr16_csv_1m(benchmark::State& state) { read_repeatedly(state, ugr16_csv(), read_ugr16_csv); }

BENCHMARK(BM_read_pcap_1m)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_read_netshare_csv_1m)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_read_ugr16_csv_1m)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace bench

BENCHMARK_MAIN();
