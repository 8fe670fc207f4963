#include "models/ewgan_gp/ewgan_gp.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "core/error.h"
#include "models/ewgan_gp/params.h"
#include "models/ewgan_gp/word_rows.h"
#include "models/nn/heads.h"
#include "models/nn/normalised_mlp.h"
#include "models/nn/row_critic.h"
#include "models/nn/schedule.h"
#include "models/nn/threads.h"
#include "models/privacy/private_batches.h"
#include "models/rows/number_calibration.h"
#include "models/rows/private_rows.h"

namespace bench {
namespace {

constexpr double kBeta1 = 0.5, kBeta2 = 0.9;
constexpr int64_t kReportEvery = 10;
constexpr size_t kSampleBatch = 1000;
/// Rows that are drawn after training to learn the generator's own numbers.
constexpr size_t kCalibrationRows = 20'000;

struct WordGenerator {
  WordGenerator(const EwganParams& params, const Layout& layout, Seed seed)
      : heads(layout, 0, layout.width),
        mlp(parameters, "generator", params.latent, params.generator_units, params.generator_layers,
            layout.width) {
    parameters.build(nn::init_from_name(params.init), nn::make_generator(seed), torch::kCPU);
  }
  nn::Heads heads;
  nn::Parameters parameters;
  nn::NormalisedMlp mlp;
};

class EwganGp : public PrivateRowModel {
 public:
  explicit EwganGp(const EwganParams& params) : params_(params) {}

  void fit(const RecordTable& table, FitContext& context) override {
    nn::require_cpu(context.device, "ewgan_gp");
    nn::with_torch_errors([&] { train(table, params_.iterations, context); });
  }

  const PrivacyParams& privacy() const override { return params_.privacy; }

  CriticTraining critic_training() const override {
    CriticTraining out;
    out.batch = params_.batch;
    out.iterations = params_.iterations;
    out.rounds = params_.critic_steps;
    out.critics = 1;
    return out;
  }

  void fit_public(const RecordTable& table, FitContext& context) override {
    nn::require_cpu(context.device, "ewgan_gp");
    nn::with_torch_errors([&] { train(table, params_.privacy.public_iterations, context); });
  }

  void save_start(H5Writer& file) const override { critic_->parameters().save(file, "critic"); }

  void load_start(const H5Reader& file, Seed seed) override {
    critic_ = make_critic(seed);
    critic_->parameters().load(file, "critic");
  }

  std::vector<bool> covers(RecordTable& table) const override { return words_.covers(table); }

  void fit_private(const RecordTable& table, const PrivateSteps& steps, FitContext& context) override {
    nn::require_cpu(context.device, "ewgan_gp");
    nn::with_torch_errors([&] { train_private(table, steps, context); });
  }

  RecordTable sample(size_t rows, const std::vector<RowCondition>&, SampleContext& context) override {
    return nn::with_torch_errors([&] {
      Rng rng = context.seed.child("numbers").rng();
      at::Generator noise = nn::make_generator(context.seed.child("noise"));
      RecordTable out = draw(rows, rng, noise);
      calibration_.apply(out, rng);
      return out;
    });
  }

  void save(H5Writer& file) const override {
    words_.save(file);
    calibration_.save(file);
    generator_->parameters.save(file, "generator");
  }

  void load(const H5Reader& file, const RecordTable& columns) override {
    words_.load(file, columns);
    calibration_.load(file, columns);
    generator_ = std::make_unique<WordGenerator>(params_, words_.layout(), Seed(0));
    generator_->parameters.load(file, "generator");
  }

 private:
  std::unique_ptr<nn::RowCritic> make_critic(Seed seed) const {
    nn::RowCriticShape shape;
    shape.width = words_.width();
    shape.layers = params_.critic_layers;
    shape.units = params_.critic_units;
    return std::make_unique<nn::RowCritic>(shape, kBeta1, kBeta2, 0, nn::init_from_name(params_.init), seed);
  }

  /// Rows that the generator makes in training, and what its gradient needs of them.
  struct Made {
    Made(int64_t count, int64_t width) : rows(torch::empty({count, width})) {}
    nn::NormalisedMlp::Pass pass;
    torch::Tensor soft, rows;
  };
  void make(Made& made, at::Generator& noise) const {
    const torch::Tensor input = torch::randn({made.rows.size(0), params_.latent}, noise);
    generator_->mlp.forward(made.pass, input, 1, params_.norm_momentum);
    made.soft = made.pass.out.clone();
    generator_->heads.activate(made.soft, made.rows);
  }

