// run_experiment --list and --help, score_trace, generate_trace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "core/score.h"
#include "datasets/flows.h"
#include "datasets/formats.h"
#include "datasets/surrogate/surrogate.h"
#include "tests/run_program.h"

namespace bench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

TEST(Tools, ListNamesEverything) {
  const TemporaryFolder folder;
  const Ran ran = run_program("run_experiment --list", folder.path());
  EXPECT_EQ(ran.status, 0);
  for (const char* name : {"ugr16", "ca-surrogate", "netshare-csv", "packet-csv", "netshare", "holdout",
                           "netshare-smoke", "jsd", "emd_log1p", "tv_src_dst"}) {
    EXPECT_THAT(ran.out, HasSubstr(std::string("  ") + name)) << name;
  }
}

TEST(Tools, HelpOfAGeneratorComesFromItsParameters) {
  const TemporaryFolder folder;
  const Ran ran = run_program("run_experiment --help-generator netshare", folder.path());
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("sample_len = "));
  EXPECT_THAT(run_program("run_experiment --help-generator netshaer", folder.path()).err,
              HasSubstr("did you mean \"netshare\"?"));
  for (const char* program : {"run_experiment", "score_trace", "generate_trace"}) {
    const Ran help = run_program(std::string(program) + " --help", folder.path());
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, HasSubstr("Example"));
  }
}

TEST(Tools, ScoreTraceComparesTwoFiles) {
  const TemporaryFolder folder;
  write_trace(simulate("caida-surrogate", 400, Seed(1)), folder.path() / "a.pcap");
  write_trace(simulate("caida-surrogate", 400, Seed(2)), folder.path() / "b.csv");
  write_trace(simulate("ugr16-surrogate", 400, Seed(2)), folder.path() / "flows.csv");
  const std::string a = (folder.path() / "a.pcap").string();
  const Ran same = run_program("score_trace --real " + a + " --synthetic " + a + " --json", folder.path());
  ASSERT_EQ(same.status, 0) << same.err;
  int distances = 0;
  std::istringstream lines(same.out);
  for (std::string line; std::getline(lines, line);) {
    const Score score = score_from_json(nlohmann::json::parse(line));
    const bool copied = score.metric == "exact_copy" || score.metric == "identifier_share";
    if (score.outcome != Outcome::value || score.direction != Direction::lower || copied) continue;
    ++distances;
    EXPECT_EQ(score.value, 0) << line;
  }
  EXPECT_GT(distances, 100);
  const Ran other = run_program(
      "score_trace --real " + a + " --synthetic " + (folder.path() / "b.csv").string(), folder.path());
  EXPECT_EQ(other.status, 0) << other.err;
  EXPECT_THAT(other.out, HasSubstr("| jsd"));
  EXPECT_THAT(other.out, HasSubstr("there are no held-out records"));
  write_trace(simulate("caida-surrogate", 400, Seed(3)), folder.path() / "c.pcap");
  write_text_file(folder.path() / "big.rules", "U1: if proto = tcp then length >= 2000\n");
  write_text_file(folder.path() / "bad.rules", "U1: if size = 3 then proto = tcp\n");
  const std::string pair = "score_trace --real " + a + " --synthetic " + (folder.path() / "b.csv").string();
  const Ran held = run_program(pair + " --holdout " + (folder.path() / "c.pcap").string() + " --rules " +
                                   (folder.path() / "big.rules").string() + " --json",
                               folder.path());
  EXPECT_EQ(held.status, 0) << held.err;
  EXPECT_THAT(held.out, Not(HasSubstr("there are no held-out records")));
  EXPECT_THAT(held.out, HasSubstr("\"field\":\"U1\""));
  const Ran bad = run_program(pair + " --rules " + (folder.path() / "bad.rules").string(), folder.path());
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.err, HasSubstr("bad.rules"));
  EXPECT_THAT(bad.err, HasSubstr("size"));
  const Ran task = run_program(pair + " --task heavyhitters", folder.path());
  EXPECT_EQ(task.status, 2);
  EXPECT_THAT(task.err, HasSubstr("\"heavyhitters\" is not a task"));
  const Ran kinds = run_program(
      "score_trace --real " + a + " --synthetic " + (folder.path() / "flows.csv").string(), folder.path());
  EXPECT_EQ(kinds.status, 2);
  EXPECT_THAT(kinds.err, HasSubstr("two traces of one kind"));
}

