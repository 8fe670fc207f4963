#include "models/bayes_net/back_off.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

using Column = std::vector<int32_t>;

/// Rows of a parent with 4 values, one with 20, and an x that depends on both.
struct Rows {
  Column first, second, x;
};
Rows some_rows(size_t n) {
  Rng rng = Seed(7).rng();
  Rows out;
  for (size_t i = 0; i < n; ++i) {
    out.first.push_back(static_cast<int32_t>(rng() % 4));
    out.second.push_back(static_cast<int32_t>(rng() % 20) - 1);
    const uint64_t noise = rng() % 10;
    out.x.push_back(static_cast<int32_t>(noise < 6   ? out.first.back()
                                         : noise < 9 ? out.second.back() / 2 + 5
                                                     : rng() % 30));
  }
  return out;
}

/// The chances by their definition, from lists of pairs: x in a context of so many parents.
class Definition {
 public:
  Definition(const Rows& rows, size_t floor) : floor_(floor) {
    for (size_t i = 0; i < rows.x.size(); ++i) add({rows.first[i], rows.second[i]}, rows.x[i]);
  }
  void add(const std::vector<int32_t>& parents, int32_t x) { rows_.emplace_back(parents, x); }
  void remove(size_t row) { rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(row)); }

  /// As a draw without urns has it (equal = false) or as the likelihood without a row (equal = true), where
  /// the floor backs off to equal chances. `like`: whose discounts and values count.
  double chance(const std::vector<int32_t>& parents, int32_t x, const Definition& like, bool equal) const {
    for (size_t l = 2;; --l) {
      if (l == floor_ || counts(l, true).contains(cut(parents, l)))
        return at(l, true, parents, x, like, equal);
    }
  }

 private:
  using Counts = std::map<std::vector<int32_t>, std::map<int32_t, int>>;
  static std::vector<int32_t> cut(std::vector<int32_t> parents, size_t l) {
    return {parents.begin(), parents.begin() + static_cast<std::ptrdiff_t>(l)};
  }
  /// Of rows, or of distinct contexts of the level above, which count the same way.
  Counts counts(size_t l, bool of_rows) const {
    Counts out;
    if (of_rows) {
      for (const auto& [parents, x] : rows_) ++out[cut(parents, l)][x];
      return out;
    }
    for (const auto& [context, values] : counts(l + 1, true))
      for (const auto& [x, count] : values) ++out[cut(context, l)][x];
    return out;
  }
  static double discount(const Counts& counts) {
    double once = 0, twice = 0;
    for (const auto& [context, values] : counts) {
      for (const auto& [x, count] : values) {
        once += count == 1;
        twice += count == 2;
      }
    }
    return once > 0 ? once / (once + 2 * twice) : 0;
  }
  double at(size_t l, bool of_rows, const std::vector<int32_t>& parents, int32_t x, const Definition& like,
            bool equal) const {
    const Counts all = counts(l, of_rows);
    const auto values = all.find(cut(parents, l));
    if (values == all.end())  // only without the row
      return l == floor_ ? 1.0 / static_cast<double>(like.counts(l, true).at(cut(parents, l)).size())
                         : at(l - 1, of_rows, parents, x, like, equal);
    double total = 0, n = 0;
    for (const auto& [value, count] : values->second) {
      total += count;
      if (value == x) n = count;
    }
    const double d = l == floor_ && !equal ? 0 : discount(like.counts(l, of_rows));
    double below = 0;
    if (l > floor_) below = at(l - 1, false, parents, x, like, equal);
    if (l == floor_) below = 1.0 / static_cast<double>(like.counts(l, true).at(cut(parents, l)).size());
    return std::max(n - d, 0.0) / total + d * static_cast<double>(values->second.size()) / total * below;
  }

  size_t floor_;
  std::vector<std::pair<std::vector<int32_t>, int32_t>> rows_;
};

TEST(BackOff, ChancesFollowTheirDefinition) {
  const Rows rows = some_rows(150);
  for (const size_t floor : {0U, 1U}) {
    const BackOffTable table(rows.x, {rows.first, rows.second}, floor);
    const Definition definition(rows, floor);
    for (int32_t a = 0; a < 4; ++a) {
      for (int32_t b = -1; b < 21; ++b) {  // 20 did not occur
        double sum = 0;
        for (int32_t x = 0; x < 31; ++x) {
          const double chance = table.probability(x, Column{a, b});
          EXPECT_NEAR(chance, definition.chance({a, b}, x, definition, false), 1e-12);
          sum += chance;
        }
        EXPECT_NEAR(sum, 1, 1e-12);
      }
    }
  }
}

