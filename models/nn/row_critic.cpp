// With fixed dropout the network is linear around every point, so the gradient of the penalty needs no second
// derivative. With d_k the signal that comes back to hidden layer k at the points between, g = d_1 W_1' the
// slope there and u_0 = dP/dg, the penalty's gradient of W_k is u_{k-1}' d_k, where u_k = F_k * (u_{k-1} W_k)
// and F_k are the factors (slope of the rectifier times dropout); biases have none. So the rows between, once
// their factors are known, carry u where the others carry activations, and one product per layer gives the
// whole weight gradient.

#include "models/nn/row_critic.h"

#include <cassert>
#include <cmath>

namespace bench::nn {
namespace {

constexpr double kSmall = 1e-12;  ///< under the root of a norm

/// values *= factors with factors = (values > 0 ? 1 : leak).
void bend_values(float* __restrict values, float* __restrict factors, int64_t n, float leak) {
  for (int64_t i = 0; i < n; ++i) {
    const float factor = values[i] > 0 ? 1.0F : leak;
    factors[i] = factor;
    values[i] *= factor;
  }
}

/// The same where each value stays, times 1 / (1 - dropout), or becomes 0.
void drop_values(float* values, float* factors, int64_t n, float leak, double dropout, Rng& rng) {
  const auto limit = static_cast<uint32_t>(std::lround(dropout * 65536));
  const float scale = 65536.0F / (65536.0F - static_cast<float>(limit));
  const float choices[2][2] = {{0, 0}, {leak * scale, scale}};
  uint64_t bits = 0;
  for (int64_t i = 0; i < n; ++i) {
    bits = i % 4 == 0 ? rng() : bits >> 16;
    const float factor = choices[(bits & 0xFFFFU) >= limit][values[i] > 0];
    factors[i] = factor;
    values[i] *= factor;
  }
}

}  // namespace

RowCritic::RowCritic(const RowCriticShape& shape, double beta1, double beta2, double weight_decay, Init init,
                     Seed seed)
    : shape_(shape),
      weight_decay_(weight_decay),
      rng_(seed.child("dropout").rng()),
      weights_(hidden() + 1),
      biases_(hidden() + 1) {
  using Start = Parameters::Start;
  for (size_t i = 0; i <= hidden(); ++i) {
    const std::string name = "critic." + std::to_string(i);
    const int64_t in = i == 0 ? shape.width : shape.units, out = i == hidden() ? 1 : shape.units;
    parameters_.add(name + ".weight", &weights_[i], {in, out}, Start::weight, in, out);
    parameters_.add(name + ".bias", &biases_[i], {out}, Start::bias, in, out);
  }
  parameters_.build(init, make_generator(seed), torch::kCPU);
  adam_ = std::make_unique<Adam>(parameters_, beta1, beta2);
  gradient_ = torch::zeros_like(parameters_.flat());
  gradients_ = parameters_.views(gradient_);
}

void RowCritic::allocate(int64_t n) {
  if (n != n_ || expected_ > 0) {
    const double share = 1 / (expected_ > 0 ? expected_ : static_cast<double>(n));
    const torch::Tensor ones = torch::ones({n, 1});
    three_ = torch::cat({ones * -share, ones * share, ones});
    one_ = ones * (-1 / static_cast<double>(n));
  }
  if (n == n_) return;
  n_ = n;
  rows_ = torch::empty({3 * n, shape_.width});
  active_.resize(hidden());
  factors_.resize(hidden());
  d_.resize(hidden());
  for (size_t k = 0; k < hidden(); ++k) {
    for (auto* all : {&active_, &factors_, &d_}) (*all)[k] = torch::empty({3 * n, shape_.units});
  }
}

torch::Tensor RowCritic::input(size_t layer, int64_t first, int64_t rows) const {
  return (layer == 0 ? rows_ : active_[layer - 1]).narrow(0, first, rows);
}

void RowCritic::bend(size_t layer, int64_t rows) {
  auto* values = active_[layer].data_ptr<float>();
  auto* factors = factors_[layer].data_ptr<float>();
  const int64_t n = rows * shape_.units;
  if (shape_.dropout > 0) {
    drop_values(values, factors, n, static_cast<float>(shape_.leak), shape_.dropout, rng_);
  } else {
    bend_values(values, factors, n, static_cast<float>(shape_.leak));
  }
}

void RowCritic::backward(int64_t rows, const torch::Tensor& coefficients) {
  for (size_t k = hidden(); k-- > 0;) {
    torch::Tensor d = d_[k].narrow(0, 0, rows);
    if (k + 1 == hidden()) {
      at::mul_out(d, coefficients, weights_[k + 1].t());
    } else {
      at::mm_out(d, d_[k + 1].narrow(0, 0, rows), weights_[k + 1].t());
    }
    d.mul_(factors_[k].narrow(0, 0, rows));
  }
}

void RowCritic::step(const torch::Tensor& real, const torch::Tensor& made, const torch::Tensor& alpha,
                     double penalty, double rate) {
  const torch::NoGradGuard no_grad;
  assert(shape_.layers >= 1 && real.sizes() == made.sizes() && real.size(1) == shape_.width);
  allocate(real.size(0));
  penalty_ = penalty;
  if (n_ == 0) {
    gradient_.zero_();
    scores_.reset();
  } else {
    sum_gradient(real, made, alpha);
  }
  if (privacy_) privacy_->add_noise(gradient_);
  if (weight_decay_ > 0) gradient_.add_(parameters_.flat(), weight_decay_);
  adam_->step(gradient_, rate);
}

void RowCritic::sum_gradient(const torch::Tensor& real, const torch::Tensor& made,
                             const torch::Tensor& alpha) {
  const int64_t n = n_;
  rows_.narrow(0, 0, n).copy_(real);
  rows_.narrow(0, n, n).copy_(made);
  for (size_t k = 0; k < hidden(); ++k) {
    // Before the first rectifier interpolating commutes with the product.
    torch::Tensor out = active_[k].narrow(0, 0, k == 0 ? 2 * n : 3 * n);
    at::addmm_out(out, biases_[k], input(k, 0, out.size(0)), weights_[k]);
    if (k == 0) {
      torch::Tensor between = active_[0].narrow(0, 2 * n, n);
      at::sub_out(between, active_[0].narrow(0, n, n), active_[0].narrow(0, 0, n)).mul_(alpha);
      between.add_(active_[0].narrow(0, 0, n));
    }
    bend(k, 3 * n);
  }
  scores_ = torch::mm(input(hidden(), 0, 2 * n), weights_[hidden()]);
  backward(3 * n, three_);

  torch::Tensor u = rows_.narrow(0, 2 * n, n);
  at::mm_out(u, d_[0].narrow(0, 2 * n, n), weights_[0].t());
  norms_ = u.square().sum(1, true).add_(kSmall).sqrt_();
  u.mul_((1 - norms_.reciprocal()).mul_(2 * penalty_ / divisor()));
  for (size_t k = 0; k < hidden(); ++k) {
    torch::Tensor next = input(k + 1, 2 * n, n);
    at::mm_out(next, input(k, 2 * n, n), weights_[k]);
    next.mul_(factors_[k].narrow(0, 2 * n, n));
  }
  const torch::Tensor coefficients = privacy_ && privacy_->clips() ? clip() : three_;
  for (size_t k = 0; k <= hidden(); ++k) {
    const torch::Tensor& d = k == hidden() ? coefficients : d_[k];
    at::mm_out(gradients_[2 * k], input(k, 0, 3 * n).t(), d);
    at::sum_out(gradients_[2 * k + 1], d.narrow(0, 0, 2 * n), 0);
  }
}

torch::Tensor RowCritic::clip() {
  std::vector<OuterProducts> layers;
  for (size_t k = 0; k <= hidden(); ++k)
    layers.push_back({input(k, 0, 3 * n_), k == hidden() ? three_ : d_[k], 3, 2});
  const torch::Tensor factors = privacy_->factors(layers, n_).unsqueeze(1).repeat({3, 1});
  for (torch::Tensor& d : d_) d.mul_(factors);
  return three_ * factors;
}

torch::Tensor RowCritic::made_gradient(const torch::Tensor& made) {
  const torch::NoGradGuard no_grad;
  const int64_t n = made.size(0);
  allocate(n);
  rows_.narrow(0, 0, n).copy_(made);
  for (size_t k = 0; k < hidden(); ++k) {
    torch::Tensor out = active_[k].narrow(0, 0, n);
    at::addmm_out(out, biases_[k], input(k, 0, n), weights_[k]);
    bend(k, n);
  }
  backward(n, one_);
  return torch::mm(d_[0].narrow(0, 0, n), weights_[0].t());
}

double RowCritic::loss() const {
  if (!scores_.defined()) return 0;  // an empty batch
  const auto scores = scores_.chunk(2);
  const torch::Tensor loss = scores[1].mean() - scores[0].mean() + penalty_ * (norms_ - 1).square().mean();
  return loss.item<double>();
}

}  // namespace bench::nn
