#include "experiments/reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "experiments/generators.h"
#include "experiments/schedule.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(Schedule, AHandMadeSchedule) {
  // 0: first chunk, 1-3 start from it, 4 merges all.
  const std::vector<Job> jobs{{4, {}}, {3, {0}}, {2, {0}}, {2, {0}}, {1, {1, 2, 3}}};
  EXPECT_EQ(makespan(jobs, 1), 12);
  // 0: 0-4; then 1: 4-7 beside 2: 4-6 and 3: 6-8; merge 8-9.
  EXPECT_EQ(makespan(jobs, 2), 9);
  EXPECT_EQ(makespan(jobs, 3), 8);
  EXPECT_EQ(makespan(jobs, 200), 8);
}

TEST(Schedule, JobsGoInOrderNotByLength) {
  const std::vector<Job> jobs{{1, {}}, {1, {}}, {4, {}}};
  EXPECT_EQ(makespan(jobs, 2), 5) << "the longest one last: list scheduling is not optimal";
  EXPECT_EQ(makespan({}, 2), 0);
  EXPECT_EQ(makespan({{0, {}}, {0, {0}}, {2, {1}}}, 1), 2) << "jobs that take no time hold nobody up";
}

RunRow timed(const json& params, int64_t workers, double wall, std::vector<double> units) {
  RunRow row;
  row.dataset = "ugr16-surrogate";
  row.generator = "netshare";
  row.params = params;
  row.workers = workers;
  row.train_wall = wall;
  row.train_cpu = 11;
  for (const double u : units) row.units.emplace_back("u", u);
  row.scores = {
      {"jsd paper srcip", 0.1}, {"jsd paper proto", 0.3}, {"jsd strict srcip", 9}, {"ks strict ts", 0.25}};
  return row;
}

TEST(SpeedupReport, MeasuredAndSimulatedSideBySide) {
  const json params{{"chunks", 3}, {"hot_start", true}, {"iterations", 50}, {"fine_tune_share", 0.25}};
  const size_t units = make_generator("netshare", params, "here")->units().size();
  // The first unit 8 s, the others 2 s each: 8 + 2 x (units - 1) in a row.
  std::vector<double> seconds(units, 2.0);
  seconds[0] = 8;
  const double serial = 8 + 2 * static_cast<double>(units - 1);
  const Report out =
      speedup_report({timed(params, 1, serial, seconds), timed(params, 2, serial / 1.6, seconds)});
  EXPECT_THAT(out.markdown, HasSubstr("3 chunks, hot start"));
  EXPECT_THAT(out.markdown, HasSubstr(" 1.60 |")) << "measured";
  EXPECT_THAT(out.markdown, HasSubstr("0.200 |")) << "mean of the paper's JSDs only";
  EXPECT_THAT(out.markdown, HasSubstr("0.250 |"));
  EXPECT_THAT(out.markdown, HasSubstr("Simulated"));
  EXPECT_THAT(out.markdown, HasSubstr("Iterations: 50 for"));
  ASSERT_EQ(out.panels.size(), 1U);
  EXPECT_EQ(out.panels[0].lines[0].points.size(), 2U);
  EXPECT_EQ(out.panels[0].lines[1].points.front(), (std::pair<double, double>(1, serial)));
  EXPECT_THROW(speedup_report({}), Error);
  RunRow untimed = timed(params, 0, 1, seconds);
  EXPECT_THROW(speedup_report({untimed}), Error);
}

