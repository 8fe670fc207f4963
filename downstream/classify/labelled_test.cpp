#include "downstream/classify/labelled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "downstream/classify/test_tables.h"

namespace bench {
namespace {

using testing::ElementsAre;

std::map<int32_t, int> counts(const Labelled& rows) {
  std::map<int32_t, int> out;
  for (const int32_t code : rows.classes) ++out[code];
  return out;
}

// Rows 0, 1, ... of one class.
Labelled numbered(size_t rows, int32_t code) {
  Labelled out;
  out.features.columns = 1;
  for (size_t i = 0; i < rows; ++i) out.features.values.push_back(static_cast<double>(i));
  out.classes.assign(rows, code);
  return out;
}

TEST(FlowFeatures, SixColumnsInTheirUnits) {
  const Trace trace = labelled_flows({"scan", "dos"}, {1, 2});
  const ClassList classes = class_list(trace, "type");
  EXPECT_THAT(classes.names, ElementsAre("dos", "scan"));
  const Labelled rows = flow_features(trace, "type", classes);
  EXPECT_THAT(rows.classes, ElementsAre(1, 0, 0));
  const auto last = rows.features.row(2);
  EXPECT_THAT(std::vector<double>(last.begin(), last.end()), ElementsAre(1025, 100, 17, 0.5, 2, 120));
  EXPECT_THROW(flow_features(trace, "label", classes), Error);
}

TEST(ClassList, CodesMeanTheSameInEveryTrace) {
  const ClassList classes = class_list(labelled_flows({"scan", "dos"}, {1, 1}), "type");
  const Trace other = labelled_flows({"dos", "scan", "xss"}, {1, 1, 1});
  EXPECT_THAT(flow_features(other, "type", classes).classes, ElementsAre(0, 1, 2));
}

TEST(ClassList, RareClassesBecomeSmalls) {
  const Trace trace = labelled_flows({"normal", "rare", "dos", "rarer"}, {1500, 1, 499, 0});
  const ClassList classes = class_list(trace, "type", 0.001);
  EXPECT_THAT(classes.names, ElementsAre("dos", "normal", "smalls"));
  EXPECT_EQ(classes.code("rare"), 2);
  EXPECT_EQ(classes.code("never seen"), 2);
  EXPECT_EQ(class_list(trace, "type").code("never seen"), 3);
  EXPECT_THAT(class_list(labelled_flows({"a", "b"}, {500, 500}), "type", 0.001).names, ElementsAre("a", "b"));
}

TEST(Capped, DrawsRowsInTheirOrder) {
  const Labelled rows = numbered(50, 3);
  EXPECT_EQ(capped(rows, 50, Seed(1)).features, rows.features);
  EXPECT_EQ(capped(rows, 80, Seed(1)).size(), 50U);
  const Labelled some = capped(rows, 20, Seed(1));
  EXPECT_EQ(some.classes, std::vector<int32_t>(20, 3));
  EXPECT_TRUE(std::is_sorted(some.features.values.begin(), some.features.values.end(), std::less_equal<>()));
  EXPECT_EQ(some.features, capped(rows, 20, Seed(1)).features);
  EXPECT_NE(some.features, capped(rows, 20, Seed(2)).features);
}

TEST(Balanced, CapsEveryClass) {
  const Trace trace = labelled_flows({"a", "b", "c"}, {300, 40, 100});
  const Labelled rows = flow_features(trace, "type", class_list(trace, "type"));
  const Labelled out = balanced(rows, 60, Seed(1));
  EXPECT_EQ(counts(out), (std::map<int32_t, int>{{0, 60}, {1, 40}, {2, 60}}));
  EXPECT_EQ(out.features.rows(), out.size());
  // Rows keep their class: the destination port tells it.
  for (size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out.features.row(i)[1], 100 * out.classes[i]);
  EXPECT_EQ(balanced(rows, 60, Seed(1)).features, out.features);
  EXPECT_NE(balanced(rows, 60, Seed(2)).features, out.features);
}

TEST(Augmented, AddsSyntheticRowsByRatio) {
  const Labelled real = numbered(40, 0), synthetic = numbered(30, 1);
  EXPECT_EQ(augmented(real, synthetic, 0, Seed(1)).features, real.features);
  const Labelled half = augmented(real, synthetic, 0.5, Seed(1));
  EXPECT_EQ(counts(half), (std::map<int32_t, int>{{0, 40}, {1, 20}}));
  const Labelled twice = augmented(real, synthetic, 2, Seed(1));
  EXPECT_EQ(counts(twice), (std::map<int32_t, int>{{0, 40}, {1, 80}}));
  std::map<double, int> uses;
  for (size_t i = 40; i < twice.size(); ++i) ++uses[twice.features.values[i]];
  EXPECT_EQ(uses.size(), 30U);
  for (const auto& [value, count] : uses) EXPECT_TRUE(count == 2 || count == 3);
}

TEST(Mixed, KeepsTheSizeOfTheRealPart) {
  const Labelled real = numbered(40, 0), synthetic = numbered(30, 1);
  EXPECT_EQ(counts(mixed(real, synthetic, 0, Seed(1))), (std::map<int32_t, int>{{0, 40}}));
  EXPECT_EQ(counts(mixed(real, synthetic, 0.25, Seed(1))), (std::map<int32_t, int>{{0, 30}, {1, 10}}));
  EXPECT_EQ(counts(mixed(real, synthetic, 1, Seed(1))), (std::map<int32_t, int>{{1, 40}}));
}

}  // namespace
}  // namespace bench
