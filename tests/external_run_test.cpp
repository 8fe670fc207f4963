// Programs of other people and traces that exist already, as rows of a sweep.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "datasets/formats.h"
#include "datasets/surrogate/surrogate.h"
#include "tests/run_program.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::vector<json> lines_of(const fs::path& file) {
  std::vector<json> out;
  std::istringstream text(read_text_file(file));
  for (std::string line; std::getline(text, line);) out.push_back(json::parse(line));
  return out;
}

/// Status of the sweep's own rows by label.
std::map<std::string, json> statuses(const fs::path& run) {
  std::map<std::string, json> out;
  for (const auto& status : lines_of(run / "status.jsonl")) {
    if (!status["variant"].get<std::string>().empty()) out[status["variant"]] = status;
  }
  return out;
}

json shell(const std::string& label, const std::string& script) {
  return {{"name", "external"}, {"label", label}, {"command", {"sh", "-c", script}}};
}

TEST(ExternalRun, EveryWayToFailIsAnOutcomeAndTheSweepGoesOn) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  const json sweep{
      {"name", "programs"},
      {"datasets", {{{"name", "ugr16-surrogate"}, {"records", 200}}}},
      {"models",
       {shell("hangs", "setsid sleep 1000 & echo $! > pid; sleep 1000; cp {train} {output}"),
        shell("crashes", "echo halfway >&2; echo no such layer >&2; exit 3; cp {train} {output}"),
        shell("signal", "kill -SEGV $$; cp {train} {output}"),
        shell("garbage", "head -c 5000 /dev/urandom > {output}"),
        shell("damaged", "head -n 3 {train} > {output}; echo 1,2,here >> {output}"),
        shell("short", "head -n 101 {train} > {output}"),
        shell("nothing", "echo {output}"),
        shell("long", "cp {train} {output}; tail -n 20 {train} >> {output}"),
        shell("good", "cp {train} {output}; echo done"),
        {{"name", "external"},
         {"label", "memory"},
         {"command", {"python3", "-c", "a = []\nwhile True: a.append(bytearray(1 << 26))", "{output}"}}}}},
      {"limits", {{"wall_minutes", 0.25}, {"memory_gb", 3}}}};
  write_text_file(folder.path() / "s.json", sweep.dump());
  const Ran ran =
      run_program("run_experiment " + (folder.path() / "s.json").string() + " --jobs 2 --out " + run.string(),
                  folder.path());
  ASSERT_EQ(ran.status, 1) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("7 of 15 cells ok"));
  auto by_label = statuses(run);
  const auto expect = [&](const char* label, const char* outcome, const char* message) {
    EXPECT_EQ(by_label[label]["outcome"], outcome) << by_label[label];
    EXPECT_THAT(by_label[label]["message"].get<std::string>(), HasSubstr(message)) << label;
    EXPECT_EQ(by_label[label]["phase"], "sample/sample") << label;
  };
  expect("hangs", "timeout", "limits/wall_minutes");
  expect("crashes", "crash", "sh ended with exit status 3: no such layer");
  expect("signal", "crash", "sh was ended by signal 11");
  expect("garbage", "invalid-output", "output.csv");
  expect("damaged", "invalid-output", "output.csv: record 3");
  expect("short", "invalid-output", "output.csv holds 100 records; 160 were asked for");
  expect("nothing", "invalid-output", "sh ended well, but wrote no output.csv");
  expect("memory", "out-of-memory", "MemoryError");
  EXPECT_EQ(by_label["good"]["outcome"], "ok");
  EXPECT_EQ(by_label["long"]["outcome"], "ok");
  EXPECT_THAT(by_label["long"]["notes"].get<std::string>(), HasSubstr("kept the first 160 records"));
  EXPECT_THAT(ran.out, HasSubstr("kept the first 160 records of output.csv: it holds more"));

  // What it printed stays where the summary says, and nothing that it started goes on.
  const auto folder_of = [&](const char* label) {
    const auto stages = by_label[label]["stages"];
    for (const auto& name : stages) {
      if (name.get<std::string>().starts_with("sample")) return run / "stages" / name.get<std::string>();
    }
    return fs::path();
  };
  const fs::path crashed = folder_of("crashes").string() + ".failed";
  EXPECT_THAT(ran.out, HasSubstr("stages/" + crashed.filename().string()));
  EXPECT_EQ(read_text_file(crashed / "sample" / "stderr.txt"), "halfway\nno such layer\n");
  EXPECT_EQ(read_text_file(folder_of("good") / "sample" / "stdout.txt"), "done\n");
  const std::string pid = read_text_file(folder_of("hangs").string() + ".failed/sample/pid");
  const fs::path process = "/proc/" + pid.substr(0, pid.find('\n')) + "/stat";
  EXPECT_TRUE(!fs::exists(process) || read_text_file(process).find(") Z") != std::string::npos);
}

