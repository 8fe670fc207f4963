#include "models/privacy/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"

namespace bench {
namespace {

using testing::HasSubstr;

std::vector<double> integer_orders() {
  std::vector<double> orders;
  for (int order = 2; order <= 64; ++order) orders.push_back(order);
  return orders;
}

/// Ten chunks of 100,000 flows, 10,000 iterations, sigma 1.
CriticTraining ten_chunks() {
  CriticTraining training;
  training.chunk_flows.assign(10, 100000);
  training.iterations = 10000;
  return training;
}

TEST(Ledger, CountsEveryRelease) {
  CriticTraining training;
  training.chunk_flows = {1000, 50};
  training.iterations = 20;
  training.sigma = 3;
  training.new_batch_for = BatchUse::release;
  const PrivacyLedger ledger = all_releases(training);
  ASSERT_EQ(ledger.releases.size(), 4u);
  EXPECT_EQ(ledger.releases[0].mechanism.count, 20 * 5 * 2);
  EXPECT_DOUBLE_EQ(ledger.releases[0].mechanism.q, 0.1);
  EXPECT_EQ(ledger.releases[0].mechanism.sigma, 3);
  EXPECT_EQ(ledger.releases[0].part, 0);
  EXPECT_EQ(ledger.releases[1].what, "number of flows");
  EXPECT_EQ(ledger.releases[1].mechanism.q, 1);
  EXPECT_EQ(ledger.releases[1].mechanism.count, 1);
  EXPECT_EQ(ledger.releases[2].mechanism.q, 1) << "a batch of more flows than there are takes all of them";
  EXPECT_EQ(ledger.releases[3].part, 1);
  training.count_sigma = 0;
  EXPECT_EQ(all_releases(training).releases.size(), 2u);
}

TEST(Ledger, ReleasesOfOneBatchAreOneWithLessNoise) {
  CriticTraining training;
  training.chunk_flows = {1000};
  training.iterations = 20;
  training.sigma = 3;
  const auto mechanism = [&](BatchUse use, bool joint) {
    training.new_batch_for = use;
    training.joint_clipping = joint;
    return all_releases(training).releases[0].mechanism;
  };
  EXPECT_EQ(mechanism(BatchUse::round, false).count, 20 * 5);
  EXPECT_DOUBLE_EQ(mechanism(BatchUse::round, false).sigma, 3 / std::sqrt(2));
  EXPECT_EQ(mechanism(BatchUse::iteration, false).count, 20);
  EXPECT_DOUBLE_EQ(mechanism(BatchUse::iteration, false).sigma, 3 / std::sqrt(10));
  EXPECT_EQ(mechanism(BatchUse::release, true).count, 20 * 5);
  EXPECT_EQ(mechanism(BatchUse::round, true).sigma, 3);
  EXPECT_DOUBLE_EQ(mechanism(BatchUse::iteration, true).sigma, 3 / std::sqrt(5));
  // Without sampling it makes no difference when batches are drawn.
  training.batch = 1000;
  double renyi[2];
  for (const BatchUse use : {BatchUse::release, BatchUse::iteration}) {
    mechanism(use, false);
    renyi[use == BatchUse::release] = ledger_rdp(all_releases(training), 1e-5).epsilon;
  }
  EXPECT_NEAR(renyi[0], renyi[1], 1e-9 * renyi[0]);
}

// specs/generators.md, section 5: 2.1 as the accountant released with NetShare counts, 7.2 with ten releases
// per iteration (integer orders, classic conversion, critics only).
TEST(Ledger, WhatThePublishedCountLeavesOut) {
  CriticTraining training = ten_chunks();
  training.count_sigma = 0;
  training.new_batch_for = BatchUse::release;
  const std::vector<double> orders = integer_orders();
  const double counted = ledger_rdp(as_published(training), 1e-5, orders, RdpConversion::classic).epsilon;
  const double all = ledger_rdp(all_releases(training), 1e-5, orders, RdpConversion::classic).epsilon;
  EXPECT_NEAR(counted, 2.1076316563519473, 1e-9);
  EXPECT_NEAR(all, 7.2091506942131776, 1e-9);
  EXPECT_LT(ledger_prv(all_releases(training), 1e-5).high, all);
}

// The numbers of flows with N(0, 1) cost more than the critics: computed with 60 digits, orders 2 ... 64.
TEST(Ledger, PublishedCountHasTheNumbersOfFlows) {
  const RdpEpsilon cost = ledger_rdp(as_published(ten_chunks()), 1e-5, integer_orders());
  EXPECT_NEAR(cost.epsilon, 20.0601296209797646401, 1e-9);
  EXPECT_EQ(cost.order, 3);
}

TEST(Ledger, DisjointChunksCostAsMuchAsTheWorst) {
  CriticTraining training;
  training.chunk_flows = {100000, 20000, 50000};
  training.iterations = 1000;
  const double together = ledger_rdp(all_releases(training), 1e-5).epsilon;
  training.disjoint_chunks = true;
  PrivacyLedger ledger = all_releases(training);
  const double apart = ledger_rdp(ledger, 1e-5).epsilon;
  training.chunk_flows = {20000};
  const double worst = ledger_rdp(all_releases(training), 1e-5).epsilon;
  EXPECT_EQ(apart, worst);
  EXPECT_LT(worst, together);
  EXPECT_EQ(ledger_prv(ledger, 1e-5).estimate, ledger_prv(all_releases(training), 1e-5).estimate);
  // A release of all flows comes on top of every part.
  ledger.releases.push_back({"word list", {1, 2, 1}, std::nullopt});
  EXPECT_EQ(exposures(ledger).size(), 3u);
  EXPECT_GT(ledger_rdp(ledger, 1e-5).epsilon, worst);
}

TEST(Ledger, OfNothingCostsNothing) {
  EXPECT_EQ(ledger_prv({}, 1e-5).high, 0);
  EXPECT_EQ(exposures({}).size(), 1u);
}

TEST(Ledger, ComesBackFromJson) {
  PrivacyLedger ledger = all_releases(ten_chunks());
  ledger.releases.push_back({"word list", {0.25, 0.1 + 0.2, 3}, std::nullopt});
  ledger.disjoint_parts = true;
  const nlohmann::json stored = nlohmann::json::parse(to_json(ledger).dump());
  const PrivacyLedger back = privacy_ledger_from_json(stored);
  EXPECT_EQ(to_json(back), to_json(ledger));
  EXPECT_TRUE(back.disjoint_parts);
  EXPECT_EQ(back.releases.back().mechanism.sigma, 0.1 + 0.2);
  EXPECT_FALSE(back.releases.back().part.has_value());
  EXPECT_EQ(ledger_rdp(back, 1e-5).epsilon, ledger_rdp(ledger, 1e-5).epsilon);
}

TEST(Ledger, JsonWithMistakesNamesAllOfThem) {
  nlohmann::json stored = to_json(all_releases(ten_chunks()));
  stored["releases"][1]["q"] = 1.5;
  stored["releases"][2]["sigma"] = 0;
  stored["releases"][3].erase("count");
  stored["releases"][4]["part"] = -1;
  stored["releases"][5]["note"] = "x";
  try {
    privacy_ledger_from_json(stored);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, Kind::config);
    for (const char* place :
         {"/releases/1/q", "/releases/2/sigma", "/releases/3/count", "/releases/4/part", "/releases/5/note"})
      EXPECT_THAT(error.what(), HasSubstr(place));
  }
  EXPECT_THROW(privacy_ledger_from_json(nlohmann::json::array()), Error);
  EXPECT_THROW(privacy_ledger_from_json({{"disjoint_parts", false}, {"releases", {1}}}), Error);
}

TEST(SigmaFor, IsTheLeastThatFits) {
  CriticTraining training;
  training.chunk_flows = {100000, 100000};
  training.iterations = 1000;
  training.count_sigma = 20;
  for (const double epsilon : {0.5, 8.0}) {
    double sigmas[2];
    for (const PrivacyAccountant accountant : {PrivacyAccountant::renyi, PrivacyAccountant::numerical}) {
      const bool renyi = accountant == PrivacyAccountant::renyi;
      const double sigma = sigma_for(training, epsilon, 1e-5, accountant);
      sigmas[renyi] = sigma;
      const auto cost = [&](double noise) {
        CriticTraining noisy = training;
        noisy.sigma = noise;
        const PrivacyLedger ledger = all_releases(noisy);
        return renyi ? ledger_rdp(ledger, 1e-5).epsilon : ledger_prv(ledger, 1e-5).high;
      };
      EXPECT_LE(cost(sigma), epsilon);
      EXPECT_GT(cost(sigma * 0.9999), epsilon);
    }
    EXPECT_LT(sigmas[0], sigmas[1]) << "numerical composition needs less noise";
  }
}

TEST(SigmaFor, FailsWhereTheNumbersOfFlowsCostMore) {
  CriticTraining training = ten_chunks();
  EXPECT_THROW(sigma_for(training, 2, 1e-5, PrivacyAccountant::renyi), Error);
  training.count_sigma = 30;
  EXPECT_GT(sigma_for(training, 2, 1e-5, PrivacyAccountant::renyi), 1);
}

}  // namespace
}  // namespace bench
