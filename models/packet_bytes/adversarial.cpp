#include "models/packet_bytes/adversarial.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "models/nn/schedule.h"
#include "models/privacy/private_batches.h"

namespace bench {
namespace {

constexpr double kBeta1 = 0.5, kBeta2 = 0.9;  // WGAN-GP
constexpr int64_t kReportEvery = 100, kSampleBatch = 4096;

/// One-hot [rows, classes]; [rows, 0] without conditions.
torch::Tensor one_hot(const torch::Tensor& classes, int64_t rows, int64_t count) {
  if (count == 0) return torch::zeros({rows, 0});
  return torch::zeros({rows, count}).scatter_(1, classes.unsqueeze(1), 1);
}

/// Coded packets and their classes one-hot.
struct CodedPackets {
  torch::Tensor codes, classes;
  CodedPackets narrow(int64_t first, int64_t count) const {
    return {codes.narrow(0, first, count), classes.narrow(0, first, count)};
  }
};

class Trainer {
 public:
  Trainer(const AdversarialParams& params, const PacketShape& shape, const DigitCode& code,
          const PacketBatch& real, ByteGenerator& generator, CriticNetwork& critic, Seed seed)
      : params_(params),
        shape_(shape),
        code_(code),
        real_(real),
        generator_(generator),
        critic_(critic),
        random_(nn::make_generator(seed)),
        generator_adam_(generator.parameters(), kBeta1, kBeta2),
        critic_adam_(critic.parameters(), kBeta1, kBeta2) {}
  virtual ~Trainer() = default;

  /// Trains until params.iterations.
  void run(Progress& progress) {
    nn::MovingAverage average(generator_.parameters(), params_.ema);
    for (int64_t i = 0; i < params_.iterations; ++i) {
      if (progress.cancelled())
        fail(Kind::cancelled, "training stopped at iteration {} of {}", i, params_.iterations);
      const double rate = nn::decayed(params_.lr, params_.lr_decay, i, params_.iterations);
      double value = 0;
      for (int64_t r = 0; r < params_.critic_rounds; ++r) value = critic_step(rate);
      generator_step(rate);
      nn::check_loss(value, "the critic's " + what(), i + 1);
      if (params_.ema > 0) average.update();
      if ((i + 1) % kReportEvery == 0 || i + 1 == params_.iterations) {
        progress.report(static_cast<double>(i + 1), static_cast<double>(params_.iterations), "iterations",
                        fmt::format("critic {} {:.3g}", what(), value));
      }
    }
    if (params_.ema > 0) average.swap();
  }

 protected:
  /// Returns the critic's what(), which must stay finite.
  virtual double critic_step(double rate) {
    const torch::Tensor rows = draw();
    const CodedPackets real = real_at(rows);
    const CodedPackets made{free_fake(real.classes), real.classes};
    const torch::Tensor loss = critic_loss(real, made, shares(params_.batch));
    step_critic(nn::gradient_of(loss, critic_.parameters()), rate);
    return loss.item<double>();
  }
  virtual std::string what() const { return "loss"; }
  /// Classes one-hot for the generator's step.
  virtual torch::Tensor generator_classes() { return classes_at(draw()); }

  CodedPackets real_at(const torch::Tensor& rows) const {
    return {code_.encode(real_.digits.index_select(0, rows)), classes_at(rows)};
  }

  /// Generated packets without a gradient.
  torch::Tensor free_fake(const torch::Tensor& classes) {
    const torch::NoGradGuard no_grad;
    return fake(classes);
  }

  /// Shares of the generated packet in the points of the penalty [n, 1]; undefined without one.
  torch::Tensor shares(int64_t n) {
    if (params_.loss != "wasserstein" || params_.penalty == 0) return {};
    return torch::rand({n, 1}, random_);
  }

  /// A mean over pairs of packets, in which no pair knows of another.
  torch::Tensor critic_loss(const CodedPackets& real, const CodedPackets& made,
                            const torch::Tensor& share) const {
    const int64_t n = real.codes.size(0);
    const torch::Tensor scores =
        critic_.forward(torch::cat({real.codes, made.codes}), torch::cat({real.classes, made.classes}));
    const torch::Tensor of_real = scores.narrow(0, 0, n), of_made = scores.narrow(0, n, n);
    const torch::Tensor loss = params_.loss == "standard"
                                   ? torch::softplus(-of_real).mean() + torch::softplus(of_made).mean()
                                   : of_made.mean() - of_real.mean();
    return share.defined() ? loss + penalty(real, made, share) : loss;
  }

  void step_critic(const torch::Tensor& gradient, double rate) {
    critic_adam_.step(gradient, rate);
    if (params_.loss == "clipping") critic_.parameters().flat().clamp_(-params_.clip, params_.clip);
  }

  const AdversarialParams& params_;
  const PacketShape& shape_;
  const DigitCode& code_;
  const PacketBatch& real_;
  ByteGenerator& generator_;
  CriticNetwork& critic_;
  at::Generator random_;

 private:
  /// Rows of training packets, drawn with replacement.
  torch::Tensor draw() {
    return torch::randint(real_.digits.size(0), {params_.batch}, random_, torch::kLong);
  }

