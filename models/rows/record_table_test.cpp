#include "models/rows/record_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/error.h"
#include "core/h5.h"
#include "models/encode/flow_encoder.h"
#include "models/test_traces.h"

namespace bench {
namespace {

constexpr Identifiers kAll[] = {Identifiers::number, Identifiers::bits, Identifiers::value};

RecordColumns fitted(const Trace& trace, const TableOptions& options = {}) {
  RecordColumns out(options);
  out.fit(training_of(trace));
  return out;
}

TableColumn& column_named(RecordTable& table, std::string_view name) {
  const auto place = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const TableColumn& column) { return column.name == name; });
  EXPECT_NE(place, table.columns.end()) << name;
  return *place;
}

TEST(RecordColumns, EncodingAndDecodingGivesTheTrace) {
  for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(90, Seed(2))}) {
    for (const Identifiers identifiers : kAll) {
      for (const bool gaps : {false, true}) {
        const RecordColumns columns = fitted(trace, {identifiers, identifiers, gaps});
        std::map<std::string, int64_t> clamps;
        EXPECT_EQ(columns.decode(columns.encode(trace), clamps), trace);
        EXPECT_TRUE(clamps.empty());
      }
    }
  }
}

TEST(RecordColumns, RowsStandInOrderOfTime) {
  const Trace trace = flow_trace(50, Seed(2));
  std::vector<size_t> backwards(trace.size());
  for (size_t i = 0; i < backwards.size(); ++i) backwards[i] = trace.size() - 1 - i;
  const RecordColumns columns =
      fitted(select(trace, backwards), {Identifiers::bits, Identifiers::bits, true});
  const RecordTable table = columns.encode(select(trace, backwards));
  const std::vector<double>& gaps = table.find("time")->numbers;
  EXPECT_EQ(gaps[0], 0);
  for (size_t i = 1; i < gaps.size(); ++i)
    EXPECT_DOUBLE_EQ(gaps[i], static_cast<double>(trace.time[i] - trace.time[i - 1]) / 1e9);
}

TEST(RecordColumns, NamesKindsAndOrder) {
  const auto names = [](const RecordTable& table) {
    std::string out;
    for (const auto& column : table.columns) out += column.name + (column.is_category() ? "# " : " ");
    return out;
  };
  const Trace packets = packet_trace(60, Seed(1)), flows = flow_trace(90, Seed(2));
  EXPECT_EQ(
      names(fitted(packets, {Identifiers::number, Identifiers::value, false}).empty()),
      "proto# srcip dstip srcport# dstport# time length tos id ip_flags# fragment_offset ttl tcp_flags# ");
  EXPECT_EQ(names(fitted(flows, {Identifiers::value, Identifiers::number, false}).empty()),
            "label:label# label:type# proto# srcip# dstip# srcport dstport time duration packets bytes "
            "tcp_flags# ");
  const RecordTable bits = fitted(flows).empty();
  ASSERT_EQ(bits.columns.size(), 3U + 2 * 32 + 2 * 16 + 5);
  EXPECT_EQ(bits.columns[3].name, "srcip:31");
  EXPECT_EQ(bits.columns[3].values, std::vector<int64_t>({0}));  // 10.x and 5.x: the first bit is always 0
  EXPECT_EQ(bits.columns[66].name, "dstip:0");
  EXPECT_EQ(bits.columns[66].values, std::vector<int64_t>({0, 1}));
}

