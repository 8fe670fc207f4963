#include "models/marginal_dp/marginal_dp.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "core/error.h"
#include "core/files.h"
#include "models/marginal_dp/budget.h"
#include "models/marginal_dp/params.h"
#include "models/marginal_dp/release.h"
#include "models/privacy/privacy_params.h"

namespace bench {
namespace {

class MarginalDp : public Generator {
 public:
  explicit MarginalDp(const MarginalDpParams& params) : params_(params) {}
  void fit(const TrainingTrace& train, FitContext& context) override;
  Trace sample(int64_t records, SampleContext& context) override {
    check_trained();
    return released_.sample(records, context);
  }
  void save(const std::filesystem::path& folder) const override {
    check_trained();
    released_.save(folder);
    if (!privacy_.is_null()) write_text_file(folder / kPrivacyFile, privacy_.dump(1) + "\n");
  }
  void load(const std::filesystem::path& folder) override {
    released_.load(folder);
    const std::filesystem::path record = folder / kPrivacyFile;
    privacy_ = std::filesystem::exists(record) ? read_json_file(record.string()) : nlohmann::json();
  }

 private:
  void check_trained() const {
    if (released_.order.empty()) fail(Kind::config, "marginal_dp: used before fit() or load()");
  }

  MarginalDpParams params_;
  NoisyMarginals released_;
  nlohmann::json privacy_;  ///< what it cost
};

void MarginalDp::fit(const TrainingTrace& train, FitContext& context) {
  NoiseBudget budget(params_.epsilon > 0 ? rho_of_epsilon(params_.epsilon, params_.delta) : INFINITY);
  released_ = release_marginals(train, params_, budget, context);
  for (const auto& [what, rho, sensitivity, sigma] : budget.releases())
    context.progress.log(fmt::format("released {}: sigma {:.3g}, rho {:.3g}", what, sigma, rho));
  for (const size_t c : released_.order) {
    std::vector<std::string> parents;
    for (const size_t p : released_.columns[c].parents) parents.push_back(released_.columns[p].name);
    context.progress.log(fmt::format("{} ({} leaves, {} bins) <- [{}]", released_.columns[c].name,
                                     released_.columns[c].leaves.size(), released_.columns[c].leaves.bins(),
                                     fmt::join(parents, ", ")));
  }
  privacy_ = params_.record(budget);
  if (params_.epsilon > 0) {
    context.progress.log(fmt::format("rho {:.4g}, epsilon {:.4g} at delta {:.2g} for each {}", budget.spent(),
                                     epsilon_of_rho(budget.spent(), params_.delta), params_.delta,
                                     params_.max_records_per_flow > 0 ? "five-tuple" : "record"));
  } else {
    context.progress.log("epsilon 0: no noise, no guarantee");
  }
}

}  // namespace

std::unique_ptr<Params> marginal_dp_params() { return std::make_unique<MarginalDpParams>(); }

std::unique_ptr<Generator> make_marginal_dp(const Params& params) {
  return std::make_unique<MarginalDp>(dynamic_cast<const MarginalDpParams&>(params));
}

}  // namespace bench
