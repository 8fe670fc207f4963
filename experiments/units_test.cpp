// Trainings of several units, validation slices, snapshots and workers, from the sweep to the tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/error.h"
#include "experiments/generators.h"
#include "experiments/selection.h"
#include "experiments/settings.h"
#include "experiments/stage.h"
#include "experiments/store.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json document(const json& params) {
  return {{"name", "units"},
          {"datasets", {{{"name", "ugr16-surrogate"}, {"records", 200}}}},
          {"models", {{{"name", "netshare"}, {"preset", "netshare-smoke"}, {"params", params}}}}};
}
Sweep sweep_of(const json& d) { return parse_sweep(d, "s.json", ""); }

std::vector<size_t> stages_of(const Plan& plan, size_t cell, StageKind kind) {
  std::vector<size_t> out;
  for (const size_t i : plan.cells[cell].stages) {
    if (plan.stages[i].kind == kind) out.push_back(i);
  }
  return out;
}

std::set<std::string> field_names(const Stage& stage) {
  std::set<std::string> out;
  for (const auto& [key, value] : stage.fields.items()) out.insert(key);
  return out;
}

std::string problems_of(const json& d) {
  try {
    sweep_of(d);
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::config);
    return e.what();
  }
  return "no problem";
}

TEST(Units, EachIsAStageThatReadsThoseItNeeds) {
  const Sweep sweep = sweep_of(document({{"chunks", 3}}));
  const Plan plan = make_plan(sweep);
  const auto units = make_generator("netshare", sweep.models[0].params, "here")->units();
  ASSERT_GT(units.size(), 3U);
  const std::vector<size_t> trains = stages_of(plan, 0, StageKind::train);
  ASSERT_EQ(trains.size(), units.size());
  std::set<std::string> keys;
  for (size_t u = 0; u < units.size(); ++u) {
    const Stage& stage = plan.stages[trains[u]];
    EXPECT_EQ(stage.unit(), u);
    EXPECT_EQ(stage.unit_name(), units[u].name);
    EXPECT_THAT(stage.title, HasSubstr(units[u].name));
    EXPECT_EQ(stage.fields["seed"], plan.stages[trains[0]].fields["seed"]) << "the cell's";
    ASSERT_EQ(stage.inputs.size(), 1 + units[u].needs.size());
    EXPECT_EQ(plan.stages[stage.inputs[0]].kind, StageKind::prepare);
    for (size_t n = 0; n < units[u].needs.size(); ++n)
      EXPECT_EQ(stage.inputs[n + 1], trains[units[u].needs[n]]);
    keys.insert(stage.key);
  }
  EXPECT_EQ(keys.size(), units.size());
  const std::vector<size_t> draws = stages_of(plan, 0, StageKind::sample);
  EXPECT_EQ(plan.stages[draws[0]].inputs, (std::vector<size_t>{plan.cells[0].stages[0], trains.back()}));

  const json task = task_json(plan, trains.back(), "/stages", {}, "now");
  ASSERT_EQ(task["inputs"]["train"].size(), units.back().needs.size());
  EXPECT_EQ(task["inputs"]["train"][0], "/stages/" + plan.stages[trains[units.back().needs[0]]].folder());
}

TEST(Units, OneUnitLeavesTheFieldsAsTheyWere) {
  const Plan plan = make_plan(sweep_of(document({{"chunks", 1}})));
  const std::vector<size_t> trains = stages_of(plan, 0, StageKind::train);
  ASSERT_EQ(trains.size(), 1U);
  EXPECT_EQ(field_names(plan.stages[trains[0]]),
            (std::set<std::string>{"stage", "version", "model", "model_version", "params", "device",
                                   "threads", "seed", "inputs"}));
  EXPECT_EQ(field_names(plan.stages[0]),
            (std::set<std::string>{"stage", "version", "source", "split", "train_share", "seed"}));
}

