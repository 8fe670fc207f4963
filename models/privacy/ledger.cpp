#include "models/privacy/ledger.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

#include "core/error.h"
#include "core/params.h"

namespace bench {
namespace {

using nlohmann::json;

PrivacyLedger ledger_of(const CriticTraining& training, double sigma, int64_t draws) {
  PrivacyLedger ledger;
  ledger.disjoint_parts = training.disjoint_chunks;
  for (size_t c = 0; c < training.chunk_flows.size(); ++c) {
    assert(training.chunk_flows[c] > 0);
    const double q = static_cast<double>(training.batch) / static_cast<double>(training.chunk_flows[c]);
    const auto part = static_cast<int64_t>(c);
    ledger.releases.push_back({"critic step", {std::min(q, 1.0), sigma, training.iterations * draws}, part});
    if (training.count_sigma > 0)
      ledger.releases.push_back({"number of flows", {1, training.count_sigma, 1}, part});
  }
  return ledger;
}

/// A number of `object` at `key`, or 0 with a problem where it is none or not `in_range`.
double read_number(const json& object, const std::string& pointer, const char* key, bool (*in_range)(double),
                   const char* range, Problems& problems) {
  if (object.contains(key) && object[key].is_number() && in_range(object[key].get<double>()))
    return object[key].get<double>();
  problems.add(join_pointer(pointer, key), fmt::format("must be a number {}", range));
  return 0;
}

PrivateRelease read_release(const json& object, const std::string& pointer, Problems& problems) {
  PrivateRelease release;
  check_keys(object, pointer, {"what", "q", "sigma", "count", "part"}, problems);
  if (!object.is_object()) return release;
  if (object.contains("what") && object["what"].is_string()) {
    release.what = object["what"];
  } else {
    problems.add(join_pointer(pointer, "what"), "must be a text");
  }
  SampledGaussian& mechanism = release.mechanism;
  mechanism.q = read_number(
      object, pointer, "q", [](double q) { return q >= 0 && q <= 1; }, "in [0, 1]", problems);
  mechanism.sigma = read_number(
      object, pointer, "sigma", [](double sigma) { return sigma > 0; }, "above 0", problems);
  for (const char* key : {"count", "part"}) {
    if (std::string_view(key) == "part" && !object.contains(key)) continue;
    if (!object.contains(key) || !object[key].is_number_integer() || object[key].get<int64_t>() < 0) {
      problems.add(join_pointer(pointer, key), "must be a whole number >= 0");
    } else if (std::string_view(key) == "part") {
      release.part = object[key].get<int64_t>();
    } else {
      mechanism.count = object[key].get<int64_t>();
    }
  }
  return release;
}

/// The least sigma >= kLeastSigma with fits(sigma), which stays true above it; searched from `start` on.
template <typename Fits>
double least_sigma(double start, const Fits& fits) {
  constexpr double kLeastSigma = 0.001, kMostSigma = 1 << 20, kTolerance = 1e-4;
  double high = start;
  while (!fits(high)) {
    if (high >= kMostSigma)
      fail(Kind::config,
           "no noise on the critics reaches the wanted epsilon: the noisy numbers of flows alone cost more");
    high *= 2;
  }
  double low = high;
  do {
    if (low <= kLeastSigma) return high;
    high = low;
    low = std::max(kLeastSigma, low / 2);
  } while (fits(low));
  while (high > low * (1 + kTolerance)) {
    const double middle = std::sqrt(low * high);
    (fits(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

std::vector<std::vector<SampledGaussian>> exposures(const PrivacyLedger& ledger) {
  std::vector<SampledGaussian> everywhere;
  std::map<int64_t, std::vector<SampledGaussian>> parts;
  for (const PrivateRelease& release : ledger.releases) {
    const bool of_a_part = ledger.disjoint_parts && release.part.has_value();
    (of_a_part ? parts[*release.part] : everywhere).push_back(release.mechanism);
  }
  if (parts.empty()) return {everywhere};
  std::vector<std::vector<SampledGaussian>> out;
  for (auto& [part, mechanisms] : parts) {
    mechanisms.insert(mechanisms.end(), everywhere.begin(), everywhere.end());
    out.push_back(std::move(mechanisms));
  }
  return out;
}

RdpEpsilon ledger_rdp(const PrivacyLedger& ledger, double delta, std::span<const double> orders,
                      RdpConversion conversion) {
  RdpEpsilon worst{-1, 0};
  for (const auto& mechanisms : exposures(ledger)) {
    const RdpEpsilon cost = rdp_epsilon(mechanisms, delta, orders, conversion);
    if (cost.epsilon > worst.epsilon) worst = cost;
  }
  return worst;
}

LossBounds ledger_prv(const PrivacyLedger& ledger, double delta, double error) {
  LossBounds worst{0, 0, 0};
  for (const auto& mechanisms : exposures(ledger)) {
    const LossBounds cost = prv_epsilon(mechanisms, delta, error);
    worst = {std::max(worst.low, cost.low), std::max(worst.estimate, cost.estimate),
             std::max(worst.high, cost.high)};
  }
  return worst;
}

json to_json(const PrivacyLedger& ledger) {
  json releases = json::array();
  for (const PrivateRelease& release : ledger.releases) {
    const SampledGaussian& mechanism = release.mechanism;
    json row{
        {"what", release.what}, {"q", mechanism.q}, {"sigma", mechanism.sigma}, {"count", mechanism.count}};
    if (release.part) row["part"] = *release.part;
    releases.push_back(std::move(row));
  }
  return {{"disjoint_parts", ledger.disjoint_parts}, {"releases", std::move(releases)}};
}

PrivacyLedger privacy_ledger_from_json(const json& object) {
  PrivacyLedger ledger;
  Problems problems;
  check_keys(object, "", {"disjoint_parts", "releases"}, problems);
  problems.raise("privacy ledger");
  if (object.contains("disjoint_parts") && object["disjoint_parts"].is_boolean()) {
    ledger.disjoint_parts = object["disjoint_parts"];
  } else {
    problems.add("/disjoint_parts", "must be true or false");
  }
  if (object.contains("releases") && object["releases"].is_array()) {
    for (const json& row : object["releases"]) {
      const std::string pointer = join_pointer("/releases", std::to_string(ledger.releases.size()));
      ledger.releases.push_back(read_release(row, pointer, problems));
    }
  } else {
    problems.add("/releases", "must be a list");
  }
  problems.raise("privacy ledger");
  return ledger;
}

PrivacyLedger all_releases(const CriticTraining& training) {
  const int64_t per_round = training.joint_clipping ? 1 : training.critics;
  int64_t draws = 1, releases_of_a_batch = 1;
  switch (training.new_batch_for) {
    case BatchUse::release:
      draws = training.rounds * per_round;
      break;
    case BatchUse::round:
      draws = training.rounds;
      releases_of_a_batch = per_round;
      break;
    case BatchUse::iteration:
      releases_of_a_batch = training.rounds * per_round;
      break;
  }
  return ledger_of(training, training.sigma / std::sqrt(static_cast<double>(releases_of_a_batch)), draws);
}

PrivacyLedger as_published(const CriticTraining& training) {
  PrivacyLedger ledger = ledger_of(training, training.sigma, 1);
  ledger.disjoint_parts = false;
  return ledger;
}

double sigma_for(CriticTraining training, double epsilon, double delta, PrivacyAccountant accountant) {
  assert(epsilon > 0 && delta > 0 && delta < 1);
  const auto by_renyi_orders = [&](double sigma) {
    training.sigma = sigma;
    return ledger_rdp(all_releases(training), delta).epsilon <= epsilon;
  };
  const auto numerically = [&](double sigma) {
    training.sigma = sigma;
    return ledger_prv(all_releases(training), delta).high <= epsilon;
  };
  if (accountant == PrivacyAccountant::renyi) return least_sigma(1.0, by_renyi_orders);
  return least_sigma(1.0, numerically);
}

}  // namespace bench
