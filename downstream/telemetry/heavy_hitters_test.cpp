#include "downstream/telemetry/heavy_hitters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/stats.h"
#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

using ::testing::DoubleEq;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Numbers = std::vector<uint32_t>;
using Values = std::vector<double>;

// Key i (address i + 1) has totals[i] records.
KeyedStream stream_of(const std::vector<int64_t>& totals) {
  Trace trace;
  for (size_t i = 0; i < totals.size(); ++i) {
    trace.srcip.insert(trace.srcip.end(), static_cast<size_t>(totals[i]), static_cast<uint32_t>(i + 1));
  }
  return keyed_stream(trace, KeyField::srcip, WeightUnit::records);
}

Values as_doubles(const std::vector<int64_t>& totals) { return {totals.begin(), totals.end()}; }

TEST(HeavyKeys, ByShareOfTheTotal) {
  const KeyedStream stream = stream_of({50, 30, 15, 4, 1});
  const Values exact = as_doubles(stream.totals);
  EXPECT_THAT(heavy_keys(stream, exact, {Threshold::Of::total, 0.15}), ElementsAre(0, 1, 2));
  EXPECT_THAT(heavy_keys(stream, exact, {Threshold::Of::total, 0.151}), ElementsAre(0, 1));
  EXPECT_THAT(heavy_keys(stream, exact, {Threshold::Of::total, 0.6}), IsEmpty());
  // Estimates against the exact total.
  EXPECT_THAT(heavy_keys(stream, Values{10, 0, 14.9, 15, 900}, {Threshold::Of::total, 0.15}),
              ElementsAre(3, 4));
}

