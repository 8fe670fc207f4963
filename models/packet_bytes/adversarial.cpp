#include "models/packet_bytes/adversarial.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "models/nn/schedule.h"

namespace bench {
namespace {

constexpr double kBeta1 = 0.5, kBeta2 = 0.9;  // WGAN-GP
constexpr int64_t kReportEvery = 100, kSampleBatch = 4096;

/// One-hot [rows, classes]; [rows, 0] without conditions.
torch::Tensor one_hot(const torch::Tensor& classes, int64_t rows, int64_t count) {
  if (count == 0) return torch::zeros({rows, 0});
  return torch::zeros({rows, count}).scatter_(1, classes.unsqueeze(1), 1);
}

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

  /// One generator step and its critic steps; returns the critic's loss.
  double iterate(double rate) {
    double loss = 0;
    for (int64_t r = 0; r < params_.critic_rounds; ++r) loss = critic_step(rate);
    generator_step(rate);
    return loss;
  }

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

  double critic_step(double rate) {
    const torch::Tensor rows = draw(), classes = classes_at(rows),
                        real = code_.encode(real_.digits.index_select(0, rows));
    torch::Tensor made;
    {
      const torch::NoGradGuard no_grad;
      made = fake(classes);
    }
    const torch::Tensor scores = critic_.forward(torch::cat({real, made}), torch::cat({classes, classes}));
    const torch::Tensor of_real = scores.narrow(0, 0, params_.batch),
                        of_made = scores.narrow(0, params_.batch, params_.batch);
    torch::Tensor loss = params_.loss == "standard"
                             ? torch::softplus(-of_real).mean() + torch::softplus(of_made).mean()
                             : of_made.mean() - of_real.mean();
    if (params_.loss == "wasserstein" && params_.penalty > 0) loss = loss + penalty(real, made, classes);
    critic_adam_.step(nn::gradient_of(loss, critic_.parameters()), rate);
    if (params_.loss == "clipping") critic_.parameters().flat().clamp_(-params_.clip, params_.clip);
    return loss.item<double>();
  }

  /// Gulrajani et al. 2017, equation 3.
  torch::Tensor penalty(const torch::Tensor& real, const torch::Tensor& made, const torch::Tensor& classes) {
    const torch::Tensor share = torch::rand({params_.batch, 1}, random_);
    const torch::Tensor between = (real + share * (made - real)).requires_grad_(true);
    const torch::Tensor score = critic_.forward(between, classes).sum();
    const torch::Tensor slope = torch::autograd::grad({score}, {between}, {}, true, true)[0];
    return params_.penalty * ((slope.square().sum(1) + 1e-8).sqrt() - 1).square().mean();
  }

  void generator_step(double rate) {
    const torch::Tensor classes = classes_at(draw());
    const torch::Tensor scores = critic_.forward(fake(classes), classes);
    const torch::Tensor loss = params_.loss == "standard" ? torch::softplus(-scores).mean() : -scores.mean();
    generator_adam_.step(nn::gradient_of(loss, generator_.parameters()), rate);
  }

  const AdversarialParams& params_;
  const PacketShape& shape_;
  const DigitCode& code_;
  const PacketBatch& real_;
  ByteGenerator& generator_;
  CriticNetwork& critic_;
  at::Generator random_;
  nn::Adam generator_adam_, critic_adam_;
};

}  // namespace

void train_adversarial(const AdversarialParams& params, const PacketShape& shape, const DigitCode& code,
                       const PacketBatch& real, ByteGenerator& generator, CriticNetwork& critic, Seed seed,
                       Progress& progress) {
  Trainer trainer(params, shape, code, real, generator, critic, seed);
  nn::MovingAverage average(generator.parameters(), params.ema);
  for (int64_t i = 0; i < params.iterations; ++i) {
    if (progress.cancelled())
      fail(Kind::cancelled, "training stopped at iteration {} of {}", i, params.iterations);
    const double loss = trainer.iterate(nn::decayed(params.lr, params.lr_decay, i, params.iterations));
    nn::check_loss(loss, "the critic's loss", i + 1);
    if (params.ema > 0) average.update();
    if ((i + 1) % kReportEvery == 0 || i + 1 == params.iterations) {
      progress.report(static_cast<double>(i + 1), static_cast<double>(params.iterations), "iterations",
                      fmt::format("critic loss {:.3g}", loss));
    }
  }
  if (params.ema > 0) average.swap();
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
