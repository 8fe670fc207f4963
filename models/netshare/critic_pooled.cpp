// The critic on records one by one. Differentiated by the library: its penalty needs a double backward.

#include <algorithm>

#include "models/netshare/critic.h"
#include "models/nn/layers.h"

namespace bench {
namespace {

class PooledCritic : public Critic {
 public:
  PooledCritic(const CriticShape& shape, nn::Init init, at::Generator generator, torch::Device device)
      : shape_(shape),
        record_(parameters_, "critic.record", shape.features + shape.attributes, shape.units),
        net_(parameters_, "critic", shape.packing * (shape.attributes + 2 * shape.units + 1), shape.units,
             shape.layers, 1) {
    parameters_.build(init, generator, device);
    adam_ = std::make_unique<nn::Adam>(parameters_, kBeta1, kBeta2);
  }

  void step(const Batch& real, const Batch& fake, const torch::Tensor& alpha, double penalty,
            double rate) override {
    const torch::AutoGradMode gradients_on(true);
    const int64_t length = std::max(real.features.size(1), fake.features.size(1));
    const Input x = input(real, length), y = input(fake, length);
    torch::Tensor sum = torch::zeros({}, x.attributes.options());
    const auto mean_loss = [&](int64_t first, int64_t count) {
      const Input real_part = part(x, first, count), fake_part = part(y, first, count);
      torch::Tensor loss = score(fake_part).mean() - score(real_part).mean();
      if (penalty > 0) {
        const torch::Tensor share = alpha.defined() ? alpha.narrow(0, first, count) : alpha;
        loss = loss + penalty * slope_penalty(real_part, fake_part, share);
      }
      sum.add_(loss.detach(), count);
      return loss;
    };
    const int64_t packs = x.attributes.size(0) / shape_.packing;
    if (privacy_) {
      gradient_ = privacy_->gradient(parameters_, packs, mean_loss);
    } else if (packs == 0) {
      gradient_ = torch::zeros_like(parameters_.flat());
    } else {
      gradient_ = nn::gradient_of(mean_loss(0, packs), parameters_);
      if (expected_ > 0) gradient_.mul_(static_cast<double>(packs) / expected_);
    }
    adam_->step(gradient_, rate);
    loss_ = sum / static_cast<double>(std::max<int64_t>(packs, 1));
  }

  void sample_gradient(const Batch& fake, torch::Tensor& d_attributes, torch::Tensor& d_features) override {
    const torch::AutoGradMode gradients_on(true);
    Input x = input(fake, fake.features.size(1));
    x.attributes.requires_grad_(true);
    x.features.requires_grad_(true);
    const auto gradients = torch::autograd::grad({-score(x).mean()}, {x.attributes, x.features});
    const torch::NoGradGuard no_grad;
    d_attributes.narrow(0, 0, x.attributes.size(0)).add_(gradients[0]);
    d_features.narrow(0, 0, x.features.size(0)).add_(gradients[1]);
  }

  double loss() const override { return loss_.item<double>(); }
  const torch::Tensor& gradient() const override { return gradient_; }
  nn::Parameters& parameters() override { return parameters_; }
  void save(H5Writer& file, const std::string& name) const override {
    parameters_.save(file, name);
    adam_->save(file, name);
  }
  void load(const H5Reader& file, const std::string& name, bool moments) override {
    parameters_.load(file, name);
    if (moments) adam_->load(file, name);
  }

 private:
  /// As many samples as fill whole packs.
  struct Input {
    torch::Tensor attributes;  ///< [n k, A]
    torch::Tensor features;    ///< [n k, l, F]
    torch::Tensor exists;      ///< [n k, l, 1]: 1 for records
    torch::Tensor count;       ///< [n k, 1] records
  };

  Input input(const Batch& batch, int64_t length) const {
    const int64_t used = batch.attributes.size(0) / shape_.packing * shape_.packing;
    Input out;
    out.attributes = batch.attributes.narrow(0, 0, used).detach().clone();
    const int64_t missing = length - batch.features.size(1);
    out.features = torch::constant_pad_nd(batch.features.narrow(0, 0, used).detach(), {0, 0, 0, missing});
    const auto options = out.attributes.options();
    const torch::Tensor counts =
        torch::tensor(at::IntArrayRef(batch.lengths.data(), static_cast<size_t>(used))).to(options);
    out.count = counts.unsqueeze(1);
    out.exists = (torch::arange(length, options).unsqueeze(0) < out.count).to(options).unsqueeze(2);
    return out;
  }

  Input part(const Input& x, int64_t first, int64_t packs) const {
    Input out;
    const int64_t k = shape_.packing;
    out.attributes = x.attributes.narrow(0, first * k, packs * k);
    out.features = x.features.narrow(0, first * k, packs * k);
    out.exists = x.exists.narrow(0, first * k, packs * k);
    out.count = x.count.narrow(0, first * k, packs * k);
    return out;
  }

  torch::Tensor score(const Input& x) const {
    const int64_t samples = x.features.size(0), length = x.features.size(1);
    const torch::Tensor records =
        torch::cat({x.features, x.attributes.unsqueeze(1).expand({-1, length, -1})}, 2);
    const torch::Tensor seen =
        torch::relu(record_(records.view({samples * length, -1}))).view({samples, length, -1}) * x.exists;
    // What does not exist is 0 and no activation is below, so the maximum needs no mask.
    const torch::Tensor mean = seen.sum(1) / x.exists.sum(1), most = seen.amax(1);
    const torch::Tensor share = x.count / static_cast<double>(shape_.longest);
    const torch::Tensor row = torch::cat({x.attributes, mean, most, share}, 1);
    return net_(row.view({samples / shape_.packing, -1}));
  }

  torch::Tensor slope_penalty(const Input& real, const Input& fake, const torch::Tensor& alpha) const {
    Input at = fake;
    if (alpha.defined()) {
      const torch::Tensor share = alpha.repeat_interleave(shape_.packing, 0);
      at.attributes = torch::lerp(real.attributes, fake.attributes, share);
      at.features = torch::lerp(real.features, fake.features, share.unsqueeze(2));
      at.exists = torch::max(real.exists, fake.exists);
      at.count = torch::lerp(real.count, fake.count, share);
    }
    at.attributes = at.attributes.detach().clone().requires_grad_(true);
    at.features = at.features.detach().clone().requires_grad_(true);
    const auto slopes =
        torch::autograd::grad({score(at).sum()}, {at.attributes, at.features}, {}, true, true);
    const int64_t packs = at.attributes.size(0) / shape_.packing;
    const torch::Tensor squares =
        slopes[0].square().view({packs, -1}).sum(1) + slopes[1].square().reshape({packs, -1}).sum(1);
    return ((squares + 1e-8).sqrt() - 1).square().mean();
  }

  CriticShape shape_;
  nn::Parameters parameters_;
  nn::Linear record_;
  nn::Mlp net_;
  std::unique_ptr<nn::Adam> adam_;
  torch::Tensor loss_, gradient_;
};

}  // namespace

std::unique_ptr<Critic> make_pooled_critic(const CriticShape& shape, nn::Init init, at::Generator generator,
                                           torch::Device device) {
  return std::make_unique<PooledCritic>(shape, init, std::move(generator), device);
}

}  // namespace bench
