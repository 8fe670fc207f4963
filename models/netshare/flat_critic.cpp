// Rows, weights and steps of a flat critic.

#include "models/netshare/flat_critic.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace bench {

FlatCritic::FlatCritic(const CriticShape& shape, bool half, nn::Init init, at::Generator generator,
                       torch::Device device)
    : shape_(shape),
      type_(half ? torch::kBFloat16 : torch::kFloat),
      weights_(static_cast<size_t>(shape.layers)),
      biases_(static_cast<size_t>(shape.layers)) {
  using Start = nn::Parameters::Start;
  const auto layers = static_cast<size_t>(shape.layers);
  for (size_t i = 0; i < layers; ++i) {
    const std::string name = "critic." + std::to_string(i);
    const int64_t in = i == 0 ? whole_width() : shape.units, out = i + 1 == layers ? 1 : shape.units;
    parameters_.add(name + ".weight", &weights_[i], {in, out}, Start::weight, in, out);
    parameters_.add(name + ".bias", &biases_[i], {out}, Start::bias, in, out);
  }
  parameters_.build(init, generator, device);
  adam_ = std::make_unique<nn::Adam>(parameters_, kBeta1, kBeta2);
}

void FlatCritic::allocate(int64_t n) {
  const auto options = parameters_.flat().options().dtype(type_);
  if (n > room_) {
    room_ = n;
    rows_ = torch::zeros({3 * n, whole_width()}, options);
    const auto layers = static_cast<size_t>(hidden());
    active_.resize(layers);
    d_.resize(layers);
    for (size_t i = 0; i < layers; ++i) {
      active_[i] = torch::empty({3 * n, shape_.units}, options);
      d_[i] = torch::empty({3 * n, shape_.units}, options);
    }
    scratch_ = torch::empty({n, shape_.units}, options);
  }
  if (n != n_ || expected_ > 0) {
    n_ = n;
    const double share = 1 / divisor();
    const torch::Tensor ones = torch::ones({n, 1}, options);
    three_ = torch::cat({ones * -share, ones * share, ones});
    two_ = three_.narrow(0, 0, 2 * n);
    one_ = ones * (-1 / static_cast<double>(n));
  }
  if (gradient_.defined()) return;
  gradient_ = torch::zeros_like(parameters_.flat());
  const auto views = parameters_.views(gradient_);
  weight_gradients_.resize(weights_.size());
  bias_gradients_.resize(weights_.size());
  for (size_t i = 0; i < weights_.size(); ++i) {
    weight_gradients_[i] = views[2 * i];
    bias_gradients_[i] = views[2 * i + 1];
  }
}

void FlatCritic::fill(const Batch& batch, int64_t first, int64_t width) {
  const int64_t k = shape_.packing, attributes = shape_.attributes, features = shape_.features;
  torch::Tensor rows = rows_.narrow(0, first, n_);
  rows.narrow(1, 0, k * attributes)
      .view({n_, k, attributes})
      .copy_(batch.attributes.narrow(0, 0, n_ * k).reshape({n_, k, attributes}));
  if (features == 0) return;
  const int64_t length = batch.features.size(1), end = width_of(length);
  // Blocks of k * F columns per position, one sample's F columns at a time.
  for (int64_t i = 0; i < k; ++i) {
    rows.narrow(1, k * attributes, length * k * features)
        .view({n_, length, k, features})
        .select(2, i)
        .copy_(batch.features.narrow(0, 0, n_ * k).view({n_, k, length, features}).select(1, i));
  }
  if (end < width) rows.narrow(1, end, width - end).zero_();
}

void FlatCritic::round_weights(int64_t width) {
  if (type_ == torch::kFloat) return;
  rounded_.resize(weights_.size());
  for (size_t i = 0; i < weights_.size(); ++i) {
    if (!rounded_[i].defined()) rounded_[i] = torch::empty_like(weights_[i], type_);
    const int64_t in = i == 0 ? width : weights_[i].size(0);
    rounded_[i].narrow(0, 0, in).copy_(weights_[i].narrow(0, 0, in));
  }
}

torch::Tensor FlatCritic::weight(int64_t layer, int64_t width) const {
  const torch::Tensor& w = (type_ == torch::kFloat ? weights_ : rounded_)[static_cast<size_t>(layer)];
  return layer == 0 ? w.narrow(0, 0, width) : w;
}

torch::Tensor FlatCritic::input(int64_t layer, int64_t first, int64_t rows, int64_t width) const {
  if (layer == 0) return rows_.narrow(0, first, rows).narrow(1, 0, width);
  return active_[static_cast<size_t>(layer - 1)].narrow(0, first, rows);
}

