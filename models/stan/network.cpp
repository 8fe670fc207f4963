#include "models/stan/network.h"

#include <cmath>
#include <string>

namespace bench {
namespace {

constexpr double kSmallestDeviation = 5e-4;
constexpr double kSmallestChance = 1e-12;
constexpr int64_t kVectorFan = 12;  ///< vectors start uniform in +-sqrt(6 / (2 * 12)) = +-0.5
constexpr int64_t kChannels[] = {64, 64, 128, 128};
constexpr int64_t kKernel = 3, kPool = 2;

/// Standard deviations from outputs; an output of 0 means about 0.06.
torch::Tensor deviation(const torch::Tensor& outputs) {
  return torch::softplus(outputs - 2.8) + kSmallestDeviation;
}

}  // namespace

torch::Tensor close_copies(const torch::Tensor& outputs, const torch::Tensor& open) {
  const int64_t window = open.size(1);
  const torch::Tensor copies = outputs.narrow(1, 0, window).masked_fill(open.logical_not(), kNever);
  return torch::cat({copies, outputs.narrow(1, window, outputs.size(1) - window)}, 1);
}

int64_t StanNetwork::outputs(const Attribute& attribute) const {
  switch (attribute.kind) {
    case Attribute::Kind::given:
      return 0;
    case Attribute::Kind::category:
      return attribute.classes;
    case Attribute::Kind::repeat:
    case Attribute::Kind::identifier:
      return window_ + attribute.classes;
    case Attribute::Kind::number:
      break;
  }
  return 3 * params_.components + 1;
}

StanNetwork::StanNetwork(const StanParams& params, const StanAttributes& attributes, Seed seed,
                         torch::Device device)
    : params_(params),
      attributes_(attributes.list()),
      window_(attributes.options().window),
      inputs_(static_cast<int64_t>(attributes.cardinalities().size())),
      numbers_(static_cast<int64_t>(attributes.numbers())),
      width_(inputs_ * params.embedding + numbers_),
      device_(device) {
  std::vector<int64_t> offsets;
  int64_t vectors = 0;
  for (const int64_t cardinality : attributes.cardinalities()) {
    offsets.push_back(vectors);
    vectors += cardinality + 1;
  }
  offsets_ = torch::tensor(offsets, torch::kInt64).to(device);
  parameters_.add("vectors", &vectors_, {vectors, params.embedding}, nn::Parameters::Start::weight,
                  kVectorFan, kVectorFan);
  const auto hidden = static_cast<int64_t>(attributes_.size()) * params.head_units;
  int64_t read = params.units;
  if (params.encoder == "mlp") {
    window_layers_ =
        std::make_unique<nn::Mlp>(parameters_, "window", window_ * width_, params.units, 2, params.units);
  } else {
    int64_t in = 1;
    kernels_.resize(std::size(kChannels));
    kernel_biases_.resize(std::size(kChannels));
    for (size_t k = 0; k < kernels_.size(); ++k) {
      const std::string name = "kernel." + std::to_string(k);
      parameters_.add(name + ".weight", &kernels_[k], {kChannels[k], in, kKernel, kKernel},
                      nn::Parameters::Start::weight, in * kKernel * kKernel,
                      kChannels[k] * kKernel * kKernel);
      parameters_.add(name + ".bias", &kernel_biases_[k], {kChannels[k]}, nn::Parameters::Start::bias);
      in = kChannels[k];
    }
    read = in * (window_ / kPool / kPool) * (width_ / kPool / kPool);
  }
  from_window_ = std::make_unique<nn::Linear>(parameters_, "from_window", read, hidden);
  parameters_.add("from_record", &from_record_, {width_, hidden}, nn::Parameters::Start::weight, width_,
                  params.head_units);
  torch::Tensor mask = torch::zeros({width_, hidden});
  for (size_t a = 0; a < attributes_.size(); ++a) {
    const Attribute& attribute = attributes_[a];
    heads_.push_back(attribute.kind == Attribute::Kind::given
                         ? nullptr
                         : std::make_unique<nn::Linear>(parameters_, "head." + std::to_string(a),
                                                        params.head_units, outputs(attribute)));
    const int64_t later = (static_cast<int64_t>(a) + 1) * params.head_units;
    const int64_t codes = attribute.kind == Attribute::Kind::identifier ? 2 : 1;
    const auto input = static_cast<int64_t>(attribute.input);
    mask.narrow(0, input * params.embedding, codes * params.embedding)
        .narrow(1, later, hidden - later)
        .fill_(1);
    if (attribute.kind == Attribute::Kind::number)
      mask.narrow(0, inputs_ * params.embedding + static_cast<int64_t>(attribute.place), 1)
          .narrow(1, later, hidden - later)
          .fill_(1);
  }
  mask_ = mask.to(device);
  spread_ = ((torch::arange(params.components, torch::kFloat) + 0.5) / static_cast<double>(params.components))
                .to(device);
  parameters_.build(nn::Init::xavier, nn::make_generator(seed), device);
}

torch::Tensor StanNetwork::embed(const torch::Tensor& codes, const torch::Tensor& units) const {
  const torch::Tensor vectors = torch::embedding(vectors_, codes + offsets_);  // [.., inputs, embedding]
  return torch::cat({vectors.flatten(-2), units}, -1);
}

torch::Tensor StanNetwork::encode_window(const torch::Tensor& window) const {
  if (window_layers_ != nullptr) return torch::relu((*window_layers_)(window.flatten(1)));
  torch::Tensor x = window.unsqueeze(1);
  for (size_t k = 0; k < kernels_.size(); ++k) {
    x = torch::relu(torch::conv2d(x, kernels_[k], kernel_biases_[k], 1, kKernel / 2));
    if (k % 2 == 1) x = torch::max_pool2d(x, kPool);
  }
  return x.flatten(1);
}

torch::Tensor StanNetwork::drop(const torch::Tensor& x, at::Generator* generator) const {
  if (generator == nullptr || params_.dropout == 0) return x;
  const double keep = 1 - params_.dropout;
  return x * torch::empty(x.sizes()).bernoulli_(keep, *generator).div_(keep).to(device_);
}

torch::Tensor StanNetwork::context(const torch::Tensor& codes, const torch::Tensor& units,
                                   at::Generator* generator) const {
  return (*from_window_)(drop(encode_window(embed(codes, units)), generator));
}

torch::Tensor StanNetwork::head(size_t attribute, const torch::Tensor& context,
                                const torch::Tensor& record) const {
  const int64_t begin = static_cast<int64_t>(attribute) * params_.head_units;
  const torch::Tensor weights = (from_record_ * mask_).narrow(1, begin, params_.head_units);
  const torch::Tensor hidden =
      torch::relu(context.narrow(1, begin, params_.head_units) + torch::mm(record, weights));
  return (*heads_[attribute])(hidden);
}

torch::Tensor StanNetwork::loss(const StanBatch& batch, at::Generator* generator) const {
  const torch::Tensor before = context(batch.window_codes, batch.window_units, generator);
  const torch::Tensor record = embed(batch.codes, batch.units);
  const torch::Tensor hidden =
      drop(torch::relu(torch::addmm(before, record, from_record_ * mask_)), generator);
  torch::Tensor sum = torch::zeros({batch.codes.size(0)}, torch::TensorOptions(device_));
  for (size_t a = 0; a < attributes_.size(); ++a) {
    const Attribute& attribute = attributes_[a];
    if (attribute.kind == Attribute::Kind::given) continue;
    torch::Tensor out =
        (*heads_[a])(hidden.narrow(1, static_cast<int64_t>(a) * params_.head_units, params_.head_units));
    const auto place = static_cast<int64_t>(attribute.place);
    if (attribute.kind == Attribute::Kind::number) {
      sum = sum + number_loss(out, batch.low.select(1, place), batch.high.select(1, place));
      continue;
    }
    if (attribute.kind != Attribute::Kind::category) out = close_copies(out, batch.open.select(1, place));
    const torch::Tensor target = batch.targets.select(1, static_cast<int64_t>(a));
    sum = sum + torch::nll_loss(torch::log_softmax(out, 1), target, {}, at::Reduction::None, kKnown);
  }
  return sum.mean();
}

torch::Tensor StanNetwork::number_loss(const torch::Tensor& outputs, const torch::Tensor& low,
                                       const torch::Tensor& high) const {
  const int64_t k = params_.components;
  const torch::Tensor weights = torch::softmax(outputs.narrow(1, 0, k + 1), 1);
  const torch::Tensor mean = outputs.narrow(1, k + 1, k) + spread_;
  const torch::Tensor scale = deviation(outputs.narrow(1, 2 * k + 1, k));
  // Chance of an interval; what a normal distribution has outside [0, 1] belongs to the end intervals.
  const auto below = [&](const torch::Tensor& edge) {
    return torch::erf((edge.unsqueeze(1) - mean) / (scale * std::sqrt(2.0))) * 0.5 + 0.5;
  };
  const torch::Tensor from = below(low).masked_fill((low <= 0).unsqueeze(1), 0);
  const torch::Tensor to = below(high).masked_fill((high >= 1).unsqueeze(1), 1);
  const torch::Tensor chance =
      (weights.narrow(1, 1, k) * (to - from)).sum(1) + weights.select(1, 0) * (high - low);
  return -torch::log(chance + kSmallestChance);
}

torch::Tensor StanNetwork::draw_units(const torch::Tensor& outputs, at::Generator generator) const {
  const int64_t k = params_.components, n = outputs.size(0);
  const torch::Tensor raw = outputs.to(torch::kCPU);
  const torch::Tensor chosen =
      torch::multinomial(torch::softmax(raw.narrow(1, 0, k + 1), 1), 1, true, generator);
  const torch::Tensor normal = (chosen - 1).clamp_min(0);
  const torch::Tensor mean = (raw.narrow(1, k + 1, k) + spread_.to(torch::kCPU)).gather(1, normal);
  const torch::Tensor scale = deviation(raw.narrow(1, 2 * k + 1, k)).gather(1, normal);
  const torch::Tensor noise = torch::empty({n, 1}).normal_(0, 1, generator);
  const torch::Tensor flat = torch::empty({n, 1}).uniform_(0, 1, generator);
  return torch::where(chosen == 0, flat, (mean + scale * noise).clamp(0, 1)).squeeze(1);
}

}  // namespace bench
