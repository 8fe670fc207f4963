#include "experiments/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.h"
#include "experiments/pairs.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

json base() { return {{"datasets", {"ugr16-surrogate"}}, {"models", {"netshare"}}}; }

std::string problems_of(const json& document, const std::string& data = "") {
  try {
    parse_sweep(document, "s.json", data);
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::config);
    return e.what();
  }
  return "no problem";
}

TEST(Sweep, DefaultsAreFilledInAndReferenceRowsAdded) {
  const Sweep sweep = parse_sweep(base(), "dir/quick.json", "");
  EXPECT_EQ(sweep.name, "quick");
  EXPECT_EQ(sweep.repeats, 1);
  ASSERT_EQ(sweep.models.size(), 6u);
  EXPECT_EQ(sweep.models[0].model, "netshare");
  EXPECT_TRUE(sweep.models[0].params.contains("batch")) << "every default stands in the resolved parameters";
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(sweep.models[i + 1].model, reference_rows()[i]);
  EXPECT_EQ(sweep.pairs.size(), 6u);
  EXPECT_EQ(sweep.datasets[0].split_order, "file");
}

TEST(Sweep, AReferenceRowThatIsListedStandsOnce) {
  json document = base();
  document["models"] = {"independent", "netshare"};
  const Sweep sweep = parse_sweep(document, "s.json", "");
  EXPECT_EQ(sweep.models.size(), 6u);
  EXPECT_TRUE(sweep.models[0].reference);
}

TEST(Sweep, ListsAreAxes) {
  json document = base();
  document["models"] = {{{"name", "netshare"}, {"params", {{"sample_len", {1, 5}}, {"lr", {0.1, 0.2}}}}}};
  document["datasets"] = {{{"name", "ugr16-surrogate"}, {"records", {100, 200}}}};
  const Sweep sweep = parse_sweep(document, "s.json", "");
  EXPECT_EQ(sweep.models[3].title(), "netshare[lr=0.2,sample_len=5]");
  EXPECT_EQ(sweep.models[3].params["sample_len"], 5);
  EXPECT_EQ(sweep.datasets[1].label, "ugr16-surrogate[records=200]");
  EXPECT_EQ(sweep.pairs.size(), 2u * (4 + 5));
}

TEST(Sweep, EveryMistakeIsReportedAtOnceWithItsPointer) {
  const std::string text = problems_of(
      {{"nam", "x"},
       {"repeats", 0},
       {"datasets", {"ugr61-surrogate", {{"name", "caida-surrogate"}, {"recods", 5}}}},
       {"models", {"netshaer", {{"name", "netshare"}, {"params", {{"batch", {10, -1}}, {"lr", "x"}}}}}},
       {"metrics", {"jsdd"}},
       {"limits", {{"memory_gb", "big"}}},
       {"sampling", {{"count", "all"}}},
       {"baselines", "none"}});
  EXPECT_THAT(text, HasSubstr("s.json: 11 problems"));
  EXPECT_THAT(text, HasSubstr("/nam: unknown key (did you mean \"name\"?)"));
  EXPECT_THAT(text, HasSubstr("/repeats: 0 is not an integer from 1"));
  EXPECT_THAT(
      text,
      HasSubstr("/datasets/0: \"ugr61-surrogate\" is not a dataset (did you mean \"ugr16-surrogate\"?)"));
  EXPECT_THAT(text, HasSubstr("/datasets/1/recods: unknown key (did you mean \"records\"?)"));
  EXPECT_THAT(text,
              HasSubstr("/models/0: \"netshaer\" is not a generator or preset (did you mean \"netshare\"?)"));
  EXPECT_THAT(text, HasSubstr("/models/1/params/batch/1: -1 is not an integer"));
  EXPECT_THAT(text, HasSubstr("/models/1/params/lr: \"x\" is not a number"));
  EXPECT_THAT(text, HasSubstr("/metrics/0: \"jsdd\" is not a metric (did you mean \"jsd\"?)"));
  EXPECT_THAT(text, HasSubstr("/limits/memory_gb: \"big\" is not a number"));
  EXPECT_THAT(text, HasSubstr("/sampling/count: \"all\" is not"));
  EXPECT_THAT(text, HasSubstr("/baselines: \"none\" is not \"auto\""));
}

