#pragma once
// What a private training lets out, and what all of it together costs. A training of critics with noise
// releases every noisy gradient: each round of each critic at each iteration in each chunk, and the noisy
// number of flows.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/privacy/prv.h"
#include "models/privacy/rdp.h"

namespace bench {

struct PrivateRelease {
  std::string what;  ///< e.g. "critic step"
  SampledGaussian mechanism;
  std::optional<int64_t> part;  ///< the chunk whose flows it reads; none: all flows
};

struct PrivacyLedger {
  std::vector<PrivateRelease> releases;
  /// No flow has records in two parts, and where parts end was known before: a flow meets the releases of one
  /// part and those of all flows only (parallel composition). Otherwise it meets all.
  bool disjoint_parts = false;
};

/// What a flow can meet: one list, or one per part. Never empty.
std::vector<std::vector<SampledGaussian>> exposures(const PrivacyLedger& ledger);
/// Of the flow that meets most; delta in (0, 1).
RdpEpsilon ledger_rdp(const PrivacyLedger& ledger, double delta,
                      std::span<const double> orders = fine_orders(),
                      RdpConversion conversion = RdpConversion::improved);
/// The same by numerical composition; throws as PrivacyLoss.
LossBounds ledger_prv(const PrivacyLedger& ledger, double delta, double error = 0.005);

/// {"disjoint_parts": b, "releases": [{"what", "q", "sigma", "count", "part"}]}; "part" only where there is
/// one.
nlohmann::json to_json(const PrivacyLedger& ledger);
/// Throws Error(config) that names every key of the wrong name, type or range.
PrivacyLedger privacy_ledger_from_json(const nlohmann::json& object);

/// How long a batch is used before another one is drawn.
enum class BatchUse { release, round, iteration };

/// Training of critics on clipped and noisy gradients, chunk by chunk. Every flow is in a batch with
/// probability batch / flows of its chunk; flows must be a number that may be known, such as a noisy one.
struct CriticTraining {
  std::vector<int64_t> chunk_flows;  ///< >= 1 each
  int64_t batch = 100;               ///< expected flows of a batch
  int64_t iterations = 0;            ///< per chunk
  int64_t rounds = 5;                ///< critic updates per iteration
  int64_t critics = 2;               ///< networks that see real flows
  double sigma = 1;                  ///< noise multiplier of each release
  double count_sigma = 1;            ///< noise of the number of flows of a chunk; 0: it is not released
  bool joint_clipping = false;  ///< gradients of all critics clipped as one vector: one release per round
  BatchUse new_batch_for = BatchUse::round;
  bool disjoint_chunks = false;
};

/// Every release. m releases from one batch count as one with noise sigma / sqrt(m): given the batch they are
/// Gaussian mechanisms, which compose to that one, and the batch is drawn only once.
PrivacyLedger all_releases(const CriticTraining& training);
/// What the accountant released with NetShare counts: one release per iteration, whatever rounds and critics.
PrivacyLedger as_published(const CriticTraining& training);

enum class PrivacyAccountant {
  renyi,     ///< ledger_rdp
  numerical  ///< ledger_prv, its upper bound
};

/// The least noise multiplier >= 0.001, to a relative 1e-4 and rounded up, with which all_releases(training)
/// costs at most `epsilon` > 0 at `delta`. Throws Error(config) where 2^20 is not enough: the numbers of
/// flows alone cost more.
double sigma_for(CriticTraining training, double epsilon, double delta, PrivacyAccountant accountant);

}  // namespace bench
