#include "experiments/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <set>

#include "core/files.h"
#include "core/temporary_folder.h"

namespace bench {
namespace {

using nlohmann::json;

json document() {
  return {{"seed", 5},
          {"repeats", 2},
          {"datasets", {{{"name", "ugr16-surrogate"}, {"records", 200}}}},
          {"models", {{{"name", "netshare"}, {"params", {{"chunks", 1}}}}, "independent"}},
          {"sampling", {{"repeats", 3}}}};
}
Plan plan_of(const json& d) { return make_plan(parse_sweep(d, "s.json", "")); }

std::set<std::string> keys(const Plan& plan, StageKind kind, const std::string& model = "") {
  std::set<std::string> out;
  for (const auto& s : plan.stages) {
    if (s.kind == kind && (model.empty() || s.fields.value("model", "") == model)) out.insert(s.key);
  }
  return out;
}

TEST(Plan, CellsShareStages) {
  const Plan plan = plan_of(document());
  // netshare, independent, split, resample, uniform: 2 repeats x 3 samples; holdout is one fixed trace.
  EXPECT_EQ(plan.cells.size(), 5u * 6 + 1);
  EXPECT_EQ(keys(plan, StageKind::prepare).size(), 1u);
  EXPECT_EQ(keys(plan, StageKind::train).size(), 4u * 2);
  EXPECT_EQ(keys(plan, StageKind::train, "netshare").size(), 2u);
  EXPECT_EQ(keys(plan, StageKind::sample).size(), plan.cells.size());
  EXPECT_EQ(keys(plan, StageKind::score).size(), plan.cells.size());
  std::set<std::string> ids;
  for (const auto& cell : plan.cells) ids.insert(cell.id);
  EXPECT_EQ(ids.size(), plan.cells.size());
}

TEST(Plan, InputsStandBeforeTheirUsers) {
  const Plan plan = plan_of(document());
  for (size_t i = 0; i < plan.stages.size(); ++i) {
    for (const size_t input : plan.stages[i].inputs) EXPECT_LT(input, i);
  }
}

TEST(Plan, FlowsOfAnotherRowAreItsSampleOfTheSameSeed) {
  json given = document();
  given["models"] = {"bayes_net",
                     {{"name", "ddgan"}, {"params", {{"chunks", 1}}}, {"flows", "bayes_net"}},
                     {{"name", "ddgan"}, {"label", "h"}, {"params", {{"chunks", 1}}}, {"flows", "holdout"}}};
  const Plan plan = plan_of(given);
  size_t of_row = 0, of_holdout = 0;
  for (const Cell& cell : plan.cells) {
    if (cell.model == 0 || cell.model > 2) continue;
    const Stage& draw = plan.stages[cell.stages[cell.stages.size() - 2]];
    ASSERT_EQ(draw.kind, StageKind::sample);
    if (cell.model == 2) {
      of_holdout += draw.fields.at("flows") == "holdout" ? 1 : 0;
      continue;
    }
    EXPECT_EQ(draw.fields.at("flows"), "row");
    for (const Cell& other : plan.cells) {
      if (other.model != 0 || other.repeat != cell.repeat || other.sample != cell.sample) continue;
      of_row += draw.inputs.back() == other.stages[other.stages.size() - 2] ? 1 : 0;
    }
  }
  EXPECT_EQ(of_row, 6u);
  EXPECT_EQ(of_holdout, 6u);
}

TEST(Plan, AnotherModelChangesNobodyElsesKeys) {
  json more = document();
  more["models"].push_back(
      {{"name", "netshare"}, {"label", "big"}, {"params", {{"batch", 7}, {"chunks", 1}}}});
  const auto before = keys(plan_of(document()), StageKind::score);
  const auto after = keys(plan_of(more), StageKind::score);
  for (const auto& key : before) EXPECT_TRUE(after.contains(key));
  EXPECT_EQ(after.size(), before.size() + 6);
}

TEST(Plan, ANewValueOnAnAxisKeepsWhatTheOthersHave) {
  json one = document();
  one["models"] = {{{"name", "netshare"}, {"params", {{"batch", {10}}, {"chunks", 1}}}}};
  json two = document();
  two["models"] = {{{"name", "netshare"}, {"params", {{"batch", {10, 20}}, {"chunks", 1}}}}};
  two["datasets"][0]["records"] = {200, 300};
  const auto before = keys(plan_of(one), StageKind::score);
  const auto after = keys(plan_of(two), StageKind::score);
  for (const auto& key : before) EXPECT_TRUE(after.contains(key));
  EXPECT_GT(after.size(), before.size());
}

TEST(Plan, SamplingChangesDoNotRetrain) {
  json other = document();
  other["sampling"]["count"] = 50;
  EXPECT_EQ(keys(plan_of(other), StageKind::train), keys(plan_of(document()), StageKind::train));
  EXPECT_NE(keys(plan_of(other), StageKind::sample), keys(plan_of(document()), StageKind::sample));
}

TEST(Plan, ATaskOrAnotherMetricOnlyAddsScoring) {
  const Plan before = plan_of(document());
  json with_tasks = document();
  with_tasks["tasks"] = {{{"name", "telemetry"}, {"params", {{"columns", {100, 200}}}}}};
  const Plan after = plan_of(with_tasks);
  for (const StageKind kind : {StageKind::prepare, StageKind::train, StageKind::sample, StageKind::score})
    EXPECT_EQ(keys(after, kind), keys(before, kind));
  EXPECT_TRUE(keys(before, StageKind::task).empty());
  EXPECT_EQ(keys(after, StageKind::task).size(), 2 * after.cells.size());
  EXPECT_EQ(after.cells[0].id, before.cells[0].id);
  std::set<uint64_t> seeds;
  for (const auto& stage : after.stages) {
    if (stage.kind == StageKind::task) seeds.insert(stage.fields.at("seed").get<uint64_t>());
  }
  EXPECT_EQ(seeds.size(), 1u) << "every row meets the same hash functions";

  json fewer = document();
  fewer["metrics"] = {"joint", "ks"};
  const Plan narrow = plan_of(fewer);
  EXPECT_EQ(keys(narrow, StageKind::sample), keys(before, StageKind::sample));
  for (const auto& stage : narrow.stages) {
    if (stage.kind != StageKind::score) continue;
    EXPECT_EQ(stage.fields.at("families").size(), 2u) << stage.fields;
    EXPECT_TRUE(stage.fields.at("families").contains("distribution"));
  }
}

TEST(Plan, RulesAndWhatWasHeldOutBelongToTheScores) {
  const TemporaryFolder folder;
  json own = document();
  write_text_file(folder.path() / "mine.rules", "U1: if proto = tcp then bytes >= 40\n");
  own["datasets"][0]["rules"] = (folder.path() / "mine.rules").string();
  const Plan plan = plan_of(own);
  EXPECT_EQ(keys(plan, StageKind::sample), keys(plan_of(document()), StageKind::sample));
  EXPECT_NE(keys(plan, StageKind::score), keys(plan_of(document()), StageKind::score));
  size_t without = 0;
  for (const auto& stage : plan.stages) {
    if (stage.kind != StageKind::score) continue;
    EXPECT_EQ(stage.fields.at("rules"), "U1: if proto = tcp then bytes >= 40\n");
    without += stage.fields.contains("holdout") ? 1 : 0;
  }
  EXPECT_EQ(without, 1u) << "the row `holdout` is the held-out part itself";
  for (const auto& stage : plan_of(document()).stages) {
    if (stage.kind != StageKind::score) continue;
    EXPECT_THAT(stage.fields.at("rules").get<std::string>(), testing::HasSubstr("42.219.0.0/16"));
  }
  own["validation_share"] = 0.2;
  own["score_against"] = "validation";
  for (const auto& stage : plan_of(own).stages) {
    if (stage.kind != StageKind::score) continue;
    EXPECT_FALSE(stage.fields.at("families").contains("privacy"));
  }
}

// Keys as they were before datasets had canaries: what older runs have done stays done.
TEST(Plan, WithoutCanariesKeysAreWhatTheyWere) {
  json zero = document();
  zero["datasets"][0]["canaries"] = 0;
  for (const StageKind kind : {StageKind::prepare, StageKind::train, StageKind::sample, StageKind::score})
    EXPECT_EQ(keys(plan_of(zero), kind), keys(plan_of(document()), kind));
  const Plan plan = plan_of(document());
  EXPECT_EQ(plan.stages[0].fields.size(), 6u) << plan.stages[0].fields;
  for (const Stage& stage : plan.stages) {
    EXPECT_FALSE(stage.fields.contains("canaries"));
    EXPECT_FALSE(stage.fields.contains("data"));
    if (stage.kind == StageKind::score) {
      EXPECT_FALSE(stage.fields.at("families").contains("audit"));
    }
  }
  json named = document();
  named["metrics"] = {"canary_epsilon"};
  for (const Stage& stage : plan_of(named).stages) {
    if (stage.kind == StageKind::score) {
      EXPECT_TRUE(stage.fields.at("families").contains("audit")) << "n/a with a reason";
    }
  }
}

TEST(Plan, CanariesReachEveryTrainingAndTheAuditOfWhatWasTrained) {
  json audited = document();
  audited["datasets"][0]["canaries"] = {0, 20};
  audited["models"].push_back(
      {{"name", "ddgan"}, {"label", "given"}, {"params", {{"chunks", 1}}}, {"flows", "train"}});
  for (const double share : {0.0, 0.25}) {
    audited["validation_share"] = share;
    const Sweep sweep = parse_sweep(audited, "s.json", "");
    const Plan plan = make_plan(sweep);
    EXPECT_EQ(keys(plan, StageKind::prepare).size(), 2u);
    for (const Cell& cell : plan.cells) {
      const ModelSpec& model = sweep.models[cell.model];
      const bool with = sweep.datasets[cell.dataset].canaries > 0;
      const bool fixed = model.model == "split" || model.model == "holdout";
      for (const size_t i : cell.stages) {
        const Stage& stage = plan.stages[i];
        if (stage.kind == StageKind::train) {
          const std::string part = share > 0 && !model.reference ? "fit" : "train";
          EXPECT_EQ(stage.fields.value("data", "train"), with ? part + "_canaries" : part) << cell.id;
        }
        if (stage.kind == StageKind::sample) {
          EXPECT_EQ(stage.fields.contains("data"), with && model.flows == "train") << cell.id;
        }
        if (stage.kind == StageKind::score) {
          EXPECT_EQ(stage.fields.contains("canaries"), with && !fixed) << cell.id;
          EXPECT_EQ(stage.fields.at("families").contains("audit"), with) << cell.id;
        }
      }
    }
  }
}

TEST(Plan, PreparedCanariesAreOfTheWholeTrainingPart) {
  json audited = document();
  audited["datasets"][0]["canaries"] = 50;
  const Prepared made = prepare_dataset(plan_of(audited).stages[0]);
  ASSERT_TRUE(made.canaries.has_value());
  EXPECT_EQ(made.canaries->records.size(), 50u);
  EXPECT_EQ(made.report["canaries"], 50);
  EXPECT_EQ(made.report["inserted"],
            std::count(made.canaries->inserted.begin(), made.canaries->inserted.end(), true));
  EXPECT_EQ(made.split.train.trace(), prepare_dataset(plan_of(document()).stages[0]).split.train.trace());
}

TEST(Plan, ParametersDataAndSeedChangeTheTraining) {
  const auto before = keys(plan_of(document()), StageKind::train, "netshare");
  json other = document();
  other["seed"] = 6;
  EXPECT_NE(keys(plan_of(other), StageKind::train, "netshare"), before);
  other = document();
  other["datasets"][0]["records"] = 201;
  EXPECT_NE(keys(plan_of(other), StageKind::train, "netshare"), before);
  other = document();
  other["models"][0] = {{"name", "netshare"}, {"params", {{"batch", 7}, {"chunks", 1}}}};
  EXPECT_NE(keys(plan_of(other), StageKind::train, "netshare"), before);
  other = document();
  other["limits"] = {{"wall_minutes", 3}};
  EXPECT_EQ(keys(plan_of(other), StageKind::train, "netshare"), before) << "limits do not change results";
}

class PlanFiles : public ::testing::Test {
 protected:
  PlanFiles()
      : folder_(std::filesystem::temp_directory_path() / ("plan_files_" + std::to_string(::getpid()))) {
    make_folder(folder_);
    write_text_file(folder_ / "a.csv", "1");
    write_text_file(folder_ / "b.csv", "2");
  }
  ~PlanFiles() override { std::filesystem::remove_all(folder_); }
  Plan plan(const json& models) const {
    json d = document();
    d["models"] = models;
    return make_plan(parse_sweep(d, (folder_ / "s.json").string(), ""));
  }
  std::filesystem::path folder_;
};

TEST_F(PlanFiles, AnEditedFileOfACommandRunsAgainAndAMovedFolderDoesNot) {
  const json models{{{"name", "external"}, {"command", {"sh", "a.csv", "{output}"}}, {"depends", {"b.csv"}}}};
  const auto before = keys(plan(models), StageKind::sample, "external");
  EXPECT_EQ(before.size(), 6u);
  EXPECT_EQ(keys(plan(models), StageKind::sample, "external"), before);
  const std::filesystem::path old = folder_;
  folder_ += "_moved";
  std::filesystem::rename(old, folder_);
  EXPECT_EQ(keys(plan(models), StageKind::sample, "external"), before);
  for (const char* file : {"a.csv", "b.csv"}) {
    const std::string text = read_text_file(folder_ / file);
    write_text_file(folder_ / file, "edited");
    for (const auto& key : keys(plan(models), StageKind::sample, "external"))
      EXPECT_FALSE(before.contains(key));
    write_text_file(folder_ / file, text);
  }
}

TEST_F(PlanFiles, APrecomputedRowHasOneCellForEachFile) {
  const json models{{{"name", "precomputed"}, {"files", {"a.csv", "b.csv"}}}};
  const Plan made = plan(models);
  std::vector<std::string> ids;
  for (const auto& cell : made.cells) {
    if (cell.id.find("precomputed") != std::string::npos)
      ids.push_back(cell.id.substr(0, cell.id.rfind("__")));
  }
  EXPECT_THAT(ids, ::testing::ElementsAre("ugr16-surrogate__precomputed__r0s0",
                                          "ugr16-surrogate__precomputed__r1s0"));
  const auto before = keys(made, StageKind::train, "precomputed");
  write_text_file(folder_ / "b.csv", "3");
  int kept = 0;
  for (const auto& key : keys(plan(models), StageKind::train, "precomputed"))
    kept += before.contains(key) ? 1 : 0;
  EXPECT_EQ(kept, 1) << "the other file is as it was";
}

TEST(Plan, PreparedDataIsTheSplitOfTheSimulation) {
  const Plan plan = plan_of(document());
  const Prepared made = prepare_dataset(plan.stages[0]);
  EXPECT_EQ(made.split.train.trace().size(), 160u);
  EXPECT_EQ(made.split.holdout.size(), 40u);
  EXPECT_EQ(made.report["surrogate"], true);
}

}  // namespace
}  // namespace bench
