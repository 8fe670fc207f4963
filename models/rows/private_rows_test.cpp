// What every row generator with a private training promises, on tiny networks.

#include "models/rows/private_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "core/h5.h"
#include "core/temporary_folder.h"
#include "models/ctgan/ctgan.h"
#include "models/ewgan_gp/ewgan_gp.h"
#include "models/flow_wgan/flow_wgan.h"
#include "models/pac_gan/pac_gan.h"
#include "models/packet_cgan/packet_cgan.h"
#include "models/test_models.h"
#include "models/test_traces.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

struct Maker {
  const char* name;
  TraceKind kind;
  const char* sizes;
  std::unique_ptr<Params> (*params)();
  std::unique_ptr<Generator> (*make)(const Params&);
  const char* clip = "clip";  ///< name of that parameter
};
void PrintTo(const Maker& maker, std::ostream* out) { *out << maker.name; }
const Maker kMakers[] = {
    {"ctgan", TraceKind::flows,
     R"({"pac": 1, "log_frequency": false, "generator_units": 16, "critic_units": 16, "ema": 0.9})",
     ctgan_params, make_ctgan},
    {"ewgan_gp", TraceKind::flows,
     R"({"word_size": 4, "word_epochs": 2, "rare_ports": 3, "generator_units": 16, "critic_units": 16})",
     ewgan_gp_params, make_ewgan_gp},
    {"pac_gan", TraceKind::packets, R"({"channels": 4, "units": 16})", pac_gan_params, make_pac_gan,
     "gradient_clip"},
    {"packet_cgan", TraceKind::packets, R"({"units": 16, "condition": "service"})", packet_cgan_params,
     make_packet_cgan, "gradient_clip"},
    {"flow_wgan", TraceKind::packets, R"({"units": 16, "vector_epochs": 1, "loss": "clipping"})",
     flow_wgan_params, make_flow_wgan, "gradient_clip"}};

std::unique_ptr<Params> params_of(const Maker& maker, const json& changes) {
  auto out = maker.params();
  Problems problems;
  read_params(*out, json::parse(maker.sizes), "", problems);
  read_params(*out,
              {{"iterations", 6},
               {"batch", 16},
               {"latent", 4},
               {"lr", 1e-3},
               {"privacy", "dp"},
               {"public_window", true},
               {"epsilon", "4"},
               {"public_iterations", 3}},
              "", problems);
  if (!changes.is_null()) read_params(*out, changes, "", problems);
  problems.raise("params");
  return out;
}

Trace trace_of(const Maker& maker, uint64_t seed) {
  return maker.kind == TraceKind::flows ? flow_trace(200, Seed(seed)) : packet_trace(120, Seed(seed));
}

class PrivateRows : public ::testing::TestWithParam<Maker> {
 protected:
  std::unique_ptr<Generator> made(const json& changes) const {
    return GetParam().make(*params_of(GetParam(), changes));
  }
  fs::path train(const json& changes, const Trace& open, const Trace& secret, const fs::path& root,
                 uint64_t seed = 1) {
    const auto model = made(changes);
    return train_privately(*model, open, secret, root, seed, progress_);
  }
  Trace drawn(const json& changes, const fs::path& folder, int64_t records = 150) const {
    const auto model = made(changes);
    model->load(folder);
    SilentProgress silent;
    SampleContext context{Seed(1), 1, "cpu", silent};
    Trace out = model->sample(records, context);
    check_trace(out, GetParam().name);
    return out;
  }
  static std::vector<float> generator(const fs::path& folder) {
    return H5Reader(folder / "rows.h5").column<float>("generator:weights");
  }

  const Trace open_ = trace_of(GetParam(), 1), secret_ = trace_of(GetParam(), 2);
  const TemporaryFolder root_, other_, third_;
  RecordingProgress progress_;
};
INSTANTIATE_TEST_SUITE_P(All, PrivateRows, ::testing::ValuesIn(kMakers),
                         [](const auto& which) { return std::string(which.param.name); });

TEST_P(PrivateRows, RecordsAreLegalAndTheCostIsWritten) {
  const fs::path folder = train({}, open_, secret_, root_.path());
  EXPECT_EQ(drawn({}, folder).size(), 150u);
  const json record = json::parse(read_text_file(folder / "privacy.json"));
  EXPECT_EQ(record.at("unit"), "record");
  EXPECT_LE(record.at("epsilon").at("renyi").get<double>(), 4);
  EXPECT_GT(record.at("epsilon").at("renyi").get<double>(), 3.96);
  const PrivacyLedger ledger = privacy_ledger_from_json(record.at("ledger"));
  ASSERT_EQ(ledger.releases.size(), 2u) << "critic steps and the number of records";
  for (const PrivateRelease& release : ledger.releases) EXPECT_GE(release.mechanism.count, 1);
  // Saved again, the model and its record are the same.
  const auto model = made({});
  model->load(folder);
  model->save(other_.path());
  EXPECT_EQ(read_text_file(other_.path() / "privacy.json"), read_text_file(folder / "privacy.json"));
  EXPECT_TRUE(drawn({}, other_.path()) == drawn({}, folder));
}

