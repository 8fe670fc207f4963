#include "models/precomputed/precomputed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/error.h"
#include "core/files.h"
#include "datasets/formats.h"
#include "datasets/surrogate/surrogate.h"

namespace bench {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class PrecomputedTest : public ::testing::Test {
 protected:
  PrecomputedTest()
      : folder_(fs::temp_directory_path() / ("precomputed_test_" + std::to_string(::getpid()))) {
    make_folder(folder_);
  }
  ~PrecomputedTest() override { fs::remove_all(folder_); }

  std::unique_ptr<Generator> make(const fs::path& file) {
    const auto params = precomputed_params();
    Problems problems;
    read_params(*params, {{"files", {file.string()}}}, "", problems);
    problems.raise("test");
    return make_precomputed(*params);
  }
  void fit(Generator& generator) {
    const Split split = split_trace(simulate("caida-surrogate", 50, Seed(1)), 0.8, SplitOrder::file, Seed(1));
    FitContext context{Seed(1), 1, "cpu", progress_};
    generator.fit(split.train, context);
  }
  fs::path folder_;
  SilentProgress progress_;
};

TEST_F(PrecomputedTest, TheFileAsItIsWhateverIsAskedFor) {
  const Trace made = simulate("caida-surrogate", 30, Seed(2));
  write_trace(made, folder_ / "made.h5");
  const auto generator = make(folder_ / "made.h5");
  EXPECT_FALSE(generator->exact_count());
  fit(*generator);
  SampleContext context{Seed(1), 1, "cpu", progress_};
  EXPECT_EQ(generator->sample(40, context), made);
  EXPECT_THAT(context.notes,
              ::testing::ElementsAre("30 records where 40 were asked for: scored as they are"));
  generator->save(folder_);
  const auto again = make(folder_ / "gone.h5");
  again->load(folder_);
  SampleContext exact{Seed(1), 1, "cpu", progress_};
  EXPECT_EQ(again->sample(30, exact), made);
  EXPECT_TRUE(exact.notes.empty());
}

TEST_F(PrecomputedTest, AFileThatCannotBeScoredIsInvalidOutput) {
  const auto failure = [&](const fs::path& file) {
    try {
      fit(*make(file));
    } catch (const Error& e) {
      EXPECT_EQ(e.kind, Kind::invalid_output);
      return std::string(e.what());
    }
    return std::string("no error");
  };
  write_trace(simulate("ugr16-surrogate", 30, Seed(2)), folder_ / "flows.csv");
  EXPECT_THAT(failure(folder_ / "flows.csv"), HasSubstr("holds flows; the dataset holds packets"));
  write_text_file(folder_ / "words.csv",
                  "srcip,dstip,srcport,dstport,proto,time,pkt_len\n1,2,3,4,TCP,now,60\n");
  EXPECT_THAT(failure(folder_ / "words.csv"), HasSubstr("words.csv: record 1"));
  EXPECT_THAT(failure(folder_ / "absent.csv"), HasSubstr("absent.csv"));
  const auto none = precomputed_params();
  Problems problems;
  read_params(*none, nlohmann::json::object(), "/models/0", problems);
  EXPECT_THAT(problems.lines(), ::testing::ElementsAre(HasSubstr("files is empty")));
}

}  // namespace
}  // namespace bench
