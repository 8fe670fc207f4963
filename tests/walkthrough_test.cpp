// Compiles and runs the generator of CONTRIBUTING.md's walk-through (extracted at configure time).
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "datasets/surrogate/surrogate.h"
#include "models/model.h"

namespace bench {

ModelEntry walkthrough_entry();

namespace {

TEST(Walkthrough, TheGeneratorOfContributingWorks) {
  const ModelEntry entry = walkthrough_entry();
  const auto params = entry.params();
  Problems problems;
  read_params(*params, {{"jitter_seconds", 0.5}}, "/params", problems);
  ASSERT_TRUE(problems.empty());
  const Split split = split_trace(simulate("ugr16-surrogate", 500, Seed(1)), 0.8, SplitOrder::file, Seed(1));
  SilentProgress progress;
  FitContext fit{Seed(2), 1, "cpu", progress};
  SampleContext sample{Seed(3), 1, "cpu", progress};
  const auto model = entry.make(*params);
  model->fit(split.train, fit);
  const Trace made = model->sample(300, sample);
  EXPECT_EQ(made.size(), 300u);
  EXPECT_NO_THROW(check_trace(made, "walkthrough"));

  const auto folder = std::filesystem::temp_directory_path() / ("walkthrough_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  model->save(folder);
  const auto again = entry.make(*params);
  again->load(folder);
  EXPECT_EQ(again->sample(300, sample), made);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace bench