TEST(Tools, MalformedFilesEndInOneLineAndStatusTwo) {
  const TemporaryFolder folder;
  const fs::path good = folder.path() / "good.pcap";
  write_trace(simulate("caida-surrogate", 50, Seed(1)), good);
  const std::string bytes = read_text_file(good);
  write_text_file(folder.path() / "cut.pcap", bytes.substr(0, bytes.size() - 7));
  write_text_file(folder.path() / "empty.csv", "");
  write_text_file(folder.path() / "words.csv",
                  "srcip,dstip,srcport,dstport,proto,time,pkt_len\n1,2,3,4,TCP,now,60\n");
  write_text_file(folder.path() / "columns.csv",
                  "srcip,dstip,srcport,dstport,proto,time,pkt_len\n1,2,3,4,TCP\n");
  write_text_file(folder.path() / "binary.bin", std::string("\0\1\2\3\4\5\6\7garbage", 15));
  fs::create_directory(folder.path() / "folder.csv");
  for (const char* name :
       {"cut.pcap", "empty.csv", "words.csv", "columns.csv", "binary.bin", "folder.csv", "absent.csv"}) {
    const Ran ran =
        run_program("score_trace --real " + good.string() + " --synthetic " + (folder.path() / name).string(),
                    folder.path());
    EXPECT_EQ(ran.status, 2) << name << ": " << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(name));
    const std::string last = ran.err.substr(ran.err.find("score_trace: "));
    EXPECT_EQ(std::count(last.begin(), last.end(), '\n'), 1) << last;
    EXPECT_EQ(ran.out, "");
  }
}

TEST(Tools, GenerateTraceUsesATrainedCell) {
  const TemporaryFolder folder;
  write_text_file(folder.path() / "tiny.json", tiny_sweep());
  const std::string run = (folder.path() / "run").string();
  ASSERT_EQ(
      run_program("run_experiment " + (folder.path() / "tiny.json").string() + " --out " + run, folder.path())
          .status,
      0);
  std::string packets;
  std::string flows;
  std::string split;
  for (const auto& entry : fs::directory_iterator(run + "/cells")) {
    const std::string name = entry.path().filename();
    if (name.starts_with("caida-surrogate__netshare")) packets = entry.path();
    if (name.starts_with("ugr16-surrogate__independent")) flows = entry.path();
    if (name.starts_with("caida-surrogate__split")) split = entry.path();
  }
  const std::string pcap = (folder.path() / "made.pcap").string();
  const Ran made =
      run_program("generate_trace --cell '" + packets + "' --records 77 --output " + pcap, folder.path());
  ASSERT_EQ(made.status, 0) << made.err;
  ReadReport report;
  EXPECT_EQ(read_trace(pcap, "auto", {}, report).size(), 77u);
  EXPECT_EQ(report.format, "pcap");
  const std::string csv = (folder.path() / "made.csv").string();
  EXPECT_EQ(
      run_program("generate_trace --cell '" + flows + "' --records 5 --output " + csv, folder.path()).status,
      0);
  EXPECT_EQ(read_trace(csv, "auto", {}, report).size(), 5u);

  // The flows that were made, with other features. (A pcap has no ports where its packet is a later
  // fragment.)
  const std::string whole = (folder.path() / "made.h5").string(),
                    again = (folder.path() / "again.h5").string();
  const std::string with = "generate_trace --cell '" + packets + "' ";
  ASSERT_EQ(run_program(with + "--records 77 --output " + whole, folder.path()).status, 0);
  const Ran same = run_program(with + "--flows " + whole + " --output " + again, folder.path());
  ASSERT_EQ(same.status, 0) << same.err;
  const Trace first = read_trace(whole, "auto", {}, report), second = read_trace(again, "auto", {}, report);
  ASSERT_EQ(second.size(), first.size());
  std::multiset<FiveTuple> one, two;
  for (size_t i = 0; i < first.size(); ++i) {
    one.insert(five_tuple(first, i));
    two.insert(five_tuple(second, i));
  }
  EXPECT_EQ(one, two);
  EXPECT_NE(first.length, second.length);

  const auto refused = [&](const std::string& arguments, const char* why) {
    const Ran ran = run_program("generate_trace " + arguments, folder.path());
    EXPECT_EQ(ran.status, 2) << arguments;
    EXPECT_THAT(ran.err, HasSubstr(why));
  };
  refused("--cell '" + split + "' --records 5 --output x.csv", "holds no trained generator");
  refused("--cell /no/such --records 5 --output x.csv", "/no/such/cell.json");
  refused("--cell '" + flows + "' --records 0 --output x.csv", "is not a number of records");
  refused("--cell '" + flows + "' --flows " + csv + " --output x.csv", "cannot make records of given flows");
  refused("--cell '" + packets + "' --flows " + pcap + " --records 5 --output x.csv", "stand together");
  refused("--cell '" + packets + "' --flows " + csv + " --output x.csv", "given flows: flows with a time");
  refused("--cell '" + flows + "' --records 5 --output " + (folder.path() / "x.pcap").string(), "pcap");
  EXPECT_FALSE(fs::exists(folder.path() / "x.pcap"));
}

