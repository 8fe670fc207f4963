#pragma once
// What tests of several generators do with one.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/files.h"
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

/// All units of a private training in order, as the harness runs them, each in a folder of its own under
/// `root`; returns that of the last one.
inline std::filesystem::path train_privately(Generator& model, const Trace& open, const Trace& secret,
                                             const std::filesystem::path& root, uint64_t seed,
                                             Progress& progress) {
  const auto units = model.units();
  std::vector<std::filesystem::path> folders;
  for (size_t u = 0; u < units.size(); ++u) {
    folders.push_back(root / std::to_string(u));
    make_folder(folders.back());
    std::vector<std::filesystem::path> needs;
    for (const size_t need : units[u].needs) needs.push_back(folders[need]);
    FitContext context{Seed(seed), 1, "cpu", progress};
    model.fit_unit(u, training_of(units[u].on_public ? open : secret), needs, folders.back(), context);
  }
  return folders.back();
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
