#pragma once
// What tests of several generators do with one.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "core/error.h"
#include "models/model.h"
#include "models/test_traces.h"

namespace bench {

/// A legal trace of a generator trained on `trace`; `seed` is that of both.
inline Trace fit_and_sample(Generator& model, const Trace& trace, int64_t records, uint64_t seed = 1,
                            std::vector<GivenLabel> given = {}) {
  SilentProgress silent;
  FitContext fit{Seed(seed), 1, "cpu", silent};
  SampleContext sample{Seed(seed), 1, "cpu", silent};
  sample.given = std::move(given);
  model.fit(training_of(trace), fit);
  Trace out = model.sample(records, sample);
  check_trace(out, "the sample");
  return out;
}

/// Whether every value of `made` occurs in `real`.
template <typename Column>
bool within(const Column& made, const Column& real) {
  const std::set<typename Column::value_type> known(real.begin(), real.end());
  return std::all_of(made.begin(), made.end(), [&](auto value) { return known.contains(value); });
}

/// A trained generator that was saved and loaded into another one samples the same, and a missing folder is
/// an error. `folder` is made and removed.
inline void expect_loaded_samples_the_same(Generator& saved, Generator& loaded,
                                           const std::filesystem::path& folder) {
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  SampleContext context{Seed(3), 1, "cpu", silent};
  std::filesystem::create_directories(folder);
  saved.fit(training_of(flow_trace(80, Seed(4))), fit);
  saved.save(folder);
  loaded.load(folder);
  EXPECT_EQ(saved.sample(77, context), loaded.sample(77, context));
  std::filesystem::remove_all(folder);
  EXPECT_THROW(loaded.load(folder), Error);
}

}  // namespace bench
