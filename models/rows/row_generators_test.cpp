// What every neural row generator promises, on its own small preset.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "core/error.h"
#include "core/params.h"
#include "datasets/flows.h"
#include "models/ctgan/ctgan.h"
#include "models/ewgan_gp/ewgan_gp.h"
#include "models/presets.h"
#include "models/reference/reference.h"
#include "models/tabddpm/tabddpm.h"
#include "models/test_traces.h"
#include "models/tvae/tvae.h"

namespace bench {
namespace {

struct Model {
  const char* name;
  std::unique_ptr<Params> (*params)();
  std::unique_ptr<Generator> (*make)(const Params&);
};
const Model kCtgan{"ctgan", ctgan_params, make_ctgan}, kTvae{"tvae", tvae_params, make_tvae},
    kEwgan{"ewgan_gp", ewgan_gp_params, make_ewgan_gp}, kTabddpm{"tabddpm", tabddpm_params, make_tabddpm};

/// The model's smoke preset with some fields changed.
std::unique_ptr<Generator> made(const Model& model, const nlohmann::json& changes) {
  const auto params = model.params();
  Problems problems;
  read_params(*params, find_preset(std::string(model.name) + "-smoke")->params, "", problems);
  read_params(*params, changes, "", problems);
  problems.raise("test");
  EXPECT_EQ(params->contradiction(), "");
  return model.make(*params);
}

std::unique_ptr<Generator> fitted(const Model& model, const Trace& trace, const nlohmann::json& changes = {},
                                  uint64_t seed = 1) {
  auto out = made(model, changes.is_null() ? nlohmann::json::object() : changes);
  SilentProgress silent;
  FitContext context{Seed(seed), 1, "cpu", silent};
  out->fit(training_of(trace), context);
  return out;
}

Trace drawn(Generator& model, int64_t records, uint64_t seed = 1, std::vector<GivenLabel> given = {}) {
  SilentProgress silent;
  SampleContext context{Seed(seed), 1, "cpu", silent};
  context.given = std::move(given);
  Trace out = model.sample(records, context);
  check_trace(out, "row generator");
  return out;
}

template <typename T>
std::set<T> values(const std::vector<T>& column) {
  return {column.begin(), column.end()};
}

class RowGenerators : public ::testing::TestWithParam<const Model*> {
 protected:
  const Model& model() const { return *GetParam(); }
};
INSTANTIATE_TEST_SUITE_P(All, RowGenerators, ::testing::Values(&kCtgan, &kTvae, &kEwgan, &kTabddpm),
                         [](const auto& which) { return std::string(which.param->name); });

TEST_P(RowGenerators, ExactLegalRecordsWithTheTrainingCategories) {
  for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(100, Seed(2))}) {
    const auto generator = fitted(model(), trace, {{"iterations", 5}});
    for (const int64_t records : {int64_t{0}, int64_t{1}, int64_t{777}}) {
      const Trace out = drawn(*generator, records);
      EXPECT_EQ(out.size(), static_cast<size_t>(records));
      EXPECT_EQ(out.kind, trace.kind);
      EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
    }
    const Trace out = drawn(*generator, 500);
    EXPECT_THAT(values(trace.proto), ::testing::IsSupersetOf(values(out.proto)));
    EXPECT_THAT(values(trace.tcp_flags), ::testing::IsSupersetOf(values(out.tcp_flags)));
    EXPECT_THAT(values(trace.ip_flags), ::testing::IsSupersetOf(values(out.ip_flags)));
    ASSERT_EQ(out.labels.size(), trace.labels.size());
    for (size_t k = 0; k < out.labels.size(); ++k) {
      EXPECT_EQ(out.labels[k].names, trace.labels[k].names);
      EXPECT_THAT(values(trace.labels[k].codes), ::testing::IsSupersetOf(values(out.labels[k].codes)));
    }
    EXPECT_EQ(out.has_header(), trace.has_header());
  }
}

TEST_P(RowGenerators, SameSeedSameRecordsAlsoAfterLoading) {
  const Trace trace = flow_trace(100, Seed(3));
  const nlohmann::json few{{"iterations", 6}};
  const auto a = fitted(model(), trace, few), b = fitted(model(), trace, few),
             c = fitted(model(), trace, few, 2);
  EXPECT_EQ(drawn(*a, 200), drawn(*b, 200));
  EXPECT_NE(drawn(*a, 200), drawn(*c, 200));
  EXPECT_NE(drawn(*a, 200), drawn(*a, 200, 2));
  const auto folder = std::filesystem::temp_directory_path() / (std::string("headerbench-") + model().name);
  std::filesystem::create_directories(folder);
  a->save(folder);
  const auto loaded = made(model(), few);
  EXPECT_THROW(drawn(*loaded, 1), Error);
  loaded->load(folder);
  EXPECT_EQ(drawn(*a, 200), drawn(*loaded, 200));
  std::filesystem::remove_all(folder);
  EXPECT_THROW(loaded->load(folder), Error);
}

