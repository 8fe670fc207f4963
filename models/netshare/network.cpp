#include "models/netshare/network.h"

#include <cassert>

namespace bench {
namespace {

/// LSTM steps between two looks at whether every sample has ended.
constexpr int64_t kSegment = 8;

}  // namespace

Noise draw_noise(const NetShareParams& params, int64_t batch, int64_t steps, at::Generator generator,
                 torch::Device device) {
  const auto draw = [&](at::IntArrayRef shape) { return torch::randn(shape, generator).to(device); };
  Noise noise;
  noise.attribute = draw({batch, params.attribute_latent});
  noise.hidden = draw({batch, params.lstm_units});
  noise.cell = draw({batch, params.lstm_units});
  noise.feature = draw({steps, batch, params.feature_latent});
  return noise;
}

GeneratorNetwork::GeneratorNetwork(const NetShareParams& params, const Layout& attributes,
                                   const Layout& features, int64_t positions)
    : params_(params), attribute_layout_(attributes), feature_layout_(features), positions_(positions) {
  assert(positions % params.sample_len == 0);
  int64_t in = params.attribute_latent;
  for (int64_t i = 0; i + 1 < params.attribute_layers; ++i) {
    const std::string name = "attribute." + std::to_string(i);
    hidden_.push_back(std::make_unique<nn::Linear>(parameters_, name, in, params.attribute_units));
    norms_.push_back(std::make_unique<nn::BatchNorm>(parameters_, name + ".norm", params.attribute_units));
    in = params.attribute_units;
  }
  attribute_out_ = std::make_unique<nn::Linear>(parameters_, "attribute.out", in, attributes.width);
  const int64_t units = params.lstm_units;
  const int64_t inputs = attributes.width + params.feature_latent;
  using Start = nn::Parameters::Start;
  parameters_.add("lstm.attributes", &from_attributes_, {4 * units, attributes.width}, Start::recurrent,
                  inputs + units, 4 * units);
  parameters_.add("lstm.noise", &from_noise_, {4 * units, params.feature_latent}, Start::recurrent,
                  inputs + units, 4 * units);
  parameters_.add("lstm.hidden", &from_hidden_, {4 * units, units}, Start::recurrent, inputs + units,
                  4 * units);
  parameters_.add("lstm.bias", &lstm_bias_, {4 * units}, Start::zero);
  feature_out_ =
      std::make_unique<nn::Linear>(parameters_, "feature.out", units, params.sample_len * features.width);
}

void GeneratorNetwork::build(at::Generator generator, torch::Device device) {
  parameters_.build(nn::init_from_name(params_.init), generator, device);
  const torch::NoGradGuard no_grad;
  lstm_bias_.narrow(0, params_.lstm_units, params_.lstm_units).fill_(1);  // forget gates start open
}

torch::Tensor GeneratorNetwork::attributes(const Noise& noise, bool training) const {
  torch::Tensor x = noise.attribute;
  for (size_t i = 0; i < hidden_.size(); ++i) {
    x = (*norms_[i])(torch::relu((*hidden_[i])(x)), training, params_.norm_momentum);
  }
  return nn::activate(attribute_layout_, (*attribute_out_)(x));
}

torch::Tensor GeneratorNetwork::features(const torch::Tensor& attributes, const Noise& noise) const {
  const int64_t batch = attributes.size(0);
  const int64_t units = params_.lstm_units;
  const torch::Tensor fixed = torch::addmm(lstm_bias_, attributes, from_attributes_.t());
  torch::Tensor hidden = noise.hidden, cell = noise.cell;
  torch::Tensor alive = torch::ones({batch, 1}, attributes.options());
  std::vector<torch::Tensor> parts;
  int64_t step = 0;
  while (step < steps()) {
    const int64_t segment = std::min(kSegment, steps() - step);
    const torch::Tensor noise_part =
        torch::matmul(noise.feature.narrow(0, step, segment), from_noise_.t()) + fixed.unsqueeze(0);
    std::vector<torch::Tensor> states;
    for (int64_t i = 0; i < segment; ++i) {
      const torch::Tensor gates = torch::addmm(noise_part[i], hidden, from_hidden_.t());
      const auto open = torch::sigmoid(gates.narrow(1, 0, 3 * units)).chunk(3, 1);
      cell = torch::addcmul(open[1] * cell, open[0], torch::tanh(gates.narrow(1, 3 * units, units)));
      hidden = open[2] * torch::tanh(cell);
      states.push_back(hidden);
    }
    parts.push_back(mask(emit(states), alive));
    step += segment;
    if (step < steps() && !alive.any().item<bool>()) break;
  }
  if (step < steps()) {
    parts.push_back(torch::zeros({batch, (steps() - step) * params_.sample_len, feature_layout_.width},
                                 attributes.options()));
  }
  return parts.size() == 1 ? parts[0] : torch::cat(parts, 1);
}

torch::Tensor GeneratorNetwork::emit(const std::vector<torch::Tensor>& hidden) const {
  const int64_t batch = hidden[0].size(0);
  const auto steps = static_cast<int64_t>(hidden.size());
  const torch::Tensor rows = torch::stack(hidden, 1).view({batch * steps, params_.lstm_units});
  const torch::Tensor raw =
      (*feature_out_)(rows).view({batch * steps * params_.sample_len, feature_layout_.width});
  return nn::activate(feature_layout_, raw).view({batch, steps * params_.sample_len, feature_layout_.width});
}

torch::Tensor GeneratorNetwork::mask(const torch::Tensor& block, torch::Tensor& alive) const {
  const int64_t length = block.size(1);
  torch::Tensor keep;
  {
    const torch::NoGradGuard no_grad;
    const torch::Tensor flags = block.detach().narrow(2, feature_layout_.width - 2, 2);
    torch::Tensor follows = (flags.select(2, 0) > flags.select(2, 1)).to(block.scalar_type());
    const bool by_block = params_.mask == "block";
    if (by_block)
      follows = follows.view({block.size(0), length / params_.sample_len, params_.sample_len}).amin(2);
    const torch::Tensor reached = torch::cumprod(torch::cat({alive, follows}, 1), 1);
    keep = reached.narrow(1, 0, follows.size(1));
    alive = reached.narrow(1, follows.size(1), 1);
    if (by_block) keep = keep.repeat_interleave(params_.sample_len, 1);
  }
  return block * keep.unsqueeze(2);
}

Critic::Critic(int64_t width, int64_t units, int64_t layers, nn::Init init, at::Generator generator,
               torch::Device device)
    : net(std::make_unique<nn::Mlp>(parameters, "critic", width, units, layers, 1)) {
  parameters.build(init, generator, device);
}

}  // namespace bench