TEST(Units, TheWallTimeOfATrainingIsItsSpanInOneRunOfTheProgram) {
  const Plan plan = make_plan(sweep_of(document({{"chunks", 3}})));
  const std::vector<size_t> trains = stages_of(plan, 0, StageKind::train);
  Outcomes outcomes(plan.stages.size(), StageOutcome{"ok", "", "", 1, 2, 3});
  for (size_t u = 0; u < trains.size(); ++u) {
    StageOutcome& o = *outcomes[trains[u]];
    o.session = "a";
    o.started = 100 + static_cast<double>(u) / 2;
    o.ended = o.started + 1;
  }
  const auto count = static_cast<double>(trains.size());
  const CellStatus together = cell_statuses(plan, outcomes)[0];
  EXPECT_EQ(together.training.wall_seconds, (count - 1) / 2 + 1);
  EXPECT_EQ(together.training.cpu_seconds, 2 * count);
  EXPECT_EQ(together.outcome.wall_seconds, count + 3) << "of every stage, as ever";
  ASSERT_EQ(together.units.size(), trains.size());
  EXPECT_EQ(together.units[1].name, plan.stages[trains[1]].unit_name());

  outcomes[trains[1]]->session = "b";
  EXPECT_EQ(cell_statuses(plan, outcomes)[0].training.wall_seconds, count) << "two runs: the sum";

  outcomes[trains[1]] = StageOutcome{"diverged", "fit", "loss is NaN", 1, 1, 1};
  outcomes[trains.back()].reset();
  const CellStatus failed = cell_statuses(plan, outcomes)[0];
  EXPECT_EQ(failed.outcome.outcome, "diverged");
  EXPECT_EQ(failed.outcome.phase, "train/fit");
  EXPECT_EQ(failed.units.size(), trains.size() - 1);
}

TEST(Validation, OwnGeneratorsAreFittedOnTheRestAndZeroChangesNothing) {
  json d = document({{"chunks", 1}});
  const Plan before = make_plan(sweep_of(d));
  d["validation_share"] = 0;
  EXPECT_EQ(make_plan(sweep_of(d)).stages[0].key, before.stages[0].key);
  d["validation_share"] = 0.25;
  const Sweep sweep = sweep_of(d);
  const Plan plan = make_plan(sweep);
  EXPECT_NE(plan.stages[0].key, before.stages[0].key);
  for (size_t c = 0; c < plan.cells.size(); ++c) {
    const bool own = !sweep.models[plan.cells[c].model].reference;
    for (const size_t i : stages_of(plan, c, StageKind::train))
      EXPECT_EQ(plan.stages[i].fields.value("data", "train"), own ? "fit" : "train");
    for (const size_t i : stages_of(plan, c, StageKind::score))
      EXPECT_FALSE(plan.stages[i].fields.contains("against"));
  }
  const Prepared made = prepare_dataset(plan.stages[0]);
  ASSERT_TRUE(made.slice.has_value());
  EXPECT_EQ(made.slice->fit.trace().size() + made.slice->validation.size(), made.split.train.trace().size());
  EXPECT_EQ(made.report["validation"], made.slice->validation.size());

  d["score_against"] = "validation";
  const Plan against = make_plan(sweep_of(d));
  EXPECT_EQ(stages_of(against, 0, StageKind::train), stages_of(plan, 0, StageKind::train));
  EXPECT_EQ(against.stages[stages_of(against, 0, StageKind::score)[0]].fields["against"], "validation");
  EXPECT_EQ(against.stages[stages_of(against, 0, StageKind::sample)[0]].fields["like"], "validation");
}

TEST(Validation, WhatContradictsIsSaid) {
  json d = document({{"chunks", 1}, {"snapshot_count", 4}});
  EXPECT_THAT(problems_of(d),
              HasSubstr("/validation_share: 0 leaves nothing to choose among the 4 snapshots"));
  d = document({{"chunks", 1}});
  d["score_against"] = "validation";
  EXPECT_THAT(problems_of(d), HasSubstr("/score_against: \"validation\" needs a validation_share above 0"));
  d["validation_share"] = 0.6;
  EXPECT_THAT(problems_of(d), HasSubstr("/validation_share: 0.6 is not a number"));
}

