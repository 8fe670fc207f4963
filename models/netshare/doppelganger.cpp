#include "models/netshare/doppelganger.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/error.h"
#include "models/netshare/doppelganger_impl.h"
#include "models/nn/schedule.h"
#include "models/nn/threads.h"

namespace bench {
namespace {

constexpr int64_t kReportEvery = 10;
/// Samples drawn at once.
constexpr int64_t kSampleBatch = 1024;

}  // namespace

DoppelGanger::DoppelGanger(const NetShareParams& params, const Layout& attributes, const Layout& features,
                           int64_t longest, Seed seed, torch::Device device)
    : impl_(std::make_unique<Impl>(params, attributes, features, longest, seed, device)) {}
DoppelGanger::~DoppelGanger() = default;
DoppelGanger::DoppelGanger(DoppelGanger&&) noexcept = default;
DoppelGanger& DoppelGanger::operator=(DoppelGanger&&) noexcept = default;

void DoppelGanger::Impl::build_training() {
  const bool half = params.precision == "bfloat16";
  if (half) require_bfloat16(device);
  const auto init = nn::init_from_name(params.init);
  const auto generator = nn::make_generator(seed.child("critics"));
  CriticShape shape{attribute_layout.width,
                    feature_layout.width,
                    (longest + params.sample_len - 1) / params.sample_len * params.sample_len,
                    params.packing,
                    params.critic_units,
                    params.critic_layers};
  if (params.batch < params.packing)
    fail(Kind::config, "batch {} is less than packing {}; at least as many would be right", params.batch,
         params.packing);
  critics.clear();
  critics.push_back(params.critic == "pooled" ? make_pooled_critic(shape, init, generator, device)
                                              : make_flat_critic(shape, half, init, generator, device));
  shape.features = 0;
  if (params.aux_critic) critics.push_back(make_flat_critic(shape, half, init, generator, device));
  adam = std::make_unique<nn::Adam>(network.parameters(), kBeta1, kBeta2);
}

void DoppelGanger::Impl::restore_raw() {
  if (averaged) average->swap();
  averaged = false;
  average.reset();
}

void DoppelGanger::make_private(const PrivateSteps& steps) { impl_->privacy = steps; }

void DoppelGanger::train(const FlowSamples& samples, int64_t iterations, Seed seed, Progress& progress,
                         const std::function<void(int64_t)>& snapshot) {
  Impl& m = *impl_;
  const nn::SingleThread single_thread;
  const torch::NoGradGuard no_grad;
  m.restore_raw();
  if (m.critics.empty()) m.build_training();
  if (m.params.ema > 0) m.average = std::make_unique<nn::MovingAverage>(m.network.parameters(), m.params.ema);
  RealBatches reals(m.params, m.attribute_layout, m.feature_layout, samples, seed.child("batches").rng(),
                    m.device);
  const auto noise_generator = nn::make_generator(seed.child("noise"));
  std::optional<PrivateBatches> batches;
  if (m.privacy) {
    batches.emplace(static_cast<int64_t>(samples.size()), *m.privacy, m.params.batch, seed.child("chance"));
    const DpSgdOptions options = dp_sgd_options(*m.privacy, m.params.batch);
    for (size_t c = 0; c < m.critics.size(); ++c) {
      if (m.privacy->gradients) {
        m.critics[c]->make_private(std::make_shared<DpSgd>(options, seed.child("privacy", c)));
      } else {
        m.critics[c]->expect(options.expected);
      }
    }
  }
  int64_t next_snapshot = 0;
  const auto due = [&] {
    return ((next_snapshot + 1) * iterations + m.params.snapshot_count - 1) / m.params.snapshot_count;
  };
  for (int64_t i = 0; i < iterations; ++i) {
    if (progress.cancelled()) fail(Kind::cancelled, "training stopped at iteration {} of {}", i, iterations);
    const double lr = nn::decayed(m.params.lr, m.params.lr_decay, i, iterations);
    const double loss = m.privacy ? m.iterate_private(reals, *batches, noise_generator, lr)
                                  : m.iterate(reals, noise_generator, lr);
    nn::check_loss(loss, "the critic's loss", i + 1);
    if (m.average) m.average->update();
    for (; next_snapshot < m.params.snapshot_count && i + 1 == due(); ++next_snapshot) {
      if (!snapshot) continue;
      if (m.average) m.average->swap();
      snapshot(next_snapshot);
      if (m.average) m.average->swap();
    }
    if ((i + 1) % kReportEvery == 0 || i + 1 == iterations) {
      progress.report(static_cast<double>(i + 1), static_cast<double>(iterations), "iterations",
                      fmt::format("critic loss {:.3g}", loss));
    }
  }
  if (m.average) m.average->swap();
  m.averaged = m.average != nullptr;
}

void DoppelGanger::save(H5Writer& file, const std::string& name) const {
  impl_->network.parameters().save(file, name);
}

void DoppelGanger::load(const H5Reader& file, const std::string& name) {
  impl_->restore_raw();
  impl_->network.parameters().load(file, name);
}

void DoppelGanger::save_training(H5Writer& file) const {
  Impl& m = *impl_;
  if (m.critics.empty()) m.build_training();
  if (m.averaged) m.average->swap();
  m.network.parameters().save(file, "training.generator");
  if (m.averaged) m.average->swap();
  m.adam->save(file, "training.generator");
  for (size_t c = 0; c < m.critics.size(); ++c) m.critics[c]->save(file, fmt::format("training.critic{}", c));
}

void DoppelGanger::load_training(const H5Reader& file, bool moments) {
  Impl& m = *impl_;
  m.restore_raw();
  m.build_training();
  m.network.parameters().load(file, "training.generator");
  if (moments) m.adam->load(file, "training.generator");
  for (size_t c = 0; c < m.critics.size(); ++c)
    m.critics[c]->load(file, fmt::format("training.critic{}", c), moments);
}

std::vector<float> DoppelGanger::attributes(std::span<const float> given, int64_t count,
                                            at::Generator generator) const {
  const Impl& m = *impl_;
  const nn::SingleThread single_thread;
  const int64_t width = m.attribute_layout.given;
  assert(static_cast<int64_t>(given.size()) == count * width);
  std::vector<float> out;
  out.reserve(static_cast<size_t>(count * m.attribute_layout.width));
  for (int64_t begin = 0; begin < count; begin += kSampleBatch) {
    const int64_t n = std::min(kSampleBatch, count - begin);
    torch::Tensor inputs;
    if (width > 0) {
      inputs = torch::empty({n, width});
      std::copy_n(given.data() + begin * width, n * width, inputs.data_ptr<float>());
    }
    const Noise noise = draw_attribute_noise(m.params, m.attribute_layout, n, generator, m.device);
    const torch::Tensor rows =
        m.network.attributes(noise, width > 0 ? inputs.to(m.device) : inputs).to(torch::kCPU);
    out.insert(out.end(), rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
  }
  return out;
}

FlowSamples DoppelGanger::features(std::vector<float> attributes, std::span<const int64_t> lengths,
                                   at::Generator generator) const {
  const Impl& m = *impl_;
  const nn::SingleThread single_thread;
  const int64_t width = m.attribute_layout.width;
  const int64_t count = static_cast<int64_t>(attributes.size()) / width;
  assert(lengths.empty() ? m.attribute_layout.given == 0 : static_cast<int64_t>(lengths.size()) == count);
  FlowSamples out;
  out.attributes = std::move(attributes);
  for (int64_t begin = 0; begin < count; begin += kSampleBatch) {
    const int64_t n = std::min(kSampleBatch, count - begin);
    const torch::Tensor soft = torch::from_blob(out.attributes.data() + begin * width, {n, width});
    const torch::Tensor rows = m.network.discretised(soft.to(m.device));
    const Noise noise = draw_feature_noise(m.params, n, generator, m.device);
    const auto own =
        lengths.empty() ? lengths : lengths.subspan(static_cast<size_t>(begin), static_cast<size_t>(n));
    m.network.sample(rows, noise, own, out);
  }
  return out;
}

double iteration_flops(const NetShareParams& p, int64_t attribute_width, int64_t feature_width,
                       int64_t positions) {
  const auto mlp = [](int64_t in, int64_t units, int64_t layers, int64_t out, double first, double others) {
    double sum = 0;
    for (int64_t i = 0; i < layers; ++i) {
      const int64_t from = i == 0 ? in : units, to = i + 1 == layers ? out : units;
      sum += (i == 0 ? first : others) * static_cast<double>(from * to);
    }
    return sum;
  };
  // Rows per weight in units of the batch. A critic's step: 3 forward (the first layer 2: it is linear), 3
  // back (the first layer only at the points of the penalty), 1 for the penalty, 3 for the weights.
  const auto critics = [&](double first, double others) {
    const auto of = [&](int64_t in) { return mlp(in, p.critic_units, p.critic_layers, 1, first, others); };
    return of(positions * feature_width + attribute_width) + (p.aux_critic ? of(attribute_width) : 0);
  };
  const auto steps = static_cast<double>((positions + p.sample_len - 1) / p.sample_len);
  const auto units = static_cast<double>(p.lstm_units);
  const double generator =
      mlp(p.attribute_latent, p.attribute_units, p.attribute_layers, attribute_width, 1, 1) +
      4 * units *
          (static_cast<double>(attribute_width) + steps * (static_cast<double>(p.feature_latent) + units)) +
      steps * units * static_cast<double>(p.sample_len * feature_width);
  const auto rounds = static_cast<double>(p.d_rounds);
  const double sum = rounds * (critics(7, 10) + generator) + 3 * generator + critics(2, 2);
  return 2 * static_cast<double>(p.batch) * sum;
}

}  // namespace bench
