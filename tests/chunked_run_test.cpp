// A generator whose training has several units, under the programs: interrupted and resumed, with snapshots
// to choose among, and timed with several numbers of workers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "core/process.h"
#include "tests/run_program.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto kTiny = R"("batch": 16, "critic_units": 16, "attribute_units": 16, "lstm_units": 16)";

std::string sweep_text(const std::string& params, const std::string& more) {
  return R"({"name": "chunked", "seed": 3, "datasets": [{"name": "caida-surrogate", "records": 400}],
    "models": [{"name": "netshare", "preset": "netshare-smoke", "params": {)" +
         std::string(kTiny) + ", " + params + "}}]" + more + "}";
}

std::vector<json> lines_of(const fs::path& file) {
  std::vector<json> out;
  std::istringstream text(read_text_file(file));
  for (std::string line; std::getline(text, line);) out.push_back(json::parse(line));
  return out;
}

/// Finished units by name -> their stage's folder.
std::map<std::string, fs::path> finished_units(const fs::path& stages) {
  std::map<std::string, fs::path> out;
  if (!fs::exists(stages)) return out;
  for (const auto& entry : fs::directory_iterator(stages)) {
    const fs::path record = entry.path() / "stage.json";
    if (entry.path().extension() == ".tmp" || !fs::exists(record)) continue;
    const json fields = json::parse(read_text_file(record)).at("fields");
    if (fields.contains("unit")) out[fields.at("unit_name")] = entry.path();
  }
  return out;
}

TEST(ChunkedRun, AFinishedUnitIsNotTrainedAgainAndASnapshotIsChosen) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  write_text_file(
      folder.path() / "s.json",
      sweep_text(R"("iterations": 60, "chunks": 3, "snapshot_count": 2)", R"(, "validation_share": 0.2)"));
  const std::string command =
      "run_experiment " + (folder.path() / "s.json").string() + " --jobs 2 --out " + run.string();
  std::map<std::string, fs::file_time_type> before;
  {
    Child child({HEADERBENCH_BIN "/run_experiment", (folder.path() / "s.json").string(), "--jobs", "2",
                 "--out", run.string()},
                folder.path() / "log.txt", {});
    for (int i = 0; i < 30'000 && finished_units(run / "stages").empty(); ++i)
      std::this_thread::sleep_for(2ms);
    ASSERT_FALSE(finished_units(run / "stages").empty()) << read_text_file(folder.path() / "log.txt");
    ::kill(child.pid(), SIGINT);
    std::optional<ExitInfo> exit;
    while (!(exit = child.poll())) std::this_thread::sleep_for(2ms);
    ASSERT_EQ(exit->status, 130) << read_text_file(folder.path() / "log.txt");
    for (const auto& [unit, stage] : finished_units(run / "stages"))
      before[unit] = fs::last_write_time(stage / "stage.json");
    ASSERT_FALSE(before.contains("merge"));
  }
  const json interrupted = lines_of(run / "status.jsonl")[0];
  EXPECT_EQ(interrupted["outcome"], "cancelled") << interrupted;

  const Ran ran = run_program(command, folder.path());
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto after = finished_units(run / "stages");
  EXPECT_EQ(after.size(), 4U) << "three chunks and what merges them";
  for (const auto& [unit, time] : before)
    EXPECT_EQ(fs::last_write_time(after.at(unit) / "stage.json"), time) << unit << " was trained again";

  const json status = lines_of(run / "status.jsonl")[0];
  ASSERT_EQ(status["units"].size(), 4U) << status;
  double cpu = 0;
  for (const auto& unit : status["units"]) {
    EXPECT_EQ(unit["outcome"], "ok");
    cpu += unit["cpu"].get<double>();
  }
  EXPECT_DOUBLE_EQ(status["train_cpu"], cpu);
  EXPECT_GT(status["train_wall"], 0);

  const fs::path cell = run / "cells" / status["cell"].get<std::string>();
  const json stages = json::parse(read_text_file(cell / "cell.json"))["stages"];
  const json selection =
      json::parse(read_text_file(cell / stages["select"]["folder"].get<std::string>() / "selection.json"));
  EXPECT_EQ(selection["rank_sums"].size(), 2U);
  EXPECT_LE(selection["rank_sums"][selection["winner"].get<size_t>()], selection["rank_sums"][0]);
  EXPECT_LE(selection["rank_sums"][selection["winner"].get<size_t>()], selection["rank_sums"][1]);

  const std::string made = (folder.path() / "made.csv").string();
  const Ran generated = run_program(
      "generate_trace --cell '" + cell.string() + "' --records 50 --output " + made, folder.path());
  EXPECT_EQ(generated.status, 0) << generated.err;
  EXPECT_THAT(generated.out, HasSubstr("50 packets"));

  const Ran dry = run_program(command + " --dry-run", folder.path());
  EXPECT_THAT(dry.out, HasSubstr("select"));
  EXPECT_THAT(dry.out, HasSubstr("6 of them cached"));
}

/// [start, end] of a stage on the machine's monotonic clock.
struct Interval {
  double begin = 0;
  double end = 0;
  bool meets(const Interval& o) const { return begin < o.end && o.begin < end; }
};

TEST(ChunkedRun, CellsWithWorkersRunAloneAndEndWithTheSameScores) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  write_text_file(folder.path() / "s.json", sweep_text(R"("iterations": 20, "chunks": 3)",
                                                       R"(, "workers": [1, 2], "metrics": ["jsd"])"));
  const std::string command =
      "run_experiment " + (folder.path() / "s.json").string() + " --jobs 2 --out " + run.string();
  const Ran ran = run_program(command, folder.path());
  ASSERT_EQ(ran.status, 0) << ran.err;

  const auto status = lines_of(run / "status.jsonl");
  std::vector<std::vector<Interval>> intervals(2);  // by number of workers: every stage but prepare
  std::vector<Interval> others;
  for (const json& s : status) {
    const auto variant = s["variant"].get<std::string>();
    for (const auto& stage : s["stages"]) {
      const auto name = stage.get<std::string>();
      const json session = json::parse(read_text_file(run / "stages" / name / "stage.json"))["session"];
      const Interval interval{session["started"], session["ended"]};
      const bool prepare = name.starts_with("prepare");
      if (variant == "workers=1" && !prepare) intervals[0].push_back(interval);
      if (variant == "workers=2" && !prepare) intervals[1].push_back(interval);
      if (variant.empty()) others.push_back(interval);
    }
  }
  ASSERT_EQ(intervals[0].size(), 6U);
  ASSERT_EQ(intervals[1].size(), 6U);
  for (size_t i = 0; i < intervals[0].size(); ++i) {
    for (size_t j = 0; j < i; ++j) EXPECT_FALSE(intervals[0][i].meets(intervals[0][j])) << "one at a time";
    for (const Interval& other : intervals[1]) EXPECT_FALSE(intervals[0][i].meets(other));
  }
  for (const auto& own : intervals) {
    for (const Interval& a : own) {
      for (const Interval& b : others) EXPECT_FALSE(a.meets(b)) << "a timed cell runs alone";
    }
  }

  std::map<std::string, json> scores[2];
  for (const json& s : lines_of(run / "scores.jsonl")) {
    const auto variant = s["variant"].get<std::string>();
    if (!variant.starts_with("workers=")) continue;
    scores[variant == "workers=1" ? 0 : 1][s["mode"].get<std::string>() + s["field"].get<std::string>()] =
        s["value"];
  }
  EXPECT_FALSE(scores[0].empty());
  EXPECT_EQ(scores[0], scores[1]);

  double wall = 0;
  for (const auto& unit : status[0]["units"]) wall += unit["wall"].get<double>();
  EXPECT_GE(status[0]["train_wall"].get<double>(), wall) << "in a row, no two at once";
  ASSERT_EQ(run_program(command, folder.path()).status, 0);
  EXPECT_EQ(lines_of(run / "status.jsonl")[0], status[0])
      << "the times are those of the training, not of this run";

  const Ran report = run_program(
      "report_run " + run.string() + " --kind speedup --output " + (folder.path() / "page.md").string(),
      folder.path());
  ASSERT_EQ(report.status, 0) << report.err;
  EXPECT_THAT(read_text_file(folder.path() / "page.md"), HasSubstr("3 chunks, hot start"));
  EXPECT_THAT(read_text_file(folder.path() / "page.svg"), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace bench
