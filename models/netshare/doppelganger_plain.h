#pragma once
// DoppelGANger's training iteration as the public PyTorch code runs it, for timings only.

#include <torch/torch.h>

#include <memory>
#include <utility>
#include <vector>

#include "models/encode/layout.h"
#include "models/netshare/critic.h"
#include "models/netshare/params.h"
#include "models/nn/plain.h"

namespace bench {

/// Sizes of networks.
struct Shape {
  Layout attributes, features;
  int64_t longest = 2;
  NetShareParams params;
};

/// The same networks as the public code runs them: a linear layer per head and position, the LSTM over all
/// positions, separate passes for real, fake and penalty points, gradients of the critics' losses through the
/// generator as well, twice differentiated penalty, the library's Adam on many tensors.
class PlainGan {
 public:
  explicit PlainGan(const Shape& shape)
      : shape_(shape),
        lstm_(torch::nn::LSTMOptions(shape.attributes.width + shape.params.feature_latent,
                                     shape.params.lstm_units)
                  .batch_first(true)),
        critic_(mlp(shape.attributes.width + positions() * shape.features.width)),
        aux_(mlp(shape.attributes.width)) {
    const NetShareParams& p = shape.params;
    int64_t in = p.attribute_latent;
    for (int64_t i = 0; i + 1 < p.attribute_layers; ++i, in = p.attribute_units) {
      attribute_->push_back(torch::nn::Linear(in, p.attribute_units));
      attribute_->push_back(torch::nn::ReLU());
      attribute_->push_back(torch::nn::BatchNorm1d(p.attribute_units));
    }
    attribute_heads_ = heads(shape.attributes, in, 1);
    feature_heads_ = heads(shape.features, p.lstm_units, p.sample_len);
    std::vector<torch::Tensor> generator = attribute_->parameters();
    const auto add = [&](const std::vector<torch::Tensor>& more) {
      generator.insert(generator.end(), more.begin(), more.end());
    };
    add(lstm_->parameters());
    for (auto& head : attribute_heads_) add(head->parameters());
    for (auto& head : feature_heads_) add(head->parameters());
    const auto options = torch::optim::AdamOptions(p.lr).betas({kBeta1, kBeta2});
    generator_adam_ = std::make_unique<torch::optim::Adam>(generator, options);
    critic_adam_ = std::make_unique<torch::optim::Adam>(critic_->parameters(), options);
    aux_adam_ = std::make_unique<torch::optim::Adam>(aux_->parameters(), options);
  }

  void iterate(const torch::Tensor& attributes, const torch::Tensor& features) {
    const NetShareParams& p = shape_.params;
    const torch::Tensor real = torch::cat({features.flatten(1), attributes}, 1);
    const torch::Tensor z = torch::randn({p.batch, p.attribute_latent});
    const torch::Tensor noise = torch::randn({p.batch, positions() / p.sample_len, p.feature_latent});
    torch::Tensor fake, fake_attributes;
    for (int64_t round = 0; round < p.d_rounds; ++round) {
      std::tie(fake_attributes, fake) = generate(z, noise);
      critic_adam_->zero_grad();
      loss(critic_, real, fake).backward({}, true);
      critic_adam_->step();
      aux_adam_->zero_grad();
      loss(aux_, attributes, fake_attributes).backward({}, true);
      aux_adam_->step();
    }
    generator_adam_->zero_grad();
    (-critic_->forward(fake).mean() - aux_->forward(fake_attributes).mean()).backward();
    generator_adam_->step();
  }

