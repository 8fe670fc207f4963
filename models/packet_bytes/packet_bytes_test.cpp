#include "models/packet_bytes/packet_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "core/error.h"
#include "core/h5.h"
#include "models/test_traces.h"

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const TableOptions kNumbers{Identifiers::number, Identifiers::number};

RecordTable table_of(const Trace& trace) {
  RecordColumns columns(kNumbers);
  columns.fit(training_of(trace));
  return columns.encode(trace);
}

RecordTable decoded(const PacketBytes& code, const RecordTable& like, const std::vector<uint8_t>& bytes) {
  RecordTable out = without_rows(like);
  out.rows = bytes.size() / static_cast<size_t>(code.width());
  Rng rng = Seed(9).rng();
  code.decode(bytes, rng, out);
  return out;
}

TEST(PacketBytes, FollowTheHeader) {
  Trace trace;
  trace.kind = TraceKind::packets;
  for (const uint8_t proto : {uint8_t{6}, uint8_t{17}}) {
    add_five_tuple(trace, {0xC0A80001U, 0x08080404U, 51000, 443, proto});
    trace.time.push_back(kClockOrigin + proto);
    trace.length.push_back(0x05DC);
    trace.tos.push_back(0x28);
    trace.id.push_back(0xBEEF);
    trace.ip_flags.push_back(2);
    trace.fragment_offset.push_back(0x1234);
    trace.ttl.push_back(64);
    trace.tcp_flags.push_back(proto == 6 ? 0x18 : 0);
  }
  const RecordTable table = table_of(trace);
  PacketBytes code;
  code.fit(table);
  EXPECT_THAT(code.fields(),
              ElementsAre(Pair("tos", 1), Pair("length", 2), Pair("id", 2), Pair("ip_flags", 1),
                          Pair("fragment_offset", 2), Pair("ttl", 1), Pair("proto", 1), Pair("srcip", 4),
                          Pair("dstip", 4), Pair("srcport", 2), Pair("dstport", 2), Pair("tcp_flags", 1),
                          Pair("time", 1)));
  ASSERT_EQ(code.width(), 24);
  const std::vector<uint8_t> bytes = code.encode(table);
  EXPECT_THAT(std::vector<uint8_t>(bytes.begin(), bytes.begin() + 23),
              ElementsAre(0x28, 0x05, 0xDC, 0xBE, 0xEF, 2, 0x12, 0x34, 64, 6, 0xC0, 0xA8, 0, 1, 8, 8, 4, 4,
                          0xC7, 0x38, 0x01, 0xBB, 0x18));
  // Half of the first record lies before its own time, all of it and half of the second before the second's.
  EXPECT_EQ(bytes[23], 64);
  EXPECT_EQ(bytes[47], 192);
}

TEST(PacketBytes, RoundTrip) {
  Trace trace = packet_trace(300, Seed(3));
  trace.labels = {{"type", {"a", "b", "c"}, {}}};
  for (size_t i = 0; i < trace.size(); ++i) trace.labels[0].codes.push_back(static_cast<int32_t>(i % 3));
  const RecordTable table = table_of(trace);
  PacketBytes code;
  code.fit(table);
  const RecordTable out = decoded(code, table, code.encode(table));
  ASSERT_EQ(out.columns.size(), table.columns.size());
  const auto n = static_cast<double>(table.rows);
  for (size_t c = 0; c < table.columns.size(); ++c) {
    EXPECT_EQ(out.columns[c].codes, table.columns[c].codes) << table.columns[c].name;
    if (table.columns[c].name != "time") {
      EXPECT_EQ(out.columns[c].numbers, table.columns[c].numbers) << table.columns[c].name;
      continue;
    }
    // A time keeps its rank up to one step of the byte (rows stand in order of time).
    const auto& real = table.columns[c].numbers;
    for (size_t i = 0; i < table.rows; ++i) {
      const auto rank = std::lower_bound(real.begin(), real.end(), out.columns[c].numbers[i]) - real.begin();
      EXPECT_NEAR(static_cast<double>(rank), static_cast<double>(i), n / 256 + 2);
    }
  }
}

