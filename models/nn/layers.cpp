#include "models/nn/layers.h"

namespace bench::nn {

Linear::Linear(Parameters& parameters, const std::string& name, int64_t in, int64_t out) {
  parameters.add(name + ".weight", &weight_, {in, out}, Parameters::Start::weight, in, out);
  parameters.add(name + ".bias", &bias_, {out}, Parameters::Start::bias, in, out);
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

}  // namespace bench::nn
