#include "models/rows/joint_labels.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.h"
#include "core/h5.h"
#include "models/rows/value_bins.h"

namespace bench {
namespace {

RecordTable labelled() {
  RecordTable out;
  out.rows = 5;
  out.columns = {{"label:label", {0, 1}, {0, 1, 0, 1, 0}, {}, true},
                 {"label:type", {0, 3, 4}, {2, 1, 2, 0, 0}, {}, true},
                 {"proto", {6}, {0, 0, 0, 0, 0}, {}, true}};
  return out;
}

TEST(JointLabels, CombinationsThatOccur) {
  const RecordTable table = labelled();
  JointLabels labels;
  labels.fit(table);
  EXPECT_EQ(labels.size(), 4U);  // (0, 0), (0, 2), (1, 0), (1, 1)
  EXPECT_EQ(labels.codes(table), std::vector<int32_t>({1, 3, 1, 2, 0}));
  RecordTable back = labelled();
  back.columns[0].codes.clear();
  back.columns[1].codes.clear();
  labels.put(labels.codes(table), back);
  EXPECT_EQ(back.columns[0].codes, table.columns[0].codes);
  EXPECT_EQ(back.columns[1].codes, table.columns[1].codes);
}

TEST(JointLabels, GivenLabelsLeaveWhatFits) {
  JointLabels labels;
  labels.fit(labelled());
  EXPECT_EQ(labels.choices({{0, 1}}), std::vector<int32_t>({2, 3}));
  EXPECT_EQ(labels.choices({{1, 0}}), std::vector<int32_t>({0, 2}));
  EXPECT_EQ(labels.choices({{1, 0}, {0, 0}}), std::vector<int32_t>({0}));
  EXPECT_THROW(labels.choices({{0, 0}, {1, 1}}), Error);
}

TEST(JointLabels, LoadedLabelsAreTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "joint_labels.h5";
  JointLabels saved, loaded;
  saved.fit(labelled());
  H5Writer file(path);
  saved.save(file);
  file.finish();
  loaded.load(H5Reader(path), labelled());
  EXPECT_EQ(loaded.codes(labelled()), saved.codes(labelled()));
  RecordTable without = labelled();
  without.columns.erase(without.columns.begin(), without.columns.begin() + 2);
  EXPECT_THROW(loaded.load(H5Reader(path), without), Error);
  std::filesystem::remove(path);
}

TEST(ValueBins, FewValuesKeepTheirOwn) {
  EXPECT_EQ(value_bins({5, 1, 1}, 3), std::vector<int32_t>({0, 1, 2}));
}

TEST(ValueBins, FrequentValuesStandAloneAndTheOthersShareTheMass) {
  std::vector<int64_t> counts(1000, 1);
  counts[100] = 600;
  counts[900] = 400;
  const std::vector<int32_t> bins = value_bins(counts, 10);
  std::vector<int64_t> mass(11, 0), values(11, 0);
  for (size_t i = 0; i < counts.size(); ++i) {
    ASSERT_LT(bins[i], 11);
    mass[static_cast<size_t>(bins[i])] += counts[i];
    ++values[static_cast<size_t>(bins[i])];
  }
  EXPECT_EQ(values[static_cast<size_t>(bins[100])], 1);
  EXPECT_EQ(values[static_cast<size_t>(bins[900])], 1);
  for (size_t i = 0; i < counts.size(); ++i) {
    if (i == 100 || i == 900) continue;
    EXPECT_NEAR(static_cast<double>(mass[static_cast<size_t>(bins[i])]), 998.0 / 8, 1);
  }
}

TEST(ValueBins, NoBinOfPortsSpans1024) {
  TableColumn ports{"dstport", {}, {}, {}, true};
  for (int64_t port = 0; port < 2048; port += 8) ports.values.push_back(port);
  EXPECT_EQ(port_border(ports), 128U);
  const std::vector<int32_t> bins = value_bins(std::vector<int64_t>(256, 1), 3, port_border(ports));
  EXPECT_NE(bins[127], bins[128]);
  ports.name = "srcip";
  EXPECT_EQ(port_border(ports), 0U);
}

}  // namespace
}  // namespace bench
