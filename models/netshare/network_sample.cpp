// GeneratorNetwork::sample: the LSTM over many samples at once, of which fewer and fewer go on.

#include <algorithm>
#include <numeric>

#include "models/netshare/network.h"

namespace bench {
namespace {

/// Most LSTM steps between two looks at which samples have ended.
constexpr int64_t kSegment = 8;

/// The samples that go on.
struct Running {
  std::vector<int64_t> places;  ///< their indices
  torch::Tensor rows;           ///< the same, undefined while they are all
  torch::Tensor fixed, state, cell, gates, squashed;

  void keep(const std::vector<int64_t>& positions) {
    const torch::Tensor index = torch::tensor(positions).to(fixed.device());
    for (size_t i = 0; i < positions.size(); ++i) places[i] = places[static_cast<size_t>(positions[i])];
    places.resize(positions.size());
    fixed = fixed.index_select(0, index);
    state = state.index_select(0, index);
    cell = cell.index_select(0, index);
    rows = torch::tensor(places).to(fixed.device());
    resize();
  }
  void resize() {
    gates = torch::empty_like(fixed);
    squashed = torch::empty_like(cell);
  }
};

}  // namespace

void GeneratorNetwork::sample(const torch::Tensor& attributes, const Noise& noise,
                              std::span<const int64_t> lengths, FlowSamples& out) const {
  const torch::NoGradGuard no_grad;
  const int64_t count = attributes.size(0), units = params_.lstm_units, block = params_.sample_len,
                width = feature_layout_.width, steps = (longest_ + block - 1) / block;
  Running running;
  running.places.resize(static_cast<size_t>(count));
  std::iota(running.places.begin(), running.places.end(), int64_t{0});
  running.fixed = lstm_->fixed_part(attributes);
  running.state = torch::empty({count, units + params_.feature_latent}, attributes.options());
  running.state.narrow(1, 0, units).copy_(noise.hidden);
  running.cell = noise.cell.clone();
  running.resize();
  std::vector<std::vector<float>> sequences(static_cast<size_t>(count));
  for (int64_t done = 0; done < steps && !running.places.empty();) {
    const int64_t n = std::min({std::max<int64_t>(done, 1), kSegment, steps - done});
    const auto alive = static_cast<int64_t>(running.places.size());
    const torch::Tensor input = noise.feature(done, n, running.rows);
    torch::Tensor hidden = torch::empty({n, alive, units}, attributes.options());
    for (int64_t r = 0; r < n; ++r) {
      running.state.narrow(1, units, params_.feature_latent).copy_(input[r]);
      lstm_->step(running.fixed, running.state, running.cell, running.gates, running.squashed);
      hidden[r].copy_(running.state.narrow(1, 0, units));
    }
    torch::Tensor raw = torch::addmm(out_bias_, hidden.view({-1, units}), out_weight_).view({-1, width});
    torch::Tensor rows = gated_features_ ? torch::empty_like(raw) : raw;
    feature_heads_.activate(raw, rows);
    const torch::Tensor host = rows.to(torch::kCPU);
    std::vector<int64_t> going_on;
    for (int64_t i = 0; i < alive; ++i) {
      const auto place = static_cast<size_t>(running.places[static_cast<size_t>(i)]);
      std::vector<float>& sequence = sequences[place];
      const int64_t limit = lengths.empty() ? longest_ : lengths[place];
      bool ended = false;
      for (int64_t r = 0; r < n && !ended; ++r) {
        const float* first = host.data_ptr<float>() + (r * alive + i) * block * width;
        int64_t records = 0;
        while (records < block && !ended) {
          ++records;
          const float* last = first + records * width;
          ended = (done + r) * block + records >= limit || (lengths.empty() && last[-2] <= last[-1]);
        }
        sequence.insert(sequence.end(), first, first + records * width);
      }
      if (!ended) going_on.push_back(i);
    }
    done += n;
    if (static_cast<int64_t>(going_on.size()) < alive) running.keep(going_on);
  }
  for (const auto& sequence : sequences) {
    out.features.insert(out.features.end(), sequence.begin(), sequence.end());
    out.offsets.push_back(out.features.size() / static_cast<size_t>(width));
  }
}

}  // namespace bench