TEST(RecordColumns, WholeNumbersAreKnown) {
  Trace trace = flow_trace(90, Seed(2));
  EXPECT_FALSE(fitted(trace).empty().find("time")->integral);
  EXPECT_TRUE(fitted(trace).empty().find("bytes")->integral);
  for (auto& time : trace.time) time = time / 1'000'000'000 * 1'000'000'000;
  const RecordColumns columns = fitted(trace);
  EXPECT_TRUE(columns.empty().find("time")->integral);
  RecordTable table = columns.encode(trace);
  std::map<std::string, int64_t> clamps;
  const double last = column_named(table, "time").numbers.back();
  column_named(table, "time").numbers[0] = last / 2 + .3;
  const Trace out = columns.decode(table, clamps);
  for (const int64_t time : out.time) EXPECT_EQ((time - trace.time.front()) % 1'000'000'000, 0);
}

TEST(RecordColumns, AColumnThatIsNotThereIsNotMade) {
  Trace trace = flow_trace(40, Seed(2));
  trace.time.clear();
  trace.tcp_flags.clear();
  const RecordColumns columns = fitted(trace);
  EXPECT_EQ(columns.empty().find("time"), nullptr);
  std::map<std::string, int64_t> clamps;
  EXPECT_EQ(columns.decode(columns.encode(trace), clamps), trace);
}

TEST(RecordColumns, DecodingMakesRecordsLegal) {
  const Trace trace = packet_trace(60, Seed(1));
  const RecordColumns columns = fitted(trace, {Identifiers::value, Identifiers::value, false});
  RecordTable table = columns.encode(trace);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  column_named(table, "length").numbers[0] = nan;
  column_named(table, "length").numbers[1] = 1e300;
  column_named(table, "time").numbers[0] = -1;
  column_named(table, "time").numbers[1] = 1e9;
  for (auto& code : column_named(table, "proto").codes) code = 0;      // ICMP
  for (auto& code : column_named(table, "tcp_flags").codes) code = 1;  // SYN
  column_named(table, "length").numbers[2] = 40;
  std::map<std::string, int64_t> clamps;
  const Trace out = columns.decode(table, clamps);
  check_trace(out, "decoded");
  EXPECT_EQ(*std::max_element(out.length.begin(), out.length.end()), 1500);
  EXPECT_EQ(out.time.front(), trace.time.front());
  EXPECT_EQ(out.time.back(), trace.time.back());
  const auto with_ports =
      std::count_if(trace.srcport.begin(), trace.srcport.end(), [](uint16_t p) { return p > 0; });
  EXPECT_EQ(std::count(out.srcport.begin(), out.srcport.end(), 0), static_cast<int64_t>(out.size()));
  EXPECT_EQ(std::count(out.tcp_flags.begin(), out.tcp_flags.end(), 0), static_cast<int64_t>(out.size()));
  EXPECT_EQ(clamps["srcport"], with_ports);
  EXPECT_EQ(clamps["length"], 2);
  EXPECT_EQ(clamps["time"], 2);
  EXPECT_EQ(clamps["tcp_flags"], static_cast<int64_t>(out.size()));
}

TEST(RecordColumns, HeadersFitIntoTheBytes) {
  Trace trace = flow_trace(90, Seed(2));
  for (const bool kept : {true, false}) {
    if (!kept) std::fill(trace.bytes.begin(), trace.bytes.end(), 1);
    const RecordColumns columns = fitted(trace);
    RecordTable table = columns.encode(trace);
    for (double& bytes : column_named(table, "bytes").numbers) bytes = 0;
    std::map<std::string, int64_t> clamps;
    const Trace out = columns.decode(table, clamps);
    for (size_t i = 0; i < out.size(); ++i)
      EXPECT_EQ(out.bytes[i],
                kept ? std::max<int64_t>(44, out.packets[i] * header_bytes(out.proto[i], false)) : 1);
  }
}

TEST(RecordColumns, PortsOfOtherProtocolsStayWhereTheTrainingPartHasThem) {
  Trace trace = packet_trace(60, Seed(1));
  for (size_t i = 0; i < trace.size(); ++i)
    if (trace.proto[i] == 1) trace.dstport[i] = 8;
  const RecordColumns columns = fitted(trace);
  std::map<std::string, int64_t> clamps;
  EXPECT_EQ(columns.decode(columns.encode(trace), clamps), trace);
}

TEST(RecordColumns, GapsThatSumToTooMuchFillTheWindow) {
  const Trace trace = flow_trace(50, Seed(2));
  const RecordColumns columns = fitted(trace, {Identifiers::bits, Identifiers::bits, true});
  RecordTable table = columns.encode(trace);
  for (double& gap : column_named(table, "time").numbers) gap = .03;
  std::map<std::string, int64_t> clamps;
  const Trace out = columns.decode(table, clamps);
  const auto window = static_cast<double>(trace.time.back() - trace.time.front());
  EXPECT_LT(window, 50 * .03e9);
  EXPECT_EQ(out.time.back(), trace.time.back());
  for (size_t i = 1; i < out.size(); ++i)
    EXPECT_NEAR(static_cast<double>(out.time[i] - out.time[i - 1]), window / 50, 2);
  EXPECT_EQ(clamps["time"], 50);
}

TEST(RecordColumns, OtherRecordsOfTheSameColumns) {
  const Trace trace = flow_trace(90, Seed(2));
  const RecordColumns columns = fitted(trace, {Identifiers::bits, Identifiers::value, false});
  Trace part = slice(trace, 10, 40);
  std::map<std::string, int64_t> clamps;
  EXPECT_EQ(columns.decode(columns.encode(part), clamps), part);
  part.proto[3] = 99;
  EXPECT_THROW(columns.encode(part), Error);
}

TEST(RecordColumns, LoadedColumnsDecodeTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "record_columns.h5";
  for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(90, Seed(2))}) {
    for (const Identifiers identifiers : kAll) {
      const RecordColumns saved = fitted(trace, {identifiers, Identifiers::value, true});
      H5Writer file(path);
      saved.save(file);
      file.finish();
      RecordColumns loaded;
      loaded.load(H5Reader(path));
      std::map<std::string, int64_t> clamps;
      EXPECT_EQ(loaded.decode(loaded.encode(trace), clamps), trace);
    }
  }
  H5Writer file(path);
  file.attribute("columns", "{\"addresses\": 0}");
  file.column("columns:ranges", std::vector<int64_t>{});
  file.column("columns:values", std::vector<int64_t>{});
  file.finish();
  RecordColumns loaded;
  EXPECT_THROW(loaded.load(H5Reader(path)), Error);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace bench
