#include "models/nn/layers.h"

namespace bench::nn {

Linear::Linear(Parameters& parameters, const std::string& name, int64_t in, int64_t out) {
  parameters.add(name + ".weight", &weight_, {out, in}, Parameters::Start::weight, in, out);
  parameters.add(name + ".bias", &bias_, {out}, Parameters::Start::bias, in, out);
}

BatchNorm::BatchNorm(Parameters& parameters, const std::string& name, int64_t width) {
  parameters.add(name + ".scale", &scale_, {width}, Parameters::Start::one);
  parameters.add(name + ".shift", &shift_, {width}, Parameters::Start::zero);
  parameters.add_buffer(name + ".mean", &mean_, {width}, Parameters::Start::zero);
  parameters.add_buffer(name + ".variance", &variance_, {width}, Parameters::Start::one);
}

torch::Tensor BatchNorm::operator()(const torch::Tensor& x, bool training, double momentum) const {
  constexpr double kEpsilon = 1e-5;
  return torch::batch_norm(x, scale_, shift_, mean_, variance_, training, momentum, kEpsilon, false);
}

Mlp::Mlp(Parameters& parameters, const std::string& name, int64_t in, int64_t units, int64_t layers,
         int64_t out) {
  for (int64_t i = 0; i < layers; ++i) {
    const bool last = i + 1 == layers;
    layers_.push_back(std::make_unique<Linear>(parameters, name + "." + std::to_string(i),
                                               i == 0 ? in : units, last ? out : units));
  }
}

torch::Tensor Mlp::operator()(const torch::Tensor& x) const {
  torch::Tensor y = x;
  for (size_t i = 0; i < layers_.size(); ++i) {
    y = (*layers_[i])(y);
    if (i + 1 < layers_.size()) y = torch::relu(y);
  }
  return y;
}

torch::Tensor Mlp::input_gradient(const torch::Tensor& x) const {
  std::vector<torch::Tensor> active;
  {
    const torch::NoGradGuard no_grad;
    torch::Tensor y = x;
    for (size_t i = 0; i + 1 < layers_.size(); ++i) {
      y = torch::relu((*layers_[i])(y));
      active.push_back((y > 0).to(y.scalar_type()));
    }
  }
  torch::Tensor gradient = layers_.back()->weight().sum(0, true).expand({x.size(0), -1});
  for (size_t i = layers_.size() - 1; i-- > 0;)
    gradient = torch::mm(gradient * active[i], layers_[i]->weight());
  return gradient;
}

torch::Tensor gradient_penalty(const Mlp& critic, const torch::Tensor& points) {
  const torch::Tensor gradient = critic.input_gradient(points);
  return ((gradient.square().sum(1) + 1e-8).sqrt() - 1).square().mean();
}

torch::Tensor activate(const Layout& layout, const torch::Tensor& raw) {
  std::vector<torch::Tensor> parts;
  for (const Head& head : layout.heads) {
    torch::Tensor part = raw.narrow(1, head.offset, head.columns());
    if (head.kind == Head::Kind::unit) {
      part = torch::sigmoid(part);
    } else if (head.width == 2) {
      // The softmax of a pair is a sigmoid of the difference: half the exponentials, and a faster kernel.
      const torch::Tensor pairs = part.reshape({raw.size(0), head.count, 2});
      const torch::Tensor second = torch::sigmoid(pairs.select(2, 1) - pairs.select(2, 0));
      part = torch::stack({1 - second, second}, 2).view({raw.size(0), head.columns()});
    } else {
      part = torch::softmax(part.reshape({raw.size(0), head.count, head.width}), 2)
                 .view({raw.size(0), head.columns()});
    }
    if (head.gate >= 0) {
      for (size_t h = 0;; ++h) {
        const int64_t inside = head.gate - layout.heads[h].offset;
        if (inside >= layout.heads[h].columns()) continue;
        part = part * parts[h].narrow(1, inside, 1);
        break;
      }
    }
    parts.push_back(part);
  }
  return torch::cat(parts, 1);
}

torch::Tensor discretise(const Layout& layout, const torch::Tensor& row) {
  const torch::NoGradGuard no_grad;
  torch::Tensor out = row.detach().clone();
  for (const Head& head : layout.heads) {
    if (head.kind == Head::Kind::unit) continue;
    torch::Tensor part = out.narrow(1, head.offset, head.columns());
    const torch::Tensor wide = part.reshape({row.size(0), head.count, head.width});
    const torch::Tensor hot = torch::zeros_like(wide).scatter_(2, wide.argmax(2, true), 1);
    part.copy_(hot.view({row.size(0), head.columns()}));
    if (head.gate >= 0) part.mul_(out.narrow(1, head.gate, 1));
  }
  return out;
}

}  // namespace bench::nn
