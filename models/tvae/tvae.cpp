#include "models/tvae/tvae.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "models/nn/schedule.h"
#include "models/nn/threads.h"
#include "models/rows/number_calibration.h"
#include "models/rows/row_encoder.h"
#include "models/rows/row_model.h"
#include "models/tvae/network.h"

namespace bench {
namespace {

constexpr int64_t kReportEvery = 10;
constexpr size_t kSampleBatch = 1000;
/// Rows that are drawn after training to learn the generator's own numbers.
constexpr size_t kCalibrationRows = 20'000;

class Tvae : public RowModel {
 public:
  explicit Tvae(const TvaeParams& params) : params_(params) {}

  void fit(const RecordTable& table, FitContext& context) override {
    nn::require_cpu(context.device, "tvae");
    nn::with_torch_errors([&] { train(table, context); });
  }

  RecordTable sample(size_t rows, const std::vector<RowCondition>&, SampleContext& context) override {
    return nn::with_torch_errors([&] {
      at::Generator noise = nn::make_generator(context.seed.child("noise"));
      RecordTable out = draw(rows, noise);
      Rng ties = context.seed.child("ties").rng();
      calibration_.apply(out, ties);
      return out;
    });
  }

  void save(H5Writer& file) const override {
    encoder_.save(file);
    calibration_.save(file);
    network_->parameters().save(file, "network");
  }

  void load(const H5Reader& file, const RecordTable& columns) override {
    encoder_.load(file, columns);
    calibration_.load(file, columns);
    network_ = std::make_unique<TvaeNetwork>(params_, encoder_.layout(), Seed(0));
    network_->parameters().load(file, "network");
  }

 private:
  void train(const RecordTable& table, FitContext& context) {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    encoder_.fit(table, {params_.modes, params_.mixture_rows, params_.log1p}, context.seed.child("encoder"));
    Rng rng = context.seed.child("batches").rng();
    std::vector<float> values = encoder_.encode(table, rng);
    const auto n = static_cast<int64_t>(table.rows);
    const torch::Tensor encoded = torch::from_blob(values.data(), {n, encoder_.width()});
    network_ = std::make_unique<TvaeNetwork>(params_, encoder_.layout(), context.seed.child("init"));
    calibration_ = {};
    nn::Parameters& parameters = network_->parameters();
    nn::Adam adam(parameters, 0.9, 0.999);
    at::Generator noise = nn::make_generator(context.seed.child("noise"));
    const int64_t epoch = std::max<int64_t>(n / params_.batch, 1);
    const int64_t iterations = params_.iterations > 0 ? params_.iterations : params_.epochs * epoch;
    context.progress.log(
        fmt::format("tvae: {} records, {} columns encoded, {} iterations", n, encoder_.width(), iterations));
    std::optional<nn::MovingAverage> average;
    if (params_.ema > 0) average.emplace(parameters, params_.ema);
    for (int64_t i = 0; i < iterations; ++i) {
      if (context.progress.cancelled())
        fail(Kind::cancelled, "training stopped at iteration {} of {}", i, iterations);
      const torch::Tensor rows =
          encoded.index_select(0, torch::randint(n, {params_.batch}, noise, torch::kLong));
      const double loss = network_->loss(rows, torch::randn({params_.batch, params_.latent}, noise));
      nn::check_loss(loss, "the loss", i + 1);
      if (params_.weight_decay > 0) network_->gradient().add_(parameters.flat(), params_.weight_decay);
      adam.step(network_->gradient(), nn::decayed(params_.lr, params_.lr_decay, i, iterations));
      if (average) average->update();
      if ((i + 1) % kReportEvery == 0 || i + 1 == iterations) {
        context.progress.report(static_cast<double>(i + 1), static_cast<double>(iterations), "iterations",
                                fmt::format("loss {:.4g}", loss));
      }
    }
    if (average) average->swap();
    if (params_.calibrate) calibration_.fit(table, draw(kCalibrationRows, noise));
  }

  RecordTable draw(size_t rows, at::Generator& noise) {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    std::vector<float> made;
    made.reserve(rows * static_cast<size_t>(encoder_.width()));
    for (size_t begin = 0; begin < rows; begin += kSampleBatch) {
      const auto n = static_cast<int64_t>(std::min(kSampleBatch, rows - begin));
      const torch::Tensor part =
          network_->decode(torch::randn({n, params_.latent}, noise), params_.categories == "draw", noise);
      made.insert(made.end(), part.data_ptr<float>(), part.data_ptr<float>() + part.numel());
    }
    return encoder_.decode(made.data(), rows);
  }

  TvaeParams params_;
  RowEncoder encoder_;
  NumberCalibration calibration_;
  std::unique_ptr<TvaeNetwork> network_;
};

}  // namespace

std::unique_ptr<Params> tvae_params() { return std::make_unique<TvaeParams>(); }

std::unique_ptr<Generator> make_tvae(const Params& params) {
  const auto& own = dynamic_cast<const TvaeParams&>(params);
  const Identifiers identifiers = own.encoding == "A" ? Identifiers::number : Identifiers::bits;
  return make_row_generator({identifiers, identifiers, false}, std::make_unique<Tvae>(own));
}

}  // namespace bench
