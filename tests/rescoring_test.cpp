// Scores are stages of their own: a task that comes later scores the traces that are there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/run_program.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

json sweep() {
  return {{"name", "again"},
          {"repeats", 2},
          {"datasets",
           {{{"name", "ton-surrogate"}, {"records", 400}}, {{"name", "caida-surrogate"}, {"records", 400}}}},
          {"models", {"resample"}}};
}

/// Lines of a file without the cells' names, by what they are about.
std::map<std::string, std::string> scores_of(const fs::path& file, const std::set<std::string>& families) {
  std::map<std::string, std::string> out;
  std::istringstream text(read_text_file(file));
  for (std::string line; std::getline(text, line);) {
    const json s = json::parse(line);
    if (!families.contains(s["family"].get<std::string>())) continue;
    std::string name;
    for (const char* key : {"cell", "metric", "mode", "field"}) name += s[key].get<std::string>() + "/";
    EXPECT_TRUE(out.emplace(name, line).second) << "twice: " << name;
  }
  return out;
}

TEST(Rescoring, ALaterTaskScoresWhatIsThere) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  const fs::path file = folder.path() / "s.json";
  const std::string command = "run_experiment " + file.string() + " --out " + run.string() + " --jobs 2";
  write_text_file(file, sweep().dump());
  const Ran first = run_program(command, folder.path());
  ASSERT_EQ(first.status, 0) << first.err;
  const std::set<std::string> metrics{"distribution", "joint", "series", "temporal", "validity", "privacy"};
  const auto before = scores_of(run / "scores.jsonl", metrics);
  EXPECT_GT(before.size(), 1000u);

  json more = sweep();
  more["tasks"] = {{{"name", "telemetry"}, {"params", {{"hash_seeds", 2}, {"columns", {100, 200}}}}},
                   "anomaly",
                   {{"name", "classify"}, {"params", {{"classifiers", "dt"}}}}};
  write_text_file(file, more.dump());
  const Ran dry = run_program(command + " --dry-run", folder.path());
  EXPECT_THAT(dry.out, HasSubstr("|   task |"));
  EXPECT_THAT(dry.out, HasSubstr("0 of 4"));
  const Ran second = run_program(command, folder.path());
  ASSERT_EQ(second.status, 0) << second.err;
  // 2 datasets x (2 repeats of split, resample, independent, uniform and one holdout) cells x 4 tasks.
  EXPECT_THAT(second.err, HasSubstr("18 cells, 72 stages to do"));
  EXPECT_EQ(scores_of(run / "scores.jsonl", metrics), before) << "bit for bit";

  const auto of_tasks = scores_of(run / "scores.jsonl", {"telemetry", "anomaly", "classify"});
  std::map<std::string, int> values;
  for (const auto& [name, line] : of_tasks) {
    const json s = json::parse(line);
    EXPECT_NE(s["outcome"], "error") << line;
    if (s["outcome"] == "value") ++values[s["family"].get<std::string>()];
    if (s["family"] == "telemetry") {
      EXPECT_THAT(s["field"].get<std::string>(), ::testing::StartsWith("columns=")) << line;
    }
  }
  EXPECT_GT(values["telemetry"], 100);
  EXPECT_GT(values["anomaly"], 20);
  EXPECT_GT(values["classify"], 10);
  EXPECT_THAT(read_text_file(run / "summary.md"), HasSubstr("Rank order"));

  // What it cost, apart from the scores: two runs have the same scores but not the same seconds.
  const auto costs = scores_of(run / "cost.jsonl", {"cost"});
  EXPECT_EQ(costs.size(), 18u * 7);
  EXPECT_TRUE(scores_of(run / "scores.jsonl", {"cost"}).empty());
}

TEST(Rescoring, CardsAndTasksExplainThemselves) {
  const TemporaryFolder folder;
  const Ran card = run_program("run_experiment --metric-card c2st_field", folder.path());
  EXPECT_EQ(card.status, 0);
  for (const char* part : {"formula ", "range ", "source ", "blind spot ", "version "})
    EXPECT_THAT(card.out, HasSubstr(part));
  const Ran wrong = run_program("run_experiment --metric-card c2ts", folder.path());
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"c2st\"?"));
  EXPECT_THAT(run_program("run_experiment --help-task telemetry", folder.path()).out,
              HasSubstr("hash_seeds = 10"));
  EXPECT_EQ(run_program("run_experiment --help-task sketching", folder.path()).status, 2);
}

}  // namespace
}  // namespace bench
