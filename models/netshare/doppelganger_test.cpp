#include "models/netshare/doppelganger.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/error.h"
#include "models/nn/parameters.h"

namespace bench {
namespace {

constexpr int64_t kLongest = 5;

Layout attribute_layout(bool given, bool extra) {
  Layout layout;
  layout.add(Head::Kind::category, 3, 2);
  layout.add(Head::Kind::unit, 1, 1);
  layout.given = given ? 2 : 0;
  if (extra) {
    layout.add(Head::Kind::unit, 2, 1);
    layout.extra = 2;
  }
  return layout;
}

Layout feature_layout(bool given) {
  Layout layout;
  layout.add(Head::Kind::unit, 1, 1);
  if (!given) layout.add(Head::Kind::category, 1, 2);
  return layout;
}

/// Two kinds of samples: bits 1,1,0, number .8, one record of .9; bits 0,0,1, number .2, three records of .1.
FlowSamples tiny_set(bool given, bool extra) {
  FlowSamples out;
  for (int i = 0; i < 40; ++i) {
    const bool first = i % 2 == 0;
    for (const bool bit : {first, first, !first}) {
      out.attributes.push_back(bit ? 0 : 1);
      out.attributes.push_back(bit ? 1 : 0);
    }
    out.attributes.push_back(first ? 0.8F : 0.2F);
    if (extra) out.attributes.insert(out.attributes.end(), {first ? 0.9F : 0.1F, 0.5F});
    const int length = first ? 1 : 3;
    for (int p = 0; p < length; ++p) {
      out.features.push_back(first ? 0.9F : 0.1F);
      if (given) continue;
      out.features.push_back(p + 1 < length ? 1.0F : 0.0F);
      out.features.push_back(p + 1 < length ? 0.0F : 1.0F);
    }
    out.offsets.push_back(out.offsets.back() + static_cast<size_t>(length));
  }
  return out;
}

struct Case {
  std::string name;
  std::string critic = "flat", z = "fresh", mask = "position", precision = "float32";
  int64_t packing = 1, sample_len = 1;
  bool given = false, extra = false;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

NetShareParams params_of(const Case& c) {
  NetShareParams p;
  p.batch = 25;
  p.attribute_layers = 3;
  p.attribute_units = 32;
  p.lstm_units = 24;
  p.critic_layers = 3;
  p.critic_units = 48;
  p.d_rounds = 2;
  p.lr = 2e-3;
  p.init = "xavier";
  p.ema = 0.9;
  p.critic = c.critic;
  p.z = c.z;
  p.mask = c.mask;
  p.precision = c.precision;
  p.packing = c.packing;
  p.sample_len = c.sample_len;
  return p;
}

DoppelGanger make(const Case& c, const NetShareParams& params) {
  return {params,     attribute_layout(c.given, c.extra), feature_layout(c.given), kLongest, Seed(3),
          torch::kCPU};
}

struct Drawn {
  FlowSamples samples;
  size_t width;
  double attribute(size_t i, size_t column) const { return samples.attributes[i * width + column]; }
};

Drawn draw(const Case& c, const DoppelGanger& model, int64_t count, uint64_t seed) {
  const FlowSamples real = tiny_set(c.given, c.extra);
  const auto width = static_cast<size_t>(attribute_layout(c.given, c.extra).width);
  std::vector<float> given;
  std::vector<int64_t> lengths;
  for (size_t i = 0; c.given && i < static_cast<size_t>(count); ++i) {
    const size_t like = i % real.size();
    given.insert(given.end(), {real.attributes[like * width], real.attributes[like * width + 1]});
    lengths.push_back(static_cast<int64_t>(real.offsets[like + 1] - real.offsets[like]));
  }
  const auto generator = nn::make_generator(Seed(seed));
  return {model.features(model.attributes(given, count, generator), lengths, generator), width};
}

void train(const Case& c, DoppelGanger& model, int64_t iterations, uint64_t seed) {
  SilentProgress progress;
  model.train(tiny_set(c.given, c.extra), iterations, Seed(seed), progress, {});
}

std::filesystem::path file_of(const std::string& name) {
  return std::filesystem::path(::testing::TempDir()) / ("doppelganger_" + name + ".h5");
}

std::vector<float> weights_of(const DoppelGanger& model) {
  const auto path = file_of("weights");
  H5Writer writer(path);
  model.save(writer, "net");
  writer.finish();
  auto out = H5Reader(path).column<float>("net:weights");
  std::filesystem::remove(path);
  return out;
}

class Learning : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(
    Cases, Learning,
    ::testing::Values(Case{.name = "plain"}, Case{.name = "packing", .packing = 2},
                      Case{.name = "extra", .extra = true}, Case{.name = "given", .given = true},
                      Case{.name = "given_blocks", .mask = "block", .sample_len = 2, .given = true},
                      Case{.name = "pooled", .critic = "pooled"}, Case{.name = "reused", .z = "reused"},
                      Case{.name = "blocks", .mask = "block", .sample_len = 2}),
    [](const auto& i) { return i.param.name; });

TEST_P(Learning, TheTinySet) {
  const Case& c = GetParam();
  DoppelGanger model = make(c, params_of(c));
  train(c, model, 700, 1);
  const Drawn drawn = draw(c, model, 400, 2);
  const size_t columns = static_cast<size_t>(feature_layout(c.given).width);
  double agree = 0, right_length = 0, right_record = 0, right_number = 0, right_extra = 0, first_kind = 0;
  for (size_t i = 0; i < 400; ++i) {
    const auto bit = [&](size_t b) { return drawn.attribute(i, 2 * b + 1) > drawn.attribute(i, 2 * b); };
    const bool first = bit(0);
    const size_t begin = drawn.samples.offsets[i], length = drawn.samples.offsets[i + 1] - begin;
    first_kind += first;
    agree += bit(1) == first && bit(2) != first;
    right_length += length == (first ? 1U : 3U);
    right_number += std::abs(drawn.attribute(i, 6) - (first ? 0.8 : 0.2)) < 0.15;
    right_record += std::abs(drawn.samples.features[begin * columns] - (first ? 0.9 : 0.1)) < 0.2;
    if (c.extra) right_extra += std::abs(drawn.attribute(i, 7) - (first ? 0.9 : 0.1)) < 0.2;
  }
  EXPECT_GT(first_kind / 400, 0.2);
  EXPECT_LT(first_kind / 400, 0.8);
  EXPECT_GT(agree / 400, 0.85);
  EXPECT_GT(right_length / 400, 0.8);
  EXPECT_GT(right_number / 400, 0.7);
  EXPECT_GT(right_record / 400, 0.8);
  if (c.extra) {
    EXPECT_GT(right_extra / 400, 0.7);
  }
}

TEST(DoppelGanger, ThreadsDoNotChangeTheResult) {
  const int before = torch::get_num_threads();
  std::vector<std::vector<float>> weights;
  for (const int threads : {1, 2}) {
    torch::set_num_threads(threads);
    const Case c;
    DoppelGanger model = make(c, params_of(c));
    train(c, model, 20, 1);
    EXPECT_EQ(torch::get_num_threads(), threads);
    weights.push_back(weights_of(model));
  }
  torch::set_num_threads(before);
  EXPECT_EQ(weights[0], weights[1]);
}

TEST(DoppelGanger, TrainingGoesOnFromAFileAsIfUninterrupted) {
  for (const bool moments : {true, false}) {
    const Case c;
    DoppelGanger whole = make(c, params_of(c)), resumed = make(c, params_of(c));
    train(c, whole, 10, 1);
    const auto path = file_of("training");
    H5Writer writer(path);
    whole.save_training(writer);
    whole.save(writer, "generator");
    writer.finish();
    resumed.load_training(H5Reader(path), moments);
    train(c, whole, 10, 2);
    train(c, resumed, 10, 2);
    EXPECT_EQ(weights_of(whole) == weights_of(resumed), moments);
    std::filesystem::remove(path);
  }
}

TEST(DoppelGanger, SamplingFollowsTheSavedGenerator) {
  const Case c;
  DoppelGanger model = make(c, params_of(c)), loaded = make(c, params_of(c));
  train(c, model, 10, 1);
  const auto path = file_of("generator");
  H5Writer writer(path);
  model.save(writer, "net");
  writer.finish();
  loaded.load(H5Reader(path), "net");
  const Drawn a = draw(c, model, 1500, 5), b = draw(c, loaded, 1500, 5), d = draw(c, loaded, 1500, 6);
  EXPECT_EQ(a.samples.attributes, b.samples.attributes);
  EXPECT_EQ(a.samples.features, b.samples.features);
  EXPECT_NE(a.samples.attributes, d.samples.attributes);
  std::filesystem::remove(path);
}

TEST(DoppelGanger, SnapshotsHoldTheAverageAndComeInTime) {
  const Case c;
  NetShareParams params = params_of(c);
  params.snapshot_count = 3;
  struct Count : SilentProgress {
    mutable int64_t iteration = 0;
    bool cancelled() const override {
      ++iteration;
      return false;
    }
  } progress;
  DoppelGanger model = make(c, params);
  std::vector<int64_t> at;
  std::vector<std::vector<float>> weights;
  model.train(tiny_set(false, false), 10, Seed(1), progress, [&](int64_t k) {
    EXPECT_EQ(k, static_cast<int64_t>(at.size()));
    at.push_back(progress.iteration);
    weights.push_back(weights_of(model));
  });
  EXPECT_EQ(at, (std::vector<int64_t>{4, 7, 10}));
  EXPECT_EQ(weights.back(), weights_of(model));
  // A training that stops where a snapshot was taken has the same average, and taking snapshots changed
  // nothing.
  DoppelGanger plain = make(c, params_of(c));
  train(c, plain, 10, 1);
  EXPECT_EQ(weights_of(plain), weights_of(model));
  NetShareParams raw = params_of(c);
  raw.ema = 0;
  DoppelGanger last = make(c, raw);
  train(c, last, 10, 1);
  EXPECT_NE(weights_of(last), weights_of(model));
}

TEST(DoppelGanger, MoreSnapshotsThanIterations) {
  const Case c;
  NetShareParams params = params_of(c);
  params.snapshot_count = 7;
  SilentProgress progress;
  DoppelGanger model = make(c, params);
  int64_t calls = 0;
  model.train(tiny_set(false, false), 3, Seed(1), progress, [&](int64_t) { ++calls; });
  EXPECT_EQ(calls, 7);
}

TEST(DoppelGanger, LoadsOnlyItsOwnShapes) {
  const Case c, extra{.name = "extra", .extra = true};
  DoppelGanger model = make(c, params_of(c)), other = make(extra, params_of(extra));
  const auto path = file_of("shapes");
  H5Writer writer(path);
  model.save_training(writer);
  model.save(writer, "net");
  writer.finish();
  EXPECT_THROW(other.load(H5Reader(path), "net"), Error);
  EXPECT_THROW(other.load_training(H5Reader(path), true), Error);
  std::filesystem::remove(path);
}

TEST(DoppelGanger, DivergenceAndCancelling) {
  const Case c;
  NetShareParams params = params_of(c);
  params.lr = 1e6;
  DoppelGanger model = make(c, params);
  try {
    train(c, model, 100, 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::diverged);
  }
  struct Cancelled : SilentProgress {
    bool cancelled() const override { return true; }
  } progress;
  try {
    model.train(tiny_set(false, false), 5, Seed(1), progress, {});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::cancelled);
  }
}

TEST(DoppelGanger, AttributesComeBackUnchangedAndLengthsAreKept) {
  const Case c;
  const DoppelGanger model = make(c, params_of(c));
  const auto generator = nn::make_generator(Seed(1));
  const std::vector<float> rows = model.attributes({}, 30, generator);
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < 30; ++i) lengths.push_back(1 + i % kLongest);
  const FlowSamples out = model.features(rows, lengths, generator);
  EXPECT_EQ(out.attributes, rows);
  for (size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(static_cast<int64_t>(out.offsets[i + 1] - out.offsets[i]), lengths[i]);
  }
  EXPECT_EQ(model.features({}, {}, generator).size(), 0U);
}

TEST(IterationFlops, OneLayerByHand) {
  NetShareParams p;
  p.batch = 10;
  p.d_rounds = 2;
  p.attribute_layers = 1;
  p.critic_layers = 1;
  p.aux_critic = false;
  p.attribute_latent = 3;
  p.feature_latent = 2;
  p.lstm_units = 4;
  p.sample_len = 1;
  // 5 attribute columns, 6 feature columns, 7 positions: critic 47 weights; generator 15 + 16 * (5 + 7 * 6) +
  // 7 * 4 * 6 = 935.
  EXPECT_EQ(iteration_flops(p, 5, 6, 7), 2 * 10 * (2 * (7 * 47 + 935) + 3 * 935 + 2 * 47));
}

}  // namespace
}  // namespace bench