TEST(Sweep, CanariesFitIntoTheTrainingPart) {
  json document = base();
  document["datasets"] = {
      {{"name", "ugr16-surrogate"}, {"records", 100}, {"train_share", 0.5}, {"canaries", {0, 50}}}};
  const Sweep sweep = parse_sweep(document, "s.json", "");
  EXPECT_EQ(sweep.datasets[0].canaries, 0);
  EXPECT_EQ(sweep.datasets[1].canaries, 50);
  EXPECT_EQ(sweep.datasets[1].label, "ugr16-surrogate[canaries=50]");
  document["datasets"][0]["canaries"] = 51;
  EXPECT_THAT(problems_of(document), HasSubstr("/datasets/0/canaries: 51 is above the 50 records"));
  document["datasets"][0]["canaries"] = -1;
  EXPECT_THAT(problems_of(document), HasSubstr("/datasets/0/canaries: -1 is not an integer from 0"));
  document = base();
  document["public_data"] = {{{"name", "ugr16-surrogate"}, {"label", "open"}, {"canaries", 5}}};
  EXPECT_THAT(problems_of(document), HasSubstr("/public_data/0/canaries: public data are not audited"));
}

TEST(Sweep, TasksHaveParametersAndAxes) {
  json d = {{"datasets", {"ugr16-surrogate"}}, {"models", {"independent"}}};
  d["tasks"] = {"anomaly",
                {{"name", "telemetry"}, {"params", {{"columns", {500, 1000}}, {"hash_seeds", 3}}}}};
  const Sweep sweep = parse_sweep(d, "s.json", "");
  ASSERT_EQ(sweep.tasks.size(), 3u);
  EXPECT_EQ(sweep.tasks[0].title(), "anomaly");
  EXPECT_EQ(sweep.tasks[1].title(), "telemetry[columns=500]");
  EXPECT_EQ(sweep.tasks[2].params.at("columns"), 1000);
  EXPECT_EQ(sweep.tasks[2].params.at("hash_seeds"), 3);

  d["tasks"] = {"telemetery",
                7,
                {{"name", "telemetry"}, {"params", {{"columns", 0}, {"colums", 5}}}},
                "anomaly",
                "anomaly"};
  d["datasets"] = {{{"name", "ugr16-surrogate"}, {"rules", "absent.rules"}}};
  const std::string problems = problems_of(d);
  for (const char* part :
       {"/tasks/0: \"telemetery\" is not a task (did you mean \"telemetry\"?)", "/tasks/1: 7 is not a task",
        "/tasks/2/params/columns", "/tasks/2/params/colums",
        "/tasks/4: the task \"anomaly\" stands here twice", "/datasets/0/rules", "absent.rules"})
    EXPECT_THAT(problems, HasSubstr(part));
}

TEST(Sweep, FlowsComeFromSomethingThatIsThere) {
  EXPECT_THAT(problems_of({{"datasets", {"ugr16-surrogate"}},
                           {"models", {{{"name", "ddgan"}, {"flows", "nobody"}}}}}),
              HasSubstr("/models/0/flows: \"nobody\" is neither train, holdout, an earlier row nor a file"));
  EXPECT_THAT(
      problems_of({{"datasets", {"ugr16-surrogate"}}, {"models", {{{"name", "ctgan"}, {"flows", "train"}}}}}),
      HasSubstr("/models/0/flows: ctgan cannot make records of given flows"));
}

TEST(Sweep, WrongShapesAreSaidNotCrashedOn) {
  EXPECT_THAT(problems_of(json::array()), HasSubstr("is not an object"));
  EXPECT_THAT(problems_of({{"datasets", 3}, {"models", {{"a", 1}}}}),
              HasSubstr("/datasets: 3 is not a list"));
  EXPECT_THAT(problems_of({{"datasets", {7}}, {"models", {nullptr}}}),
              HasSubstr("/datasets/0: 7 is not a dataset"));
  EXPECT_THAT(problems_of({{"datasets", json::array()}, {"models", {"netshare"}}}),
              HasSubstr("/datasets: is empty"));
  EXPECT_THAT(problems_of({{"models", {"netshare"}}}), HasSubstr("/datasets: is missing"));
  EXPECT_THAT(problems_of({{"datasets", {"ugr16-surrogate"}},
                           {"models", {{{"name", "netshare"}, {"params", 3}, {"preset", 1}}}}}),
              HasSubstr("/models/0/params: 3 is not an object"));
}