TEST_P(PrivateRows, SameSeedSameRecords) {
  const fs::path a = train({}, open_, secret_, root_.path()), b = train({}, open_, secret_, other_.path()),
                 c = train({}, open_, secret_, third_.path(), 2);
  EXPECT_TRUE(drawn({}, a) == drawn({}, b));
  EXPECT_TRUE(generator(a) == generator(b));
  EXPECT_FALSE(generator(a) == generator(c));
}

TEST_P(PrivateRows, AnInfiniteBudgetIsBitEqualToTheSameSamplingWithoutPrivacy) {
  const json infinite{{"epsilon", "inf"}}, without{{"privacy", "public"}};
  const fs::path a = train(infinite, open_, secret_, root_.path()),
                 b = train(without, open_, secret_, other_.path());
  EXPECT_TRUE(generator(a) == generator(b));
  EXPECT_TRUE(drawn(infinite, a) == drawn(without, b));
  const fs::path c = train(infinite, open_, trace_of(GetParam(), 3), third_.path());
  EXPECT_FALSE(generator(a) == generator(c)) << "the private data is learned";
}

TEST_P(PrivateRows, AClipThatNothingReachesEndsNearTheTrainingWithoutOne) {
  json loose{{"noise_multiplier", 1e-9}, {"count_sigma", 0.01}};
  loose[GetParam().clip] = 1e4;
  const auto free = generator(train({{"epsilon", "inf"}}, open_, secret_, root_.path())),
             near = generator(train(loose, open_, secret_, other_.path()));
  std::vector<float> differences;
  for (size_t i = 0; i < free.size(); ++i) differences.push_back(std::abs(free[i] - near[i]));
  std::sort(differences.begin(), differences.end());
  // Six steps of 1e-3; Adam turns a sign of rounding into a whole one.
  EXPECT_LT(differences[differences.size() / 2], 1e-4);
}

TEST_P(PrivateRows, ThePublicUnitSeesPublicDataOnly) {
  const auto units = made({})->units();
  ASSERT_EQ(units.size(), 2u);
  EXPECT_TRUE(units[0].on_public);
  EXPECT_FALSE(units[1].on_public);
  EXPECT_EQ(units[1].needs, std::vector<size_t>{0});
  EXPECT_THAT(units[0].without, ::testing::IsSupersetOf({"epsilon", GetParam().clip, "iterations"}));
  train({}, open_, secret_, root_.path());
  train({{"epsilon", "0.5"}, {"iterations", 2}, {GetParam().clip, 3.0}}, open_, trace_of(GetParam(), 4),
        other_.path());
  const H5Reader one(root_.path() / "0" / "rows.h5"), same(other_.path() / "0" / "rows.h5");
  for (const char* name : {"generator:weights", "generator:buffers", "critic:weights"})
    EXPECT_TRUE(one.column<float>(name) == same.column<float>(name)) << name;
  EXPECT_EQ(one.attribute("columns"), same.attribute("columns"));
}

TEST_P(PrivateRows, RecordsThatThePublicDataDoesNotCoverAreLeftOut) {
  Trace secret = secret_;
  for (size_t i = 0; i < 20; ++i) secret.proto[i] = 47;
  const fs::path folder = train({}, open_, secret, root_.path());
  EXPECT_THAT(progress_.lines(), HasSubstr("are left out: the public data does not cover"));
  const Trace out = drawn({}, folder);
  EXPECT_EQ(std::count(out.proto.begin(), out.proto.end(), 47), 0);
  // Noise alone is left of data of which nothing is covered.
  std::fill(secret.proto.begin(), secret.proto.end(), uint8_t{47});
  EXPECT_EQ(drawn({}, train({}, open_, secret, other_.path())).size(), 150u);
}

TEST_P(PrivateRows, TimesFillTheWindowOfTheTrainingPart) {
  Trace secret = secret_;
  constexpr int64_t kHour = 3'600'000'000'000;
  for (int64_t& t : secret.time) t = secret_.time.front() + 5 * kHour + 40 * (t - secret_.time.front());
  const Trace out = drawn({}, train({}, open_, secret, root_.path()), 400);
  const TimeWindow window = time_window(secret), own = time_window(out);
  EXPECT_GE(own.begin, window.begin);
  EXPECT_LE(own.end, window.end);
  // Networks that have hardly learned fill it by some share; the public window would be a fortieth.
  EXPECT_GT(own.end - own.begin, (window.end - window.begin) / 20);
}

