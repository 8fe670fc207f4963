#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "core/h5.h"
#include "core/temporary_folder.h"
#include "models/netshare/netshare.h"
#include "models/netshare/params.h"
#include "models/test_models.h"
#include "models/test_traces.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

NetShareParams private_params(const std::string& epsilon) {
  NetShareParams params;
  params.privacy.privacy = "dp";
  params.privacy.epsilon = epsilon;
  params.privacy.public_window = true;
  params.iterations = 15;
  params.privacy.public_iterations = 10;
  params.batch = 16;
  params.d_rounds = 1;
  params.attribute_layers = params.critic_layers = 2;
  params.attribute_units = params.critic_units = 16;
  params.lstm_units = 8;
  params.init = "xavier";
  params.lr = 1e-3;
  params.chunks = 1;
  params.ports = "onehot_bits";
  params.ranges = "public";
  params.max_flow_len = 4;
  params.long_flows = "truncate";
  return params;
}

fs::path train(const NetShareParams& params, const Trace& open, const Trace& secret, const fs::path& root,
               uint64_t seed = 1) {
  const auto model = make_netshare(params);
  SilentProgress silent;
  return train_privately(*model, open, secret, root, seed, silent);
}

Trace drawn(const NetShareParams& params, const fs::path& folder, int64_t records) {
  const auto model = make_netshare(params);
  model->load(folder);
  SilentProgress silent;
  SampleContext context{Seed(1), 1, "cpu", silent};
  Trace out = model->sample(records, context);
  check_trace(out, "netshare");
  return out;
}

class PrivateNetShare : public ::testing::Test {
 protected:
  const Trace open_ = flow_trace(300, Seed(1));
  const Trace secret_ = flow_trace(250, Seed(2));
  const TemporaryFolder root_, other_;
};

TEST_F(PrivateNetShare, RecordsAreLegalAndTheCostIsWritten) {
  for (const int64_t chunks : {1, 3}) {
    NetShareParams params = private_params("4");
    params.chunks = chunks;
    const TemporaryFolder root;
    const fs::path folder = train(params, open_, secret_, root.path());
    EXPECT_EQ(drawn(params, folder, 200).size(), 200u);
    const json record = json::parse(read_text_file(folder / "privacy.json"));
    EXPECT_EQ(record.at("budget"), "4");
    // The budget is met by Renyi orders; the numerical composition says that it is less.
    EXPECT_LE(record.at("epsilon").at("renyi").get<double>(), 4);
    EXPECT_GT(record.at("epsilon").at("renyi").get<double>(), 3.99);
    EXPECT_LT(record.at("epsilon").at("numerical").get<double>(),
              record.at("epsilon").at("renyi").get<double>());
    EXPECT_EQ(record.at("ledger").at("releases").size(), static_cast<size_t>(2 * chunks))
        << "critic steps and the number of flows of each chunk";
  }
}

TEST_F(PrivateNetShare, FlowsInOneChunkPayForOneChunk) {
  NetShareParams params = private_params("inf");
  params.privacy.noise_multiplier = 2;
  params.chunks = 4;
  Trace even = flow_trace(1000, Seed(2));  // chunks of one length
  for (size_t i = 0; i < even.size(); ++i) even.time[i] = static_cast<int64_t>(i) * 1'000'000;
  const auto cost = [&](const fs::path& folder) {
    return json::parse(read_text_file(train(params, open_, even, folder) / "privacy.json"))
        .at("epsilon")
        .at("renyi")
        .get<double>();
  };
  const double summed = cost(root_.path());
  params.privacy.disjoint_chunks = true;
  EXPECT_LT(cost(other_.path()), .8 * summed);
}

TEST_F(PrivateNetShare, TheNumericalAccountNeedsLessNoise) {
  NetShareParams params = private_params("2");
  const auto record = [&](const fs::path& folder) {
    return json::parse(read_text_file(train(params, open_, secret_, folder) / "privacy.json"));
  };
  const json renyi = record(root_.path());
  params.privacy.accountant = "numerical";
  const json numerical = record(other_.path());
  EXPECT_LT(numerical.at("noise_multiplier"), renyi.at("noise_multiplier"));
  EXPECT_LE(numerical.at("epsilon").at("numerical").get<double>(), 2);
  EXPECT_GT(numerical.at("epsilon").at("numerical").get<double>(), 1.98);
}

TEST_F(PrivateNetShare, ADeclaredWindowHoldsWhateverTheTrainingPartSays) {
  NetShareParams params = private_params("inf");
  const TimeWindow own = time_window(secret_);
  const int64_t length = own.end - own.begin;
  params.privacy.public_window = false;
  params.privacy.window_begin = static_cast<double>(own.begin - length) / 1e9;
  params.privacy.window_end = static_cast<double>(own.begin + length / 2) / 1e9;
  ASSERT_EQ(params.contradiction(), "");
  const TimeWindow declared = *params.privacy.declared_window();
  const fs::path folder = train(params, open_, secret_, root_.path());
  const TimeWindow made = time_window(drawn(params, folder, 300));
  EXPECT_GE(made.begin, declared.begin);
  EXPECT_LE(made.end, declared.end);
  // Records outside are as if they had never been.
  const fs::path of_those_inside = train(params, open_, inside(secret_, declared), other_.path());
  EXPECT_TRUE(drawn(params, folder, 300) == drawn(params, of_those_inside, 300));
  EXPECT_LT(inside(secret_, declared).size(), secret_.size());
}

