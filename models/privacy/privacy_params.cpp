#include "models/privacy/privacy_params.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>

namespace bench {
namespace {

/// The numerical composition needs a grid as long as epsilon, for a budget that is none by then.
constexpr double kLongestGrid = 1000;

}  // namespace

void PrivacyParams::describe(FieldVisitor& v) {
  v.text(
      {"privacy", "",
       "dp: critics see the training part through clipped gradients with noise only (DP-SGD); ranges, "
       "vocabulary and first weights come from the row's public data. public: the same without clipping and "
       "noise, which protects nothing",
       "NetShare with DP"},
      privacy, {"none", "public", "dp"});
  v.text({"epsilon", "",
          "dp: the budget of the whole training at delta, a number above 0, or inf: no clipping and no noise",
          "our choice"},
         epsilon, {});
  v.number({"delta", "", "dp: chance that the guarantee does not hold", "NetShare code: 1e-5"}, delta, 1e-15,
           0.5);
  v.text({"accountant", "",
          "dp: the sum that has to stay below epsilon: by orders of Renyi, or the smaller one by numerical "
          "composition, which takes longer",
          "NetShare: renyi"},
         accountant, {"renyi", "numerical"});
  v.number({"noise_multiplier", "",
            "dp: noise of a critic's step in units of clip, in place of what epsilon needs; 0 = from epsilon",
            "NetShare: .01 to 4"},
           noise_multiplier, 0, 1e6);
  v.number({clip_name, "", "dp: longest gradient of one example in one critic", "NetShare: 1"}, clip, 1e-9,
           1e9);
  v.number({"count_sigma", "examples", "dp: noise on the number of examples of a chunk",
            "our choice; NetShare: 1, which costs more than its critics"},
           count_sigma, 0.01, 1e9);
  v.integer({"public_iterations", "generator steps",
             "dp, public: pre-training on the public data; 0 = ranges and vocabulary only",
             "NetShare: naive, same, different"},
            public_iterations, 0, 1'000'000'000);
  v.flag({"public_labels", "",
          "dp, public: label columns are learned, by the names that the public data has; false leaves them "
          "out, for public data of another kind of network",
          "our choice"},
         public_labels);
  v.flag(
      {"disjoint_chunks", "",
       "dp, public: a flow's records behind the chunk in which it begins are left out; it then pays for one "
       "chunk, not for all",
       "NetShare adds up all chunks"},
      disjoint_chunks);
  v.number({"window_begin", "s",
            "dp, public: begin of the capture since 1970, as the public knows it; records outside the window "
            "are left out",
            "our choice"},
           window_begin, 0, 9e9);
  v.number({"window_end", "s", "dp, public: its end; 0 = not declared", "our choice"}, window_end, 0, 9e9);
  v.flag({"public_window", "",
          "dp, public: in place of a declared window the training part's first and last time count as public",
          "NetShare code: they are used"},
         public_window);
}

double PrivacyParams::epsilon_value() const {
  if (epsilon == "inf") return std::numeric_limits<double>::infinity();
  double value = 0;
  const auto [end, error] = std::from_chars(epsilon.data(), epsilon.data() + epsilon.size(), value);
  return error == std::errc() && end == epsilon.data() + epsilon.size() ? value : -1;
}

bool PrivacyParams::finite_budget() const {
  return privacy == "dp" && (noise_multiplier > 0 || std::isfinite(epsilon_value()));
}

std::string PrivacyParams::contradiction() const {
  if (!(epsilon_value() > 0)) return "epsilon \"" + epsilon + "\" is not a number above 0 or \"inf\"";
  if (!from_public()) return {};
  if (window_end > 0 && window_begin >= window_end) return "window_begin is not before window_end";
  if (window_end == 0 && !public_window)
    return "the time window touches the training part outside the budget; window_begin and window_end, or "
           "public_window true to declare it public, would be right";
  return {};
}

std::vector<std::string> PrivacyParams::of_the_budget(std::string_view clip_name) {
  return {"epsilon", "delta", "accountant", "noise_multiplier", std::string(clip_name), "count_sigma"};
}

std::optional<TimeWindow> PrivacyParams::declared_window() const {
  if (window_end == 0) return std::nullopt;
  constexpr double kNanoseconds = 1e9;  // of a second
  return TimeWindow{std::llround(window_begin * kNanoseconds), std::llround(window_end * kNanoseconds)};
}

CriticTraining PrivacyParams::priced(CriticTraining training) const {
  if (!finite_budget()) return training;
  training.count_sigma = count_sigma;
  training.disjoint_chunks = disjoint_chunks;
  training.sigma = noise_multiplier > 0 ? noise_multiplier
                                        : sigma_for(training, epsilon_value(), delta,
                                                    accountant == "renyi" ? PrivacyAccountant::renyi
                                                                          : PrivacyAccountant::numerical);
  return training;
}

PrivateSteps PrivacyParams::steps(const CriticTraining& priced, int64_t flows) const {
  PrivateSteps out;
  out.rate = std::min(1.0, static_cast<double>(priced.batch) / static_cast<double>(flows));
  out.gradients = privacy == "dp";
  out.clip = finite_budget() ? clip : std::numeric_limits<double>::infinity();
  out.noise = finite_budget() ? priced.sigma : 0;
  return out;
}

nlohmann::json PrivacyParams::record(const CriticTraining& priced, const std::string& unit) const {
  nlohmann::json out{{"unit", unit},
                     {"public",
                      {window_end > 0 ? "time window" : "first and last time of the training part",
                       "public data: ranges, vocabulary, first weights"}},
                     {"delta", delta},
                     {"budget", privacy == "dp" ? epsilon : "inf"}};
  if (!finite_budget()) return out;
  const PrivacyLedger ledger = all_releases(priced);
  out["noise_multiplier"] = priced.sigma;
  const double renyi = ledger_rdp(ledger, delta).epsilon;
  out["epsilon"] = {{"renyi", renyi}, {"as published", ledger_rdp(as_published(priced), delta).epsilon}};
  if (renyi < kLongestGrid) out["epsilon"]["numerical"] = ledger_prv(ledger, delta).high;
  out["ledger"] = to_json(ledger);
  return out;
}

std::vector<int64_t> noisy_counts(const std::vector<int64_t>& counts, double sigma, Seed seed) {
  std::vector<int64_t> out;
  Rng rng = seed.rng();
  std::normal_distribution<double> noise(0, 1);
  for (const int64_t n : counts)
    out.push_back(std::max<int64_t>(1, std::llround(static_cast<double>(n) + sigma * noise(rng))));
  return out;
}

}  // namespace bench
