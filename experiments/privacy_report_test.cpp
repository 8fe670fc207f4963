#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/params.h"
#include "experiments/privacy_points.h"
#include "experiments/reports.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

/// A private netshare; "inf" has no epsilons in its record.
RunRow private_row(const std::string& label, const std::string& epsilon, int64_t seed, double jsd,
                   double emd) {
  RunRow out;
  out.dataset = "ugr16";
  out.generator = "netshare";
  out.variant = label + ",epsilon=" + epsilon;
  out.params = {{"privacy", "dp"}, {"epsilon", epsilon}, {"noise_multiplier", 0.0}};
  out.seed = seed;
  out.train_cpu = 12.5;
  out.scores = {{"jsd paper srcip", jsd}, {"jsd paper proto", jsd}, {"emd paper byt", emd}};
  out.privacy = {{"unit", "flow"}, {"delta", 1e-5}, {"budget", epsilon}};
  if (epsilon == "inf") return out;
  const double value = std::stod(epsilon);
  out.privacy["noise_multiplier"] = 4 / value;
  out.privacy["epsilon"] = {{"renyi", value}, {"numerical", .75 * value}, {"as published", .5 * value}};
  return out;
}

TEST(PrivacyPoints, ABudgetIsRecognised) {
  const auto text = [](const json& params) {
    const auto budget = budget_of(params);
    return budget ? budget->text() : "none";
  };
  EXPECT_EQ(text({{"privacy", "dp"}, {"epsilon", "2"}}), "2");
  EXPECT_EQ(text({{"privacy", "dp"}, {"epsilon", "inf"}}), "inf");
  EXPECT_EQ(text({{"epsilon", 0.5}}), "0.5") << "a number, and no parameter \"privacy\"";
  EXPECT_EQ(text({{"epsilon", 0}}), "inf") << "marginal_dp: no noise";
  EXPECT_EQ(text({{"privacy", "dp"}, {"epsilon", "inf"}, {"noise_multiplier", 0.01}}), "sigma 0.01");
  EXPECT_EQ(text({{"privacy", "public"}, {"epsilon", "2"}, {"noise_multiplier", 1}}), "inf")
      << "it protects nothing, whatever the budget";
  EXPECT_EQ(text({{"privacy", "none"}, {"epsilon", "2"}}), "none");
  EXPECT_EQ(text({{"batch", 4}}), "none");
}

TEST(PrivacyPoints, TheBudgetIsNoPartOfTheRegime) {
  EXPECT_EQ(regime_of("netshare", "naive,epsilon=1"), "naive");
  EXPECT_EQ(regime_of("netshare", "epsilon=1,chunks=2"), "chunks=2");
  EXPECT_EQ(regime_of("netshare", "same,noise_multiplier=4"), "same");
  EXPECT_EQ(regime_of("marginal_dp", "epsilon=4"), "marginal_dp");
  EXPECT_EQ(without_axis("my_epsilon=1,epsilon=2", "epsilon"), "my_epsilon=1") << "a name that ends alike";
}

TEST(PrivacyPoints, GivenNoiseStandsWhereTheAccountantPutsIt) {
  RunRow given = private_row("naive", "inf", 0, .5, 1);
  given.variant = "naive,noise_multiplier=4";
  given.params["noise_multiplier"] = 4;
  std::vector<RunRow> rows{private_row("naive", "2", 0, .5, 1), given, private_row("naive", "inf", 0, .5, 2)};
  const auto place = [&](double noise) {
    const auto all = privacy_curves(rows, {});
    return all.at(0).find("naive", {std::numeric_limits<double>::infinity(), noise})->epsilon();
  };
  EXPECT_EQ(place(4), std::nullopt) << "no row says it";
  rows[1].privacy["epsilon"] = {{"renyi", 24.0}};
  EXPECT_EQ(place(4), 24);
  rows[1].privacy["epsilon"]["numerical"] = 20;
  EXPECT_EQ(place(4), 20);
  EXPECT_EQ(place(0), std::numeric_limits<double>::infinity());
  EXPECT_EQ(privacy_curves(rows, {}).at(0).points[1].budget.noise, 4) << "between 2 and inf";
}

