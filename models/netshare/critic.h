#pragma once
// The critics of DoppelGANger: D sees attributes and features, D_a the attributes only. WGAN-GP (Gulrajani et
// al. 2017) with the penalty's gradient.

#include <memory>

#include "models/netshare/network.h"
#include "models/nn/parameters.h"
#include "models/privacy/dp_sgd.h"

namespace bench {

/// Adam's decay rates in DoppelGANger.
constexpr double kBeta1 = 0.5, kBeta2 = 0.999;

struct CriticShape {
  int64_t attributes = 0;  ///< columns
  int64_t features = 0;    ///< columns per record; 0: the critic sees the attributes only
  int64_t longest = 0;     ///< positions
  int64_t packing =
      1;  ///< samples side by side (Lin et al., "PacGAN", 2018); what is left over of a batch is unused
  int64_t units = 512;
  int64_t layers = 5;  ///< output layer included
};

class Critic {
 public:
  virtual ~Critic() = default;
  /// Batches of all further steps were drawn by chance: any number of samples, 0 too, `expected` on average,
  /// by which sums are divided.
  void expect(double expected) { expected_ = expected; }
  /// The same, and makes the gradients of all further steps private; an example is a pair of a real and a
  /// fake sample (with packing: of packs). The loss goes on telling about real samples without noise. Without
  /// clipping and for batches of the expected size the steps stay the same. Not for bfloat16, whose rounding
  /// would exceed the norm.
  void make_private(std::shared_ptr<DpSgd> privacy) {
    expect(privacy->expected());
    privacy_ = std::move(privacy);
  }
  /// One step of Adam at `rate` on mean D(fake) - mean D(real) + penalty * mean (|gradient of D| - 1)^2, the
  /// gradient taken between real and fake samples at the share `alpha` [B / packing, 1] of the fake one; at
  /// the fake ones if undefined.
  virtual void step(const Batch& real, const Batch& fake, const torch::Tensor& alpha, double penalty,
                    double rate) = 0;
  /// Adds the gradient of -mean D(fake) with respect to the samples to `d_attributes` [B, A] and, if the
  /// critic sees features, to `d_features` [B, l, F]; both contiguous.
  virtual void sample_gradient(const Batch& fake, torch::Tensor& d_attributes, torch::Tensor& d_features) = 0;
  /// Of the last step().
  virtual double loss() const = 0;
  /// Of the last step(), in the order of Parameters::tensors(), for tests.
  virtual const torch::Tensor& gradient() const = 0;
  virtual nn::Parameters& parameters() = 0;
  /// Weights, moments and number of steps.
  virtual void save(H5Writer& file, const std::string& name) const = 0;
  /// Weights, and with `moments` the rest; for a critic that has made no step. Throws Error(data).
  virtual void load(const H5Reader& file, const std::string& name, bool moments) = 0;

 protected:
  double expected_ = 0;             // 0: batches of a fixed size
  std::shared_ptr<DpSgd> privacy_;  // may be empty
};

/// One long row of all attributes and features through an MLP with ReLU. `half`: products in bfloat16, all
/// else in float32. Weights and `generator` as in nn::Parameters::build().
std::unique_ptr<Critic> make_flat_critic(const CriticShape& shape, bool half, nn::Init init,
                                         at::Generator generator, torch::Device device);
/// Each record and the attributes through a shared layer, then the mean and the maximum over the records that
/// exist, beside attributes and number of records through an MLP: its cost grows with the records, its size
/// does not. Between two samples the longer one says which records exist.
std::unique_ptr<Critic> make_pooled_critic(const CriticShape& shape, nn::Init init, at::Generator generator,
                                           torch::Device device);

/// Throws Error(unsupported) where this machine has no bfloat16 products.
void require_bfloat16(torch::Device device);

}  // namespace bench