TEST_P(PrivateRows, WhatWouldTouchTheDataOutsideTheBudgetIsRefusedByName) {
  const auto problem = [](const json& changes) -> std::string {
    try {
      params_of(GetParam(), changes);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  const std::string name = GetParam().name;
  EXPECT_EQ(problem({}), "");
  EXPECT_THAT(problem({{"epsilon", "4x"}}), HasSubstr("epsilon \"4x\""));
  const char* calibrate = GetParam().kind == TraceKind::packets ? "calibrated" : "calibrate";
  EXPECT_THAT(problem({{calibrate, true}}), HasSubstr(calibrate));
  EXPECT_EQ(problem({{calibrate, true}, {"privacy", "none"}}), "");
  if (name == "ctgan") {
    EXPECT_THAT(problem({{"pac", 2}}), HasSubstr("pac"));
    EXPECT_THAT(problem({{"iterations", 0}}), HasSubstr("epochs"));
    EXPECT_THAT(problem({{"conditions", "service"}}), HasSubstr("conditions \"service\""));
    EXPECT_THAT(problem({{"log_frequency", true}}), HasSubstr("log_frequency"));
  }
  const auto model = made({});
  FitContext context{Seed(1), 1, "cpu", progress_};
  EXPECT_THROW(model->fit(training_of(secret_), context), Error) << "there is no public data";
  EXPECT_EQ(made({{"privacy", "none"}})->units().size(), 1u);
}

TEST_P(PrivateRows, LabelsGoByTheirNames) {
  Trace open = open_, secret = secret_;
  for (Trace* trace : {&open, &secret}) {
    if (!trace->labels.empty()) continue;
    trace->labels = {{"label", {"normal"}, {}}, {"type", {"dns", "web", "scan"}, {}}};
    trace->labels[0].codes.assign(trace->size(), 0);
    for (size_t i = 0; i < trace->size(); ++i) trace->labels[1].codes.push_back(static_cast<int32_t>(i % 3));
  }
  secret.labels[1].names = {"scan", "worm", "dns"};  // web is unknown, dns and scan have other codes
  const json many{{"epsilon", "inf"}, {"iterations", 1}};
  const Trace out = drawn(many, train(many, open, secret, root_.path()));
  EXPECT_EQ(out.labels[1].names, open.labels[1].names);
  const auto unknown =
      static_cast<size_t>(std::count(secret.labels[1].codes.begin(), secret.labels[1].codes.end(), 1));
  EXPECT_THAT(progress_.lines(), HasSubstr(" of " + std::to_string(secret.size()) + " records are left out"));
  EXPECT_GT(unknown, 0u);
  const json none{{"public_labels", false}};
  EXPECT_TRUE(drawn(none, train(none, open, secret, other_.path())).labels.empty());
  secret.labels.pop_back();
  EXPECT_THROW(train({}, open, secret, third_.path()), Error) << "the public data has a label that it lacks";
}

TEST(RecordColumnsOfPublicData, OthersAreClippedAndStretched) {
  const Trace open = flow_trace(100, Seed(1));
  Trace other = flow_trace(80, Seed(2));
  for (int64_t& t : other.time) t = kClockOrigin + 3 * (t - kClockOrigin);
  other.bytes[3] = int64_t{1} << 40;
  for (const bool all : {false, true}) {
    RecordColumns columns({Identifiers::bits, Identifiers::number, false, all});
    columns.fit(open, time_window(open));
    columns.move_to(time_window(other));
    const RecordTable table = columns.encode_others(other);
    ASSERT_EQ(table.rows, other.size());
    const auto most = *std::max_element(open.bytes.begin(), open.bytes.end());
    EXPECT_EQ(table.find("bytes")->numbers[3], static_cast<double>(most));
    const TimeWindow window = time_window(open);
    EXPECT_NEAR(table.find("time")->numbers.back(), static_cast<double>(window.end - window.begin) / 1e9,
                1e-9);
    // The highest bits of addresses are 0 in the one trace and not in the other where it is closed.
    EXPECT_EQ(table.find("srcip:31")->values.size(), all ? 2u : 1u);
    std::map<std::string, int64_t> clamps;
    const Trace back = columns.decode(table, clamps);
    for (size_t i = 0; i < back.size(); ++i) EXPECT_LE(std::abs(back.time[i] - other.time[i]), 2);
    EXPECT_EQ(back.srcip, other.srcip);
  }
}

}  // namespace
}  // namespace bench