TEST(BackOff, LeaveOneOutIsTheLikelihoodWithoutTheRow) {
  const Rows rows = some_rows(60);
  for (const size_t floor : {0U, 1U}) {
    const Fit fit = BackOffTable(rows.x, {rows.first, rows.second}, floor).fit();
    const Definition all(rows, floor);
    double sum = 0;
    for (size_t i = 0; i < rows.x.size(); ++i) {
      Definition without = all;
      without.remove(i);
      sum += std::log(without.chance({rows.first[i], rows.second[i]}, rows.x[i], all, true));
    }
    EXPECT_NEAR(fit.leave_one_out, sum / 60, 1e-9) << floor;
  }
}

TEST(BackOff, LikelihoodAndParametersOfATwoByTwoTable) {
  const Column parent{0, 0, 0, 0, 1, 1}, x{0, 0, 0, 1, 1, 1};
  const Fit fit = BackOffTable(x, {parent}, 0).fit();
  EXPECT_NEAR(fit.likelihood, (3 * std::log(.75) + std::log(.25)) / 6, 1e-12);
  EXPECT_NEAR(fit.parameters, 1.0 / 6, 1e-12);  // two values in the one context, one in the other
}

TEST(BackOff, DrawsHaveTheirChances) {
  const Rows rows = some_rows(200);
  const BackOffTable table(rows.x, {rows.first, rows.second}, 0);
  for (const bool used : {false, true}) {
    for (const int32_t second : {3, 20}) {
      BackOffTable::Urns urns(table, used);
      Rng rng = Seed(1).rng();
      std::map<int32_t, double> shares;
      constexpr int kDraws = 40'000;
      for (int i = 0; i < kDraws; ++i) shares[table.draw(Column{1, second}, urns, rng)] += 1.0 / kDraws;
      for (int32_t x = 0; x < 31; ++x) EXPECT_NEAR(shares[x], table.probability(x, Column{1, second}), .012);
    }
  }
}

TEST(BackOff, UrnsGiveEveryRowOnceBeforeAnyComesAgain) {
  const Rows rows = some_rows(90);
  const BackOffTable table(rows.x, {}, 0);
  BackOffTable::Urns urns(table, true);
  Rng rng = Seed(1).rng();
  for (int round = 0; round < 2; ++round) {
    std::map<int32_t, int> drawn, real;
    for (const int32_t x : rows.x) {
      ++real[x];
      ++drawn[table.draw({}, urns, rng)];
    }
    EXPECT_EQ(drawn, real);
  }
}

TEST(BackOff, AFloorIsNeverLeft) {
  const Rows rows = some_rows(200);
  Column pairs;  // x says its parent
  for (size_t i = 0; i < rows.x.size(); ++i) pairs.push_back(100 * rows.first[i] + rows.x[i]);
  const BackOffTable table(pairs, {rows.first, rows.second}, 1);
  BackOffTable::Urns urns(table, true);
  Rng rng = Seed(1).rng();
  for (int i = 0; i < 2000; ++i) {
    const int32_t parent = i % 4;
    EXPECT_EQ(table.draw(Column{parent, i % 23 - 1}, urns, rng) / 100, parent);
  }
}

TEST(BackOff, LoadedTablesDrawTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "back_off.h5";
  const Rows rows = some_rows(100);
  const BackOffTable saved(rows.x, {rows.first, rows.second}, 1);
  H5Writer file(path);
  saved.save(file, "x");
  file.finish();
  BackOffTable loaded;
  loaded.load(H5Reader(path), "x");
  BackOffTable::Urns urns(saved, true), others(loaded, true);
  Rng rng = Seed(1).rng(), other = Seed(1).rng();
  for (int i = 0; i < 500; ++i)
    EXPECT_EQ(saved.draw(Column{i % 4, i % 25 - 1}, urns, rng),
              loaded.draw(Column{i % 4, i % 25 - 1}, others, other));
  EXPECT_THROW(loaded.load(H5Reader(path), "y"), Error);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace bench