  torch::Tensor classes_at(const torch::Tensor& rows) const {
    const torch::Tensor classes = shape_.classes > 0 ? real_.classes.index_select(0, rows) : rows;
    return one_hot(classes, rows.size(0), shape_.classes);
  }

  torch::Tensor fake(const torch::Tensor& classes) {
    const torch::Tensor noise = torch::randn({classes.size(0), shape_.latent}, random_);
    const torch::Tensor codes = generator_.forward(torch::cat({noise, classes}, 1), true);
    if (params_.rounding == "none") return codes;
    const torch::Tensor free = codes.detach();
    return codes + (code_.encode(code_.nearest(free)) - free);
  }

  /// Gulrajani et al. 2017, equation 3, under the classes of the real packets.
  torch::Tensor penalty(const CodedPackets& real, const CodedPackets& made,
                        const torch::Tensor& share) const {
    const torch::Tensor between = (real.codes + share * (made.codes - real.codes)).requires_grad_(true);
    const torch::Tensor score = critic_.forward(between, real.classes).sum();
    const torch::Tensor slope = torch::autograd::grad({score}, {between}, {}, true, true)[0];
    return params_.penalty * ((slope.square().sum(1) + 1e-8).sqrt() - 1).square().mean();
  }

  void generator_step(double rate) {
    const torch::Tensor classes = generator_classes();
    const torch::Tensor scores = critic_.forward(fake(classes), classes);
    const torch::Tensor loss = params_.loss == "standard" ? torch::softplus(-scores).mean() : -scores.mean();
    generator_adam_.step(nn::gradient_of(loss, generator_.parameters()), rate);
  }

  nn::Adam generator_adam_, critic_adam_;
};

class PrivateTrainer : public Trainer {
 public:
  PrivateTrainer(const AdversarialParams& params, const PacketShape& shape, const DigitCode& code,
                 const PacketBatch& real, const PrivateSteps& steps, DrawClasses classes,
                 ByteGenerator& generator, CriticNetwork& critic, Seed seed)
      : Trainer(params, shape, code, real, generator, critic, seed.child("noise")),
        classes_(std::move(classes)),
        batches_(real.digits.size(0), steps, params.batch, seed.child("chance")),
        privacy_(dp_sgd_options(steps, params.batch), seed.child("privacy")) {}

 private:
  torch::Tensor public_classes(int64_t rows) {
    return one_hot(shape_.classes > 0 ? classes_(rows) : torch::Tensor(), rows, shape_.classes);
  }

  double critic_step(double rate) override {
    const CodedPackets real = real_at(row_index(batches_.next()));
    const int64_t n = real.codes.size(0);
    const torch::Tensor of_made = public_classes(batches_.made()), rows = batches_.partners(n);
    const CodedPackets made{free_fake(of_made).index_select(0, rows), of_made.index_select(0, rows)};
    const torch::Tensor share = shares(n);
    const auto mean_loss = [&](int64_t first, int64_t count) {
      return critic_loss(real.narrow(first, count), made.narrow(first, count),
                         share.defined() ? share.narrow(0, first, count) : share);
    };
    const torch::Tensor gradient = privacy_.gradient(critic_.parameters(), n, mean_loss);
    step_critic(gradient, rate);
    return gradient.norm().item<double>();
  }
  std::string what() const override { return "gradient"; }
  torch::Tensor generator_classes() override { return public_classes(params_.batch); }

  DrawClasses classes_;
  PrivateBatches batches_;
  DpSgd privacy_;
};

}  // namespace

void train_adversarial(const AdversarialParams& params, const PacketShape& shape, const DigitCode& code,
                       const PacketBatch& real, ByteGenerator& generator, CriticNetwork& critic, Seed seed,
                       Progress& progress) {
  Trainer(params, shape, code, real, generator, critic, seed).run(progress);
}

void train_adversarial_privately(const AdversarialParams& params, const PacketShape& shape,
                                 const DigitCode& code, const PacketBatch& real, const PrivateSteps& steps,
                                 const DrawClasses& classes, ByteGenerator& generator, CriticNetwork& critic,
                                 Seed seed, Progress& progress) {
  PrivateTrainer(params, shape, code, real, steps, classes, generator, critic, seed).run(progress);
}

torch::Tensor generate_digits(const PacketShape& shape, const DigitCode& code, const ByteGenerator& generator,
                              int64_t rows, const torch::Tensor& classes, at::Generator random) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts{torch::zeros({0, shape.digits}, torch::kLong)};
  for (int64_t begin = 0; begin < rows; begin += kSampleBatch) {
    const int64_t n = std::min(kSampleBatch, rows - begin);
    const torch::Tensor noise = torch::randn({n, shape.latent}, random);
    const torch::Tensor own = shape.classes > 0 ? classes.narrow(0, begin, n) : classes;
    const torch::Tensor input = torch::cat({noise, one_hot(own, n, shape.classes)}, 1);
    parts.push_back(code.nearest(generator.forward(input, false)));
  }
  return torch::cat(parts);
}

}  // namespace bench