TEST(PrivacyPoints, EmdIsScaledBetweenTheBestAndTheWorstPrivateRow) {
  std::vector<RunRow> rows{private_row("naive", "1", 0, .5, 10), private_row("same", "1", 0, .5, 30),
                           private_row("same", "2", 0, .5, 15), private_row("", "inf", 0, .5, 50)};
  rows[3].generator = "uniform";
  rows[3].params = json::object();
  for (RunRow& row : rows) row.scores["emd paper td"] = 7;
  rows[1].scores["emd paper pkt"] = 1;
  rows[2].scores["emd paper pkt"] = 2;
  const PrivacyCurves curves = privacy_curves(rows, {}).at(0);
  EXPECT_EQ(curves.emd.at(&rows[0]), 0);
  EXPECT_EQ(curves.emd.at(&rows[1]), .5) << "1 for bytes, 0 for packets; nobody differs in td";
  EXPECT_EQ(curves.emd.at(&rows[2]), .625);
  EXPECT_EQ(curves.emd.at(&rows[3]), 2) << "a reference lies outside";
  rows[0].scores.erase("emd paper byt");
  EXPECT_EQ(privacy_curves(rows, {}).at(0).emd.count(&rows[0]), 0u) << "no field to say it";
}

/// Regimes naive and same at epsilon 1 and 16 with two seeds each, without noise, and a reference row.
std::vector<RunRow> two_regimes(double naive, double same) {
  std::vector<RunRow> rows;
  for (const char* epsilon : {"16", "1", "inf"}) {
    for (const int64_t seed : {0, 1}) {
      const auto more = static_cast<double>(seed);
      rows.push_back(private_row("naive", epsilon, seed, naive + .2 * more, 100));
      rows.push_back(private_row("same", epsilon, seed, same, 200 + 100 * more));
    }
  }
  RunRow split;
  split.dataset = "ugr16";
  split.generator = "split";
  split.scores = {{"jsd paper srcip", .125}, {"emd paper byt", 50}};
  rows.push_back(split);
  return rows;
}

TEST(PrivacyReport, TableOfRegimesAndBudgets) {
  std::vector<RunRow> rows = two_regimes(.5, .25);
  rows[2].scores["canary_epsilon strict closest"] = .125;
  rows[2].scores["canary_accuracy strict closest"] = .5;
  rows[4].scores["canary_epsilon strict closest"] = .5;
  rows[6].scores["canary_epsilon strict closest"] = .25;
  rows[6].scores["canary_accuracy strict closest"] = .75;
  rows[0].scores["cmd_tv strict every pair"] = .375;
  const RunFailure failure{"ugr16",    "netshare", "naive,epsilon=1",
                           "diverged", "is NaN",   {{"privacy", "dp"}, {"epsilon", "1"}}};
  const std::string text = privacy_report(rows, {failure}, json::object()).markdown;
  EXPECT_THAT(text, HasSubstr("- naive: one unit is a flow; delta 1e-05\n"));
  // regime, epsilon, sigma, by orders, numerical, as published, JSD, EMD, TV, canaries, CPU, ok
  EXPECT_THAT(text, ContainsRegex("\\| naive +\\| +1 \\| +4 \\| +1 \\| +0.75 \\| +0.5 \\| +0.600 ±0.141 \\| "
                                  "+0.000 ±0.000 \\| +- \\| +0.5 \\| +0.750 \\| +12.5 \\| +2/3 \\|"))
      << text;
  EXPECT_THAT(text,
              ContainsRegex("\\| naive +\\| +16 \\| +0.25 \\|[^\n]* \\| +0.375 \\| +0.125 \\| +0.500 \\|"));
  EXPECT_THAT(text, ContainsRegex("\\| same +\\| +16 \\|[^\n]* \\| +0.750 ±0.354 \\|"));
  EXPECT_THAT(text, ContainsRegex("\\| naive +\\| +inf \\| +- \\| +inf \\| +inf \\| +inf \\|"));
  EXPECT_THAT(text, ContainsRegex("\\| \\(split\\) +\\|[ |]+\\| +0.125 \\| +-0.250 \\|"));
  const auto at = [&](const char* numerical) { return text.find(fmt::format(" {} |", numerical)); };
  EXPECT_LT(at("0.75"), at("12")) << "in order of epsilon";
  EXPECT_THAT(text, Not(HasSubstr("C2ST"))) << "no row has it";
  EXPECT_THAT(text, HasSubstr("- netshare[naive,epsilon=1] on ugr16: diverged: is NaN"));
  EXPECT_THROW(privacy_report({rows.back()}, {}, json::object()), Error);
}

