#pragma once
// Parameters of a network in one flat buffer: optimiser, averaging and files work on whole networks in a few
// operations.

#include <torch/torch.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/h5.h"
#include "core/seed.h"

namespace bench::nn {

/// Initial distribution of the weights of linear layers; biases start at 0 except for `standard`.
enum class Init {
  normal,   ///< N(0, 0.02^2)
  xavier,   ///< uniform, +-sqrt(6 / (in + out)) (Glorot and Bengio 2010)
  standard  ///< uniform, +-1 / sqrt(in), biases too: LibTorch's own
};
/// "normal", "xavier" or "standard".
Init init_from_name(std::string_view name);

/// A random stream that depends on the seed only. It lives on the CPU: draws are made there and moved.
at::Generator make_generator(Seed seed);

/// The tensors of one network. Layers ask for tensors first; build() then lays them out and draws their
/// values.
class Parameters {
 public:
  /// Initial values of one tensor.
  enum class Start {
    zero,
    one,
    weight,    ///< as Init says
    bias,      ///< as Init says
    recurrent  ///< Init::xavier whatever Init says
  };
  /// `slot` is set by build() and must outlive this. `fan_in` and `fan_out` are those of its layer.
  void add(std::string name, torch::Tensor* slot, std::vector<int64_t> shape, Start start, int64_t fan_in = 0,
           int64_t fan_out = 0);
  /// A tensor that is saved and averaged but not trained (running statistics).
  void add_buffer(std::string name, torch::Tensor* slot, std::vector<int64_t> shape, Start start);
  void build(Init init, at::Generator generator, torch::Device device);

  const std::vector<torch::Tensor>& tensors() const { return tensors_; }  ///< the trained ones
  torch::Tensor& flat() { return flat_; }  ///< all trained values [count()], in the order of tensors()
  /// `flat` [count()] cut into the shapes of tensors(), e.g. a buffer for their gradients.
  std::vector<torch::Tensor> views(const torch::Tensor& flat) const;
  torch::Tensor& flat_buffers() { return flat_buffers_; }
  int64_t count() const { return flat_.numel(); }

  /// Columns "<name>:weights" and "<name>:buffers", attribute "<name>:shapes".
  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data) if the file holds other shapes.
  void load(const H5Reader& file, const std::string& name);

 private:
  struct Entry {
    std::string name;
    torch::Tensor* slot;
    std::vector<int64_t> shape;
    Start start;
    int64_t fan_in, fan_out;
    bool trained;
  };
  std::string shapes() const;
  std::vector<Entry> entries_;
  std::vector<torch::Tensor> tensors_;
  torch::Tensor flat_, flat_buffers_;
};

/// Gradient [count()] of a scalar by automatic differentiation; 0 for tensors that it does not depend on.
torch::Tensor gradient_of(const torch::Tensor& loss, const Parameters& parameters);

/// Adam (Kingma and Ba 2015) on the flat buffer of a network; eps 1e-8.
class Adam {
 public:
  Adam(Parameters& parameters, double beta1, double beta2);
  /// One step at `rate` along `gradient` [count()].
  void step(const torch::Tensor& gradient, double rate);
  /// Columns "<name>:first", "<name>:second" (moments) and "<name>:steps".
  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data) if the file holds moments of another size.
  void load(const H5Reader& file, const std::string& name);

 private:
  Parameters& parameters_;
  double beta1_, beta2_;
  int64_t steps_ = 0;
  torch::Tensor first_, second_;
};

/// Exponential moving average of a network's weights and running statistics, with the decay raised from 0 as
/// min(decay, (1 + t) / (10 + t)).
class MovingAverage {
 public:
  MovingAverage(Parameters& parameters, double decay);
  void update();
  /// Exchanges the network's values and the average.
  void swap();

 private:
  Parameters& parameters_;
  double decay_;
  int64_t updates_ = 0;
  torch::Tensor flat_, buffers_;
};

/// Throws Error(diverged) with the iteration if the value is not finite or beyond 1e9: losses of critics with
/// a gradient penalty stay far below that.
void check_loss(double loss, std::string_view what, int64_t iteration);

/// Runs `body` and turns the library's failed allocations into Error(out_of_memory).
template <typename F>
auto with_torch_errors(F&& body) -> decltype(body());

/// Throws Error(out_of_memory) if `e` is a failed allocation; returns otherwise.
void rethrow_allocation(const std::exception& e);

template <typename F>
auto with_torch_errors(F&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const c10::Error& e) {
    rethrow_allocation(e);
    throw;
  } catch (const std::bad_alloc& e) {
    rethrow_allocation(e);
    throw;
  }
}

/// Throws Error(unsupported) for "cuda" without a usable GPU; "auto" takes the GPU if there is one.
torch::Device device_from_name(std::string_view name);

}  // namespace bench::nn
