#include "models/external/external.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "core/error.h"
#include "core/files.h"
#include "datasets/surrogate/surrogate.h"
#include "models/external/placeholders.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

TEST(Placeholders, AreFilledInEverywhereAndOtherBracesStay) {
  EXPECT_THAT(fill_placeholders({"a", "--in={train}", "{seed}{seed}", "{print $1}", "{other}"},
                                {{"train", "/x/{seed}"}, {"seed", "7"}}),
              ElementsAre("a", "--in=/x/{seed}", "77", "{print $1}", "{other}"));
}

TEST(Placeholders, ACommandThatCannotWorkIsTold) {
  EXPECT_EQ(command_contradiction({"cp", "{train}", "{output}"}), "");
  EXPECT_EQ(command_contradiction({"awk", "{print}", "{output}"}), "");
  EXPECT_THAT(command_contradiction({}), HasSubstr("command is empty"));
  EXPECT_THAT(command_contradiction({"cp", "{train}", "x"}), HasSubstr("no {output}"));
  EXPECT_THAT(command_contradiction({"cp", "{trian}", "{output}"}), HasSubstr("did you mean \"train\"?"));
}

class ExternalTest : public ::testing::Test {
 protected:
  ExternalTest()
      : folder_(fs::temp_directory_path() / ("external_test_" + std::to_string(::getpid()))),
        flows_(split_trace(simulate("ugr16-surrogate", 100, Seed(1)), 0.8, SplitOrder::file, Seed(1)).train),
        packets_(
            split_trace(simulate("caida-surrogate", 100, Seed(1)), 0.8, SplitOrder::file, Seed(1)).train) {
    fs::remove_all(folder_);
  }
  ~ExternalTest() override { fs::remove_all(folder_); }

  std::unique_ptr<Generator> make(const std::string& script, const char* format = "netshare-csv") {
    const auto params = external_params();
    Problems problems;
    read_params(*params, {{"command", {"sh", "-c", script}}, {"format", format}}, "", problems);
    problems.raise("test");
    return make_external(*params);
  }
  Trace sample(Generator& generator, int64_t records) {
    SampleContext context{Seed(1), 1, "cpu", progress_, {}, folder_};
    Trace out = generator.sample(records, context);
    notes_ = context.notes;
    return out;
  }
  Trace run(const TrainingTrace& train, const std::string& script, int64_t records,
            const char* format = "netshare-csv") {
    const auto generator = make(script, format);
    FitContext fit{Seed(1), 1, "cpu", progress_};
    generator->fit(train, fit);
    return sample(*generator, records);
  }
  /// Kind and message of the error that it ends with.
  std::pair<Kind, std::string> failure(const TrainingTrace& train, const std::string& script,
                                       const char* format = "netshare-csv") {
    try {
      run(train, script, 80, format);
    } catch (const Error& e) {
      return {e.kind, e.what()};
    }
    return {Kind::cancelled, "no error"};
  }

  fs::path folder_;
  TrainingTrace flows_, packets_;
  SilentProgress progress_;
  std::vector<std::string> notes_;
};

TEST_F(ExternalTest, ACopyIsTheTrainingPart) {
  EXPECT_EQ(run(flows_, "cp {train} {output}; echo hello", 80), flows_.trace());
  EXPECT_EQ(read_text_file(folder_ / "stdout.txt"), "hello\n");
  EXPECT_TRUE(fs::exists(folder_ / "output.csv"));
  EXPECT_FALSE(fs::exists(folder_ / "train.csv")) << "it stands in the prepare stage";
  EXPECT_TRUE(notes_.empty());
  const Trace made = run(packets_, "cp {train} {output}", 80, "pcap");
  EXPECT_EQ(made.length, packets_.trace().length);
  for (size_t i = 0; i < made.size(); ++i)
    EXPECT_LE(std::abs(made.time[i] - packets_.trace().time[i]), 500) << "pcap has microseconds";
}

TEST_F(ExternalTest, AnOutputOfAnEarlierSampleIsNotTakenForANewOne) {
  run(flows_, "cp {train} {output}", 80);
  EXPECT_EQ(failure(flows_, "true {output}").first, Kind::invalid_output);
}

TEST_F(ExternalTest, SavedAndLoadedItMakesTheSame) {
  const std::string script =
      "(head -n 1 {train}; tail -n +2 {train} | sed -n '{seed}p;1,10p' | head -n 10) > {output}";
  const auto generator = make(script);
  FitContext fit{Seed(1), 1, "cpu", progress_};
  generator->fit(flows_, fit);
  make_folder(folder_);
  generator->save(folder_);
  const auto again = make(script);
  again->load(folder_);
  EXPECT_EQ(sample(*generator, 10), sample(*again, 10));
}