TEST(PrivacyReport, CurvesEndAtAPlaceOfTheirOwnForNoNoise) {
  const Report report = privacy_report(two_regimes(.5, .25), {}, json::object());
  ASSERT_EQ(report.panels.size(), 2U) << "JSD and EMD";
  const Panel& panel = report.panels[0];
  EXPECT_EQ(panel.x_marks, (std::vector<std::pair<double, std::string>>{{32, "inf"}}));
  EXPECT_FALSE(panel.log_y);
  ASSERT_EQ(panel.lines.size(), 2U);
  EXPECT_EQ(panel.lines[0].title, "naive");
  ASSERT_EQ(panel.lines[0].points.size(), 3U);
  EXPECT_EQ(panel.lines[0].points[0].first, 1);
  EXPECT_EQ(panel.lines[0].points[2].first, 32);
  EXPECT_DOUBLE_EQ(panel.lines[0].points[0].second, .6);
  EXPECT_DOUBLE_EQ(panel.lines[0].spans[0].first, .5);
  EXPECT_DOUBLE_EQ(panel.lines[0].spans[0].second, .7);
}

TEST(PrivacyReport, SentencesFollowTheData) {
  const auto text = [](std::vector<RunRow> rows) {
    return privacy_report(rows, {}, json::object()).markdown;
  };
  const std::string better = text(two_regimes(.5, .25));
  EXPECT_THAT(better, HasSubstr("By mean JSD, pre-training on the same kind of network beats none at 1 of 1 "
                                "budgets up to epsilon 8, in every seed at 1.\n\n"
                                "- epsilon 1: same 0.250, naive 0.600: better by 0.350, better in 2 of 2 "
                                "seeds\n"))
      << "16 and inf are not compared";
  EXPECT_THAT(better, HasSubstr("By mean normalised EMD, pre-training on the same kind of network beats none "
                                "at 0 of 1 budgets"));
  EXPECT_THAT(text(two_regimes(.5, .625)),
              HasSubstr("at 0 of 1 budgets up to epsilon 8, in every seed at 0.\n\n- epsilon 1: same "
                        "0.625, naive 0.600: worse by 0.025, better in 1 of 2"));
  EXPECT_THAT(better, Not(HasSubstr("marginal"))) << "no such regime";
  std::vector<RunRow> three = two_regimes(.5, .25);
  three.push_back(private_row("marginal", "4", 0, .125, 100));
  EXPECT_THAT(text(three), HasSubstr("By mean JSD, marginal and same cannot be compared"));
  RunRow marginal = private_row("marginal", "1", 1, .125, 100);
  marginal.params = {{"epsilon", 1}};
  marginal.privacy["unit"] = "record";
  three.back() = marginal;
  EXPECT_THAT(
      text(three),
      HasSubstr("noisy marginals beat pre-training on the same kind at 1 of 1 budgets up "
                "to epsilon 8, in every seed at 1. Their units differ, so their guarantees do.\n\n- epsilon "
                "1: marginal 0.125, same 0.250: better by 0.125, better in 1 of 1 seeds"));
}

TEST(PrivacyReport, PublishedCurvesStandBeside) {
  const json published =
      read_json_file(std::string(HEADERBENCH_ROOT) + "/results/reference/netshare_privacy.json");
  const Report report = privacy_report(two_regimes(.5, .25), {}, published);
  EXPECT_THAT(report.markdown, HasSubstr("No point has an epsilon below 24.3."));
  EXPECT_THAT(report.markdown, ContainsRegex("\\| same +\\| +0.199 \\| +0.420 \\|"));
  EXPECT_THAT(report.markdown, Not(HasSubstr("0.233"))) << "caida is not in the run";
  ASSERT_EQ(report.panels.size(), 3U);
  EXPECT_EQ(report.panels[2].lines.size(), 3U);
  EXPECT_EQ(report.panels[2].lines[1].title, report.panels[0].lines[1].title) << "in the same colour";
  for (const Line& line : report.panels[2].lines) {
    EXPECT_EQ(line.points.size(), 7U);
    for (const auto& [epsilon, emd] : line.points) EXPECT_GT(epsilon, 20) << "the remark on the page";
  }
  json damaged = published;
  damaged["datasets"]["ugr16"]["regimes"]["naive"].push_back(1);
  EXPECT_THROW(privacy_report(two_regimes(.5, .25), {}, damaged), Error);
  damaged["datasets"]["ugr16"] = 3;
  EXPECT_THROW(privacy_report(two_regimes(.5, .25), {}, damaged), Error);
}

}  // namespace
}  // namespace bench