TEST(Tools, GenerateTraceDrawsRecordsOfALabel) {
  const TemporaryFolder folder;
  write_text_file(folder.path() / "s.json",
                  R"({"name": "s", "datasets": [{"name": "ton-surrogate", "records": 1000}],
                      "models": [{"name": "bayes_net", "preset": "bayes_net-smoke"}]})");
  const std::string run = (folder.path() / "run").string();
  const Ran ran =
      run_program("run_experiment " + (folder.path() / "s.json").string() + " --out " + run, folder.path());
  ASSERT_EQ(ran.status, 0) << ran.err;
  std::string cell;
  std::string shuffled;
  for (const auto& entry : fs::directory_iterator(run + "/cells")) {
    if (entry.path().filename().string().find("bayes_net") != std::string::npos) cell = entry.path();
    if (entry.path().filename().string().find("independent") != std::string::npos) shuffled = entry.path();
  }
  const fs::path made = folder.path() / "made.csv";
  const auto generate = [&](const std::string& from, const std::string& given) {
    return run_program(
        "generate_trace --cell '" + from + "' --records 40 --given " + given + " --output " + made.string(),
        folder.path());
  };
  ASSERT_EQ(generate(cell, "type=scanning").status, 0);
  ReadReport report;
  const Trace trace = read_trace(made, "auto", {}, report);
  ASSERT_EQ(trace.size(), 40u);
  ASSERT_EQ(trace.labels.size(), 2u);
  EXPECT_EQ(trace.labels[0].names, std::vector<std::string>{"1"}) << "the other label follows";
  EXPECT_EQ(trace.labels[1].names, std::vector<std::string>{"scanning"});
  fs::remove(made);
  for (const auto& [from, given, why] :
       {std::tuple(cell, "type=nonsense", "nonsense"), std::tuple(cell, "typ=scanning", "typ"),
        std::tuple(cell, "scanning", "is not LABEL=VALUE"),
        std::tuple(shuffled, "type=scanning", "independent cannot draw records by their label")}) {
    const Ran refused = generate(from, given);
    EXPECT_EQ(refused.status, 2) << given;
    EXPECT_THAT(refused.err, HasSubstr(why));
  }
  EXPECT_FALSE(fs::exists(made));
}

}  // namespace
}  // namespace bench