TEST(CurveReport, CountsWhatIsBetterThanThePeerAndSaysWhatIsNotLearned) {
  const json peers{{"title", "Peer"},
                   {"datasets",
                    {{"ugr16",
                      {{"train_cpu", 720},
                       {"scores", {{"ks strict td", 0.5}, {"jsd paper srcip", 0.2}}},
                       {"also", {{"corr strict x", nullptr}, {"jsd paper proto", 0.4}}}}}}}};
  std::vector<RunRow> rows(3);
  for (RunRow& row : rows) row.dataset = "ugr16";
  rows[0].params = {{"iterations", 10}, {"structure", "given"}};
  rows[0].variant = "iterations=10";
  rows[0].train_cpu = 100;
  rows[0].scores = {{"ks strict td", 0.1}, {"jsd paper srcip", 0.1}, {"jsd paper proto", 0.01}};
  rows[1].params = {{"iterations", 1}, {"structure", "given"}};
  rows[1].variant = "iterations=1";
  rows[1].train_cpu = 10;
  rows[1].scores = {{"ks strict td", 0.5}};
  rows[2].params = {{"iterations", 1}, {"structure", "generated"}};
  rows[2].variant = "learned,iterations=1";
  rows[2].train_cpu = 20;
  const Report out = curve_report(rows, peers);
  EXPECT_THAT(out.markdown, HasSubstr("2 of 2"));
  EXPECT_THAT(out.markdown, HasSubstr("0 of 2")) << "equal is not better, and what is missing neither";
  EXPECT_THAT(out.markdown, HasSubstr("**0.1**"));
  EXPECT_THAT(out.markdown, HasSubstr("n/a"));
  EXPECT_THAT(out.markdown, HasSubstr("drawn from the training flows"));
  EXPECT_THAT(out.markdown, ::testing::Not(HasSubstr("calibrated")));
  EXPECT_LT(out.markdown.find("iterations=1 "), out.markdown.find("iterations=10 ")) << "in order of cost";
  ASSERT_EQ(out.panels.size(), 2U) << "one for each curve";
  EXPECT_EQ(out.panels[1].title, "ugr16: learned");
  EXPECT_EQ(out.panels[0].lines[1].points, (std::vector<std::pair<double, double>>{{10, 1}, {100, 0.2}}));
  EXPECT_THROW(curve_report({}, peers), Error);
  EXPECT_THROW(curve_report(rows, json::object()), Error);
}

TEST(BaselinesReport, GeneratorsSideBySide) {
  const auto row = [](const char* dataset, const char* generator, std::map<std::string, double> scores) {
    RunRow out;
    out.dataset = dataset;
    out.generator = generator;
    out.train_cpu = 2;
    out.scores = std::move(scores);
    return out;
  };
  const std::vector<RunRow> rows{
      row("ugr16-surrogate", "uniform",
          {{"jsd paper srcip", 0.5}, {"emd paper byt", 10}, {"ks strict td", 0.5}}),
      row("ugr16-surrogate", "ctgan",
          {{"jsd paper srcip", 0.1}, {"emd paper byt", 10}, {"ks strict td", 0.4}}),
      row("ugr16-surrogate", "ctgan",
          {{"jsd paper srcip", 0.3}, {"emd paper byt", 10}, {"ks strict td", 0.8}}),
      row("caida", "uniform", {{"jsd paper srcip", 0.4}}),
      row("caida", "pac_gan", {{"jsd paper srcip", 0.4}})};
  const Report out = baselines_report(
      rows, {{"caida", "ctgan", "", "timeout", "stopped"}, {"ugr16-surrogate", "ctgan", "", "x", "y"}});
  EXPECT_TRUE(out.panels.empty());
  EXPECT_THAT(out.markdown, ::testing::ContainsRegex("\\| ctgan +\\| +0\\.200 \\| +n/a \\|"));
  EXPECT_THAT(out.markdown, ::testing::ContainsRegex("\\| ctgan +\\| +1 of 3 \\| +n/a \\|"))
      << "0.2 < 0.5; 10 and 0.6 are not better";
  EXPECT_THAT(out.markdown, ::testing::ContainsRegex("\\| pac_gan +\\| +- \\| +0 of 1 \\|"));
  EXPECT_THAT(out.markdown, HasSubstr("| 2/3 |")) << "a failed cell is counted";
  EXPECT_THAT(out.markdown, HasSubstr("| 0/1 |"));
  EXPECT_THAT(out.markdown, HasSubstr("- ctgan on caida: timeout: stopped"));
  EXPECT_THAT(out.markdown, HasSubstr("## ugr16-surrogate (simulated, not real data)"));
  EXPECT_THAT(out.markdown, HasSubstr("\n## caida\n"));
  EXPECT_LT(out.markdown.find("| ctgan"), out.markdown.find("| (uniform)")) << "reference rows stand below";
  EXPECT_THROW(baselines_report({}, {}), Error);
}

