#include "datasets/canaries.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <tuple>
#include <unordered_set>

#include "core/error.h"
#include "datasets/flows.h"
#include "datasets/hdf5_trace.h"

namespace bench {
namespace {

constexpr auto kRole = "canaries";
constexpr auto kCoins = "inserted";
constexpr int64_t kShortest = 40;     // bytes of a TCP packet without data
constexpr int64_t kLongest = 1'500;   // bytes of an Ethernet frame's payload
constexpr uint8_t kDontFragment = 2;  // canaries are no fragments

template <typename Int>
Int uniform(Int lo, Int hi, Rng& rng) {
  return std::uniform_int_distribution<Int>(lo, hi)(rng);
}

// 0 <= lo <= hi.
int64_t log_uniform(int64_t lo, int64_t hi, Rng& rng) {
  const double a = std::log1p(static_cast<double>(lo));
  const double b = std::log1p(static_cast<double>(hi));
  const double u = std::generate_canonical<double, 53>(rng);
  const double drawn = std::round(std::expm1(a + u * (b - a)));
  return drawn >= static_cast<double>(hi) ? hi : std::max(lo, static_cast<int64_t>(drawn));
}

struct Range {
  int64_t lo = 0, hi = 0;
};

// {0, 0} for a column that is not there; not below `least`.
template <typename Column>
Range range_of(const Column& column, int64_t least = 0) {
  if (column.empty()) return {};
  const auto [lo, hi] = std::minmax_element(column.begin(), column.end());
  return {std::max<int64_t>(*lo, least), std::max<int64_t>(*hi, least)};
}

// Rows of the training part, drawn with putting back; of protocols with ports where there are some.
std::vector<size_t> random_rows(const Trace& train, size_t count, Rng& rng) {
  std::vector<size_t> eligible;
  for (size_t i = 0; i < train.size(); ++i) {
    if (has_ports(train.proto[i])) eligible.push_back(i);
  }
  if (eligible.empty()) {
    eligible.resize(train.size());
    std::iota(eligible.begin(), eligible.end(), size_t{0});
  }
  std::vector<size_t> out(count);
  for (size_t& row : out) row = eligible[uniform(size_t{0}, eligible.size() - 1, rng)];
  return out;
}

// High ports that no training record goes to, in random order; all high ones if each has a record.
std::vector<uint16_t> rare_ports(const Trace& train, Rng& rng) {
  std::vector<uint16_t> high(1 << 15);
  std::iota(high.begin(), high.end(), uint16_t{1 << 15});
  std::vector<bool> used(1 << 16, false);
  for (const uint16_t port : train.dstport) used[port] = true;
  std::vector<uint16_t> rare;
  std::copy_if(high.begin(), high.end(), std::back_inserter(rare),
               [&](uint16_t port) { return !used[port]; });
  if (rare.empty()) rare = std::move(high);
  std::shuffle(rare.begin(), rare.end(), rng);
  return rare;
}

void draw_five_tuples(const Trace& train, Trace& canaries, Rng& rng) {
  constexpr uint32_t kLowest = 0x01000000, kHighest = 0xDFFFFFFF;  // 1.0.0.0 to 223.255.255.255
  std::unordered_set<FiveTuple, FiveTupleHash> taken;
  for (size_t i = 0; i < train.size(); ++i) taken.insert(five_tuple(train, i));
  const std::vector<uint16_t> ports = rare_ports(train, rng);
  for (size_t i = 0; i < canaries.size(); ++i) {
    const bool with_ports = has_ports(canaries.proto[i]);
    do {
      canaries.srcip[i] = uniform(kLowest, kHighest, rng);
      canaries.dstip[i] = uniform(kLowest, kHighest, rng);
      canaries.srcport[i] = with_ports ? uniform<uint16_t>(1024, 65535, rng) : uint16_t{0};
      canaries.dstport[i] = with_ports ? ports[i % ports.size()] : uint16_t{0};
    } while (!taken.insert(five_tuple(canaries, i)).second);
  }
}

void draw_flow_numbers(const Trace& train, Trace& canaries, Rng& rng) {
  const Range packets = range_of(train.packets, 1);
  const Range bytes = range_of(train.bytes, kShortest);
  const Range duration = range_of(train.duration);
  const int64_t most = std::clamp(bytes.hi / kShortest, packets.lo, packets.hi);
  for (size_t i = 0; i < canaries.size(); ++i) {
    const int64_t n = log_uniform(packets.lo, most, rng);
    const int64_t shortest = n <= INT64_MAX / kShortest ? n * kShortest : INT64_MAX;
    const int64_t longest = n <= INT64_MAX / kLongest ? n * kLongest : INT64_MAX;
    const int64_t lo = std::clamp(bytes.lo, shortest, longest);
    canaries.packets[i] = n;
    canaries.bytes[i] = log_uniform(lo, std::clamp(bytes.hi, lo, longest), rng);
    canaries.duration[i] = n == 1 ? 0 : log_uniform(duration.lo, duration.hi, rng);
  }
}

void draw_packet_numbers(const Trace& train, Trace& canaries, Rng& rng) {
  const Range length = range_of(train.length, kShortest);
  const Range ttl = range_of(train.ttl, 1);
  for (size_t i = 0; i < canaries.size(); ++i) {
    canaries.length[i] = static_cast<int32_t>(log_uniform(length.lo, length.hi, rng));
    if (!canaries.has_header()) continue;
    canaries.ttl[i] = static_cast<uint8_t>(log_uniform(ttl.lo, ttl.hi, rng));
    canaries.fragment_offset[i] = 0;
    canaries.ip_flags[i] &= kDontFragment;
  }
}

}  // namespace

Canaries make_canaries(const TrainingTrace& train, size_t count, Seed seed) {
  const Trace& trace = train.trace();
  if (count > trace.size())
    fail(Kind::data, "{} canaries for a training part of {} records; at most as many would be right", count,
         trace.size());
  Rng rng = seed.child("canaries").rng();
  Canaries out{select(trace, random_rows(trace, count, rng)), {}};
  draw_five_tuples(trace, out.records, rng);
  const TimeWindow window = train.window();
  for (int64_t& time : out.records.time) time = uniform(window.begin, window.end, rng);
  if (trace.kind == TraceKind::flows) {
    draw_flow_numbers(trace, out.records, rng);
  } else {
    draw_packet_numbers(trace, out.records, rng);
  }
  Rng coins = seed.child("coins").rng();
  for (size_t i = 0; i < count; ++i) out.inserted.push_back(uniform(0, 1, coins) == 1);
  return out;
}

TrainingTrace insert_canaries(const TrainingTrace& train, const Canaries& canaries, Seed seed) {
  assert(canaries.records.size() == canaries.inserted.size());
  const Trace& trace = train.trace();
  const std::vector<size_t> order = time_order(trace);
  Rng rng = seed.child("places").rng();
  std::vector<std::tuple<size_t, int64_t, size_t>> places;  // before which record, time, which canary
  for (size_t i = 0; i < canaries.records.size(); ++i) {
    size_t place = uniform(size_t{0}, trace.size(), rng);
    int64_t time = 0;
    if (!trace.time.empty()) {
      time = canaries.records.time[i];
      const auto later = std::upper_bound(order.begin(), order.end(), time,
                                          [&](int64_t t, size_t row) { return t < trace.time[row]; });
      place = later == order.begin() ? 0 : *(later - 1) + 1;
    }
    if (canaries.inserted[i]) places.emplace_back(place, time, i);
  }
  std::sort(places.begin(), places.end());
  Trace all = trace;
  append(all, canaries.records);
  std::vector<size_t> rows;
  auto next = places.begin();
  for (size_t row = 0; row <= trace.size(); ++row) {
    for (; next != places.end() && std::get<0>(*next) == row; ++next)
      rows.push_back(trace.size() + std::get<2>(*next));
    if (row < trace.size()) rows.push_back(row);
  }
  return TrainingTrace(select(all, rows));
}

void save_canaries(const Canaries& canaries, const std::filesystem::path& path) {
  Trace stored = canaries.records;
  stored.labels.push_back({kCoins, {"no", "yes"}, {canaries.inserted.begin(), canaries.inserted.end()}});
  write_hdf5_trace(stored, path, kRole);
}

Canaries load_canaries(const std::filesystem::path& path) {
  Canaries out{read_hdf5_trace(path, kRole), {}};
  if (out.records.labels.empty() || out.records.labels.back().name != kCoins)
    fail(Kind::data, "{}: has no column {} of coins", path.string(), kCoins);
  for (const int32_t code : out.records.labels.back().codes) out.inserted.push_back(code == 1);
  out.records.labels.pop_back();
  return out;
}

}  // namespace bench