TEST(Sweep, NamesCannotLeaveTheResultsFolder) {
  json document = base();
  for (const char* name : {"../x", "/tmp/x", "..", ".hidden"}) {
    document["name"] = name;
    EXPECT_THAT(problems_of(document), HasSubstr("is not a plain folder name")) << name;
  }
}

TEST(Sweep, MissingDataNamesWhereItLookedAndTheDownloadPage) {
  const json document{{"datasets", {"caida", {{"name", "ugr16"}, {"path", "nowhere.csv"}}}},
                      {"models", {"netshare"}}};
  const std::string text = problems_of(document, "/no/such/folder");
  EXPECT_THAT(text, HasSubstr("/datasets/0"));
  EXPECT_THAT(text, HasSubstr("caida.org"));
  EXPECT_THAT(text, HasSubstr("/datasets/1/path: /no/such/folder/nowhere.csv: there is no such file"));
}

TEST(Sweep, ExcludeAndIncludeChoosePairs) {
  json document = base();
  document["datasets"] = {"ugr16-surrogate", "caida-surrogate"};
  document["exclude"] = {{{"model", "netshare"}, {"dataset", "caida-surrogate"}, {"because", "slow"}}};
  EXPECT_EQ(parse_sweep(document, "s.json", "").pairs.size(), 11u);
  document["exclude"] = json::array();
  document["include"] = {{{"model", "netshare"}, {"dataset", "caida-surrogate"}}};
  const Sweep sweep = parse_sweep(document, "s.json", "");
  EXPECT_EQ(sweep.pairs.size(), 11u);
  EXPECT_EQ(sweep.pairs[5].dataset, 1u) << "the five reference rows of ugr16-surrogate come first";
  document["exclude"] = {{{"model", "ctgann"}}};
  EXPECT_THAT(problems_of(document), HasSubstr("/exclude/0"));
}

TEST(Sweep, PresetsCanBeNamedAndOverridden) {
  const json document{
      {"datasets", {"ugr16-surrogate"}},
      {"models",
       {"netshare-smoke",
        {{"name", "netshare"}, {"preset", "netshare-smoke"}, {"params", {{"iterations", 3}}}}}}};
  const Sweep sweep = parse_sweep(document, "s.json", "");
  EXPECT_EQ(sweep.models[0].title(), "netshare[netshare-smoke]");
  EXPECT_NE(sweep.models[0].params["iterations"], 3);
  EXPECT_EQ(sweep.models[1].params["iterations"], 3);
  EXPECT_EQ(sweep.models[1].params["critic_units"], sweep.models[0].params["critic_units"]);
  json wrong = document;
  wrong["models"][1]["preset"] = "netshare-smok";
  EXPECT_THAT(problems_of(wrong),
              HasSubstr("/models/1/preset: \"netshare-smok\" is not a preset of netshare"));
}

TEST(Sweep, TwoGeneratorsOfOneNameAreRefused) {
  json document = base();
  document["models"] = {"netshare", {{"name", "netshare"}, {"params", {{"lr", 0.5}}}}};
  EXPECT_THAT(problems_of(document), HasSubstr("two generators are named \"netshare\""));
  document["models"][1]["label"] = "fast";
  EXPECT_EQ(parse_sweep(document, "s.json", "").models[1].title(), "netshare[fast]");
}