TEST_P(RowGenerators, GivenLabelsHold) {
  const auto generator = fitted(model(), flow_trace(150, Seed(4)), {{"iterations", 100}});
  ASSERT_TRUE(generator->can_condition());
  for (const char* type : {"dns", "web", "scan"}) {
    const Trace out = drawn(*generator, 60, 1, {{"type", type}});
    ASSERT_EQ(out.size(), 60U);
    for (const int32_t code : out.labels[1].codes)
      EXPECT_EQ(out.labels[1].names[static_cast<size_t>(code)], type);
  }
  EXPECT_THROW(drawn(*generator, 1, 1, {{"type", "worm"}}), Error);
}

TEST_P(RowGenerators, TracesWithoutTimeOrLabels) {
  Trace trace = flow_trace(80, Seed(5));
  trace.time.clear();
  trace.labels.clear();
  trace.tcp_flags.clear();
  const Trace out = drawn(*fitted(model(), trace, {{"iterations", 5}}), 50);
  EXPECT_TRUE(out.time.empty());
  EXPECT_TRUE(out.labels.empty());
}

TEST_P(RowGenerators, DivergenceAndStopsAreErrors) {
  const Trace trace = flow_trace(80, Seed(6));
  RecordingProgress progress;
  progress.stop_at = 10;
  FitContext context{Seed(1), 1, "cpu", progress};
  const auto kind_of = [&](const nlohmann::json& changes) {
    try {
      made(model(), changes)->fit(training_of(trace), context);
    } catch (const Error& e) {
      return e.kind;
    }
    return Kind::io;
  };
  EXPECT_EQ(kind_of({{"iterations", 100}}), Kind::cancelled);
  progress.stop_at = 1e300;
  nlohmann::json wild{{"iterations", 300}, {"lr", 1000.0}, {"lr_decay", "none"}};
  if (model().name == std::string("ewgan_gp")) wild["critic_lr"] = 1000.0;
  EXPECT_EQ(kind_of(wild), Kind::diverged);
  context.device = "cuda";
  EXPECT_EQ(kind_of({{"iterations", 1}}), Kind::unsupported);
}

/// Half the sum of |share a - share b| over (protocol, destination port below 1024 or not).
double service_distance(const Trace& a, const Trace& b) {
  std::map<std::pair<int, int>, double> difference;
  for (size_t i = 0; i < a.size(); ++i)
    difference[{a.proto[i], std::min<int>(a.dstport[i], 1024)}] += 1 / static_cast<double>(a.size());
  for (size_t i = 0; i < b.size(); ++i)
    difference[{b.proto[i], std::min<int>(b.dstport[i], 1024)}] -= 1 / static_cast<double>(b.size());
  double out = 0;
  for (const auto& [key, d] : difference) out += std::abs(d) / 2;
  return out;
}

/// Largest distance of the two distribution functions.
template <typename T>
double kolmogorov(std::vector<T> a, std::vector<T> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double out = 0;
  for (const auto* side : {&a, &b}) {
    for (const T v : *side) {
      const auto below = [&](const std::vector<T>& x) {
        return static_cast<double>(std::upper_bound(x.begin(), x.end(), v) - x.begin()) /
               static_cast<double>(x.size());
      };
      out = std::max(out, std::abs(below(a) - below(b)));
    }
  }
  return out;
}

double log_correlation(const Trace& trace) {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < trace.size(); ++i) {
    const double p = std::log1p(static_cast<double>(trace.packets[i]));
    const double b = std::log1p(static_cast<double>(trace.bytes[i]));
    n += 1, x += p, y += b, xx += p * p, yy += b * b, xy += p * b;
  }
  return (n * xy - x * y) / std::sqrt((n * xx - x * x) * (n * yy - y * y));
}

Trace reference(std::unique_ptr<Generator> (*make)(const Params&), const Trace& trace) {
  const auto generator = make(NoParams());
  SilentProgress silent;
  FitContext context{Seed(1), 1, "cpu", silent};
  generator->fit(training_of(trace), context);
  return drawn(*generator, static_cast<int64_t>(trace.size()));
}

