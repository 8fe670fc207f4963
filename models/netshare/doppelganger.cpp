#include "models/netshare/doppelganger.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/error.h"

namespace bench {
namespace {

constexpr double kBeta1 = 0.5, kBeta2 = 0.999;
constexpr int64_t kReportEvery = 10;
/// Flows drawn at once: as many as fit so many feature values, within the two limits.
constexpr int64_t kBatchValues = 1 << 24, kLeastBatch = 16, kLargestBatch = 512;

int64_t padded(int64_t length, int64_t block) { return (length + block - 1) / block * block; }

/// A critic with its optimiser.
struct CriticTraining {
  Critic net;
  nn::Adam adam;
  CriticTraining(const NetShareParams& p, int64_t width, at::Generator generator, torch::Device device)
      : net(width, p.critic_units, p.critic_layers, nn::init_from_name(p.init), generator, device),
        adam(net.parameters, kBeta1, kBeta2) {}

  /// One step of WGAN-GP on rows [B, width]; returns the loss.
  torch::Tensor step(const torch::Tensor& real, const torch::Tensor& fake, const torch::Tensor& between,
                     double penalty, double rate) {
    const int64_t batch = real.size(0);
    const torch::Tensor scores = net(torch::cat({real, fake}));
    torch::Tensor loss = scores.narrow(0, batch, batch).mean() - scores.narrow(0, 0, batch).mean();
    if (penalty > 0) loss = loss + penalty * nn::gradient_penalty(*net.net, between);
    adam.step(loss, rate);
    return loss.detach();
  }
};

}  // namespace

DoppelGanger::DoppelGanger(const NetShareParams& params, const FlowEncoder& encoder, Seed seed,
                           torch::Device device)
    : params_(params),
      device_(device),
      attribute_layout_(encoder.attributes()),
      attribute_width_(encoder.attributes().width),
      feature_width_(encoder.features().width),
      starts_column_(encoder.starts_column()),
      longest_flow_(encoder.longest_flow()),
      seed_(seed),
      generator_(params, encoder.attributes(), encoder.features(),
                 padded(encoder.longest_sample(), params.sample_len)) {
  generator_.build(nn::make_generator(seed.child("generator")), device);
}

torch::Tensor DoppelGanger::real_batch(const FlowSamples& samples, Rng& rng) const {
  const auto row = static_cast<size_t>(generator_.positions() * feature_width_ + attribute_width_);
  const auto features = static_cast<size_t>(feature_width_),
             attributes = static_cast<size_t>(attribute_width_);
  torch::Tensor batch = torch::zeros({params_.batch, static_cast<int64_t>(row)});
  auto* out = batch.data_ptr<float>();
  std::uniform_int_distribution<size_t> pick(0, samples.size() - 1);
  for (int64_t b = 0; b < params_.batch; ++b, out += row) {
    const size_t i = pick(rng);
    const size_t begin = samples.offsets[i], length = samples.offsets[i + 1] - begin;
    std::copy_n(samples.features.data() + begin * features, length * features, out);
    if (params_.mask == "block") {
      const bool continues = out[length * features - 2] > 0;
      const auto flags = generation_flags(static_cast<int64_t>(length), generator_.positions(),
                                          params_.sample_len, continues);
      for (size_t p = length; 2 * p < flags.size(); ++p) out[(p + 1) * features - 1] = flags[2 * p + 1];
    }
    std::copy_n(samples.attributes.data() + i * attributes, attributes, out + row - attributes);
  }
  return batch.to(device_);
}

torch::Tensor DoppelGanger::fake_rows(const Noise& noise) const {
  const torch::Tensor attributes = generator_.attributes(noise, true);
  const torch::Tensor features = generator_.features(nn::discretise(attribute_layout_, attributes), noise);
  return torch::cat({features.flatten(1), attributes}, 1);
}

double DoppelGanger::rate(int64_t iteration) const {
  const double done = static_cast<double>(iteration) / static_cast<double>(params_.iterations);
  if (params_.lr_decay == "linear") return params_.lr * (1 - done);
  if (params_.lr_decay == "cosine") return params_.lr * (1 + std::cos(std::numbers::pi * done)) / 2;
  return params_.lr;
}

void DoppelGanger::train(const FlowSamples& samples, Seed seed, Progress& progress) {
  const int64_t width = generator_.positions() * feature_width_ + attribute_width_;
  const auto critic_generator = nn::make_generator(seed_.child("critics"));
  CriticTraining critic(params_, width, critic_generator, device_);
  std::unique_ptr<CriticTraining> aux;
  if (params_.aux_critic)
    aux = std::make_unique<CriticTraining>(params_, attribute_width_, critic_generator, device_);
  nn::Adam adam(generator_.parameters(), kBeta1, kBeta2);
  nn::MovingAverage average(generator_.parameters(), params_.ema);
  Rng rng = seed.child("batches").rng();
  const auto noise_generator = nn::make_generator(seed.child("noise"));
  const auto attributes_of = [&](const torch::Tensor& rows) {
    return rows.narrow(1, width - attribute_width_, attribute_width_);
  };
  const auto fresh_noise = [&] {
    return draw_noise(params_, params_.batch, generator_.steps(), noise_generator, device_);
  };

  for (int64_t i = 0; i < params_.iterations; ++i) {
    if (progress.cancelled())
      fail(Kind::cancelled, "training stopped at iteration {} of {}", i, params_.iterations);
    const double lr = rate(i);
    torch::Tensor real, loss;
    Noise noise;
    for (int64_t round = 0; round < params_.d_rounds; ++round) {
      if (round == 0 || params_.z == "fresh") {
        real = real_batch(samples, rng);
        noise = fresh_noise();
      } else {
        // The published code redraws only the first states of the LSTM.
        const Noise again = fresh_noise();
        noise.hidden = again.hidden;
        noise.cell = again.cell;
      }
      torch::Tensor fake, between, between_attributes;
      {
        const torch::NoGradGuard no_grad;
        fake = fake_rows(noise);
        between = fake;
        between_attributes = attributes_of(fake);
        if (params_.gp_alpha == "uniform") {
          const torch::Tensor alpha = torch::rand({2, params_.batch, 1}, noise_generator).to(device_);
          between = torch::lerp(real, fake, alpha[0]);
          between_attributes = torch::lerp(attributes_of(real), attributes_of(fake), alpha[1]);
        }
      }
      loss = critic.step(real, fake, between, params_.penalty, lr);
      if (aux) aux->step(attributes_of(real), attributes_of(fake), between_attributes, params_.penalty, lr);
    }
    if (params_.z == "fresh") noise = fresh_noise();
    const torch::Tensor fake = fake_rows(noise);
    torch::Tensor generator_loss = -critic.net(fake).mean();
    if (aux) generator_loss = generator_loss - aux->net(attributes_of(fake)).mean();
    adam.step(generator_loss, lr);
    if (params_.ema > 0) average.update();
    nn::check_loss(loss + generator_loss.detach(), "the loss", i + 1);
    if ((i + 1) % kReportEvery == 0 || i + 1 == params_.iterations) {
      progress.report(static_cast<double>(i + 1), static_cast<double>(params_.iterations), "iterations",
                      fmt::format("critic loss {:.3g}", loss.item<double>()));
    }
  }
  if (params_.ema > 0) average.apply();
}

DoppelGanger::Sampler::Sampler(const DoppelGanger& model, Seed seed)
    : model_(model), generator_(nn::make_generator(seed)) {}

FlowSamples DoppelGanger::Sampler::next() {
  const torch::NoGradGuard no_grad;
  const GeneratorNetwork& network = model_.generator_;
  const int64_t width = model_.feature_width_, positions = network.positions(),
                starts = model_.starts_column_;
  const int64_t flows = std::clamp<int64_t>(kBatchValues / (positions * width), kLeastBatch, kLargestBatch);
  const auto draw = [&](int64_t n) {
    return draw_noise(model_.params_, n, network.steps(), generator_, model_.device_);
  };
  Noise noise = draw(flows);
  torch::Tensor attributes = nn::discretise(model_.attribute_layout_, network.attributes(noise, false));
  if (starts >= 0) {
    const torch::Tensor starting = attributes.select(1, starts + 1).nonzero().squeeze(1);
    attributes = attributes.index_select(0, starting);
    noise = draw(attributes.size(0));
  }
  const torch::Tensor rows = attributes.to(torch::kCPU).contiguous();
  const auto count = static_cast<size_t>(rows.size(0));
  std::vector<std::vector<float>> sequences(count);  // feature rows of each flow
  std::vector<int64_t> open(count);                  // flows that have records to come
  std::iota(open.begin(), open.end(), int64_t{0});
  for (int64_t records = positions; !open.empty(); records += positions) {
    const torch::Tensor features = network.features(attributes, noise).to(torch::kCPU).contiguous();
    std::vector<int64_t> still_open, places;
    for (size_t i = 0; i < open.size(); ++i) {
      const float* first = features.data_ptr<float>() + static_cast<int64_t>(i) * positions * width;
      const auto follows = [&](int64_t p) { return first[(p + 1) * width - 2] > first[(p + 1) * width - 1]; };
      int64_t length = 1;
      while (length < positions && follows(length - 1)) ++length;
      auto& sequence = sequences[static_cast<size_t>(open[i])];
      sequence.insert(sequence.end(), first, first + length * width);
      if (length < positions || !follows(positions - 1)) continue;
      still_open.push_back(open[i]);
      places.push_back(static_cast<int64_t>(i));
    }
    open = std::move(still_open);
    if (starts < 0 || open.empty() || records >= model_.longest_flow_) break;
    attributes = attributes.index_select(0, torch::tensor(places).to(model_.device_));
    attributes.select(1, starts).fill_(1);
    attributes.select(1, starts + 1).fill_(0);
    noise = draw(attributes.size(0));
  }
  FlowSamples out;
  out.attributes.assign(rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
  for (const auto& sequence : sequences) {
    out.features.insert(out.features.end(), sequence.begin(), sequence.end());
    out.offsets.push_back(out.features.size() / static_cast<size_t>(width));
  }
  return out;
}

double iteration_flops(const NetShareParams& p, int64_t attribute_width, int64_t feature_width,
                       int64_t positions) {
  const auto layers = [](int64_t in, int64_t units, int64_t count, int64_t out) {
    double weights = 0;
    for (int64_t i = 0; i < count; ++i) {
      weights += static_cast<double>((i == 0 ? in : units) * (i + 1 == count ? out : units));
    }
    return weights;
  };
  const double critic =
      layers(positions * feature_width + attribute_width, p.critic_units, p.critic_layers, 1) +
      (p.aux_critic ? layers(attribute_width, p.critic_units, p.critic_layers, 1) : 0);
  const auto steps = static_cast<double>(positions / p.sample_len);
  const auto units = static_cast<double>(p.lstm_units);
  const double lstm =
      4 * units *
          (static_cast<double>(attribute_width) + steps * (static_cast<double>(p.feature_latent) + units)) +
      steps * units * static_cast<double>(p.sample_len * feature_width);
  const double generator =
      layers(p.attribute_latent, p.attribute_units, p.attribute_layers, attribute_width) + lstm;
  // Critic step: forward and backward of 2 B rows, 4 passes over B rows for the penalty. Generator step:
  // forward and backward of the generator, forward and input gradient of the critics. Two operations per
  // weight and row.
  const double rounds = static_cast<double>(p.d_rounds) * (10 * critic + generator);
  return 2 * static_cast<double>(p.batch) * (rounds + 3 * generator + 2 * critic);
}

}  // namespace bench