TEST(Sweep, AProgramsParametersMayStandBesideItsName) {
  json document = base();
  document["models"] = {
      {{"name", "external"}, {"label", "a"}, {"command", {"cp", "{train}", "{output}"}}},
      {{"name", "external"},
       {"label", "b"},
       {"params", {{"command", {{"cp", "{train}", "{output}"}, {"ln", "{train}", "{output}"}}}}}}};
  const Sweep sweep = parse_sweep(document, "s.json", "");
  EXPECT_EQ(sweep.models[0].title(), "external[a]");
  EXPECT_EQ(sweep.models[0].params["command"], json({"cp", "{train}", "{output}"}));
  EXPECT_EQ(sweep.models[0].params["format"], "netshare-csv");
  EXPECT_EQ(sweep.models[1].title(), "external[b,command=cp {train} {output}]")
      << "a list of lists is an axis";
  EXPECT_EQ(sweep.models[2].params["command"][0], "ln");

  document["models"] = {{{"name", "external"},
                         {"command", {"no-such-program", "{output}"}},
                         {"format", "csv"},
                         {"params", {{"format", "pcap"}}}}};
  EXPECT_THAT(problems_of(document), HasSubstr("/models/0/format: stands here and under params"));
  document["models"] = {{{"name", "external"}, {"command", {"no-such-program", "{output}"}}}};
  EXPECT_THAT(problems_of(document), HasSubstr("/models/0/command: \"no-such-program\" is not a program"));
  document["models"] = {{{"name", "external"}, {"command", {"cp", "{train}"}}}};
  EXPECT_THAT(problems_of(document), HasSubstr("/models/0: command has no {output}"));
  document["models"] = {"external"};
  EXPECT_THAT(problems_of(document), HasSubstr("command is empty"));
  document["models"] = {{{"name", "precomputed"}, {"files", {"/no/such.csv"}}}};
  EXPECT_THAT(problems_of(document), HasSubstr("/models/0/files: /no/such.csv: there is no such file"));
  document["models"] = {{{"name", "netshare"}, {"batch", 5}}};
  EXPECT_THAT(problems_of(document), HasSubstr("/models/0/batch: unknown key"));
}

TEST(Sweep, PairsThatDoNotApplyAreLeftOutAndAnEmptyMatrixIsRefused) {
  json document = base();
  document["datasets"] = {"ugr16-surrogate", "caida-surrogate"};
  document["models"] = {"pac_gan"};
  const Sweep sweep = parse_sweep(document, "s.json", "");
  EXPECT_EQ(sweep.pairs.size(), 11u);
  ASSERT_EQ(sweep.left_out.size(), 1u);
  EXPECT_EQ(sweep.left_out[0].dataset, 0u);
  EXPECT_EQ(left_out_text(sweep), "- pac_gan (packets only): ugr16-surrogate\n");
  document["datasets"] = {"ugr16-surrogate"};
  EXPECT_THAT(problems_of(document), HasSubstr("/models: no pair is left"));
  document["models"] = {"pac_gan", "netshare"};
  EXPECT_EQ(parse_sweep(document, "s.json", "").left_out.size(), 1u) << "another one is left";
  document["models"] = {"independent"};
  EXPECT_EQ(parse_sweep(document, "s.json", "").pairs.size(), 5u) << "reference rows alone are a sweep";
}

TEST(Sweep, OtherwiseStandsInWhereTheFileIsNotThere) {
  json document = base();
  document["datasets"] = {
      {{"name", "ugr16"}, {"path", "x.csv"}, {"otherwise", "ugr16-surrogate"}},
      {{"name", "caida"}, {"otherwise", {{"name", "caida-surrogate"}, {"records", 300}}}}};
  const Sweep sweep = parse_sweep(document, "s.json", "/no/such/folder");
  EXPECT_EQ(sweep.datasets[0].label, "ugr16-surrogate");
  EXPECT_EQ(sweep.datasets[1].records, 300);
  document["datasets"][0]["path"] = HEADERBENCH_ROOT "/README.md";
  EXPECT_EQ(parse_sweep(document, "s.json", "/no/such/folder").datasets[0].label, "ugr16");
  document["datasets"] = {{{"name", "ugr61"}, {"otherwise", "ugr16-surrogate"}}};
  EXPECT_THAT(problems_of(document), HasSubstr("\"ugr61\" is not a dataset"));
  document["datasets"] = {{{"name", "ugr16"}, {"otherwise", "ugr61"}}};
  EXPECT_THAT(problems_of(document), HasSubstr("/datasets/0/otherwise: \"ugr61\" is not a dataset"));
}

TEST(Sweep, ShippedSweepsAreValid) {
  int seen = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(HEADERBENCH_ROOT) / "experiments/sweeps")) {
    ++seen;
    try {
      read_sweep(file.path(), "");
    } catch (const Error& e) {
      // Real samples are not in the repository; nothing else may be wrong.
      const std::string text = e.what();
      EXPECT_THAT(text, HasSubstr("there is no such file")) << file.path();
      EXPECT_THAT(text, Not(HasSubstr("did you mean"))) << file.path();
      EXPECT_THAT(text, Not(HasSubstr("is not"))) << file.path();
    }
  }
  EXPECT_GE(seen, 2);
}

}  // namespace
}  // namespace bench