TEST(FieldsReport, MeansOverSeedsAndWhoIsAtLeastAsGood) {
  const auto row = [](const char* generator, const char* variant, double srcip, double byt, double cpu) {
    RunRow out;
    out.dataset = "ugr16";
    out.generator = generator;
    out.variant = variant;
    out.train_cpu = cpu;
    out.sample_cpu = cpu / 10;
    out.scores = {{"jsd_distance strict srcip", srcip}, {"emd paper byt", byt}};
    return out;
  };
  const std::vector<RunRow> rows{row("netshare", "", .3, 100, 10), row("netshare", "", .5, 200, 20),
                                 row("ddgan", "separate", .2, 150, 40), row("uniform", "", .8, 900, 0)};
  const json claim{{"claim", "better than netshare"}, {"row", "ddgan[separate]"}, {"against", "netshare"}};
  json both = claim, attributes = claim, reverse = claim, more = claim;
  both["wins"] = 2;
  attributes["wins"] = 1;
  attributes["fields"] = "attributes";
  reverse["wins"] = 2;
  std::swap(reverse["row"], reverse["against"]);
  more["wins"] = 3;
  const json published{{"note", "Printed."},
                       {"rows", {{"theirs", {{"srcip", .666}}}}},
                       {"claims", {both, attributes, reverse, more}}};
  const Report out = fields_report(rows, {{"ugr16", "ddgan", "gaussian", "timeout", "stopped"}}, published);
  EXPECT_THAT(out.markdown, HasSubstr("Printed."));
  EXPECT_THAT(out.markdown, HasSubstr("| netshare        | 0.4 +- 0.14 |")) << out.markdown;
  EXPECT_THAT(out.markdown, HasSubstr("| theirs          |       0.666 |"));
  EXPECT_THAT(out.markdown,
              ::testing::ContainsRegex("\\| netshare +\\| +\\| +1 of 2 \\|[^\n]* 15.0 \\| +1.5 \\|"))
      << "a tie counts for both: 150 and 150";
  EXPECT_THAT(out.markdown, ::testing::ContainsRegex("\\| ddgan\\[separate\\] +\\| +2 of 2 \\|"));
  EXPECT_THAT(out.markdown, HasSubstr("| (uniform)"));
  EXPECT_THAT(out.markdown, HasSubstr("- better than netshare: holds (2 of 2)\n"
                                      "- better than netshare: holds (1 of 1)\n"
                                      "- better than netshare: does not hold (1 of 2; not in srcip)\n"
                                      "- better than netshare: cannot be told (2 of 2)\n"));
  EXPECT_THAT(out.markdown, HasSubstr("- ddgan[gaussian] on ugr16: timeout: stopped"));
  EXPECT_THAT(fields_report(rows, {}, json::object()).markdown, ::testing::Not(HasSubstr("theirs")));
  EXPECT_THROW(fields_report({}, {}, published), Error);
}

TEST(Plot, DataStandInTheCommandsAndQuotesAreDoubled) {
  const std::string text =
      gnuplot_text({{"it's",
                     "x",
                     "y",
                     {{"a", {{1, 2}, {3, 4}}}, {"empty", {}}, {"b", {{5, 6}}, true}, {"", {{7, 8}}, true}}}},
                   "/tmp/f.svg");
  EXPECT_THAT(text, HasSubstr("set output 'f.svg'"));
  EXPECT_THAT(text, HasSubstr("$data0 << END\n1 2\n3 4\nEND\n"));
  EXPECT_THAT(text, HasSubstr("set title 'it''s'"));
  EXPECT_THAT(text, HasSubstr("$data1 using 1:2 with lines dashtype 2 linecolor rgb '#2ca02c' title 'b'"));
  EXPECT_THAT(text, HasSubstr("$data2 using 1:2 with lines dashtype 2 linecolor rgb '#2ca02c' notitle"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("xtics")));
}

TEST(Plot, SpansAndMarksOfTheAxisAndLinearHeights) {
  const Panel marked{"m",   "x",         "y", {{"a", {{1, .5}, {8, 0}}, false, {{.25, .75}, {0, .125}}}},
                     false, {{8, "inf"}}};
  const Panel plain{"p", "x", "y", {{"a", {{1, 2}}}}};
  const std::string text = gnuplot_text({marked, plain}, "/tmp/f.svg");
  EXPECT_THAT(text, HasSubstr("1 0.5 0.25 0.75\n8 0 0 0.125\nEND\n"));
  EXPECT_THAT(text, HasSubstr("using 1:2:3:4 with yerrorlines"));
  const size_t second = text.find("set title 'p'");
  ASSERT_NE(second, std::string::npos);
  EXPECT_THAT(text.substr(0, second), HasSubstr("unset logscale y\nset xtics add ('inf' 8)\n"));
  EXPECT_THAT(text.substr(0, second), HasSubstr("set logscale y\nunset xtics\nset xtics\n"))
      << "the next panel has neither";
  EXPECT_THAT(text.substr(second), ::testing::Not(HasSubstr("xtics")));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("format")));
  const Panel wide{"w", "x", "y", {{"a", {{1, 2}, {1e8, 2}}}}};
  EXPECT_THAT(gnuplot_text({wide}, "/tmp/f.svg"), HasSubstr("set format x '10^{%T}'\n"));
}

}  // namespace
}  // namespace bench
