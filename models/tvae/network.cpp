#include "models/tvae/network.h"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

/// Of a number's deviation, as in the authors' program: it starts at 0.1.
constexpr float kStart = 0.1F, kLeast = 0.01F, kMost = 1.0F;
constexpr double kLeastDraw = 1e-10;

std::vector<int64_t> columns_of(const Layout& layout) {
  std::vector<int64_t> out;
  for (const Head& head : layout.heads) {
    for (int64_t i = 0; head.kind == Head::Kind::word && i < head.columns(); ++i)
      out.push_back(head.offset + i);
  }
  return out;
}

}  // namespace

TvaeNetwork::TvaeNetwork(const TvaeParams& params, const Layout& layout, Seed seed)
    : params_(params),
      layout_(layout),
      heads_(layout, 0, layout.width),
      numbers_(columns_of(layout)),
      encoder_(parameters_, "encoder", layout.width, params.units, params.layers + 1, 2 * params.latent),
      decoder_(parameters_, "decoder", params.latent, params.units, params.layers + 1, layout.width) {
  const torch::NoGradGuard no_grad;
  parameters_.add("deviation", &log_deviation_, {static_cast<int64_t>(numbers_.size())},
                  nn::Parameters::Start::zero);
  parameters_.build(nn::init_from_name(params.init), nn::make_generator(seed), torch::kCPU);
  log_deviation_.fill_(std::log(kStart));
  gradient_ = torch::zeros_like(parameters_.flat());
}

float TvaeNetwork::deviation(size_t number) const {
  return std::clamp(std::exp(log_deviation_.data_ptr<float>()[number]), kLeast, kMost);
}

double TvaeNetwork::reconstruct(const torch::Tensor& raw, const torch::Tensor& rows, torch::Tensor& d_raw) {
  const int64_t n = raw.size(0), width = layout_.width;
  const auto share = static_cast<float>(params_.loss_factor / static_cast<double>(n));
  soft_ = raw.clone();
  made_ = torch::empty_like(soft_);
  heads_.activate(soft_, made_);
  at::sub_out(d_raw, made_, rows).mul_(share);  // right for the categories
  double loss = 0;
  for (const Head& head : layout_.heads) {
    if (head.kind != Head::Kind::category) continue;
    const torch::Tensor right =
        (made_ * rows).narrow(1, head.offset, head.columns()).reshape({n, head.count, head.width}).sum(2);
    loss -= right.clamp_min(kLeastDraw).log().sum().item<double>() * share;
  }
  auto* d_deviation = gradient_.data_ptr<float>() + gradient_.numel() - log_deviation_.numel();
  const float* x = rows.data_ptr<float>();
  const float* u = made_.data_ptr<float>();
  auto* d = d_raw.data_ptr<float>();
  for (size_t j = 0; j < numbers_.size(); ++j) {
    const float own = deviation(j), precision = 1 / (own * own);
    double squares = 0;
    for (int64_t i = 0; i < n; ++i) {
      const int64_t at = i * width + numbers_[j];
      const float away = u[at] - x[at];
      d[at] = share * away * precision * (1 - u[at] * u[at]);
      squares += static_cast<double>(away * away * precision);
    }
    const double factor = static_cast<double>(share), count = static_cast<double>(n);
    d_deviation[j] = static_cast<float>(factor * (count - squares));
    loss += factor * (squares / 2 + count * std::log(own));
  }
  return loss;
}

double TvaeNetwork::loss(const torch::Tensor& rows, const torch::Tensor& noise) {
  torch::Tensor raw, divergence;
  {
    const torch::AutoGradMode with_gradient(true);
    const torch::Tensor both = encoder_(rows);
    const torch::Tensor mean = both.narrow(1, 0, params_.latent);
    const torch::Tensor log_variance = both.narrow(1, params_.latent, params_.latent);
    raw = decoder_(mean + (log_variance / 2).exp() * noise);
    divergence = (mean.square() + log_variance.exp() - log_variance - 1).sum() /
                 (2 * static_cast<double>(rows.size(0)));
  }
  torch::Tensor d_raw = torch::empty_like(raw);
  const double reconstruction = reconstruct(raw.detach(), rows, d_raw);
  auto tensors = parameters_.tensors();
  tensors.pop_back();  // the deviations
  const auto gradients =
      torch::autograd::grad({raw, divergence}, tensors, {d_raw, torch::ones_like(divergence).detach()});
  const auto views = parameters_.views(gradient_);
  for (size_t i = 0; i < gradients.size(); ++i) views[i].copy_(gradients[i]);
  return reconstruction + divergence.item<double>();
}

torch::Tensor TvaeNetwork::decode(const torch::Tensor& z, bool draw, at::Generator& generator) const {
  torch::Tensor raw = decoder_(z);
  torch::Tensor out = torch::empty_like(raw);
  if (draw) {
    // The largest of logits and Gumbel draws is a draw from the softmax.
    const torch::Tensor u = torch::rand(raw.sizes(), generator).clamp_min_(kLeastDraw);
    const torch::Tensor gumbel = u.log_().neg_().log_().neg_();
    for (const int64_t column : numbers_) gumbel.select(1, column).zero_();
    raw = raw + gumbel;
  }
  heads_.activate(raw, out);
  for (size_t j = 0; j < numbers_.size(); ++j) {
    out.select(1, numbers_[j]).add_(torch::randn({z.size(0)}, generator), static_cast<double>(deviation(j)));
  }
  return out;
}

}  // namespace bench