TEST_F(ExternalTest, SeedAndThreadsReachTheProgram) {
  run(flows_, "cp {train} {output}; echo {records} {seed} {threads}", 80);
  const std::string first = read_text_file(folder_ / "stdout.txt");
  EXPECT_THAT(first, ::testing::MatchesRegex("80 [0-9]+ 1\n"));
  const auto generator = make("cp {train} {output}; echo {records} {seed} {threads}");
  FitContext fit{Seed(1), 1, "cpu", progress_};
  generator->fit(flows_, fit);
  SampleContext other{Seed(2), 1, "cpu", progress_, {}, folder_};
  generator->sample(80, other);
  EXPECT_NE(read_text_file(folder_ / "stdout.txt"), first);
}

TEST_F(ExternalTest, RecordsArePutInOrderOfTimeAndTooManyAreCut) {
  const Trace made = run(flows_, "(head -n 1 {train}; tail -n +2 {train} | tac) > {output}", 30);
  EXPECT_TRUE(std::is_sorted(made.time.begin(), made.time.end()));
  EXPECT_EQ(made, select(flows_.trace(),
                         [] {
                           std::vector<size_t> last(30);
                           for (size_t i = 0; i < 30; ++i) last[i] = 50 + i;
                           return last;
                         }()))
      << "the first 30 of the file";
  EXPECT_THAT(notes_, ElementsAre("kept the first 30 records of output.csv: it holds more"));
}

TEST_F(ExternalTest, ColumnsThatAreMissingAreNotedAndThoseTooManyDropped) {
  const std::string more = "awk -F, -v OFS=, '{print $0, (NR == 1 ? \"label\" : \"x\")}' {train} > {output}";
  EXPECT_EQ(run(flows_, more, 80).labels, flows_.trace().labels);
  EXPECT_TRUE(notes_.empty());
  const Trace made = run(flows_, "cut -d, -f1-9 {train} > {output}", 80);
  EXPECT_TRUE(made.labels.empty());
  ASSERT_FALSE(flows_.trace().labels.empty());
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("output.csv has no")));
}

TEST_F(ExternalTest, EachFailureHasItsKindAndSaysWhatHappened) {
  using ::testing::Pair;
  EXPECT_THAT(failure(flows_, "echo first >&2; echo second >&2; exit 3 # {output}"),
              Pair(Kind::crashed, "sh ended with exit status 3: second"));
  EXPECT_THAT(failure(flows_, "exit 1 # {output}"),
              Pair(Kind::crashed, "sh ended with exit status 1; it wrote nothing to its standard error"));
  EXPECT_THAT(failure(flows_, "kill -SEGV $$ # {output}"), Pair(Kind::crashed, HasSubstr("signal 11")));
  EXPECT_THAT(
      failure(flows_, "echo 'numpy.core._exceptions._ArrayMemoryError: 3 GiB' >&2; exit 1 # {output}"),
      Pair(Kind::out_of_memory, HasSubstr("3 GiB")));
  EXPECT_THAT(failure(flows_, "true {output}"),
              Pair(Kind::invalid_output, "sh ended well, but wrote no output.csv"));
  EXPECT_THAT(failure(flows_, "head -n 51 {train} > {output}"),
              Pair(Kind::invalid_output, "output.csv holds 50 records; 80 were asked for"));
  EXPECT_THAT(failure(flows_, "(head -n 3 {train}; echo 1,2,3) > {output}"),
              Pair(Kind::invalid_output, ::testing::StartsWith("output.csv: record 3")));
  EXPECT_THAT(failure(flows_, "head -c 3000 /dev/urandom > {output}"),
              Pair(Kind::invalid_output, ::testing::StartsWith("output.csv")));
  EXPECT_THAT(failure(flows_, "mkdir {output}"),
              Pair(Kind::invalid_output, ::testing::StartsWith("output.csv")));
  EXPECT_THAT(
      failure(packets_,
              "echo srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt > {output}; for i in $(seq 80); do echo "
              "1,2,3,4,TCP,5,6,7,800; done >> {output}"),
      Pair(Kind::invalid_output, "output.csv holds flows; the training part holds packets"));
  EXPECT_EQ(failure(flows_, "cp {train} {output}", "pcap").first, Kind::unsupported);
}

}  // namespace
}  // namespace bench
