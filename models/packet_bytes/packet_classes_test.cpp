#include "models/packet_bytes/packet_classes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/error.h"
#include "core/h5.h"
#include "models/test_traces.h"

namespace bench {
namespace {

RecordTable table_of(const Trace& trace) {
  RecordColumns columns({Identifiers::number, Identifiers::number});
  columns.fit(training_of(trace));
  return columns.encode(trace);
}

/// 100 packets: TCP to 443 (50), TCP from 443 (30), UDP to 53 (15), five TCP packets between other ports.
/// Labels: "who" is a or b in turn, "what" is x for UDP and y otherwise.
RecordTable labelled() {
  Trace trace;
  trace.kind = TraceKind::packets;
  trace.labels = {{"who", {"a", "b"}, {}}, {"what", {"x", "y"}, {}}};
  for (size_t i = 0; i < 100; ++i) {
    const auto other = static_cast<uint16_t>(40000 + i);
    FiveTuple key{1, 2, other, 443, 6};
    if (i >= 50) key = {2, 1, 443, other, 6};
    if (i >= 80) key = {1, 3, other, 53, 17};
    if (i >= 95) key = {1, 4, other, static_cast<uint16_t>(9000 + i), 6};
    add_five_tuple(trace, key);
    trace.length.push_back(100);
    trace.labels[0].codes.push_back(static_cast<int32_t>(i % 2));
    trace.labels[1].codes.push_back(key.proto == 17 ? 0 : 1);
  }
  return table_of(trace);
}

TEST(PacketClasses, ServicesAreTheFrequentPorts) {
  RecordTable table = labelled();
  std::erase_if(table.columns, [](const TableColumn& column) { return column.name.starts_with("label:"); });
  PacketClasses classes({true, 0.1, 64});
  const std::vector<int64_t> out = classes.fit(table);
  ASSERT_EQ(classes.size(), 4);
  std::map<int64_t, int64_t> counts;
  for (size_t i = 0; i < out.size(); ++i) {
    ++counts[out[i]];
    const size_t first = i < 50 ? 0 : i < 80 ? 50 : i < 95 ? 80 : 95;
    EXPECT_EQ(out[i], out[first]);
  }
  EXPECT_EQ(counts.size(), 4U);
  PacketClasses fewer({true, 0.1, 1});
  fewer.fit(table);
  EXPECT_EQ(fewer.size(), 3);  // TCP to 443, other TCP, UDP
}

TEST(PacketClasses, LabelsAreClassesAndTheSharesAreKept) {
  const RecordTable table = labelled();
  PacketClasses classes({false, 0.1, 64});
  const std::vector<int64_t> own = classes.fit(table);
  EXPECT_EQ(classes.size(), 4);
  Rng rng = Seed(1).rng();
  const std::vector<int64_t> drawn = classes.draw(1000, {}, rng);
  ASSERT_EQ(drawn.size(), 1000U);
  const auto count = [](const std::vector<int64_t>& of, int64_t k) {
    return static_cast<double>(std::count(of.begin(), of.end(), k));
  };
  for (int64_t k = 0; k < 4; ++k) EXPECT_NEAR(count(drawn, k), 10 * count(own, k), 1.0);
  RecordTable out = table;
  classes.put_labels(own, out);
  for (size_t c = 0; c < table.columns.size(); ++c) EXPECT_EQ(out.columns[c].codes, table.columns[c].codes);
  EXPECT_TRUE(classes.draw(0, {}, rng).empty());
}

TEST(PacketClasses, GivenLabelsHold) {
  const RecordTable table = labelled();
  const auto column = [&](const char* name) {
    return static_cast<size_t>(table.find(name) - table.columns.data());
  };
  PacketClasses classes({true, 0.1, 64});
  const std::vector<int64_t> own = classes.fit(table);
  EXPECT_EQ(classes.size(), 8);
  Rng rng = Seed(2).rng();
  const std::vector<int64_t> drawn =
      classes.draw(50, {{column("label:who"), 1}, {column("label:what"), 0}}, rng);
  ASSERT_EQ(drawn.size(), 50U);
  EXPECT_EQ(std::set<int64_t>(drawn.begin(), drawn.end()), std::set<int64_t>{own[81]});
}

TEST(PacketClasses, LabelsThatNeverOccurTogether) {
  Trace trace = packet_trace(40, Seed(1));
  trace.labels = {{"a", {"0", "1"}, {}}, {"b", {"0", "1"}, {}}};
  for (size_t i = 0; i < trace.size(); ++i) {
    for (auto& label : trace.labels) label.codes.push_back(static_cast<int32_t>(i % 2));
  }
  const RecordTable table = table_of(trace);
  PacketClasses classes({false, 0.1, 64});
  classes.fit(table);
  Rng rng = Seed(2).rng();
  EXPECT_THROW(classes.draw(1, {{0, 0}, {1, 1}}, rng), Error);
}

TEST(PacketClasses, LoadedIsTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "packet_classes.h5";
  PacketClasses classes, loaded;
  classes.fit(labelled());
  {
    H5Writer file(path);
    classes.save(file);
    file.finish();
  }
  loaded.load(H5Reader(path));
  Rng first = Seed(3).rng(), second = Seed(3).rng();
  EXPECT_EQ(loaded.draw(77, {}, first), classes.draw(77, {}, second));
}

TEST(PacketClasses, RowsOfAnotherTableHaveTheClassesOfTheTraining) {
  const RecordTable table = labelled();
  for (const bool services : {true, false}) {
    PacketClasses classes({services, 0.1, 64});
    const std::vector<int64_t> own = classes.fit(table);
    EXPECT_EQ(classes.classes_of(table), own);
    const auto path = std::filesystem::path(::testing::TempDir()) / "packet_classes.h5";
    {
      H5Writer file(path);
      classes.save(file);
      classes.save_services(file);
      file.finish();
    }
    PacketClasses loaded({services, 0.1, 64});
    loaded.load(H5Reader(path));
    loaded.load_services(H5Reader(path));
    EXPECT_EQ(loaded.classes_of(table), own);
    RecordTable other = table;
    auto& what = other.columns[static_cast<size_t>(table.find("label:what") - table.columns.data())].codes;
    std::fill(what.begin(), what.end(), 0);  // x was UDP only
    const std::vector<int64_t> now = loaded.classes_of(other);
    for (size_t i = 0; i < now.size(); ++i) {
      if (i >= 80 && i < 95) {
        EXPECT_EQ(now[i], own[i]);
      } else if (services) {
        EXPECT_EQ(now[i], -1);
      }
    }
    std::fill(what.begin(), what.end(), -1);
    EXPECT_EQ(loaded.classes_of(other), std::vector<int64_t>(100, -1));
    // Ports have names as in the training: 22 has none, whatever its share here.
    std::fill(what.begin(), what.end(), 1);
    for (TableColumn& column : other.columns)
      if (column.name == "dstport") std::fill(column.numbers.begin(), column.numbers.end(), 22);
    if (services) {
      EXPECT_EQ(loaded.classes_of(other)[0], own[96]);
    }
  }
}

}  // namespace
}  // namespace bench
