#include "models/ctgan/ctgan.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "core/error.h"
#include "models/ctgan/networks.h"
#include "models/nn/schedule.h"
#include "models/nn/threads.h"
#include "models/privacy/private_batches.h"
#include "models/rows/number_calibration.h"
#include "models/rows/private_rows.h"

namespace bench {
namespace {

constexpr int64_t kReportEvery = 10;
constexpr size_t kSampleBatch = 1000;
/// Rows that are drawn after training to learn the generator's own numbers.
constexpr size_t kCalibrationRows = 20'000;
/// Rounds in which rows that miss a given category are drawn again before it is written into them.
constexpr int kAgain = 10;

torch::Tensor matrix(std::vector<float>& values, int64_t width) {
  return torch::from_blob(values.data(), {static_cast<int64_t>(values.size()) / width, width});
}

void put_row(RecordTable& to, size_t at, const RecordTable& from, size_t row) {
  for (size_t c = 0; c < to.columns.size(); ++c) {
    if (to.columns[c].is_category()) {
      to.columns[c].codes[at] = from.columns[c].codes[row];
    } else {
      to.columns[c].numbers[at] = from.columns[c].numbers[row];
    }
  }
}

class Ctgan : public PrivateRowModel {
 public:
  explicit Ctgan(const CtganParams& params) : params_(params) {}

  void fit(const RecordTable& table, FitContext& context) override {
    nn::require_cpu(context.device, "ctgan");
    const auto epoch = static_cast<int64_t>(table.rows) / params_.batch;
    const int64_t iterations =
        params_.iterations > 0 ? params_.iterations : params_.epochs * std::max<int64_t>(epoch, 1);
    nn::with_torch_errors([&] { train(table, iterations, context); });
  }

  const PrivacyParams& privacy() const override { return params_.privacy; }

  CriticTraining critic_training() const override {
    CriticTraining out;
    out.batch = params_.batch;
    out.iterations = params_.iterations;
    out.rounds = params_.discriminator_steps;
    out.critics = 1;
    return out;
  }

  void fit_public(const RecordTable& table, FitContext& context) override {
    nn::require_cpu(context.device, "ctgan");
    nn::with_torch_errors([&] { train(table, params_.privacy.public_iterations, context); });
  }

  void save_start(H5Writer& file) const override { networks_->critic().parameters().save(file, "critic"); }

  void load_start(const H5Reader& file, Seed seed) override {
    build(seed);
    networks_->parameters().load(file, "generator");
    networks_->critic().parameters().load(file, "critic");
  }

  void fit_private(const RecordTable& table, const PrivateSteps& steps, FitContext& context) override {
    nn::require_cpu(context.device, "ctgan");
    nn::with_torch_errors([&] { train_private(table, steps, context); });
  }

  RecordTable sample(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) override {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    return nn::with_torch_errors([&] {
      Rng rng = context.seed.child("conditions").rng();
      at::Generator noise = nn::make_generator(context.seed.child("noise"));
      RecordTable out = draw(rows, given, rng, noise);
      for (int round = 0; round < kAgain && !given.empty(); ++round) {
        const std::vector<size_t> wrong = misses(out, given);
        if (wrong.empty()) break;
        const RecordTable other = draw(wrong.size(), given, rng, noise);
        for (size_t i = 0; i < wrong.size(); ++i) put_row(out, wrong[i], other, i);
      }
      for (const RowCondition& condition : given) {
        auto& codes = out.columns[condition.column].codes;
        std::fill(codes.begin(), codes.end(), condition.code);
      }
      Rng ties = context.seed.child("ties").rng();
      calibration_.apply(out, ties);
      return out;
    });
  }

  void save(H5Writer& file) const override {
    encoder_.save(file);
    conditions_.save(file);
    calibration_.save(file);
    networks_->parameters().save(file, "generator");
  }

  void load(const H5Reader& file, const RecordTable& columns) override {
    encoder_.load(file, columns);
    conditions_.load(file, encoder_);
    calibration_.load(file, columns);
    build(Seed(0));
    networks_->parameters().load(file, "generator");
  }

  bool can_condition() const override { return true; }

 private:
  void build(Seed seed) {
    const torch::NoGradGuard no_grad;
    networks_ = std::make_unique<CtganNetworks>(params_, encoder_.layout(), conditions_.width(), seed);
  }

  /// Encoded rows beside their condition vectors.
  torch::Tensor real_rows(const torch::Tensor& encoded, ConditionBatch& batch) const {
    return torch::cat({encoded.index_select(0, row_index(batch.rows)), conditions_of(batch)}, 1);
  }
  torch::Tensor conditions_of(ConditionBatch& batch) const {
    return matrix(batch.vectors, conditions_.width());
  }

  void train(const RecordTable& table, int64_t iterations, FitContext& context) {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    encoder_.fit(table, {params_.modes, params_.mixture_rows, params_.log1p}, context.seed.child("encoder"));
    conditions_.fit(table, encoder_,
                    params_.conditions == "service" ? Conditions::Kind::service : Conditions::Kind::column,
                    params_.log_frequency);
    Rng rng = context.seed.child("batches").rng();
    std::vector<float> values = encoder_.encode(table, rng);
    const torch::Tensor encoded = matrix(values, encoder_.width());
    build(context.seed.child("init"));
    calibration_ = {};
    const auto batch = static_cast<size_t>(params_.batch);
    context.progress.log(fmt::format("ctgan: {} records, {} columns encoded, {} of conditions, {} iterations",
                                     table.rows, encoder_.width(), conditions_.width(), iterations));
    const auto critic_step = [&](double rate) {
      ConditionBatch made = conditions_.draw_training(batch, rng);
      ConditionBatch real = conditions_.permuted(made, rng);
      return networks_->train_critic(real_rows(encoded, real), conditions_of(made), rate);
    };
    iterate(
        iterations, "loss", critic_step, [&] { return conditions_.draw_training(batch, rng); }, context);
    if (params_.calibrate) {
      at::Generator noise = nn::make_generator(context.seed.child("calibration"));
      calibration_.fit(table, draw(kCalibrationRows, {}, rng, noise));
    }
  }

