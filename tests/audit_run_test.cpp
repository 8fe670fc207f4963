// Canaries through a whole run: the rows that replay what they were trained on are found out.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/run_program.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr auto kSweep = R"({"name": "audit", "validation_share": 0.2, "metrics": ["audit", "exact_copy"],
  "datasets": [{"name": "ton-surrogate", "records": 1000, "canaries": 200},
               {"name": "caida-surrogate", "records": 1000, "canaries": 200}],
  "models": ["bayes_net"]})";

TEST(AuditRun, AReplayIsFoundOutAndColumnsByThemselvesAreNot) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  write_text_file(folder.path() / "s.json", kSweep);
  const Ran ran = run_program(
      "run_experiment " + (folder.path() / "s.json").string() + " --out " + run.string() + " --jobs 2",
      folder.path());
  ASSERT_EQ(ran.status, 0) << ran.err;

  std::map<std::string, size_t> seen;
  std::istringstream text(read_text_file(run / "scores.jsonl"));
  for (std::string line; std::getline(text, line);) {
    const json s = json::parse(line);
    const std::string row = s.at("generator");
    if (s.at("metric") == "exact_copy" && row == "holdout") {
      EXPECT_LT(s.at("value"), 0.2) << "scores compare with the clean training part";
    }
    if (s.at("metric") != "canary_epsilon" || s.at("field") != "closest quarter") continue;
    ++seen[row];
    if (row == "split" || row == "holdout") {
      EXPECT_EQ(s.at("outcome"), "not-applicable") << line;
      EXPECT_EQ(s.at("reason"), "the row was not trained on canaries");
    } else if (row == "resample") {
      EXPECT_GT(s.at("value"), 2.5) << line;
    } else if (row == "uniform") {
      EXPECT_LT(s.at("value"), 0.5) << line;
    }
  }
  EXPECT_EQ(seen.size(), 6U);
  for (const auto& [row, scores] : seen) EXPECT_EQ(scores, 2U) << row;
  size_t prepared = 0;
  for (const auto& stage : fs::directory_iterator(run / "stages")) {
    if (!stage.path().filename().string().starts_with("prepare-")) continue;
    ++prepared;
    for (const char* file : {"canaries.h5", "train.h5", "train_canaries.h5", "fit_canaries.h5"})
      EXPECT_TRUE(fs::exists(stage.path() / file)) << file;
  }
  EXPECT_EQ(prepared, 2U);
}

}  // namespace
}  // namespace bench
