#include "models/privacy/dp_sgd.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "models/privacy/gram.h"

namespace bench {
namespace {

/// Products of each example's rows with one another, double [n, terms, terms].
torch::Tensor gram(const torch::Tensor& rows, int64_t n, int64_t terms) {
  assert(rows.size(0) == terms * n);
  if (!rows.is_cpu()) {
    const torch::Tensor own = rows.to(torch::kDouble).view({terms, n, -1}).transpose(0, 1);
    return torch::bmm(own, own.transpose(1, 2));
  }
  torch::Tensor values = rows.to(torch::kFloat);
  if (values.stride(1) != 1 && values.size(1) != 1) values = values.contiguous();
  torch::Tensor out = torch::empty({n, terms, terms}, torch::kDouble);
  gram_products(values.data_ptr<float>(), values.stride(0), values.size(1), n, terms, out.data_ptr<double>());
  return out;
}

}  // namespace

DpSgd::DpSgd(const DpSgdOptions& options, Seed seed)
    : options_(options), generator_(nn::make_generator(seed)) {
  assert(options.clip > 0 && options.noise >= 0 && options.expected > 0);
  assert(clips() || options.noise == 0);
}

// |sum_j a_j b_j'|^2 = sum over j and k of (a_j . a_k) (b_j . b_k). In double: the terms of real and fake
// examples nearly cancel where a critic cannot tell them apart.
torch::Tensor DpSgd::factors(std::span<const OuterProducts> layers, int64_t n) {
  assert(clips() && !layers.empty());
  torch::Tensor squares = torch::zeros({n}, layers[0].signals.options().dtype(torch::kDouble));
  for (const OuterProducts& layer : layers) {
    torch::Tensor inputs = gram(layer.inputs, n, layer.terms);
    if (layer.bias_terms > 0) {
      inputs.narrow(1, 0, layer.bias_terms).narrow(2, 0, layer.bias_terms).add_(1);
    }
    inputs.mul_(gram(layer.signals, n, layer.terms));
    squares.add_(inputs.sum({1, 2}), layer.scale * layer.scale);
  }
  norms_ = squares.clamp_min_(0).sqrt_().mul_(options_.expected);
  return (options_.clip / norms_).clamp_max_(1).to(torch::kFloat);
}

void DpSgd::add_noise(torch::Tensor& gradient) {
  if (options_.noise == 0) return;
  if (!noise_.defined() || noise_.sizes() != gradient.sizes()) noise_ = torch::empty(gradient.sizes());
  noise_.normal_(0, options_.noise * options_.clip / options_.expected, generator_);
  gradient.add_(noise_.to(gradient.device()));
}

torch::Tensor DpSgd::gradient(const nn::Parameters& parameters, int64_t n,
                              const std::function<torch::Tensor(int64_t, int64_t)>& mean_loss) {
  torch::Tensor sum;
  if (n > 0 && !clips()) {
    sum = nn::gradient_of(mean_loss(0, n), parameters).mul_(static_cast<double>(n) / options_.expected);
  } else {
    std::vector<double> norms;
    sum = torch::zeros({parameters.count()}, parameters.tensors()[0].options().requires_grad(false));
    for (int64_t i = 0; i < n; ++i) {
      const torch::Tensor own = nn::gradient_of(mean_loss(i, 1), parameters);
      norms.push_back(own.to(torch::kDouble).norm().item<double>());
      sum.add_(own, std::min(1.0, options_.clip / norms.back()) / options_.expected);
    }
    norms_ = torch::tensor(norms, torch::kDouble);
  }
  add_noise(sum);
  return sum;
}

}  // namespace bench