  // The condition of a real row is its own; those of made rows come from the frequencies of the public data.
  void train_private(const RecordTable& table, const PrivateSteps& steps, FitContext& context) {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    const Seed seed = context.seed.child("private");
    Rng rng = seed.child("batches").rng();
    std::vector<float> values = encoder_.encode(table, rng);
    const torch::Tensor encoded = matrix(values, encoder_.width());
    PrivateBatches batches(static_cast<int64_t>(table.rows), steps, params_.batch, seed.child("chance"));
    make_private(networks_->critic(), steps, params_.batch, seed.child("privacy"));
    const auto condition = [&](int64_t rows) {
      return conditions_.draw_sampling(static_cast<size_t>(rows), {}, params_.log_frequency, rng);
    };
    const auto critic_step = [&](double rate) {
      ConditionBatch real = conditions_.draw_own(table, batches.next(), rng),
                     made = condition(batches.made());
      networks_->train_critic(real_rows(encoded, real), conditions_of(made), rate);
      return networks_->critic().gradient().norm().item<double>();
    };
    iterate(
        params_.iterations, "gradient", critic_step, [&] { return condition(params_.batch); }, context);
  }

  /// `critic_step` makes one at a rate and returns what must stay finite, the critic's `what`; `condition`
  /// draws for the generator.
  void iterate(int64_t iterations, const std::string& what, const std::function<double(double)>& critic_step,
               const std::function<ConditionBatch()>& condition, FitContext& context) {
    std::optional<nn::MovingAverage> average;
    if (params_.ema > 0) average.emplace(networks_->parameters(), params_.ema);
    for (int64_t i = 0; i < iterations; ++i) {
      if (context.progress.cancelled())
        fail(Kind::cancelled, "training stopped at iteration {} of {}", i, iterations);
      const double rate = nn::decayed(params_.lr, params_.lr_decay, i, iterations);
      double value = 0;
      for (int64_t d = 0; d < params_.discriminator_steps; ++d) value = critic_step(rate);
      nn::check_loss(value, "the critic's " + what, i + 1);
      ConditionBatch made = condition();
      networks_->train_generator(conditions_of(made), made.choices, rate);
      if (average) average->update();
      if ((i + 1) % kReportEvery == 0 || i + 1 == iterations) {
        context.progress.report(static_cast<double>(i + 1), static_cast<double>(iterations), "iterations",
                                fmt::format("critic {} {:.3g}", what, value));
      }
    }
    if (average) average->swap();
  }

  RecordTable draw(size_t rows, const std::vector<RowCondition>& given, Rng& rng, at::Generator& noise) {
    const bool by_log = params_.sample_frequency == "log";
    ConditionBatch conditions = conditions_.draw_sampling(rows, given, by_log, rng);
    std::vector<float> made;
    made.reserve(rows * static_cast<size_t>(encoder_.width()));
    const int64_t width = conditions_.width();
    for (size_t begin = 0; begin < rows; begin += kSampleBatch) {
      const auto n = static_cast<int64_t>(std::min(kSampleBatch, rows - begin));
      const torch::Tensor condition =
          torch::from_blob(conditions.vectors.data() + begin * static_cast<size_t>(width), {n, width});
      const torch::Tensor part = networks_->sample(condition, noise);
      made.insert(made.end(), part.data_ptr<float>(), part.data_ptr<float>() + part.numel());
    }
    RecordTable out = encoder_.decode(made.data(), rows);
    if (params_.conditions != "service") return out;
    // What was given of a training record stands in the row as it was given.
    for (const Choice& choice : conditions.choices)
      out.columns[choice.column].codes[static_cast<size_t>(choice.row)] = static_cast<int32_t>(choice.code);
    return out;
  }

  static std::vector<size_t> misses(const RecordTable& table, const std::vector<RowCondition>& given) {
    std::vector<size_t> out;
    for (size_t i = 0; i < table.rows; ++i) {
      const bool wrong = std::any_of(given.begin(), given.end(), [&](const RowCondition& condition) {
        return table.columns[condition.column].codes[i] != condition.code;
      });
      if (wrong) out.push_back(i);
    }
    return out;
  }

  CtganParams params_;
  RowEncoder encoder_;
  Conditions conditions_;
  NumberCalibration calibration_;
  std::unique_ptr<CtganNetworks> networks_;
};

}  // namespace

std::unique_ptr<Params> ctgan_params() { return std::make_unique<CtganParams>(); }

std::unique_ptr<Generator> make_ctgan(const Params& params) {
  const auto& own = dynamic_cast<const CtganParams&>(params);
  const Identifiers identifiers = own.encoding == "A" ? Identifiers::number : Identifiers::bits;
  return make_row_generator({identifiers, identifiers, false}, std::make_unique<Ctgan>(own));
}

}  // namespace bench