  void train(const RecordTable& table, int64_t iterations, FitContext& context) {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    words_.fit(table,
               {params_.word_size, params_.word_epochs, params_.numbers == "words", params_.bins,
                params_.rare_ports},
               context.seed.child("words"));
    std::vector<float> values = words_.encode(table);
    const auto n = static_cast<int64_t>(table.rows);
    const torch::Tensor encoded = torch::from_blob(values.data(), {n, words_.width()});
    generator_ = std::make_unique<WordGenerator>(params_, words_.layout(), context.seed.child("generator"));
    calibration_ = {};
    critic_ = make_critic(context.seed.child("critic"));
    at::Generator noise = nn::make_generator(context.seed.child("noise"));
    context.progress.log(fmt::format("ewgan_gp: {} records, {} columns encoded", n, words_.width()));
    Made made(params_.batch, words_.width());
    const auto critic_step = [&](double rate) {
      make(made, noise);
      const torch::Tensor rows = torch::randint(n, {params_.batch}, noise, torch::kLong);
      critic_->step(encoded.index_select(0, rows), made.rows, torch::rand({params_.batch, 1}, noise),
                    params_.penalty, rate);
      return critic_->loss();
    };
    iterate(iterations, "loss", critic_step, noise, context);
    if (params_.calibrate) {
      Rng rng = context.seed.child("numbers").rng();
      calibration_.fit(table, draw(kCalibrationRows, rng, noise));
    }
  }

  void train_private(const RecordTable& table, const PrivateSteps& steps, FitContext& context) {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    const Seed seed = context.seed.child("private");
    const auto n = static_cast<int64_t>(table.rows);
    std::vector<float> values = words_.encode(table);
    const torch::Tensor encoded = torch::from_blob(values.data(), {n, words_.width()});
    at::Generator noise = nn::make_generator(seed.child("noise"));
    PrivateBatches batches(n, steps, params_.batch, seed.child("chance"));
    make_private(*critic_, steps, params_.batch, seed.child("privacy"));
    Made made(batches.made(), words_.width());
    const auto critic_step = [&](double rate) {
      make(made, noise);
      const torch::Tensor rows = row_index(batches.next());
      critic_->step(encoded.index_select(0, rows), made.rows.index_select(0, batches.partners(rows.size(0))),
                    torch::rand({rows.size(0), 1}, noise), params_.penalty, rate);
      return critic_->gradient().norm().item<double>();
    };
    iterate(params_.iterations, "gradient", critic_step, noise, context);
  }

  /// `critic_step` makes one at a rate and returns what must stay finite, the critic's `what`.
  void iterate(int64_t iterations, const std::string& what, const std::function<double(double)>& critic_step,
               at::Generator& noise, FitContext& context) {
    nn::Parameters& parameters = generator_->parameters;
    nn::Adam adam(parameters, kBeta1, kBeta2);
    std::optional<nn::MovingAverage> average;
    if (params_.ema > 0) average.emplace(parameters, params_.ema);
    torch::Tensor gradient = torch::zeros_like(parameters.flat());
    const auto gradients = parameters.views(gradient);
    Made made(params_.batch, words_.width());
    torch::Tensor d_raw = torch::empty_like(made.rows);
    for (int64_t i = 0; i < iterations; ++i) {
      if (context.progress.cancelled())
        fail(Kind::cancelled, "training stopped at iteration {} of {}", i, iterations);
      const double share = nn::decayed(1, params_.lr_decay, i, iterations);
      double value = 0;
      for (int64_t c = 0; c < params_.critic_steps; ++c) value = critic_step(params_.critic_lr * share);
      nn::check_loss(value, "the critic's " + what, i + 1);
      make(made, noise);
      torch::Tensor d_made = critic_->made_gradient(made.rows);
      generator_->heads.backward(made.soft, made.rows, d_made, d_raw);
      generator_->mlp.backward(made.pass, d_raw, gradients.data());
      adam.step(gradient, params_.lr * share);
      if (average) average->update();
      if ((i + 1) % kReportEvery == 0 || i + 1 == iterations) {
        context.progress.report(static_cast<double>(i + 1), static_cast<double>(iterations), "iterations",
                                fmt::format("critic {} {:.3g}", what, value));
      }
    }
    if (average) average->swap();
  }

  RecordTable draw(size_t rows, Rng& rng, at::Generator& noise) {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    std::vector<float> out;
    out.reserve(rows * static_cast<size_t>(words_.width()));
    for (size_t begin = 0; begin < rows; begin += kSampleBatch) {
      const auto n = static_cast<int64_t>(std::min(kSampleBatch, rows - begin));
      torch::Tensor raw = generator_->mlp.infer(torch::randn({n, params_.latent}, noise));
      torch::Tensor made = torch::empty_like(raw);
      generator_->heads.activate(raw, made);
      out.insert(out.end(), made.data_ptr<float>(), made.data_ptr<float>() + made.numel());
    }
    return words_.decode(out.data(), rows, rng);
  }

  EwganParams params_;
  WordRows words_;
  NumberCalibration calibration_;
  std::unique_ptr<WordGenerator> generator_;
  std::unique_ptr<nn::RowCritic> critic_;  ///< of the training
};

}  // namespace

std::unique_ptr<Params> ewgan_gp_params() { return std::make_unique<EwganParams>(); }

std::unique_ptr<Generator> make_ewgan_gp(const Params& params) {
  return make_row_generator({Identifiers::value, Identifiers::value, false},
                            std::make_unique<EwganGp>(dynamic_cast<const EwganParams&>(params)));
}

}  // namespace bench
