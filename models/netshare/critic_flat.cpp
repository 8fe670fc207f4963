// The critic on one long row, with all gradients by hand. A ReLU network is linear around every point, so the
// gradient of the penalty needs no second derivative: with d_k the signal that comes back to layer k at the
// points, g = d_1 W_1' the slope there, and u_0 = dP/dg, u_k = mask_k * (u_{k-1} W_k) the penalty's gradient
// of W_k is u_{k-1}' d_k, and biases have none. So the interpolated rows, once their masks are known, carry u
// where the others carry activations, and one product per layer gives the whole weight gradient.
//
// A row is packing * A attribute columns, then position by position packing * F feature columns: where all
// samples of a batch are short the columns behind the longest one are 0 and left out of the products. Not so
// for the slope, which exists there as well, so the penalty's three products have the whole width.

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/error.h"
#include "models/netshare/critic.h"

namespace bench {
namespace {

class FlatCritic : public Critic {
 public:
  FlatCritic(const CriticShape& shape, bool half, nn::Init init, at::Generator generator,
             torch::Device device);
  void step(const Batch& real, const Batch& fake, const torch::Tensor& alpha, double penalty,
            double rate) override;
  void sample_gradient(const Batch& fake, torch::Tensor& d_attributes, torch::Tensor& d_features) override;
  double loss() const override;
  const torch::Tensor& gradient() const override { return gradient_; }
  nn::Parameters& parameters() override { return parameters_; }
  void save(H5Writer& file, const std::string& name) const override;
  void load(const H5Reader& file, const std::string& name, bool moments) override;

 private:
  int64_t hidden() const { return shape_.layers - 1; }
  void allocate(int64_t n);
  /// What sums over samples are divided by.
  double divisor() const { return expected_ > 0 ? expected_ : static_cast<double>(n_); }
  int64_t width_of(int64_t positions) const {
    return shape_.packing * (shape_.attributes + positions * shape_.features);
  }
  int64_t whole_width() const { return width_of(shape_.longest); }
  void fill(const Batch& batch, int64_t first, int64_t width);
  void round_weights(int64_t width);
  void sum_gradient(const Batch& real, const Batch& fake, const torch::Tensor& alpha);
  /// The part of first-layer tensors [in, out] that counts in a row of `width` columns.
  torch::Tensor weight(int64_t layer, int64_t width) const;
  torch::Tensor input(int64_t layer, int64_t first, int64_t rows, int64_t width) const;
  torch::Tensor signals(int64_t layer, int64_t first, int64_t rows, const torch::Tensor& coefficients) const;
  void forward(int64_t rows, int64_t width, const torch::Tensor& alpha);
  void backward(int64_t rows, int64_t width, const torch::Tensor& coefficients);
  /// Slope of the outputs at `rows` rows from `first` on, into the rows behind 2 n.
  torch::Tensor slope(int64_t first, int64_t rows, int64_t width);
  void penalise(int64_t first, int64_t width, double scale);
  /// Shortens each example's part of the gradient by way of the signals; returns the coefficients for that.
  torch::Tensor clip(int64_t rows, int64_t width, double tail, const torch::Tensor& coefficients);
  void weight_gradients(int64_t rows, int64_t width, double tail, const torch::Tensor& coefficients);
  /// Into `out`: transposed input times d, `scale` times, of a layer's input `in` [rows, in].
  void product(torch::Tensor out, const torch::Tensor& in, const torch::Tensor& d, double scale) const;

