// The main job: run_experiment trains, samples, scores and writes its tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

std::vector<json> lines_of(const fs::path& file) {
  std::vector<json> out;
  std::istringstream text(read_text_file(file));
  for (std::string line; std::getline(text, line);) out.push_back(json::parse(line));
  return out;
}

TEST(EndToEnd, ASweepEndsOkAndWritesItsTables) {
  const TemporaryFolder folder;
  write_text_file(folder.path() / "tiny.json", tiny_sweep());
  const std::string run = (folder.path() / "run").string();
  const std::string command =
      "run_experiment " + (folder.path() / "tiny.json").string() + " --out " + run + " --jobs 2";

  const Ran dry = run_program(command + " --dry-run", folder.path());
  EXPECT_EQ(dry.status, 0) << dry.err;
  EXPECT_THAT(dry.out, HasSubstr("tiny: 22 cells, 0 of them cached"));
  EXPECT_THAT(dry.out, HasSubstr("Training still to do"));
  EXPECT_FALSE(fs::exists(run)) << "a dry run writes nothing";

  const Ran first = run_program(command, folder.path());
  ASSERT_EQ(first.status, 0) << first.out << first.err;
  EXPECT_THAT(first.err, HasSubstr("BLAS: "));
  EXPECT_THAT(first.out, HasSubstr("22 of 22 cells ok"));
  EXPECT_THAT(first.out, HasSubstr("SURROGATE"));

  const auto status = lines_of(fs::path(run) / "status.jsonl");
  ASSERT_EQ(status.size(), 22u);
  for (const auto& s : status) {
    EXPECT_EQ(s["outcome"], "ok");
    EXPECT_GT(s["peak_bytes"], 0);
    EXPECT_TRUE(fs::exists(fs::path(run) / "cells" / s["cell"].get<std::string>() / "cell.json"));
  }

  std::set<std::string> generators;
  std::set<std::string> metrics;
  for (const auto& s : lines_of(fs::path(run) / "scores.jsonl")) {
    for (const char* key : {"dataset", "generator", "variant", "seed", "sample", "metric", "mode", "field",
                            "outcome", "unit", "direction", "n_real", "n_synthetic", "cell"}) {
      EXPECT_TRUE(s.contains(key)) << key << " in " << s;
    }
    EXPECT_NE(s["outcome"], "error") << s;
    EXPECT_EQ(s.contains("value"), s["outcome"] == "value");
    generators.insert(s["generator"]);
    metrics.insert(s["metric"]);
  }
  EXPECT_EQ(generators,
            (std::set<std::string>{"netshare", "split", "holdout", "resample", "independent", "uniform"}));
  for (const char* id :
       {"jsd", "emd", "ks", "emd_peer", "tv_proto_dstport", "tv_src_dst", "corr_log_pkt_byt"}) {
    EXPECT_TRUE(metrics.contains(id)) << id;
  }
  EXPECT_THAT(read_text_file(fs::path(run) / "scores.csv"),
              ::testing::StartsWith("dataset,generator,variant,seed,sample,metric"));
  EXPECT_THAT(read_text_file(fs::path(run) / "summary.md"), HasSubstr("Position: 0 = as good as `uniform`"));

  // The same command again finds everything done and says the same.
  const std::string scores = read_text_file(fs::path(run) / "scores.jsonl");
  const Ran second = run_program(command, folder.path());
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_THAT(second.err, HasSubstr(" 0 stages to do"));
  EXPECT_EQ(read_text_file(fs::path(run) / "scores.jsonl"), scores);
  EXPECT_THAT(run_program(command + " --dry-run", folder.path()).out, HasSubstr("22 of them cached"));
}