TEST(Snapshots, AStageChoosesBetweenTrainingAndSampling) {
  json d = document({{"chunks", 2}, {"snapshot_count", 4}});
  d["validation_share"] = 0.2;
  const Plan plan = make_plan(sweep_of(d));
  const std::vector<size_t> trains = stages_of(plan, 0, StageKind::train);
  const std::vector<size_t> selects = stages_of(plan, 0, StageKind::select);
  const std::vector<size_t> draws = stages_of(plan, 0, StageKind::sample);
  ASSERT_EQ(selects.size(), 1U);
  EXPECT_EQ(plan.stages[selects[0]].fields["snapshots"], 4);
  EXPECT_EQ(plan.stages[selects[0]].inputs, (std::vector<size_t>{0, trains.back()}));
  EXPECT_EQ(plan.stages[draws[0]].inputs, (std::vector<size_t>{0, trains.back(), selects[0]}));
}

TEST(Workers, IsAnAxisThatSharesNoTraining) {
  json d = document({{"chunks", 2}});
  d["workers"] = {1, 2};
  const Sweep sweep = sweep_of(d);
  EXPECT_EQ(sweep.models[0].title(), "netshare[workers=1]");
  EXPECT_EQ(sweep.models[1].title(), "netshare[workers=2]");
  EXPECT_EQ(sweep.models[1].workers, 2);
  EXPECT_EQ(sweep.models[2].workers, 0) << "reference rows are not timed";
  const Plan plan = make_plan(sweep);
  const std::vector<size_t> one = stages_of(plan, 0, StageKind::train);
  const std::vector<size_t> two = stages_of(plan, 1, StageKind::train);
  ASSERT_EQ(one.size(), two.size());
  for (size_t u = 0; u < one.size(); ++u) {
    EXPECT_NE(plan.stages[one[u]].key, plan.stages[two[u]].key);
    EXPECT_EQ(plan.stages[one[u]].fields["seed"], plan.stages[two[u]].fields["seed"])
        << "so scores are equal";
  }
  EXPECT_EQ(plan.cells[0].stages[0], plan.cells[1].stages[0]) << "the data are read once";
  for (const json& wrong : {json(0), json("two"), json(1)}) {
    d["workers"] = {1, wrong};
    EXPECT_THAT(problems_of(d), HasSubstr("/workers/1: ")) << wrong;
  }
  d["workers"] = 2;
  EXPECT_THAT(problems_of(d), HasSubstr("/workers: 2 is not a list"));
}

TEST(Settings, RankSumPerDatasetAndOverAll) {
  json d = document({{"chunks", 1}, {"batch", {10, 20, 30}}});
  d["datasets"].push_back("caida-surrogate");
  d["validation_share"] = 0.2;
  d["score_against"] = "validation";
  const Sweep sweep = sweep_of(d);
  const Plan plan = make_plan(sweep);
  const std::map<std::string, std::vector<double>> values{{"srcip", {3, 1, 2}}, {"dstip", {1, 1, 5}}};
  std::vector<CellScore> scores;
  for (const Cell& cell : plan.cells) {
    if (sweep.models[cell.model].reference) continue;
    for (const auto& [field, v] : values) {
      const double value = cell.dataset == 0 ? v[cell.model] : -v[cell.model];
      scores.push_back(
          {&cell, {"jsd", "paper", field, Outcome::value, value, "", "nats", Direction::lower, 1, 1}});
    }
  }
  const std::string text = settings_section(sweep, scores);
  EXPECT_THAT(text, HasSubstr("ugr16-surrogate: **netshare[batch=20]** wins over 2 metrics"));
  EXPECT_THAT(text, HasSubstr("caida-surrogate: **netshare[batch=30]** wins over 2 metrics"));
  // Ranks of the second dataset are the first's turned round, so every setting ends at 4 x 2.
  EXPECT_THAT(text, HasSubstr("All datasets: **netshare[batch=10]** wins over 4 metrics"));
  EXPECT_THAT(text, HasSubstr("| netshare[batch=30] |        8 |"));

  d["score_against"] = "train";
  EXPECT_EQ(settings_section(sweep_of(d), scores), "");
}

}  // namespace
}  // namespace bench
