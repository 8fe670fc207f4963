#include "experiments/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/error.h"
#include "core/rank.h"
#include "datasets/surrogate/surrogate.h"

namespace bench {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(RankSum, TheExampleOfTheSpecification) {
  const RankSum out = rank_sum({{3, 1, 2}, {1, 1, 5}}, 3);
  EXPECT_THAT(out.ranks[0], ElementsAre(3, 1, 2));
  EXPECT_THAT(out.ranks[1], ElementsAre(1.5, 1.5, 3));
  EXPECT_THAT(out.sums, ElementsAre(4.5, 2.5, 5));
  EXPECT_EQ(out.winner, 1U);
}

TEST(RankSum, TheFirstOfEqualsWinsAndInfinityIsLast) {
  EXPECT_EQ(rank_sum({{2, 1, 1}}, 3).winner, 1U);
  EXPECT_EQ(rank_sum({}, 3).winner, 0U);
  const double missing = std::numeric_limits<double>::infinity();
  EXPECT_THAT(average_ranks(std::vector<double>{missing, 7, missing, -1}), ElementsAre(3.5, 2, 3.5, 1));
}

Score score(const char* metric, const char* mode, const char* field, double value) {
  return {metric, mode, field, Outcome::value, value, "", "", Direction::lower, 1, 1};
}

TEST(Comparison, MeansOverSeedsRanksAndNormalises) {
  Comparison comparison(3);
  const double first[3][2] = {{2, 4}, {1, 1}, {2, 2}};
  for (size_t c = 0; c < 3; ++c) {
    for (const double v : first[c]) comparison.add(c, score("jsd", "paper", "srcip", v), "here");
    comparison.add(c, score("emd_log1p", "strict", "td", 100 - static_cast<double>(c)));
    comparison.add(c, score("emd_peer", "paper", "td", 100 - static_cast<double>(c)));
  }
  comparison.add(0, score("ks", "strict", "flow_size", 1), "here");
  comparison.add(2, score("ks", "strict", "flow_size", 5), "here");
  Score lacking = score("jsd", "paper", "time", 0);
  lacking.outcome = Outcome::not_applicable;
  for (size_t c = 0; c < 3; ++c) comparison.add(c, lacking);

  const Comparison::Result out = comparison.result();
  ASSERT_EQ(out.metrics.size(), 2U) << "emd_log1p and emd_peer do not choose, and nobody has a time";
  EXPECT_EQ(out.metrics[0].name, "here: jsd srcip");
  EXPECT_THAT(out.metrics[0].values, ElementsAre(3, 1, 2));
  EXPECT_THAT(out.metrics[1].ranks, ElementsAre(1, 3, 2));
  EXPECT_THAT(out.sums, ElementsAre(4, 4, 4));
  EXPECT_EQ(out.winner, 0U);
  // srcip scaled: 1, 0, 1/2; flow_size scaled: 0, 1 (missing), 1.
  EXPECT_THAT(out.normalised_means,
              ElementsAre(DoubleNear(0.5, 1e-12), DoubleNear(0.5, 1e-12), DoubleNear(0.75, 1e-12)));
}

/// Snapshot i replays one of several traces; an empty one stands for a snapshot that cannot sample.
class Replay : public Generator {
 public:
  explicit Replay(std::vector<Trace> traces) : traces_(std::move(traces)) {}
  void fit(const TrainingTrace&, FitContext&) override {}
  Trace sample(int64_t records, SampleContext&) override {
    if (traces_[at_].size() == 0) fail(Kind::invalid_output, "nothing comes out");
    asked = records;
    return slice(traces_[at_], 0, static_cast<size_t>(records));
  }
  void save(const std::filesystem::path&) const override {}
  void load(const std::filesystem::path&) override {}
  int64_t snapshots() const override { return static_cast<int64_t>(traces_.size()); }
  void use_snapshot(int64_t index) override { at_ = static_cast<size_t>(index); }
  int64_t asked = 0;

 private:
  std::vector<Trace> traces_;
  size_t at_ = 0;
};

/// The trace with all flows from one host: wrong in several columns.
Trace flattened(Trace trace) {
  std::fill(trace.srcip.begin(), trace.srcip.end(), 1U);
  std::fill(trace.dstport.begin(), trace.dstport.end(), uint16_t{9});
  return trace;
}

TEST(SelectSnapshot, TheOneThatIsLikeTheSliceWins) {
  const Trace real = simulate("ugr16-surrogate", 200, Seed(1));
  Replay generator({flattened(real), Trace{}, real, flattened(real)});
  SilentProgress silent;
  SampleContext context{Seed(2), 1, "cpu", silent};
  const Trace validation = slice(real, 0, 150);
  const nlohmann::json out = select_snapshot(generator, validation, time_window(real), context);
  EXPECT_EQ(out["winner"], 2);
  EXPECT_EQ(generator.asked, 150);
  ASSERT_EQ(out["failed"].size(), 1U);
  EXPECT_EQ(out["failed"][0]["snapshot"], 1);
  for (const auto& metric : out["metrics"]) {
    EXPECT_EQ(metric["ranks"][1], 4) << "what failed ranks last in " << metric;
    EXPECT_EQ(metric["values"][2], 0) << metric;
    EXPECT_LE(metric["ranks"][2], 2) << metric;
  }
}

TEST(SelectSnapshot, NoneThatCanSampleIsAnError) {
  Replay generator({Trace{}, Trace{}});
  SilentProgress silent;
  SampleContext context{Seed(2), 1, "cpu", silent};
  const Trace real = simulate("ugr16-surrogate", 50, Seed(1));
  try {
    select_snapshot(generator, real, time_window(real), context);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::invalid_output);
  }
}

}  // namespace
}  // namespace bench
