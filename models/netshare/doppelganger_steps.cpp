// One iteration of the training: steps of the critics, then one of the generator.

#include <algorithm>
#include <future>

#include "models/netshare/doppelganger_impl.h"
#include "models/nn/threads.h"

namespace bench {
namespace {

/// Feature values of all fake batches that are generated at once.
constexpr int64_t kPassValues = 1 << 24;

}  // namespace

void DoppelGanger::Impl::run_critics(const std::function<void(size_t)>& work) const {
  std::future<void> other;
  if (threads > 1 && critics.size() > 1) {
    other = std::async(std::launch::async, [&] {
      nn::join_single_thread();
      work(1);
    });
  } else if (critics.size() > 1) {
    work(1);
  }
  work(0);
  if (other.valid()) other.get();
}

torch::Tensor DoppelGanger::Impl::given_of(std::span<const Batch> batches) const {
  if (attribute_layout.given == 0) return {};
  std::vector<torch::Tensor> parts;
  for (const Batch& batch : batches) parts.push_back(batch.attributes.narrow(1, 0, attribute_layout.given));
  return torch::cat(parts);
}

std::vector<int64_t> DoppelGanger::Impl::lengths_of(std::span<const Batch> batches) const {
  std::vector<int64_t> out;
  if (attribute_layout.given == 0) return out;
  for (const Batch& batch : batches) out.insert(out.end(), batch.lengths.begin(), batch.lengths.end());
  return out;
}

double DoppelGanger::Impl::iterate(RealBatches& reals, const at::Generator& noise_generator, double lr) {
  // The published code has one real batch and one noise for the whole iteration, except for the first states
  // of the LSTM, and takes the last round's fakes for the generator.
  const bool fresh = params.z == "fresh", between = params.gp_alpha == "uniform";
  const int64_t rounds = params.d_rounds, groups = fresh ? rounds + 1 : rounds;
  const int64_t batch_values = params.batch * longest * feature_layout.width;
  const int64_t together = fresh ? std::clamp<int64_t>(kPassValues / batch_values, 1, groups) : groups;
  const int64_t packs = params.batch / params.packing;
  std::vector<torch::Tensor> d_attributes(2);
  torch::Tensor d_features;
  for (int64_t begin = 0; begin < groups; begin += together) {
    const int64_t n = std::min(together, groups - begin);
    const bool last = begin + n == groups;
    const int64_t used = std::min(n, rounds - begin);  // batches for the critics
    std::vector<Batch> real;
    for (int64_t g = 0; g < n; ++g) {
      if (g > 0 && !fresh) {
        real.push_back(real[0]);
      } else if (g < used || attribute_layout.given > 0) {
        real.push_back(reals.next());
      }
    }
    const Noise noise =
        draw_noise(params, attribute_layout, n * params.batch, fresh ? 1 : n, noise_generator, device);
    torch::Tensor alpha;
    if (between) alpha = torch::rand({2, n, packs, 1}, noise_generator).to(device);
    network.generate(noise, n, given_of(real), lengths_of(real));
    if (last) {
      const Batch fake = network.batch(n - 1);
      for (torch::Tensor& d : d_attributes) d = torch::zeros_like(fake.attributes);
      d_features = torch::zeros(fake.features.sizes(), fake.features.options());
    }
    run_critics([&](size_t c) {
      for (int64_t g = 0; g < used; ++g) {
        const torch::Tensor share = between ? alpha[static_cast<int64_t>(c)][g] : torch::Tensor();
        critics[c]->step(real[static_cast<size_t>(g)], network.batch(g), share, params.penalty, lr);
      }
      if (last) critics[c]->sample_gradient(network.batch(n - 1), d_attributes[c], d_features);
    });
  }
  if (critics.size() > 1) d_attributes[0].add_(d_attributes[1]);
  torch::Tensor gradient = torch::empty_like(network.parameters().flat());
  network.backward(d_attributes[0], d_features, gradient);
  adam->step(gradient, lr);
  return critics[0]->loss();
}

// Real samples change neither how many fakes there are nor what they are: batch normalisation would let one
// of them move all. The critics take as many fakes as the batch has real samples.
double DoppelGanger::Impl::iterate_private(const RealBatches& reals, PrivateBatches& batches,
                                           const at::Generator& noise_generator, double lr) {
  const auto generate = [&](int64_t count) {
    network.generate(draw_noise(params, attribute_layout, count, 1, noise_generator, device), 1, {}, {});
    return network.batch(0);
  };
  for (int64_t round = 0; round < params.d_rounds; ++round) {
    const Batch real = reals.of(batches.next());
    const Batch all = generate(batches.made());
    const auto n = real.attributes.size(0);
    const torch::Tensor rows = batches.partners(n).to(device);
    Batch fake{all.attributes.index_select(0, rows), all.features.index_select(0, rows), {}};
    for (int64_t i = 0; i < n; ++i)
      fake.lengths.push_back(all.lengths[static_cast<size_t>(i % batches.made())]);
    torch::Tensor alpha;
    if (params.gp_alpha == "uniform") alpha = torch::rand({2, n, 1}, noise_generator).to(device);
    run_critics([&](size_t c) {
      const torch::Tensor share = alpha.defined() ? alpha[static_cast<int64_t>(c)] : torch::Tensor();
      critics[c]->step(real, fake, share, params.penalty, lr);
    });
  }
  const Batch fake = generate(params.batch);
  std::vector<torch::Tensor> d_attributes;
  for (size_t c = 0; c < critics.size(); ++c) d_attributes.push_back(torch::zeros_like(fake.attributes));
  torch::Tensor d_features = torch::zeros(fake.features.sizes(), fake.features.options());
  run_critics([&](size_t c) { critics[c]->sample_gradient(fake, d_attributes[c], d_features); });
  if (critics.size() > 1) d_attributes[0].add_(d_attributes[1]);
  torch::Tensor gradient = torch::empty_like(network.parameters().flat());
  network.backward(d_attributes[0], d_features, gradient);
  adam->step(gradient, lr);
  return critics[0]->loss();
}

}  // namespace bench