TEST(HeavyKeys, ByShareOfTheKeysWithTiesForTheSmallerKey) {
  const KeyedStream stream = stream_of({1, 5, 5, 9, 5});
  const Values exact = as_doubles(stream.totals);
  EXPECT_THAT(heavy_keys(stream, exact, {Threshold::Of::keys, 0.4}), ElementsAre(1, 3));
  EXPECT_THAT(heavy_keys(stream, exact, {Threshold::Of::keys, 0.01}), ElementsAre(3));
  EXPECT_THAT(heavy_keys(stream, exact, {Threshold::Of::keys, 1}), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(heavy_keys(stream_of(std::vector<int64_t>(30, 1)), Values(30), {Threshold::Of::keys, 0.1}).size(),
            3U);
  // Keys count, not their order in the trace: the same records backwards choose the same keys.
  Trace trace;
  trace.srcip = {3, 2, 1, 4};
  const KeyedStream backwards = keyed_stream(trace, KeyField::srcip, WeightUnit::records);
  const auto chosen = heavy_keys(backwards, Values{1, 1, 1, 1}, {Threshold::Of::keys, 0.5});
  EXPECT_THAT(chosen, ElementsAre(1, 2));  // places of addresses 2 and 1
}

TEST(MeanRelativeError, ByHand) {
  const KeyedStream stream = stream_of({50, 30, 20});
  EXPECT_DOUBLE_EQ(mean_relative_error(stream, Numbers{0, 2}, Values{60, 0, 15}), (0.2 + 0.25) / 2);
  EXPECT_DOUBLE_EQ(mean_relative_error(stream, Numbers{1}, Values{0, -30, 0}), 2);
}

TEST(SetAgreement, ByHand) {
  const SetAgreement set = set_agreement(Numbers{1, 2, 3, 4}, Numbers{3, 4, 5});
  EXPECT_DOUBLE_EQ(set.precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(set.recall, 0.5);
  EXPECT_DOUBLE_EQ(set.f1, 2 * (2.0 / 3) * 0.5 / (2.0 / 3 + 0.5));
  EXPECT_DOUBLE_EQ(set.jaccard_error, 1 - 2.0 / 5);
  const SetAgreement none = set_agreement(Numbers{1}, Numbers{});
  EXPECT_EQ(none.precision, 0);
  EXPECT_EQ(none.f1, 0);
  EXPECT_EQ(none.jaccard_error, 1);
  const SetAgreement same = set_agreement(Numbers{1, 9}, Numbers{1, 9});
  EXPECT_EQ(same.f1, 1);
  EXPECT_EQ(same.jaccard_error, 0);
}

TEST(SketchErrors, OneColumnByHand) {
  // Count-Min of one column answers the total 100 for every key: all 3 are found.
  const KeyedStream stream = stream_of({50, 40, 10});
  const SketchErrors errors =
      sketch_errors(stream, sized(SketchKind::count_min, 2, 1), {Threshold::Of::total, 0.3}, Seed(1), 4);
  EXPECT_EQ(errors.reason, "");
  EXPECT_EQ(errors.records, 100);
  EXPECT_EQ(errors.keys, 3);
  EXPECT_EQ(errors.heavy, 2);
  EXPECT_EQ(errors.hh_count, Values(4, (1 + 1.5) / 2));
  EXPECT_EQ(errors.hh_number, Values(4, 0.03));
  ASSERT_EQ(errors.hh_set.size(), 4U);
  EXPECT_DOUBLE_EQ(errors.hh_set[0].precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(errors.hh_set[0].recall, 1);
}

TEST(SketchErrors, WideCountMinMakesNone) {
  const KeyedStream stream = zipf_stream(5000, 800, 1, 1);
  for (const Threshold& threshold : {Threshold{}, Threshold{Threshold::Of::keys, 0.1}}) {
    const SketchErrors errors =
        sketch_errors(stream, sized(SketchKind::count_min, 5, 100'000), threshold, Seed(1));
    EXPECT_EQ(errors.hh_count, Values(kHashSeeds, 0.0));
    for (const SetAgreement& set : errors.hh_set) EXPECT_EQ(set.jaccard_error, 0);
    EXPECT_EQ(errors.hh_number.empty(), threshold.of == Threshold::Of::keys);
  }
}

TEST(SketchErrors, SketchesOfNetSharesTaskInTheirOrder) {
  // Count-Min adds about the rest of the total / 1000 to every key; a Count Sketch is off by the root of the
  // rest's second moment / 1000, less here. UnivMon's level 0 is of the same law; a tenth of the columns and
  // of the records cost more than both.
  const KeyedStream stream = zipf_stream(100'000, 20'000, 1.1, 1);
  Values means;
  for (const SketchKind kind : all_sketch_kinds()) {
    means.push_back(mean(sketch_errors(stream, default_options(kind), {}, Seed(3)).hh_count));
  }
  EXPECT_LT(means[1], means[0]);
  EXPECT_NEAR(means[2] / means[1], 1, 0.2);
  EXPECT_GT(means[3], 3 * means[1]);
}

TEST(SketchErrors, SayWhyThereAreNone) {
  const SketchErrors even = sketch_errors(stream_of(std::vector<int64_t>(2000, 1)), {}, {}, Seed(1));
  EXPECT_THAT(even.reason, HasSubstr("no key has 0.1 % of the total"));
  EXPECT_THAT(even.hh_count, IsEmpty());
  const KeyedStream nothing = keyed_stream(Trace{}, KeyField::srcip, WeightUnit::records);
  EXPECT_THAT(sketch_errors(nothing, {}, {}, Seed(1)).reason, HasSubstr("no records"));
  EXPECT_THROW(
      sketch_errors(even.hh_count.empty() ? stream_of({1}) : nothing, {}, {Threshold::Of::total, 0}, Seed(1)),
      Error);
}

TEST(SketchErrors, KeysWithoutWeightAreNoHeavyHitters) {
  Trace trace;
  trace.kind = TraceKind::flows;
  trace.srcip = {1, 2, 3, 4};
  trace.packets = {0, 7, 0, 0};
  const KeyedStream stream = keyed_stream(trace, KeyField::srcip, WeightUnit::packets);
  const SketchErrors errors =
      sketch_errors(stream, sized(SketchKind::count_min, 5, 10'000), {Threshold::Of::keys, 1}, Seed(1), 1);
  EXPECT_EQ(errors.heavy, 1);
  EXPECT_THAT(errors.hh_count, ElementsAre(0));
}

TEST(RelativeDifference, ByHandAndGuarded) {
  const Difference difference = relative_difference(Values{1, 3}, Values{2, 6});
  EXPECT_DOUBLE_EQ(difference.value, 1);
  EXPECT_FALSE(difference.absolute);
  EXPECT_THAT(difference.per_seed, ElementsAre(DoubleEq(0.5), DoubleEq(1.5)));
  const Difference guarded = relative_difference(Values{0, 0}, Values{0.5, 0.25});
  EXPECT_TRUE(guarded.absolute);
  EXPECT_DOUBLE_EQ(guarded.value, 0.375);
  EXPECT_THAT(guarded.per_seed, ElementsAre(0.5, 0.25));
  EXPECT_EQ(relative_difference(Values{2, 2}, Values{1, 3}).value, 0);
}

TEST(Compare, ATraceWithItselfIsZero) {
  const KeyedStream stream = zipf_stream(20'000, 3000, 1, 1);
  const SketchErrors errors = sketch_errors(stream, default_options(SketchKind::nitro_sketch), {}, Seed(1));
  for (const ErrorDefinition definition :
       {ErrorDefinition::hh_count, ErrorDefinition::hh_number, ErrorDefinition::hh_set}) {
    const Difference difference = compare(definition, errors, errors);
    EXPECT_EQ(difference.reason, "");
    EXPECT_EQ(difference.value, 0);
    EXPECT_THAT(difference.per_seed, Each(0));
    EXPECT_EQ(difference.per_seed.size(), static_cast<size_t>(kHashSeeds));
  }
}

TEST(Compare, EachDefinitionReadsItsOwnErrors) {
  SketchErrors real, synthetic;
  real.hh_count = {0.1};
  synthetic.hh_count = {0.3};
  real.hh_number = {0.02};
  synthetic.hh_number = {0.01};
  real.hh_set = {set_agreement(Numbers{1, 2}, Numbers{1})};
  synthetic.hh_set = {set_agreement(Numbers{1, 2, 3, 4}, Numbers{1})};
  EXPECT_DOUBLE_EQ(compare(ErrorDefinition::hh_count, real, synthetic).value, 2);
  EXPECT_DOUBLE_EQ(compare(ErrorDefinition::hh_number, real, synthetic).value, 0.5);
  EXPECT_DOUBLE_EQ(compare(ErrorDefinition::hh_set, real, synthetic).value, 0.5);
}

TEST(Compare, NamesTheSideWithoutErrors) {
  SketchErrors fine, none;
  fine.hh_count = {0.1};
  none.reason = "no key is heavy";
  EXPECT_EQ(compare(ErrorDefinition::hh_count, fine, none).reason, "synthetic trace: no key is heavy");
  EXPECT_EQ(compare(ErrorDefinition::hh_count, none, fine).reason, "real trace: no key is heavy");
  EXPECT_THAT(compare(ErrorDefinition::hh_number, fine, fine).reason, HasSubstr("share of the keys"));
  EXPECT_EQ(hh_rank(std::vector{fine, none}, std::vector{fine, fine}, Seed(1)).reason,
            "real trace: no key is heavy");
}

TEST(HhRank, IsSpearmanOfMeanErrors) {
  const auto with = [](Values errors) {
    SketchErrors out;
    out.hh_count = std::move(errors);
    return out;
  };
  const std::vector<SketchErrors> real{with({1, 2}), with({3, 4}), with({5, 6}), with({7, 8})};
  const std::vector<SketchErrors> swapped{with({3, 3}), with({1, 1}), with({5, 5}), with({9, 9})};
  const RankResult result = hh_rank(real, swapped, Seed(1));
  EXPECT_EQ(result.reason, "");
  EXPECT_DOUBLE_EQ(result.agreement.spearman, 0.8);
  EXPECT_DOUBLE_EQ(result.agreement.kendall, 2.0 / 3);
  EXPECT_DOUBLE_EQ(result.agreement.spearman_interval.lo, 0.8);
  EXPECT_THAT(hh_rank(std::vector{with({1})}, std::vector{with({1})}, Seed(1)).reason,
              HasSubstr("fewer than two"));
}

}  // namespace
}  // namespace bench