TEST(EndToEnd, FailedCellsAreDataAndTheRestGoesOn) {
  const TemporaryFolder folder;
  write_text_file(folder.path() / "s.json",
                  R"({"name": "s", "datasets": [{"name": "ugr16-surrogate", "records": 200}],
                      "models": [{"name": "netshare", "label": "slow"},
                                 {"name": "netshare", "label": "wild", "preset": "netshare-smoke", "params": {"lr": 1e8}}],
                      "limits": {"wall_minutes": 0.25}})");
  const std::string run = (folder.path() / "run").string();
  const Ran ran =
      run_program("run_experiment " + (folder.path() / "s.json").string() + " --out " + run, folder.path());
  EXPECT_EQ(ran.status, 1) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("5 of 7 cells ok"));
  std::map<std::string, json> by_variant;
  for (const auto& s : lines_of(fs::path(run) / "status.jsonl"))
    by_variant[s["variant"].get<std::string>()] = s;
  EXPECT_EQ(by_variant["slow"]["outcome"], "timeout");
  EXPECT_EQ(by_variant["slow"]["phase"], "train/fit");
  EXPECT_EQ(by_variant["wild"]["outcome"], "diverged");
  EXPECT_THAT(ran.out, HasSubstr("timeout"));
  EXPECT_THAT(ran.out, HasSubstr("0/1"));
}

TEST(EndToEnd, TooLittleMemoryIsAnOutcome) {
  const TemporaryFolder folder;
  write_text_file(folder.path() / "s.json",
                  R"({"name": "s", "datasets": [{"name": "ugr16-surrogate", "records": 200}],
                      "models": [{"name": "netshare", "params": {"iterations": 1, "critic_units": 4096, "critic_layers": 20}}],
                      "limits": {"memory_gb": 3}})");
  const std::string run = (folder.path() / "run").string();
  const Ran ran =
      run_program("run_experiment " + (folder.path() / "s.json").string() + " --out " + run, folder.path());
  EXPECT_EQ(ran.status, 1) << ran.err;
  EXPECT_EQ(lines_of(fs::path(run) / "status.jsonl")[0]["outcome"], "out-of-memory") << ran.out;
}

TEST(EndToEnd, WrongInputEndsWithStatusTwoAndLeavesNothing) {
  const TemporaryFolder folder;
  const auto run_with = [&](const std::string& sweep) {
    write_text_file(folder.path() / "s.json", sweep);
    return run_program("run_experiment " + (folder.path() / "s.json").string() + " --out " +
                           (folder.path() / "run").string(),
                       folder.path());
  };
  const Ran sweep = run_with(R"({"datasets": ["ugr61"], "models": ["netshare"]})");
  EXPECT_EQ(sweep.status, 2);
  EXPECT_THAT(sweep.err, HasSubstr("/datasets/0"));

  write_text_file(
      folder.path() / "bad.csv",
      "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt\n1,2,3,4,TCP,5,6,7,8\n1,2,x,4,TCP,5,6,7,8\n");
  const Ran data =
      run_with(R"({"datasets": [{"name": "ugr16", "path": ")" + (folder.path() / "bad.csv").string() +
               R"(", "format": "netshare-csv"}], "models": ["netshare"]})");
  EXPECT_EQ(data.status, 2) << data.err;
  EXPECT_THAT(data.err, HasSubstr("bad.csv: record 2"));
  EXPECT_FALSE(fs::exists(folder.path() / "run")) << "nothing half-written";

  EXPECT_EQ(run_program("run_experiment /no/such.json", folder.path()).status, 2);
  EXPECT_EQ(run_program("run_experiment", folder.path()).status, 2);
  EXPECT_EQ(run_program("run_experiment --frobnicate", folder.path()).status, 2);
}

TEST(EndToEnd, TwoRunsOnOneFolderDoNotMix) {
  const TemporaryFolder folder;
  write_text_file(folder.path() / "s.json", tiny_sweep());
  const std::string run = (folder.path() / "run").string();
  const Ran ran = run_program("mkdir " + run + "; flock " + run + "/.lock run_experiment " +
                                  (folder.path() / "s.json").string() + " --out " + run,
                              folder.path());
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("another run_experiment is at work"));
}

}  // namespace
}  // namespace bench