TEST(ExternalRun, AnEditedScriptRunsAgainAndGenerateTraceUsesIt) {
  const TemporaryFolder folder;
  const fs::path sweep = folder.path() / "sweeps" / "s.json";
  make_folder(sweep.parent_path());
  write_text_file(sweep.parent_path() / "model.sh", "cp \"$1\" \"$2\"\n");
  write_text_file(sweep,
                  R"({"name": "s", "datasets": [{"name": "caida-surrogate", "records": 100}],
                      "models": [{"name": "external", "label": "mine", "format": "pcap",
                                  "command": ["sh", "model.sh", "{train}", "{output}"]}]})");
  const fs::path run = folder.path() / "run";
  const std::string command = "run_experiment " + sweep.string() + " --out " + run.string();
  ASSERT_EQ(run_program(command, folder.path()).status, 0);
  const Ran again = run_program(command, folder.path());
  EXPECT_THAT(again.err, HasSubstr(" 0 stages to do"));

  const std::string cell = (run / "cells" / statuses(run)["mine"]["cell"].get<std::string>()).string();
  const std::string made = (folder.path() / "made.csv").string();
  const Ran generated =
      run_program("generate_trace --cell '" + cell + "' --records 50 --output " + made, folder.path());
  ASSERT_EQ(generated.status, 0) << generated.err;
  EXPECT_THAT(generated.err, HasSubstr("kept the first 50 records"));
  ReadReport report;
  EXPECT_EQ(read_trace(made, "auto", {}, report).size(), 50u);
  const Ran given = run_program(
      "generate_trace --cell '" + cell + "' --records 50 --given type=x --output " + made, folder.path());
  EXPECT_EQ(given.status, 2);
  EXPECT_THAT(given.err, HasSubstr("--given: external cannot draw records by their label"));

  write_text_file(sweep.parent_path() / "model.sh", "head -c 100 \"$1\" > \"$2\"\n");
  const Ran edited = run_program(command, folder.path());
  EXPECT_EQ(edited.status, 1);
  EXPECT_EQ(statuses(run)["mine"]["outcome"], "invalid-output");
}

TEST(ExternalRun, PairsThatDoNotApplyAreNamed) {
  const TemporaryFolder folder;
  const auto sweep = [&](const std::string& datasets) {
    write_text_file(folder.path() / "s.json",
                    R"({"name": "s", "datasets": [)" + datasets + R"(], "models": ["pac_gan-smoke"]})");
    return "run_experiment " + (folder.path() / "s.json").string() + " --out " +
           (folder.path() / "run").string();
  };
  const Ran dry = run_program(sweep(R"("ugr16-surrogate", "caida-surrogate")") + " --dry-run", folder.path());
  EXPECT_EQ(dry.status, 0) << dry.err;
  EXPECT_THAT(dry.out,
              HasSubstr("do not apply:\n- pac_gan[pac_gan-smoke] (packets only): ugr16-surrogate\n"));
  EXPECT_THAT(dry.out, ::testing::Not(HasSubstr("ugr16-surrogate__pac_gan")));
  const Ran none = run_program(sweep(R"("ugr16-surrogate")"), folder.path());
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.err, HasSubstr("no pair is left"));
  EXPECT_FALSE(fs::exists(folder.path() / "run"));
  EXPECT_THAT(run_program("run_experiment --list", folder.path()).out, HasSubstr("[packets only]"));
}

double score(const fs::path& run, const std::string& dataset, const std::string& generator,
             const char* metric, const char* field) {
  for (const auto& s : lines_of(run / "scores.jsonl")) {
    if (s["dataset"] == dataset && s["generator"] == generator && s["metric"] == metric &&
        s["field"] == field)
      return s["value"];
  }
  ADD_FAILURE() << "no " << metric << " of " << generator << " on " << dataset;
  return 0;
}

TEST(Examples, TheProgramInPythonLearnsServices) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  const Ran ran =
      run_program("run_experiment " HEADERBENCH_ROOT "/examples/external.json --jobs 2 --out " + run.string(),
                  folder.path());
  ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, ::testing::Not(HasSubstr("## Notes")));
  for (const char* dataset : {"ugr16-surrogate", "caida-surrogate"}) {
    EXPECT_LT(score(run, dataset, "external", "tv_proto_dstport", "proto x dstport"),
              score(run, dataset, "independent", "tv_proto_dstport", "proto x dstport"));
  }
  EXPECT_FALSE(fs::exists(HEADERBENCH_ROOT "/examples/__pycache__"));
}

TEST(Examples, TracesThatExistAreScoredAsTheyAre) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  const Ran ran = run_program(
      "run_experiment " HEADERBENCH_ROOT "/examples/precomputed.json --out " + run.string(), folder.path());
  ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  std::vector<std::string> notes;
  for (const auto& status : lines_of(run / "status.jsonl")) {
    if (status["generator"] == "precomputed") notes.push_back(status["notes"]);
  }
  EXPECT_THAT(notes, ::testing::ElementsAre("", "300 records where 400 were asked for: scored as they are"));
  EXPECT_THAT(ran.out, HasSubstr("300 records where 400 were asked for"));
  EXPECT_LT(score(run, "caida-surrogate", "precomputed", "jsd", "proto"),
            score(run, "caida-surrogate", "uniform", "jsd", "proto"));
  for (const auto& cell : fs::directory_iterator(run / "cells")) {
    if (cell.path().filename().string().find("precomputed") == std::string::npos) continue;
    const Ran made = run_program("generate_trace --cell '" + cell.path().string() +
                                     "' --records 5 --output " + (folder.path() / "x.csv").string(),
                                 folder.path());
    EXPECT_EQ(made.status, 2);
    EXPECT_THAT(made.err, HasSubstr("holds traces that exist already"));
  }
}

}  // namespace
}  // namespace bench
