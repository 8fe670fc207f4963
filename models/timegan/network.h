#pragma once
// The networks of TimeGAN (Yoon, Jarrett, van der Schaar, NeurIPS 2019): a latent space of attributes and
// records, a generator and a discriminator in it. Private to this folder: the header has LibTorch's.

#include <torch/torch.h>

#include <memory>

#include "models/diffusion/batches.h"
#include "models/diffusion/denoising.h"
#include "models/diffusion/networks.h"
#include "models/timegan/params.h"

namespace bench {

/// A gated recurrent unit (Cho et al. 2014).
class Gru {
 public:
  Gru(nn::Parameters& parameters, const std::string& name, int64_t in, int64_t units);
  /// x [n, in], state [n, units] in (-1, 1) -> the next state.
  torch::Tensor operator()(const torch::Tensor& x, const torch::Tensor& state) const;
  int64_t units() const { return units_; }

 private:
  int64_t units_;
  nn::Linear from_input_, from_state_;
};

class TimeganNetwork {
 public:
  TimeganNetwork(const TimeganParams& params, const Layout& attributes, const Layout& features, Seed seed,
                 torch::Device device);

  // One step each at a rate of learning; they return their loss.
  double reconstruct(const SampleBatch& batch, double rate);
  double predict(const SampleBatch& batch, double rate, const at::Generator& generator);
  double compete(const SampleBatch& batch, double rate, const at::Generator& generator);

  /// Attribute rows [n, A], soft, that begin with `given` [n, given].
  torch::Tensor draw_attributes(const torch::Tensor& given, const at::Generator& generator) const;
  /// Feature rows [n, length, F], soft, for attribute rows [n, A].
  torch::Tensor draw_features(const torch::Tensor& rows, int64_t length,
                              const at::Generator& generator) const;

  std::vector<Learner*> learners() { return {&embedder_, &generator_, &discriminator_}; }
  torch::Device device() const { return device_; }

 private:
  /// Latent attributes [n, row units] and latent records [n, length, units].
  struct Latent {
    torch::Tensor row, records;
  };
  torch::Tensor embed_row(const torch::Tensor& rows) const { return torch::tanh((*row_in_)(rows)); }
  Latent embed(const SampleBatch& batch) const;
  torch::Tensor noise(int64_t n, const at::Generator& generator) const;
  torch::Tensor make_records(const torch::Tensor& row, int64_t length, const at::Generator& generator) const;
  torch::Tensor reconstruction_loss(const SampleBatch& batch, const Latent& latent) const;
  torch::Tensor supervised_loss(const SampleBatch& batch, const Latent& latent,
                                const at::Generator& generator) const;
  /// Logits [n, length + 1]: of the latent attributes, and of each latent record.
  torch::Tensor judge(const Latent& latent) const;

  TimeganParams params_;
  Layout attributes_, features_;
  torch::Device device_;
  Learner embedder_, generator_, discriminator_;
  std::unique_ptr<RowNet> row_in_, row_out_, row_make_, row_judge_, record_out_;
  std::unique_ptr<Gru> record_in_, record_make_, record_judge_;
  std::unique_ptr<nn::Linear> record_score_;
};

}  // namespace bench
