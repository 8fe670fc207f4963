#include "models/nn/residual_mlp.h"

#include <algorithm>

namespace bench::nn {
namespace {

constexpr double kEpsilon = 1e-5;  // Ioffe and Szegedy 2015

}  // namespace

ResidualMlp::ResidualMlp(Parameters& parameters, const std::string& name, int64_t in, int64_t units,
                         int64_t blocks, int64_t out)
    : in_(in), units_(units) {
  using Start = Parameters::Start;
  int64_t width = in;
  for (int64_t i = 0; i < blocks; ++i, width += units) {
    auto block = std::make_unique<Block>();
    const std::string own = name + "." + std::to_string(i);
    parameters.add(own + ".weight", &block->weight, {width, units}, Start::weight, width, units);
    parameters.add(own + ".bias", &block->bias, {units}, Start::bias, width, units);
    parameters.add(own + ".scale", &block->scale, {units}, Start::one);
    parameters.add(own + ".shift", &block->shift, {units}, Start::zero);
    parameters.add_buffer(own + ".mean", &block->mean, {units}, Start::zero);
    parameters.add_buffer(own + ".variance", &block->variance, {units}, Start::one);
    blocks_.push_back(std::move(block));
  }
  parameters.add(name + ".out.weight", &weight_, {width, out}, Start::weight, width, out);
  parameters.add(name + ".out.bias", &bias_, {out}, Start::bias, width, out);
}

torch::Tensor ResidualMlp::input(Pass& pass, int64_t rows) const {
  if (!pass.columns.defined() || pass.columns.size(0) != rows) {
    pass.columns = torch::empty({rows, weight_.size(0)});
    pass.out = torch::empty({rows, weight_.size(1)});
    pass.normal.assign(blocks_.size(), {});
    for (torch::Tensor& normal : pass.normal) normal = torch::empty({rows, units_});
    pass.inverse.resize(blocks_.size());
  }
  return pass.columns.narrow(1, 0, in_);
}

void ResidualMlp::forward(Pass& pass, double momentum) const {
  const auto rows = static_cast<double>(pass.columns.size(0));
  int64_t width = in_;
  for (size_t i = 0; i < blocks_.size(); ++i, width += units_) {
    const Block& block = *blocks_[i];
    torch::Tensor& normal = pass.normal[i];
    at::addmm_out(normal, block.bias, pass.columns.narrow(1, 0, width), block.weight);
    const torch::Tensor mean = normal.mean(0, true);
    normal.sub_(mean);
    torch::Tensor out = pass.columns.narrow(1, width, units_);
    const torch::Tensor variance = at::mul_out(out, normal, normal).mean(0, true);
    pass.inverse[i] = (variance + kEpsilon).rsqrt_();
    normal.mul_(pass.inverse[i]);
    at::addcmul_out(out, block.shift, normal, block.scale).relu_();
    block.mean.mul_(1 - momentum).add_(mean[0], momentum);
    block.variance.mul_(1 - momentum).add_(variance[0], momentum * rows / std::max(rows - 1, 1.0));
  }
  at::addmm_out(pass.out, bias_, pass.columns, weight_);
}

void ResidualMlp::backward(const Pass& pass, const torch::Tensor& d_out,
                           std::vector<torch::Tensor>& gradients) const {
  const double share = 1 / static_cast<double>(d_out.size(0));
  at::mm_out(gradients[4 * blocks_.size()], pass.columns.t(), d_out);
  at::sum_out(gradients[4 * blocks_.size() + 1], d_out, 0);
  torch::Tensor d_columns = torch::mm(d_out, weight_.t());
  for (size_t i = blocks_.size(); i-- > 0;) {
    const Block& block = *blocks_[i];
    const int64_t width = in_ + static_cast<int64_t>(i) * units_;
    torch::Tensor &d_scale = gradients[4 * i + 2], &d_shift = gradients[4 * i + 3];
    torch::Tensor d =
        at::threshold_backward(d_columns.narrow(1, width, units_), pass.columns.narrow(1, width, units_), 0);
    at::sum_out(d_shift, d, 0);
    at::sum_out(d_scale, d * pass.normal[i], 0);
    // d h = scale / deviation * (d - mean(d) - normal * mean(d * normal))
    d.sub_(d_shift * share).sub_(pass.normal[i] * (d_scale * share)).mul_(pass.inverse[i] * block.scale);
    at::mm_out(gradients[4 * i], pass.columns.narrow(1, 0, width).t(), d);
    at::sum_out(gradients[4 * i + 1], d, 0);
    if (i > 0) d_columns.narrow(1, 0, width).addmm_(d, block.weight.t());
  }
}

void ResidualMlp::infer(Pass& pass) const {
  int64_t width = in_;
  for (const auto& block : blocks_) {
    torch::Tensor out = pass.columns.narrow(1, width, units_);
    const torch::Tensor scale = block->scale * (block->variance + kEpsilon).rsqrt();
    out.copy_(torch::addmm(block->bias, pass.columns.narrow(1, 0, width), block->weight));
    at::addcmul_out(out, block->shift - block->mean * scale, out, scale).relu_();
    width += units_;
  }
  at::addmm_out(pass.out, bias_, pass.columns, weight_);
}

}  // namespace bench::nn