torch::Tensor FlatCritic::signals(int64_t layer, int64_t first, int64_t rows,
                                  const torch::Tensor& coefficients) const {
  return (layer == hidden() ? coefficients : d_[static_cast<size_t>(layer)]).narrow(0, first, rows);
}

void FlatCritic::step(const Batch& real, const Batch& fake, const torch::Tensor& alpha, double penalty,
                      double rate) {
  const torch::NoGradGuard no_grad;
  allocate(real.attributes.size(0) / shape_.packing);
  penalty_ = penalty;
  if (n_ == 0) {
    gradient_.zero_();
    scores_.reset();
  } else {
    sum_gradient(real, fake, alpha);
  }
  if (privacy_) privacy_->add_noise(gradient_);
  adam_->step(gradient_, rate);
}

void FlatCritic::sum_gradient(const Batch& real, const Batch& fake, const torch::Tensor& alpha) {
  const int64_t positions = shape_.features == 0 ? 0 : std::max(real.features.size(1), fake.features.size(1));
  const int64_t width = width_of(positions);
  fill(real, 0, width);
  fill(fake, n_, width);
  const int64_t whole = whole_width();
  round_weights(penalty_ > 0 ? whole : width);
  const bool between = alpha.defined() && penalty_ > 0;
  const int64_t rows = between ? 3 * n_ : 2 * n_;
  torch::Tensor coefficients = between ? three_ : two_;
  forward(rows, width, between ? alpha.to(type_) : alpha);
  scores_ = torch::mm(input(hidden(), 0, 2 * n_, width), weight(hidden(), width));
  backward(rows, width, coefficients);
  // With no rows of their own the points are the fake rows, whose d_k are 1 / n of the slope's.
  const double scale = between ? 1 : divisor();
  if (penalty_ > 0) penalise(rows - n_, width, scale);
  const double tail = penalty_ > 0 ? scale : 0;
  if (privacy_ && privacy_->clips()) coefficients = clip(rows, width, tail, coefficients);
  weight_gradients(rows, width, tail, coefficients);
}

void FlatCritic::sample_gradient(const Batch& fake, torch::Tensor& d_attributes, torch::Tensor& d_features) {
  const torch::NoGradGuard no_grad;
  const int64_t k = shape_.packing, attributes = shape_.attributes, features = shape_.features;
  allocate(fake.attributes.size(0) / k);
  const int64_t length = features == 0 ? 0 : fake.features.size(1), width = width_of(length);
  fill(fake, 0, width);
  round_weights(width);
  forward(n_, width, {});
  backward(n_, width, one_);
  torch::Tensor g = slope(0, n_, width);
  if (hidden() == 0) g.mul_(one_);
  const int64_t used = n_ * k;
  d_attributes.narrow(0, 0, used)
      .view({n_, k, attributes})
      .add_(g.narrow(1, 0, k * attributes).view({n_, k, attributes}));
  if (features == 0) return;
  torch::Tensor out = d_features.narrow(0, 0, used).view({n_, k, length, features});
  const torch::Tensor from =
      g.narrow(1, k * attributes, length * k * features).view({n_, length, k, features});
  for (int64_t i = 0; i < k; ++i) out.select(1, i).add_(from.select(2, i));
}

double FlatCritic::loss() const {
  if (!scores_.defined()) return 0;  // an empty batch
  const auto scores = scores_.to(torch::kFloat).chunk(2);
  torch::Tensor loss = scores[1].mean() - scores[0].mean();
  if (penalty_ > 0) loss += penalty_ * (norms_ - 1).square().mean();
  return loss.item<double>();
}

void FlatCritic::save(H5Writer& file, const std::string& name) const {
  parameters_.save(file, name);
  adam_->save(file, name);
}

void FlatCritic::load(const H5Reader& file, const std::string& name, bool moments) {
  parameters_.load(file, name);
  if (moments) adam_->load(file, name);
}

std::unique_ptr<Critic> make_flat_critic(const CriticShape& shape, bool half, nn::Init init,
                                         at::Generator generator, torch::Device device) {
  return std::make_unique<FlatCritic>(shape, half, init, std::move(generator), device);
}

void require_bfloat16(torch::Device device) {
#if defined(__x86_64__)
  const bool available = device.is_cuda() || __builtin_cpu_supports("avx512bf16");
#else
  const bool available = device.is_cuda();
#endif
  if (!available)
    fail(Kind::unsupported, "precision bfloat16: this CPU has no bfloat16 products; float32 would be right");
}

}  // namespace bench