TEST(PacketBytes, ACategoryBecomesTheNearestKnownValue) {
  const RecordTable table = table_of(packet_trace(60, Seed(1)));  // protocols 1, 6, 17
  PacketBytes code;
  code.fit(table);
  std::vector<uint8_t> bytes = code.encode(table);
  const size_t width = static_cast<size_t>(code.width()), proto = 9;
  const std::vector<std::pair<uint8_t, int64_t>> cases{{0, 1}, {3, 1}, {4, 6}, {11, 6}, {12, 17}, {255, 17}};
  for (size_t i = 0; i < cases.size(); ++i) bytes[i * width + proto] = cases[i].first;
  const RecordTable out = decoded(code, table, bytes);
  const TableColumn* column = out.find("proto");
  for (size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(column->values[static_cast<size_t>(column->codes[i])], cases[i].second);
}

TEST(PacketBytes, ManyNamesTakeTwoBytes) {
  Trace trace = packet_trace(300, Seed(2));
  trace.labels = {{"type", {}, {}}};
  for (size_t i = 0; i < trace.size(); ++i)
    trace.labels[0].codes.push_back(trace.labels[0].code_of("name" + std::to_string(i % 300)));
  const RecordTable table = table_of(trace);
  PacketBytes code;
  code.fit(table);
  EXPECT_THAT(code.fields(), ::testing::Contains(Pair("label:type", 2)));
  EXPECT_EQ(decoded(code, table, code.encode(table)).find("label:type")->codes,
            table.find("label:type")->codes);
}

TEST(PacketBytes, TimeByItselfIsNormalInsideTheWindow) {
  const RecordTable table = table_of(packet_trace(400, Seed(4)));
  PacketBytes code({true, false});
  code.fit(table);
  std::vector<uint8_t> bytes;
  for (int copy = 0; copy < 20; ++copy) {
    const auto more = code.encode(table);
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
  const auto moments = [](const std::vector<double>& x) {
    const auto n = static_cast<double>(x.size());
    const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
    double squares = 0;
    for (const double v : x) squares += (v - mean) * (v - mean);
    return std::pair(mean, std::sqrt(squares / n));
  };
  const auto& real = table.find("time")->numbers;
  const RecordTable out = decoded(code, table, bytes);
  const auto& made = out.find("time")->numbers;
  const auto [mean, deviation] = moments(real);
  EXPECT_NEAR(moments(made).first, mean, 0.05 * deviation);
  // A uniform clock ends sqrt(3) deviations from its mean; what a normal one has beyond moves there: with c =
  // sqrt(3) its variance is 1 - 2 c phi(c) + (c^2 - 1) 2 (1 - Phi(c)) = 0.858 of the former.
  EXPECT_NEAR(moments(made).second, std::sqrt(0.858) * deviation, 0.03 * deviation);
  EXPECT_EQ(*std::max_element(made.begin(), made.end()), *std::max_element(real.begin(), real.end()));
}

TEST(PacketBytes, LoadedIsTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "packet_bytes.h5";
  const RecordTable table = table_of(packet_trace(100, Seed(5)));
  PacketBytes code, loaded;
  code.fit(table);
  const auto bytes = code.encode(table);
  {
    H5Writer file(path);
    code.save(file);
    file.finish();
  }
  loaded.load(H5Reader(path), without_rows(table));
  EXPECT_EQ(loaded.encode(table), bytes);
  EXPECT_EQ(decoded(loaded, table, bytes).find("time")->numbers,
            decoded(code, table, bytes).find("time")->numbers);
  {
    H5Writer file(path);
    file.finish();
  }
  EXPECT_THROW(loaded.load(H5Reader(path), without_rows(table)), Error);
}

TEST(SplitBytes, UpperDigitsFirstAndBack) {
  EXPECT_THAT(split_bytes(std::vector<uint8_t>{0xAB, 0x0F}, 4), ElementsAre(10, 11, 0, 15));
  EXPECT_THAT(split_bytes(std::vector<uint8_t>{0xA1}, 1), ElementsAre(1, 0, 1, 0, 0, 0, 0, 1));
  std::vector<uint8_t> all(256);
  std::iota(all.begin(), all.end(), uint8_t{0});
  EXPECT_EQ(split_bytes(all, 8), all);
  for (const int64_t bits : {1, 4, 8}) EXPECT_EQ(join_bytes(split_bytes(all, bits), bits), all);
}

}  // namespace
}  // namespace bench
