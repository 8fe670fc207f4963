#include "models/ctgan/conditions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "core/h5.h"

namespace bench {
namespace {

/// A label (9 : 1), a protocol (3 values) that follows from it, one address bit and a number.
RecordTable labelled_table(size_t rows) {
  RecordTable table;
  table.rows = rows;
  table.columns = {{"label:type", {0, 1}, {}, {}, true},
                   {"proto", {1, 6, 17}, {}, {}, true},
                   {"srcip:0", {0, 1}, {}, {}, true},
                   {"ttl", {}, {}, {}, true}};
  for (size_t i = 0; i < rows; ++i) {
    const bool rare = i % 10 == 0;
    table.columns[0].codes.push_back(rare ? 1 : 0);
    table.columns[1].codes.push_back(rare ? 2 : static_cast<int32_t>(i % 2));
    table.columns[2].codes.push_back(static_cast<int32_t>(i / 2 % 2));
    table.columns[3].numbers.push_back(static_cast<double>(i % 7));
  }
  return table;
}

struct Fitted {
  RecordTable table = labelled_table(400);
  RowEncoder encoder;
  Conditions conditions;
  Fitted(Conditions::Kind kind, bool log_frequency) {
    encoder.fit(table, {}, Seed(1));
    conditions.fit(table, encoder, kind, log_frequency);
  }
};

TEST(Conditions, OneCategoryIsOneInTheWholeVectorAndTheRowHasIt) {
  const Fitted f(Conditions::Kind::column, true);
  EXPECT_EQ(f.conditions.width(), 2 + 3 + 2);
  Rng rng(2);
  const ConditionBatch batch = f.conditions.draw_training(500, rng);
  ASSERT_EQ(batch.rows.size(), 500U);
  ASSERT_EQ(batch.choices.size(), 500U);
  const std::vector<int64_t> begin{0, 2, 5};  // of each column's one-hot
  for (size_t i = 0; i < 500; ++i) {
    const Choice& choice = batch.choices[i];
    EXPECT_EQ(choice.row, static_cast<int64_t>(i));
    EXPECT_EQ(f.table.columns[choice.column].codes[batch.rows[i]], choice.code);
    EXPECT_EQ(f.encoder.spans()[choice.column].offset, choice.offset);
    for (int64_t j = 0; j < 7; ++j)
      EXPECT_EQ(batch.vectors[i * 7 + static_cast<size_t>(j)], j == begin[choice.column] + choice.code);
  }
}

TEST(Conditions, ColumnsAreEqualAndCategoriesByCountOrItsLogarithm) {
  for (const bool by_log : {false, true}) {
    const Fitted f(Conditions::Kind::column, by_log);
    Rng rng(3);
    const ConditionBatch batch = f.conditions.draw_training(30'000, rng);
    std::map<std::pair<size_t, int64_t>, double> share;
    for (const Choice& c : batch.choices) share[{c.column, c.code}] += 1.0 / 30'000;
    const double rare = by_log ? std::log1p(40) / (std::log1p(40) + std::log1p(360)) : 0.1;
    EXPECT_NEAR(share.at({0, 1}), rare / 3, 0.01);
    EXPECT_NEAR((share[{1, 0}] + share[{1, 1}] + share[{1, 2}]), 1.0 / 3, 0.015);
    // Sampling goes by true frequencies unless it is told otherwise, however training went.
    std::map<std::pair<size_t, int64_t>, double> drawn;
    for (const Choice& c : f.conditions.draw_sampling(30'000, {}, false, rng).choices)
      drawn[{c.column, c.code}] += 1.0 / 30'000;
    EXPECT_NEAR(drawn.at({0, 1}), 0.1 / 3, 0.01);
  }
}

TEST(Conditions, PermutedKeepsPairs) {
  const Fitted f(Conditions::Kind::column, false);
  Rng rng(4);
  const ConditionBatch batch = f.conditions.draw_training(60, rng), other = f.conditions.permuted(batch, rng);
  const auto pairs = [](const ConditionBatch& b) {
    std::multiset<std::pair<size_t, std::vector<float>>> out;
    for (size_t i = 0; i < 60; ++i) {
      const auto begin = b.vectors.begin() + static_cast<std::ptrdiff_t>(7 * i);
      out.insert({b.rows[i], std::vector<float>(begin, begin + 7)});
    }
    return out;
  };
  EXPECT_EQ(pairs(batch), pairs(other));
  EXPECT_NE(batch.rows, other.rows);
}

TEST(Conditions, ServicesAreThoseOfTrainingRowsEachOnceBeforeAnyAgain) {
  const Fitted f(Conditions::Kind::service, false);
  Rng rng(5);
  const ConditionBatch train = f.conditions.draw_training(200, rng);
  EXPECT_EQ(train.choices.size(), 400U);  // label and protocol, not the address bit
  for (const Choice& c : train.choices) {
    EXPECT_LT(c.column, 2U);
    EXPECT_EQ(f.table.columns[c.column].codes[train.rows[static_cast<size_t>(c.row)]], c.code);
  }
  std::map<std::pair<int64_t, int64_t>, int> real, made;
  for (size_t i = 0; i < 400; ++i) ++real[{f.table.columns[0].codes[i], f.table.columns[1].codes[i]}];
  const ConditionBatch drawn = f.conditions.draw_sampling(400, {}, false, rng);
  for (size_t i = 0; i < 800; i += 2) ++made[{drawn.choices[i].code, drawn.choices[i + 1].code}];
  EXPECT_EQ(real, made);
  for (const Choice& c : f.conditions.draw_sampling(90, {{0, 1}}, false, rng).choices)
    EXPECT_EQ(c.code, c.column == 0 ? 1 : 2);  // the rare label has protocol 17 only
}

TEST(Conditions, GivenCategoriesStandInEveryVectorAlsoAfterLoading) {
  for (const auto kind : {Conditions::Kind::column, Conditions::Kind::service}) {
    const Fitted f(kind, true);
    const auto path = std::filesystem::temp_directory_path() / "headerbench-conditions.h5";
    H5Writer writer(path);
    f.conditions.save(writer);
    writer.finish();
    Conditions loaded;
    loaded.load(H5Reader(path), f.encoder);
    std::filesystem::remove(path);
    for (const std::vector<RowCondition>& given :
         {std::vector<RowCondition>{}, std::vector<RowCondition>{{0, 1}},
          std::vector<RowCondition>{{0, 0}, {2, 1}}}) {
      Rng a(6), b(6);
      const ConditionBatch batch = f.conditions.draw_sampling(50, given, false, a);
      EXPECT_EQ(batch.vectors, loaded.draw_sampling(50, given, false, b).vectors);
      for (size_t i = 0; i < 50; ++i) {
        for (const RowCondition& one : given) {
          const size_t begin = one.column == 0 ? 0 : 5;
          EXPECT_EQ(batch.vectors[i * 7 + begin + static_cast<size_t>(one.code)], 1);
        }
      }
    }
  }
}

TEST(Conditions, OwnOnesAreTheRowsCategoriesInColumnsByChance) {
  const Fitted f(Conditions::Kind::column, false);
  const RecordTable other = labelled_table(37);
  Rng rng(4);
  std::vector<size_t> rows;
  for (size_t i = 0; i < 3000; ++i) rows.push_back(i * 7 % 37);
  const ConditionBatch batch = f.conditions.draw_own(other, rows, rng);
  EXPECT_EQ(batch.rows, rows);
  ASSERT_EQ(batch.vectors.size(), 3000U * 7);
  const std::vector<int64_t> begin{0, 2, 5};  // of each column's one-hot
  std::map<size_t, int> columns;
  for (size_t i = 0; i < 3000; ++i) {
    const Choice& choice = batch.choices.at(i);
    EXPECT_EQ(other.columns[choice.column].codes[rows[i]], choice.code);
    for (int64_t j = 0; j < 7; ++j)
      EXPECT_EQ(batch.vectors[i * 7 + static_cast<size_t>(j)], j == begin[choice.column] + choice.code);
    ++columns[choice.column];
  }
  for (size_t c = 0; c < 3; ++c) EXPECT_NEAR(columns[c], 1000, 110);
  EXPECT_TRUE(f.conditions.draw_own(other, {}, rng).vectors.empty());
}

}  // namespace
}  // namespace bench