 private:
  int64_t positions() const {
    return (shape_.longest + shape_.params.sample_len - 1) / shape_.params.sample_len *
           shape_.params.sample_len;
  }
  torch::nn::Sequential mlp(int64_t in) const {
    torch::nn::Sequential net;
    for (int64_t i = 0; i + 1 < shape_.params.critic_layers; ++i, in = shape_.params.critic_units) {
      net->push_back(torch::nn::Linear(in, shape_.params.critic_units));
      net->push_back(torch::nn::ReLU());
    }
    net->push_back(torch::nn::Linear(in, 1));
    return net;
  }
  static std::vector<torch::nn::Linear> heads(const Layout& layout, int64_t in, int64_t times) {
    std::vector<torch::nn::Linear> out;
    for (int64_t t = 0; t < times; ++t) {
      for (const Head& head : layout.heads)
        for (int64_t i = 0; i < head.count; ++i) out.emplace_back(in, head.width);
    }
    return out;
  }
  static torch::Tensor emit(const Layout& layout, std::vector<torch::nn::Linear>& nets, size_t& next,
                            const torch::Tensor& x, bool discrete = false) {
    std::vector<torch::Tensor> parts;
    for (const Head& head : layout.heads) {
      for (int64_t i = 0; i < head.count; ++i) {
        const torch::Tensor raw = nets[next++]->forward(x);
        if (head.kind == Head::Kind::unit) parts.push_back(torch::sigmoid(raw));
        if (head.kind == Head::Kind::word) parts.push_back(torch::tanh(raw));
        if (head.kind == Head::Kind::category) {
          parts.push_back(torch::softmax(raw, -1));
          if (discrete) parts.back() = torch::one_hot(parts.back().argmax(-1), head.width).to(torch::kFloat);
        }
      }
    }
    return torch::cat(parts, -1);
  }
  std::pair<torch::Tensor, torch::Tensor> generate(const torch::Tensor& z, const torch::Tensor& noise) {
    const NetShareParams& p = shape_.params;
    const torch::Tensor base = attribute_->is_empty() ? z : attribute_->forward(z);
    size_t next = 0;
    const torch::Tensor attributes = emit(shape_.attributes, attribute_heads_, next, base);
    next = 0;
    const torch::Tensor discrete = emit(shape_.attributes, attribute_heads_, next, base, true).detach();
    const torch::Tensor input = torch::cat({discrete.unsqueeze(1).expand({-1, noise.size(1), -1}), noise}, 2);
    const auto states =
        std::make_tuple(torch::randn({1, p.batch, p.lstm_units}), torch::randn({1, p.batch, p.lstm_units}));
    const torch::Tensor hidden = std::get<0>(lstm_->forward(input, states));
    std::vector<torch::Tensor> blocks;
    next = 0;
    for (int64_t s = 0; s < p.sample_len; ++s)
      blocks.push_back(emit(shape_.features, feature_heads_, next, hidden));
    torch::Tensor features = torch::stack(blocks, 2);  // [B, R, S, F]
    const torch::Tensor follows =
        (features.select(3, shape_.features.width - 2) > 0.5).to(torch::kFloat).amin(2);
    const torch::Tensor alive =
        torch::cumprod(torch::cat({torch::ones({p.batch, 1}), follows}, 1), 1).narrow(1, 0, follows.size(1));
    features = features * alive.unsqueeze(2).unsqueeze(3);
    return {attributes, torch::cat({features.flatten(1), attributes}, 1)};
  }
  torch::Tensor loss(torch::nn::Sequential& net, const torch::Tensor& real, const torch::Tensor& fake) const {
    torch::Tensor at = fake;
    if (shape_.params.gp_alpha == "uniform") at = torch::lerp(real, fake, torch::rand({real.size(0), 1}));
    const torch::Tensor slope = torch::autograd::grad({net->forward(at).sum()}, {at}, {}, true, true)[0];
    return net->forward(fake).mean() - net->forward(real).mean() + 10 * nn::plain_penalty(slope);
  }

  Shape shape_;
  torch::nn::Sequential attribute_;
  torch::nn::LSTM lstm_;
  torch::nn::Sequential critic_, aux_;
  std::vector<torch::nn::Linear> attribute_heads_, feature_heads_;
  std::unique_ptr<torch::optim::Adam> generator_adam_, critic_adam_, aux_adam_;
};

}  // namespace bench
