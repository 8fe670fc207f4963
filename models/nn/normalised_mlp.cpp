#include "models/nn/normalised_mlp.h"

namespace bench::nn {
namespace {

constexpr double kEpsilon = 1e-5;

/// Gives `tensor` a shape; its contents are undefined afterwards.
torch::Tensor& shaped(torch::Tensor& tensor, at::IntArrayRef shape, const torch::Tensor& like) {
  if (!tensor.defined() || tensor.sizes() != shape) tensor = torch::empty(shape, like.options());
  return tensor;
}

}  // namespace

NormalisedMlp::NormalisedMlp(Parameters& parameters, const std::string& name, int64_t in, int64_t units,
                             int64_t layers, int64_t out) {
  using Start = Parameters::Start;
  for (int64_t i = 0; i + 1 < layers; ++i) {
    auto block = std::make_unique<Block>();
    const std::string place = name + "." + std::to_string(i);
    parameters.add(place + ".weight", &block->weight, {in, units}, Start::weight, in, units);
    parameters.add(place + ".bias", &block->bias, {units}, Start::bias, in, units);
    parameters.add(place + ".scale", &block->scale, {units}, Start::one);
    parameters.add(place + ".shift", &block->shift, {units}, Start::zero);
    parameters.add_buffer(place + ".mean", &block->mean, {units}, Start::zero);
    parameters.add_buffer(place + ".variance", &block->variance, {units}, Start::one);
    hidden_.push_back(std::move(block));
    in = units;
  }
  parameters.add(name + ".out.weight", &weight_, {in, out}, Start::weight, in, out);
  parameters.add(name + ".out.bias", &bias_, {out}, Start::bias, in, out);
}

void NormalisedMlp::forward(Pass& pass, const torch::Tensor& input, int64_t groups, double momentum) const {
  const int64_t rows = input.size(0), batch = rows / groups;
  pass.groups = groups;
  pass.inputs.resize(hidden_.size() + 1);
  pass.rectified.resize(hidden_.size());
  pass.normal.resize(hidden_.size());
  pass.inverse.resize(hidden_.size());
  pass.inputs[0] = input;
  for (size_t i = 0; i < hidden_.size(); ++i) {
    const Block& block = *hidden_[i];
    const int64_t units = block.bias.size(0);
    torch::Tensor& h = shaped(pass.rectified[i], {rows, units}, input);
    at::addmm_out(h, block.bias, pass.inputs[i], block.weight).relu_();
    const torch::Tensor grouped = h.view({groups, batch, units});
    const torch::Tensor mean = grouped.mean(1, true);
    torch::Tensor& normal = shaped(pass.normal[i], {groups, batch, units}, input);
    at::sub_out(normal, grouped, mean);
    torch::Tensor& out = shaped(pass.inputs[i + 1], {rows, units}, input);
    torch::Tensor grouped_out = out.view({groups, batch, units});
    const torch::Tensor variance = at::mul_out(grouped_out, normal, normal).mean(1, true);
    pass.inverse[i] = (variance + kEpsilon).rsqrt_();
    normal.mul_(pass.inverse[i]);
    at::addcmul_out(grouped_out, block.shift, normal, block.scale);
    const double unbiased = static_cast<double>(batch) / static_cast<double>(std::max<int64_t>(batch - 1, 1));
    for (int64_t g = 0; g < groups; ++g) {
      block.mean.mul_(1 - momentum).add_(mean[g][0], momentum);
      block.variance.mul_(1 - momentum).add_(variance[g][0], momentum * unbiased);
    }
  }
  at::addmm_out(shaped(pass.out, {rows, bias_.size(0)}, input), bias_, pass.inputs.back(), weight_);
}

void NormalisedMlp::backward(const Pass& pass, const torch::Tensor& d_out,
                             const torch::Tensor* gradients) const {
  const int64_t batch = d_out.size(0), first = pass.out.size(0) - batch;
  torch::Tensor weight_gradient = gradients[4 * hidden_.size()],
                bias_gradient = gradients[4 * hidden_.size() + 1];
  at::mm_out(weight_gradient, pass.inputs.back().narrow(0, first, batch).t(), d_out);
  at::sum_out(bias_gradient, d_out, 0);
  torch::Tensor weight = weight_, d = d_out;
  for (size_t i = hidden_.size(); i-- > 0;) {
    const Block& block = *hidden_[i];
    torch::Tensor d_weight = gradients[4 * i], d_bias = gradients[4 * i + 1], d_scale = gradients[4 * i + 2],
                  d_shift = gradients[4 * i + 3];
    torch::Tensor dy = torch::mm(d, weight.t());
    const torch::Tensor normal = pass.normal[i][pass.groups - 1], inverse = pass.inverse[i][pass.groups - 1];
    at::sum_out(d_shift, dy, 0);
    at::sum_out(d_scale, dy * normal, 0);
    // d h = scale / deviation * (dy - mean(dy) - normal * mean(dy * normal))
    const double share = 1 / static_cast<double>(batch);
    dy.sub_(d_shift * share).sub_(normal * (d_scale * share)).mul_(inverse * block.scale);
    const torch::Tensor h = pass.rectified[i].narrow(0, first, batch);
    d = at::threshold_backward_out(dy, dy, h, 0);
    at::mm_out(d_weight, pass.inputs[i].narrow(0, first, batch).t(), d);
    at::sum_out(d_bias, d, 0);
    weight = block.weight;
  }
}

torch::Tensor NormalisedMlp::infer(const torch::Tensor& input) const {
  torch::Tensor x = input;
  for (const auto& block : hidden_) {
    const torch::Tensor scale = block->scale * (block->variance + kEpsilon).rsqrt();
    x = torch::addmm(block->bias, x, block->weight).relu_();
    x = torch::addcmul(block->shift - block->mean * scale, x, scale);
  }
  return torch::addmm(bias_, x, weight_);
}

}  // namespace bench::nn
