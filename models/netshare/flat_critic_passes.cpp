// Forward and backward through the rows of a flat critic, and what its weights take from them.

#include <algorithm>
#include <cassert>

#include "models/netshare/flat_critic.h"

namespace bench {

void FlatCritic::forward(int64_t rows, int64_t width, const torch::Tensor& alpha) {
  for (int64_t k = 0; k < hidden(); ++k) {
    const auto place = static_cast<size_t>(k);
    // Behind the first layer interpolating commutes with the product.
    const int64_t own = k == 0 ? std::min(rows, 2 * n_) : rows;
    torch::Tensor out = active_[place].narrow(0, 0, own);
    at::addmm_out(out, biases_[place].to(type_), input(k, 0, own, width), weight(k, width));
    if (own < rows) {
      torch::Tensor between = active_[0].narrow(0, 2 * n_, n_);
      const torch::Tensor real = active_[0].narrow(0, 0, n_), fake = active_[0].narrow(0, n_, n_);
      at::sub_out(between, fake, real).mul_(alpha).add_(real);
    }
    active_[place].narrow(0, 0, rows).relu_();
  }
}

void FlatCritic::backward(int64_t rows, int64_t width, const torch::Tensor& coefficients) {
  torch::Tensor last = weight(hidden(), width);
  for (int64_t k = hidden(); k-- > 0;) {
    const auto place = static_cast<size_t>(k);
    torch::Tensor d = d_[place].narrow(0, 0, rows);
    if (k + 1 == hidden()) {
      at::mul_out(d, coefficients, last.t());
    } else {
      at::mm_out(d, d_[place + 1].narrow(0, 0, rows), last.t());
    }
    at::threshold_backward_out(d, d, active_[place].narrow(0, 0, rows), 0);
    last = weight(k, width);
  }
}

torch::Tensor FlatCritic::slope(int64_t first, int64_t rows, int64_t width) {
  torch::Tensor out = rows_.narrow(0, 2 * n_, rows).narrow(1, 0, width);
  if (hidden() == 0) return out.copy_(weight(0, width).t().expand({rows, width}));
  return at::mm_out(out, d_[0].narrow(0, first, rows), weight(0, width).t());
}

void FlatCritic::product(torch::Tensor out, const torch::Tensor& in, const torch::Tensor& d,
                         double scale) const {
  if (type_ == torch::kFloat) {
    at::addmm_out(out, out, in.t(), d, 0, scale);
  } else {
    out.copy_(torch::mm(in.t(), d)).mul_(scale);
  }
}

void FlatCritic::penalise(int64_t first, int64_t width, double scale) {
  const int64_t whole = whole_width();
  torch::Tensor u = slope(first, n_, whole);
  const double factor = hidden() == 0 ? 1 : scale;
  norms_ = torch::sum(u.square(), {1}, true, torch::kFloat).mul_(factor * factor).add_(1e-8).sqrt_();
  u.mul_((factor * 2 * penalty_ / divisor() * (1 - norms_.reciprocal())).to(type_));
  torch::Tensor scratch = scratch_.narrow(0, 0, n_);
  for (int64_t k = 0; k < hidden(); ++k) {
    at::mm_out(scratch, input(k, 2 * n_, n_, whole), weight(k, whole));
    torch::Tensor next = input(k + 1, 2 * n_, n_, whole);
    at::threshold_backward_out(next, scratch, input(k + 1, first, n_, whole), 0);
  }
  if (first == 2 * n_) return;
  // The points are the fake rows: these carry both, in the measure in which d_k does.
  for (int64_t k = 0; k <= hidden(); ++k) input(k, first, n_, width).add_(input(k, 2 * n_, n_, width), scale);
}

torch::Tensor FlatCritic::clip(int64_t rows, int64_t width, double tail, const torch::Tensor& coefficients) {
  assert(type_ == torch::kFloat);
  const int64_t terms = rows / n_, points = rows - n_, behind = whole_width() - width;
  std::vector<OuterProducts> layers;
  for (int64_t k = 0; k <= hidden(); ++k)
    layers.push_back({input(k, 0, rows, width), signals(k, 0, rows, coefficients), terms, 2});
  if (tail != 0 && behind > 0) {
    layers.push_back({rows_.narrow(0, 2 * n_, n_).narrow(1, width, behind),
                      signals(0, points, n_, coefficients), 1, 0, tail});
  }
  const torch::Tensor factors = privacy_->factors(layers, n_).to(type_).unsqueeze(1).repeat({terms, 1});
  for (torch::Tensor& d : d_) d.narrow(0, 0, rows).mul_(factors);
  return coefficients * factors;
}

void FlatCritic::weight_gradients(int64_t rows, int64_t width, double tail,
                                  const torch::Tensor& coefficients) {
  const int64_t behind = whole_width() - width;
  torch::Tensor rest = weight_gradients_[0].narrow(0, width, behind);
  if (tail == 0) {
    rest.zero_();
  } else if (behind > 0) {
    product(rest, rows_.narrow(0, 2 * n_, n_).narrow(1, width, behind),
            signals(0, rows - n_, n_, coefficients), tail);
  }
  for (int64_t k = 0; k <= hidden(); ++k) {
    const auto place = static_cast<size_t>(k);
    const torch::Tensor d = signals(k, 0, rows, coefficients);
    const torch::Tensor in = input(k, 0, rows, width);
    product(weight_gradients_[place].narrow(0, 0, in.size(1)), in, d, 1);
    at::sum_out(bias_gradients_[place], d.narrow(0, 0, 2 * n_), at::IntArrayRef{0}, false, torch::kFloat);
  }
}

}  // namespace bench