  CriticShape shape_;
  torch::ScalarType type_;
  nn::Parameters parameters_;
  std::vector<torch::Tensor> weights_, biases_;  // [in, out], [out]
  std::unique_ptr<nn::Adam> adam_;
  torch::Tensor gradient_;
  std::vector<torch::Tensor> weight_gradients_, bias_gradients_;
  std::vector<torch::Tensor> rounded_;     // weights in type_
  int64_t n_ = 0, room_ = 0;               // samples in this step, at most so far
  torch::Tensor rows_;                     // [3 room, width]
  std::vector<torch::Tensor> active_, d_;  // of each hidden layer [3 room, units]
  torch::Tensor scratch_;                  // [room, units]
  torch::Tensor three_, two_, one_;        // coefficients of the outputs in the loss [rows, 1]
  torch::Tensor scores_, norms_;
  double penalty_ = 0;
};

FlatCritic::FlatCritic(const CriticShape& shape, bool half, nn::Init init, at::Generator generator,
                       torch::Device device)
    : shape_(shape),
      type_(half ? torch::kBFloat16 : torch::kFloat),
      weights_(static_cast<size_t>(shape.layers)),
      biases_(static_cast<size_t>(shape.layers)) {
  using Start = nn::Parameters::Start;
  const auto layers = static_cast<size_t>(shape.layers);
  for (size_t i = 0; i < layers; ++i) {
    const std::string name = "critic." + std::to_string(i);
    const int64_t in = i == 0 ? whole_width() : shape.units, out = i + 1 == layers ? 1 : shape.units;
    parameters_.add(name + ".weight", &weights_[i], {in, out}, Start::weight, in, out);
    parameters_.add(name + ".bias", &biases_[i], {out}, Start::bias, in, out);
  }
  parameters_.build(init, generator, device);
  adam_ = std::make_unique<nn::Adam>(parameters_, kBeta1, kBeta2);
}

void FlatCritic::allocate(int64_t n) {
  const auto options = parameters_.flat().options().dtype(type_);
  if (n > room_) {
    room_ = n;
    rows_ = torch::zeros({3 * n, whole_width()}, options);
    const auto layers = static_cast<size_t>(hidden());
    active_.resize(layers);
    d_.resize(layers);
    for (size_t i = 0; i < layers; ++i) {
      active_[i] = torch::empty({3 * n, shape_.units}, options);
      d_[i] = torch::empty({3 * n, shape_.units}, options);
    }
    scratch_ = torch::empty({n, shape_.units}, options);
  }
  if (n != n_ || expected_ > 0) {
    n_ = n;
    const double share = 1 / divisor();
    const torch::Tensor ones = torch::ones({n, 1}, options);
    three_ = torch::cat({ones * -share, ones * share, ones});
    two_ = three_.narrow(0, 0, 2 * n);
    one_ = ones * (-1 / static_cast<double>(n));
  }
  if (gradient_.defined()) return;
  gradient_ = torch::zeros_like(parameters_.flat());
  const auto views = parameters_.views(gradient_);
  weight_gradients_.resize(weights_.size());
  bias_gradients_.resize(weights_.size());
  for (size_t i = 0; i < weights_.size(); ++i) {
    weight_gradients_[i] = views[2 * i];
    bias_gradients_[i] = views[2 * i + 1];
  }
}

void FlatCritic::fill(const Batch& batch, int64_t first, int64_t width) {
  const int64_t k = shape_.packing, attributes = shape_.attributes, features = shape_.features;
  torch::Tensor rows = rows_.narrow(0, first, n_);
  rows.narrow(1, 0, k * attributes)
      .view({n_, k, attributes})
      .copy_(batch.attributes.narrow(0, 0, n_ * k).reshape({n_, k, attributes}));
  if (features == 0) return;
  const int64_t length = batch.features.size(1), end = width_of(length);
  // Blocks of k * F columns per position, one sample's F columns at a time.
  for (int64_t i = 0; i < k; ++i) {
    rows.narrow(1, k * attributes, length * k * features)
        .view({n_, length, k, features})
        .select(2, i)
        .copy_(batch.features.narrow(0, 0, n_ * k).view({n_, k, length, features}).select(1, i));
  }
  if (end < width) rows.narrow(1, end, width - end).zero_();
}

void FlatCritic::round_weights(int64_t width) {
  if (type_ == torch::kFloat) return;
  rounded_.resize(weights_.size());
  for (size_t i = 0; i < weights_.size(); ++i) {
    if (!rounded_[i].defined()) rounded_[i] = torch::empty_like(weights_[i], type_);
    const int64_t in = i == 0 ? width : weights_[i].size(0);
    rounded_[i].narrow(0, 0, in).copy_(weights_[i].narrow(0, 0, in));
  }
}

torch::Tensor FlatCritic::weight(int64_t layer, int64_t width) const {
  const torch::Tensor& w = (type_ == torch::kFloat ? weights_ : rounded_)[static_cast<size_t>(layer)];
  return layer == 0 ? w.narrow(0, 0, width) : w;
}

torch::Tensor FlatCritic::input(int64_t layer, int64_t first, int64_t rows, int64_t width) const {
  if (layer == 0) return rows_.narrow(0, first, rows).narrow(1, 0, width);
  return active_[static_cast<size_t>(layer - 1)].narrow(0, first, rows);
}

torch::Tensor FlatCritic::signals(int64_t layer, int64_t first, int64_t rows,
                                  const torch::Tensor& coefficients) const {
  return (layer == hidden() ? coefficients : d_[static_cast<size_t>(layer)]).narrow(0, first, rows);
}

void FlatCritic::forward(int64_t rows, int64_t width, const torch::Tensor& alpha) {
  for (int64_t k = 0; k < hidden(); ++k) {
    const auto place = static_cast<size_t>(k);
    // Behind the first layer interpolating commutes with the product.
    const int64_t own = k == 0 ? std::min(rows, 2 * n_) : rows;
    torch::Tensor out = active_[place].narrow(0, 0, own);
    at::addmm_out(out, biases_[place].to(type_), input(k, 0, own, width), weight(k, width));
    if (own < rows) {
      torch::Tensor between = active_[0].narrow(0, 2 * n_, n_);
      const torch::Tensor real = active_[0].narrow(0, 0, n_), fake = active_[0].narrow(0, n_, n_);
      at::sub_out(between, fake, real).mul_(alpha).add_(real);
    }
    active_[place].narrow(0, 0, rows).relu_();
  }
}

void FlatCritic::backward(int64_t rows, int64_t width, const torch::Tensor& coefficients) {
  torch::Tensor last = weight(hidden(), width);
  for (int64_t k = hidden(); k-- > 0;) {
    const auto place = static_cast<size_t>(k);
    torch::Tensor d = d_[place].narrow(0, 0, rows);
    if (k + 1 == hidden()) {
      at::mul_out(d, coefficients, last.t());
    } else {
      at::mm_out(d, d_[place + 1].narrow(0, 0, rows), last.t());
    }
    at::threshold_backward_out(d, d, active_[place].narrow(0, 0, rows), 0);
    last = weight(k, width);
  }
}

torch::Tensor FlatCritic::slope(int64_t first, int64_t rows, int64_t width) {
  torch::Tensor out = rows_.narrow(0, 2 * n_, rows).narrow(1, 0, width);
  if (hidden() == 0) return out.copy_(weight(0, width).t().expand({rows, width}));
  return at::mm_out(out, d_[0].narrow(0, first, rows), weight(0, width).t());
}

void FlatCritic::product(torch::Tensor out, const torch::Tensor& in, const torch::Tensor& d,
                         double scale) const {
  if (type_ == torch::kFloat) {
    at::addmm_out(out, out, in.t(), d, 0, scale);
  } else {
    out.copy_(torch::mm(in.t(), d)).mul_(scale);
  }
}

void FlatCritic::penalise(int64_t first, int64_t width, double scale) {
  const int64_t whole = whole_width();
  torch::Tensor u = slope(first, n_, whole);
  const double factor = hidden() == 0 ? 1 : scale;
  norms_ = torch::sum(u.square(), {1}, true, torch::kFloat).mul_(factor * factor).add_(1e-8).sqrt_();
  u.mul_((factor * 2 * penalty_ / divisor() * (1 - norms_.reciprocal())).to(type_));
  torch::Tensor scratch = scratch_.narrow(0, 0, n_);
  for (int64_t k = 0; k < hidden(); ++k) {
    at::mm_out(scratch, input(k, 2 * n_, n_, whole), weight(k, whole));
    torch::Tensor next = input(k + 1, 2 * n_, n_, whole);
    at::threshold_backward_out(next, scratch, input(k + 1, first, n_, whole), 0);
  }
  if (first == 2 * n_) return;
  // The points are the fake rows: these carry both, in the measure in which d_k does.
  for (int64_t k = 0; k <= hidden(); ++k) input(k, first, n_, width).add_(input(k, 2 * n_, n_, width), scale);
}

torch::Tensor FlatCritic::clip(int64_t rows, int64_t width, double tail, const torch::Tensor& coefficients) {
  assert(type_ == torch::kFloat);
  const int64_t terms = rows / n_, points = rows - n_, behind = whole_width() - width;
  std::vector<OuterProducts> layers;
  for (int64_t k = 0; k <= hidden(); ++k)
    layers.push_back({input(k, 0, rows, width), signals(k, 0, rows, coefficients), terms, 2});
  if (tail != 0 && behind > 0) {
    layers.push_back({rows_.narrow(0, 2 * n_, n_).narrow(1, width, behind),
                      signals(0, points, n_, coefficients), 1, 0, tail});
  }
  const torch::Tensor factors = privacy_->factors(layers, n_).to(type_).unsqueeze(1).repeat({terms, 1});
  for (torch::Tensor& d : d_) d.narrow(0, 0, rows).mul_(factors);
  return coefficients * factors;
}

void FlatCritic::weight_gradients(int64_t rows, int64_t width, double tail,
                                  const torch::Tensor& coefficients) {
  const int64_t behind = whole_width() - width;
  torch::Tensor rest = weight_gradients_[0].narrow(0, width, behind);
  if (tail == 0) {
    rest.zero_();
  } else if (behind > 0) {
    product(rest, rows_.narrow(0, 2 * n_, n_).narrow(1, width, behind),
            signals(0, rows - n_, n_, coefficients), tail);
  }
  for (int64_t k = 0; k <= hidden(); ++k) {
    const auto place = static_cast<size_t>(k);
    const torch::Tensor d = signals(k, 0, rows, coefficients);
    const torch::Tensor in = input(k, 0, rows, width);
    product(weight_gradients_[place].narrow(0, 0, in.size(1)), in, d, 1);
    at::sum_out(bias_gradients_[place], d.narrow(0, 0, 2 * n_), at::IntArrayRef{0}, false, torch::kFloat);
  }
}

void FlatCritic::step(const Batch& real, const Batch& fake, const torch::Tensor& alpha, double penalty,
                      double rate) {
  const torch::NoGradGuard no_grad;
  allocate(real.attributes.size(0) / shape_.packing);
  penalty_ = penalty;
  if (n_ == 0) {
    gradient_.zero_();
    scores_.reset();
  } else {
    sum_gradient(real, fake, alpha);
  }
  if (privacy_) privacy_->add_noise(gradient_);
  adam_->step(gradient_, rate);
}

void FlatCritic::sum_gradient(const Batch& real, const Batch& fake, const torch::Tensor& alpha) {
  const int64_t positions = shape_.features == 0 ? 0 : std::max(real.features.size(1), fake.features.size(1));
  const int64_t width = width_of(positions);
  fill(real, 0, width);
  fill(fake, n_, width);
  const int64_t whole = whole_width();
  round_weights(penalty_ > 0 ? whole : width);
  const bool between = alpha.defined() && penalty_ > 0;
  const int64_t rows = between ? 3 * n_ : 2 * n_;
  torch::Tensor coefficients = between ? three_ : two_;
  forward(rows, width, between ? alpha.to(type_) : alpha);
  scores_ = torch::mm(input(hidden(), 0, 2 * n_, width), weight(hidden(), width));
  backward(rows, width, coefficients);
  // With no rows of their own the points are the fake rows, whose d_k are 1 / n of the slope's.
  const double scale = between ? 1 : divisor();
  if (penalty_ > 0) penalise(rows - n_, width, scale);
  const double tail = penalty_ > 0 ? scale : 0;
  if (privacy_ && privacy_->clips()) coefficients = clip(rows, width, tail, coefficients);
  weight_gradients(rows, width, tail, coefficients);
}

void FlatCritic::sample_gradient(const Batch& fake, torch::Tensor& d_attributes, torch::Tensor& d_features) {
  const torch::NoGradGuard no_grad;
  const int64_t k = shape_.packing, attributes = shape_.attributes, features = shape_.features;
  allocate(fake.attributes.size(0) / k);
  const int64_t length = features == 0 ? 0 : fake.features.size(1), width = width_of(length);
  fill(fake, 0, width);
  round_weights(width);
  forward(n_, width, {});
  backward(n_, width, one_);
  torch::Tensor g = slope(0, n_, width);
  if (hidden() == 0) g.mul_(one_);
  const int64_t used = n_ * k;
  d_attributes.narrow(0, 0, used)
      .view({n_, k, attributes})
      .add_(g.narrow(1, 0, k * attributes).view({n_, k, attributes}));
  if (features == 0) return;
  torch::Tensor out = d_features.narrow(0, 0, used).view({n_, k, length, features});
  const torch::Tensor from =
      g.narrow(1, k * attributes, length * k * features).view({n_, length, k, features});
  for (int64_t i = 0; i < k; ++i) out.select(1, i).add_(from.select(2, i));
}

double FlatCritic::loss() const {
  if (!scores_.defined()) return 0;  // an empty batch
  const auto scores = scores_.to(torch::kFloat).chunk(2);
  torch::Tensor loss = scores[1].mean() - scores[0].mean();
  if (penalty_ > 0) loss += penalty_ * (norms_ - 1).square().mean();
  return loss.item<double>();
}

void FlatCritic::save(H5Writer& file, const std::string& name) const {
  parameters_.save(file, name);
  adam_->save(file, name);
}

void FlatCritic::load(const H5Reader& file, const std::string& name, bool moments) {
  parameters_.load(file, name);
  if (moments) adam_->load(file, name);
}

}  // namespace

std::unique_ptr<Critic> make_flat_critic(const CriticShape& shape, bool half, nn::Init init,
                                         at::Generator generator, torch::Device device) {
  return std::make_unique<FlatCritic>(shape, half, init, std::move(generator), device);
}

void require_bfloat16(torch::Device device) {
#if defined(__x86_64__)
  const bool available = device.is_cuda() || __builtin_cpu_supports("avx512bf16");
#else
  const bool available = device.is_cuda();
#endif
  if (!available)
    fail(Kind::unsupported, "precision bfloat16: this CPU has no bfloat16 products; float32 would be right");
}

}  // namespace bench
