#include "models/packet_bytes/dense_networks.h"

#include <string>
#include <vector>

#include "models/nn/layers.h"

namespace bench {
namespace {

constexpr double kLeak = 0.2;

class DenseGenerator : public ByteGenerator {
 public:
  DenseGenerator(const PacketShape& shape, const DenseSizes& sizes, DenseOutput output, at::Generator random)
      : digits_(shape.digits), output_(output) {
    int64_t in = shape.latent + shape.classes;
    for (int64_t i = 0; i + 1 < sizes.layers; ++i) {
      const std::string name = "generator." + std::to_string(i);
      hidden_.push_back(std::make_unique<nn::Linear>(parameters_, name, in, sizes.units));
      norms_.push_back(std::make_unique<BatchNorm>(parameters_, name, sizes.units));
      in = sizes.units;
    }
    last_ = std::make_unique<nn::Linear>(parameters_, "generator.out", in, shape.columns);
    parameters_.build(nn::Init::xavier, std::move(random), torch::kCPU);
  }

  torch::Tensor forward(const torch::Tensor& input, bool training) const override {
    torch::Tensor x = input;
    for (size_t i = 0; i < hidden_.size(); ++i) x = torch::relu((*norms_[i])((*hidden_[i])(x), training));
    x = (*last_)(x);
    if (output_ == DenseOutput::unit_interval) return torch::sigmoid(x);
    const torch::Tensor vectors = x.view({x.size(0), digits_, -1});
    const torch::Tensor length = (vectors.square().sum(2, true) + 1e-8).sqrt();
    return (vectors / length).view({x.size(0), -1});
  }

 private:
  int64_t digits_;
  DenseOutput output_;
  std::vector<std::unique_ptr<nn::Linear>> hidden_;
  std::vector<std::unique_ptr<BatchNorm>> norms_;
  std::unique_ptr<nn::Linear> last_;
};

class DenseCritic : public CriticNetwork {
 public:
  DenseCritic(const PacketShape& shape, const DenseSizes& sizes, at::Generator random) {
    int64_t in = shape.columns + shape.classes;
    for (int64_t i = 0; i < sizes.layers; ++i) {
      const int64_t out = i + 1 < sizes.layers ? sizes.units : 1;
      layers_.push_back(std::make_unique<nn::Linear>(parameters_, "critic." + std::to_string(i), in, out));
      in = out;
    }
    parameters_.build(nn::Init::xavier, std::move(random), torch::kCPU);
  }

  torch::Tensor forward(const torch::Tensor& codes, const torch::Tensor& classes) const override {
    torch::Tensor x = torch::cat({codes, classes}, 1);
    for (size_t i = 0; i < layers_.size(); ++i) {
      x = (*layers_[i])(x);
      if (i + 1 < layers_.size()) x = torch::leaky_relu(x, kLeak);
    }
    return x;
  }

 private:
  std::vector<std::unique_ptr<nn::Linear>> layers_;
};

}  // namespace

BatchNorm::BatchNorm(nn::Parameters& parameters, const std::string& name, int64_t channels) {
  using Start = nn::Parameters::Start;
  parameters.add(name + ".scale", &scale_, {channels}, Start::one);
  parameters.add(name + ".shift", &shift_, {channels}, Start::zero);
  parameters.add_buffer(name + ".mean", &mean_, {channels}, Start::zero);
  parameters.add_buffer(name + ".variance", &variance_, {channels}, Start::one);
}

torch::Tensor BatchNorm::operator()(const torch::Tensor& x, bool training) const {
  return torch::batch_norm(x, scale_, shift_, mean_, variance_, training, 0.1, 1e-5, false);
}

std::unique_ptr<ByteGenerator> make_dense_generator(const PacketShape& shape, const DenseSizes& sizes,
                                                    DenseOutput output, at::Generator random) {
  return std::make_unique<DenseGenerator>(shape, sizes, output, std::move(random));
}

std::unique_ptr<CriticNetwork> make_dense_critic(const PacketShape& shape, const DenseSizes& sizes,
                                                 at::Generator random) {
  return std::make_unique<DenseCritic>(shape, sizes, std::move(random));
}

}  // namespace bench
