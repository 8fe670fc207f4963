#pragma once
// The parameters that all private trainings share, and what such a training says of its cost.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/params.h"
#include "core/seed.h"
#include "datasets/split.h"
#include "models/privacy/ledger.h"

namespace bench {

/// How the critics meet real examples: by chance, clipped, with noise.
struct PrivateSteps {
  double rate = 1;        ///< chance of an example to be in a batch, (0, 1]
  bool gradients = true;  ///< gradients of examples one by one; without, clip and noise mean nothing
  double clip = 1;        ///< longest gradient of one example in one critic; may be infinite
  double noise = 0;       ///< in units of clip
};

struct PrivacyParams {
  std::string privacy = "none";
  std::string epsilon = "inf";
  double delta = 1e-5;
  std::string accountant = "renyi";
  double noise_multiplier = 0;
  double clip = 1;
  std::string_view clip_name = "clip";  ///< where a generator has another parameter of that name
  double count_sigma = 30;
  int64_t public_iterations = 0;
  bool public_labels = true;
  bool disjoint_chunks = false;
  double window_begin = 0, window_end = 0;
  bool public_window = false;

  void describe(FieldVisitor& visitor);
  /// Ranges, vocabulary and first weights come from public data, batches by chance: all but "none".
  bool from_public() const { return privacy != "none"; }
  /// Something is to be paid for.
  bool finite_budget() const;
  /// Of the noise on numbers; 0 where nothing is to be paid for.
  double noise_of_counts() const { return finite_budget() ? count_sigma : 0; }
  /// Of the capture, as declared; nothing where the training part's first and last time count as public.
  std::optional<TimeWindow> declared_window() const;
  /// What contradicts in these alone or would leave the budget; empty if nothing does.
  std::string contradiction() const;
  /// Parameters on which what is learned from public data does not depend, by name.
  static std::vector<std::string> of_the_budget(std::string_view clip_name = "clip");

  /// `training` with sigma as the budget needs it, or as it is given, and its noise of counts.
  CriticTraining priced(CriticTraining training) const;
  /// How the critics meet the examples of a part that has `flows` of them, a number that may be known.
  PrivateSteps steps(const CriticTraining& priced, int64_t flows) const;
  /// What the training lets out and what that costs: {"unit", "public", "delta", "budget"} and, for a finite
  /// budget, {"noise_multiplier", "epsilon": {"renyi", "numerical", "as published"}, "ledger"}. No
  /// "numerical" beyond an epsilon of 1000. `unit` says what a flow of the accounting is.
  nlohmann::json record(const CriticTraining& priced, const std::string& unit) const;

 private:
  double epsilon_value() const;  // -1 if it is no number
};

/// Numbers with Gaussian noise, in whole ones from 1 on.
std::vector<int64_t> noisy_counts(const std::vector<int64_t>& counts, double sigma, Seed seed);

/// Name of the record in the folder of a trained model.
inline constexpr auto kPrivacyFile = "privacy.json";

}  // namespace bench
