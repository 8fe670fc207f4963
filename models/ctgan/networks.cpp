#include "models/ctgan/networks.h"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

constexpr double kBeta1 = 0.5, kBeta2 = 0.9;
/// Least uniform draw: its double logarithm is still finite.
constexpr double kLeast = 1e-10;

}  // namespace

double condition_loss(const torch::Tensor& raw, const std::vector<Choice>& choices, torch::Tensor& d_raw) {
  const int64_t stride = raw.size(1);
  const float share = 1 / static_cast<float>(raw.size(0));
  const float* values = raw.data_ptr<float>();
  auto* slopes = d_raw.data_ptr<float>();
  std::vector<float> soft;
  double loss = 0;
  for (const Choice& choice : choices) {
    const float* in = values + choice.row * stride + choice.offset;
    float* out = slopes + choice.row * stride + choice.offset;
    const float largest = *std::max_element(in, in + choice.width);
    soft.resize(static_cast<size_t>(choice.width));
    float sum = 0;
    for (int64_t j = 0; j < choice.width; ++j)
      sum += soft[static_cast<size_t>(j)] = std::exp(in[j] - largest);
    for (int64_t j = 0; j < choice.width; ++j) out[j] += share * soft[static_cast<size_t>(j)] / sum;
    out[choice.code] -= share;
    loss += std::log(sum) + largest - in[choice.code];
  }
  return loss * share;
}

CtganNetworks::CtganNetworks(const CtganParams& params, const Layout& layout, int64_t condition_width,
                             Seed seed)
    : params_(params),
      width_(layout.width),
      condition_width_(condition_width),
      heads_(layout, 0, layout.width),
      mlp_(parameters_, "generator", params.latent + condition_width, params.generator_units,
           params.generator_layers, layout.width),
      noise_(nn::make_generator(seed.child("noise"))) {
  const auto init = nn::init_from_name(params.init);
  parameters_.build(init, nn::make_generator(seed.child("generator")), torch::kCPU);
  adam_ = std::make_unique<nn::Adam>(parameters_, kBeta1, kBeta2);
  gradient_ = torch::zeros_like(parameters_.flat());
  gradients_ = parameters_.views(gradient_);
  nn::RowCriticShape shape;
  shape.width = params.pac * (width_ + condition_width);
  shape.layers = params.critic_layers;
  shape.units = params.critic_units;
  shape.dropout = params.dropout;
  critic_ =
      std::make_unique<nn::RowCritic>(shape, kBeta1, kBeta2, params.critic_decay, init, seed.child("critic"));
  category_ = torch::zeros({width_});
  for (const Head& head : layout.heads) {
    if (head.kind == Head::Kind::category) category_.narrow(0, head.offset, head.columns()).fill_(1);
  }
  sharpness_ = 1 + category_ * (1 / params.tau - 1);
}

void CtganNetworks::input(const torch::Tensor& condition, at::Generator& generator) {
  const int64_t rows = condition.size(0);
  torch::Tensor in = mlp_.input(pass_, rows);
  in.narrow(1, 0, params_.latent).copy_(torch::randn({rows, params_.latent}, generator));
  in.narrow(1, params_.latent, condition_width_).copy_(condition);
  if (!made_.defined() || made_.size(0) != rows) {
    made_ = torch::empty({rows, width_ + condition_width_});
    soft_ = torch::empty({rows, width_});
  }
  made_.narrow(1, width_, condition_width_).copy_(condition);
}

void CtganNetworks::activate(at::Generator& generator, bool draw) {
  // -log(-log u) is a Gumbel draw (Jang, Gu and Poole 2017).
  soft_.zero_();
  if (draw) soft_.uniform_(0, 1, generator).clamp_min_(kLeast).log_().neg_().log_().mul_(category_);
  at::sub_out(soft_, pass_.out, soft_).mul_(sharpness_);
  heads_.activate(soft_, made_);
}

void CtganNetworks::make(const torch::Tensor& condition) {
  input(condition, noise_);
  mlp_.forward(pass_, params_.norm_momentum);
  activate(noise_, true);
}

double CtganNetworks::train_critic(const torch::Tensor& real, const torch::Tensor& condition, double rate) {
  make(condition);
  const int64_t rows = real.size(0), packs = rows / params_.pac, width = params_.pac * real.size(1);
  torch::Tensor made = made_;
  if (rows != made.size(0))
    made = made_.index_select(0, torch::arange(rows, torch::kLong).remainder(made_.size(0)));
  const torch::Tensor alpha = torch::rand({packs, 1}, noise_);
  critic_->step(real.view({packs, width}), made.view({packs, width}), alpha, params_.penalty, rate);
  return critic_->loss();
}

void CtganNetworks::train_generator(const torch::Tensor& condition, const std::vector<Choice>& choices,
                                    double rate) {
  make(condition);
  const int64_t rows = condition.size(0), packs = rows / params_.pac;
  torch::Tensor d_made =
      critic_->made_gradient(made_.view({packs, -1})).view({rows, width_ + condition_width_});
  torch::Tensor d_raw = torch::empty({rows, width_});
  heads_.backward(soft_, made_, d_made, d_raw);
  d_raw.mul_(sharpness_);
  condition_loss(pass_.out, choices, d_raw);
  mlp_.backward(pass_, d_raw, gradients_);
  if (params_.generator_decay > 0) gradient_.add_(parameters_.flat(), params_.generator_decay);
  adam_->step(gradient_, rate);
}

torch::Tensor CtganNetworks::sample(const torch::Tensor& condition, at::Generator& generator) {
  input(condition, generator);
  mlp_.infer(pass_);
  activate(generator, params_.categories == "draw");
  return made_.narrow(1, 0, width_).contiguous();
}

}  // namespace bench