TEST_P(RowGenerators, BeatsUniformColumnsAndOnPairsIndependentOnes) {
  const Trace trace = flow_trace(1500, Seed(7));
  const Trace out = drawn(*fitted(model(), trace), static_cast<int64_t>(trace.size()));
  const Trace uniform = reference(make_uniform, trace), independent = reference(make_independent, trace);
  EXPECT_LT(kolmogorov(out.packets, trace.packets), 0.5 * kolmogorov(uniform.packets, trace.packets));
  EXPECT_LT(kolmogorov(out.bytes, trace.bytes), 0.5 * kolmogorov(uniform.bytes, trace.bytes));
  EXPECT_LT(kolmogorov(out.duration, trace.duration), 0.5 * kolmogorov(uniform.duration, trace.duration));
  EXPECT_LT(kolmogorov(out.time, trace.time), 0.1);
  EXPECT_LT(service_distance(out, trace), service_distance(independent, trace));
  EXPECT_LT(std::abs(log_correlation(out) - log_correlation(trace)),
            std::abs(log_correlation(independent) - log_correlation(trace)));
}

TEST_P(RowGenerators, OverfitsATinySet) {
  // Two kinds of record that share no value: rows that mix them are mistakes.
  Trace trace;
  trace.kind = TraceKind::flows;
  for (size_t i = 0; i < 64; ++i) {
    const bool web = i % 2 == 0;
    add_five_tuple(trace, web ? FiveTuple{0x0A000001U, 0xC0A80001U, 40000, 443, 6}
                              : FiveTuple{0x0A0000F0U, 0x08080808U, 5353, 53, 17});
    trace.time.push_back(kClockOrigin + static_cast<int64_t>(i) * kMillisecond);
    trace.duration.push_back(web ? 1000 * kMillisecond : 0);
    trace.packets.push_back(web ? 100 : 1);
    trace.bytes.push_back(web ? 100'000 : 80);
  }
  nlohmann::json changes{{"batch", 32}, {"iterations", 800}};
  if (&model() != &kTabddpm) changes["latent"] = 4;
  const Trace out = drawn(*fitted(model(), trace, changes), 400);
  size_t whole = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    const bool web = out.proto[i] == 6;
    const FiveTuple key = web ? FiveTuple{0x0A000001U, 0xC0A80001U, 40000, 443, 6}
                              : FiveTuple{0x0A0000F0U, 0x08080808U, 5353, 53, 17};
    whole += five_tuple(out, i) == key && (out.packets[i] > 50) == web;
  }
  EXPECT_GT(whole, 300U);  // columns that do not know of each other: none
}

TEST(RowGeneratorOptions, EveryVariantRuns) {
  const Trace packets = packet_trace(40, Seed(8)), flows = flow_trace(60, Seed(9));
  const std::vector<std::pair<const Model*, nlohmann::json>> variants{
      {&kCtgan, {{"encoding", "A"}}},
      {&kCtgan, {{"encoding", "A"}, {"conditions", "column"}, {"log_frequency", true}}},
      {&kCtgan,
       {{"conditions", "column"},
        {"categories", "likeliest"},
        {"sample_frequency", "log"},
        {"calibrate", false},
        {"ema", 0.0}}},
      {&kCtgan, {{"dropout", 0.5}, {"pac", 10}, {"lr_decay", "none"}, {"discriminator_steps", 2}}},
      {&kCtgan, {{"mixture_rows", 30}, {"log1p", false}, {"critic_decay", 1e-6}}},
      {&kTvae, {{"encoding", "A"}, {"categories", "likeliest"}}},
      {&kTvae, {{"calibrate", false}, {"log1p", false}, {"ema", 0.9}, {"lr_decay", "linear"}}},
      {&kEwgan, {{"numbers", "minmax"}, {"calibrate", false}}},
      {&kEwgan, {{"bins", 5}, {"critic_steps", 3}, {"ema", 0.0}}},
      {&kTabddpm, {{"encoding", "A"}, {"schedule", "linear"}}},
      {&kTabddpm, {{"weight_decay", 0.1}, {"ema", 0.0}, {"divergence", 1.0}, {"layers", 3}}}};
  for (size_t i = 0; i < variants.size(); ++i) {
    SCOPED_TRACE(i);
    nlohmann::json changes = variants[i].second;
    changes["iterations"] = 4;
    for (const Trace* trace : {&packets, &flows}) {
      const auto generator = fitted(*variants[i].first, *trace, changes);
      EXPECT_EQ(drawn(*generator, 90).size(), 90U);
    }
    const auto generator = fitted(*variants[i].first, flows, changes);
    if (variants[i].first == &kCtgan) {
      EXPECT_EQ(drawn(*generator, 30, 1, {{"label", "attack"}}).labels[0].codes, std::vector<int32_t>(30, 1));
    }
  }
  const auto params = ctgan_params();
  Problems problems;
  read_params(*params, {{"batch", 500}, {"pac", 7}}, "", problems);
  EXPECT_THAT(params->contradiction(), ::testing::HasSubstr("504"));
}

}  // namespace
}  // namespace bench
