#pragma once
// The critic on one long row, with all gradients by hand. Private to this folder. A ReLU network is linear
// around every point, so the gradient of the penalty needs no second derivative: with d_k the signal that
// comes back to layer k at the points, g = d_1 W_1' the slope there, and u_0 = dP/dg, u_k = mask_k * (u_{k-1}
// W_k) the penalty's gradient of W_k is u_{k-1}' d_k, and biases have none. So the interpolated rows, once
// their masks are known, carry u where the others carry activations, and one product per layer gives the
// whole weight gradient.
//
// A row is packing * A attribute columns, then position by position packing * F feature columns: where all
// samples of a batch are short the columns behind the longest one are 0 and left out of the products. Not so
// for the slope, which exists there as well, so the penalty's three products have the whole width.

#include <memory>
#include <string>
#include <vector>

#include "models/netshare/critic.h"

namespace bench {

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

}  // namespace bench
