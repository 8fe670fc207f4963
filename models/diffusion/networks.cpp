#include "models/diffusion/networks.h"

#include <cstdlib>
#include <numbers>

namespace bench {
namespace {

constexpr double kLeak = 0.2;

torch::Tensor bend(const torch::Tensor& x, Activation activation) {
  return activation == Activation::silu ? torch::silu(x) : torch::leaky_relu(x, kLeak);
}

/// x [n, length, width] moved by `by` positions (later for by > 0), 0 where nothing comes from.
torch::Tensor moved(const torch::Tensor& x, int64_t by) {
  const int64_t length = x.size(1), kept = length - std::abs(by);
  if (kept <= 0) return torch::zeros_like(x);
  return by > 0 ? torch::constant_pad_nd(x.narrow(1, 0, kept), {0, 0, by, 0})
                : torch::constant_pad_nd(x.narrow(1, -by, kept), {0, 0, 0, -by});
}

}  // namespace

RowNet::RowNet(nn::Parameters& parameters, const std::string& name, int64_t in, int64_t units, int64_t blocks,
               int64_t out, Activation activation)
    : activation_(activation),
      first_(parameters, name + ".first", in, units),
      last_(parameters, name + ".last", units, out) {
  for (int64_t b = 0; b < 2 * blocks; ++b)
    blocks_.push_back(std::make_unique<nn::Linear>(parameters, name + "." + std::to_string(b), units, units));
}

torch::Tensor RowNet::operator()(const torch::Tensor& x) const {
  torch::Tensor h = first_(x);
  for (size_t b = 0; b < blocks_.size(); b += 2) {
    const torch::Tensor inner = bend((*blocks_[b])(bend(h, activation_)), activation_);
    h = (h + (*blocks_[b + 1])(inner)) / std::numbers::sqrt2;
  }
  return last_(bend(h, activation_));
}

SequenceNet::Block::Block(nn::Parameters& parameters, const std::string& name, int64_t condition,
                          int64_t units)
    : modulate(parameters, name + ".modulate", condition, 2 * units),
      mix(parameters, name + ".mix", 3 * units, units),
      out(parameters, name + ".out", units, units) {}

SequenceNet::SequenceNet(nn::Parameters& parameters, const std::string& name, int64_t in, int64_t condition,
                         int64_t longest, int64_t units, int64_t blocks, int64_t out, Activation activation)
    : activation_(activation),
      units_(units),
      first_(parameters, name + ".first", in, units),
      condition_(parameters, name + ".condition", condition, units),
      last_(parameters, name + ".last", units, out) {
  parameters.add(name + ".positions", &positions_, {longest, units}, nn::Parameters::Start::weight, units,
                 units);
  for (int64_t b = 0; b < blocks; ++b)
    blocks_.push_back(std::make_unique<Block>(parameters, name + "." + std::to_string(b), condition, units));
}

torch::Tensor SequenceNet::operator()(const torch::Tensor& x, const torch::Tensor& condition,
                                      const torch::Tensor& exists) const {
  const int64_t length = x.size(1);
  const auto each = [&](const nn::Linear& layer, const torch::Tensor& in) {
    return layer(in.reshape({-1, in.size(2)})).view({in.size(0), length, -1});
  };
  torch::Tensor h = each(first_, x) + positions_.narrow(0, 0, length) + condition_(condition).unsqueeze(1);
  for (size_t b = 0; b < blocks_.size(); ++b) {
    const Block& block = *blocks_[b];
    const torch::Tensor modulation = block.modulate(condition).unsqueeze(1);
    const torch::Tensor scaled =
        h * (1 + modulation.narrow(2, 0, units_)) + modulation.narrow(2, units_, units_);
    const torch::Tensor seen = bend(scaled, activation_) * exists;
    const int64_t apart = int64_t{1} << b;
    const torch::Tensor mixed =
        each(block.mix, torch::cat({moved(seen, apart), seen, moved(seen, -apart)}, 2));
    h = (h + each(block.out, bend(mixed, activation_))) / std::numbers::sqrt2;
  }
  return each(last_, bend(h, activation_)) * exists;
}

SequenceJudge::SequenceJudge(nn::Parameters& parameters, const std::string& name, int64_t in,
                             int64_t condition, int64_t longest, int64_t units, int64_t blocks)
    : records_(parameters, name, in, condition, longest, units, blocks, units, Activation::leaky),
      score_(parameters, name + ".score", 2 * units + condition, units, 1, 1, Activation::leaky) {}

torch::Tensor SequenceJudge::operator()(const torch::Tensor& x, const torch::Tensor& condition,
                                        const torch::Tensor& exists) const {
  const torch::Tensor seen = records_(x, condition, exists);
  const torch::Tensor mean = seen.sum(1) / exists.sum(1), most = seen.amax(1);
  return score_(torch::cat({mean, most, condition}, 1));
}

}  // namespace bench