TEST_F(PrivateNetShare, SameSeedSameRecords) {
  const NetShareParams params = private_params("2");
  const Trace first = drawn(params, train(params, open_, secret_, root_.path()), 200);
  EXPECT_EQ(first, drawn(params, train(params, open_, secret_, other_.path()), 200));
  const TemporaryFolder third;
  EXPECT_NE(first, drawn(params, train(params, open_, secret_, third.path(), 2), 200));
}

TEST_F(PrivateNetShare, AnInfiniteBudgetIsBitEqualToTheSameSamplingWithoutPrivacy) {
  for (const char* critic : {"flat", "pooled"}) {
    NetShareParams infinite = private_params("inf"), without = private_params("inf");
    without.privacy.privacy = "public";
    infinite.critic = without.critic = critic;
    infinite.chunks = without.chunks = 2;
    const TemporaryFolder one, other;
    const fs::path a = train(infinite, open_, secret_, one.path());
    const fs::path b = train(without, open_, secret_, other.path());
    EXPECT_TRUE(drawn(infinite, a, 200) == drawn(without, b, 200)) << critic;
    const TemporaryFolder third;
    const fs::path c = train(infinite, open_, flow_trace(250, Seed(3)), third.path());
    EXPECT_FALSE(drawn(infinite, a, 200) == drawn(infinite, c, 200)) << "the private data is learned";
  }
}

TEST_F(PrivateNetShare, NothingButNoiseDependsOnAnInfiniteBudget) {
  // A clip that no gradient reaches and hardly any noise end near the training without either.
  NetShareParams free = private_params("inf"), loose = private_params("inf");
  loose.privacy.noise_multiplier = 1e-9;
  loose.privacy.clip = 1e4;
  loose.privacy.count_sigma = 0.01;
  const Trace a = drawn(free, train(free, open_, secret_, root_.path()), 200);
  const Trace b = drawn(loose, train(loose, open_, secret_, other_.path()), 200);
  size_t equal = 0;
  for (size_t i = 0; i < a.size(); ++i) equal += a.dstport[i] == b.dstport[i] && a.proto[i] == b.proto[i];
  EXPECT_GT(equal, 190u);
}

TEST_F(PrivateNetShare, ThePublicUnitSeesPublicDataOnly) {
  const NetShareParams params = private_params("1");
  const auto units = make_netshare(params)->units();
  ASSERT_EQ(units.size(), 3u);
  EXPECT_TRUE(units[0].on_public);
  EXPECT_FALSE(units[1].on_public);
  EXPECT_THAT(units[0].without, ::testing::Contains("epsilon"));
  train(params, open_, secret_, root_.path());
  train(params, open_, flow_trace(90, Seed(9)), other_.path());
  const H5Reader one(root_.path() / "0" / "training.h5"), other(other_.path() / "0" / "training.h5");
  for (const char* network : {"generator", "critic0", "critic1"}) {
    const std::string name = std::string("training.") + network + ":weights";
    EXPECT_TRUE(one.column<float>(name) == other.column<float>(name)) << network;
  }
  EXPECT_TRUE(H5Reader(root_.path() / "0" / "encoder.h5").attribute("encoder") ==
              H5Reader(other_.path() / "0" / "encoder.h5").attribute("encoder"));
}

TEST_F(PrivateNetShare, WhatWouldTouchTheDataOutsideTheBudgetIsRefusedByName) {
  const auto problem = [](auto&& change) {
    NetShareParams params = private_params("1");
    change(params);
    return params.contradiction();
  };
  EXPECT_EQ(problem([](NetShareParams&) {}), "");
  EXPECT_THAT(problem([](NetShareParams& p) { p.ranges = "learned"; }), HasSubstr("ranges \"learned\""));
  EXPECT_THAT(problem([](NetShareParams& p) { p.ports = "ip2vec"; }), HasSubstr("ports \"ip2vec\""));
  EXPECT_THAT(problem([](NetShareParams& p) { p.max_flow_len = 0; }), HasSubstr("max_flow_len"));
  EXPECT_THAT(problem([](NetShareParams& p) { p.snapshot_count = 2; }), HasSubstr("snapshots"));
  EXPECT_THAT(problem([](NetShareParams& p) { p.z = "reused"; }), HasSubstr("z \"reused\""));
  EXPECT_THAT(problem([](NetShareParams& p) { p.privacy.epsilon = "-3"; }), HasSubstr("epsilon \"-3\""));
  EXPECT_THAT(problem([](NetShareParams& p) { p.privacy.epsilon = "4x"; }), HasSubstr("epsilon \"4x\""));
  EXPECT_THAT(problem([](NetShareParams& p) { p.privacy.public_window = false; }),
              HasSubstr("the time window"));
  const auto model = make_netshare(private_params("1"));
  SilentProgress silent;
  FitContext context{Seed(1), 1, "cpu", silent};
  EXPECT_THROW(model->fit(training_of(secret_), context), Error) << "there is no public data";
}

}  // namespace
}  // namespace bench
