#include "models/netshare/network.h"

#include <algorithm>
#include <cassert>

namespace bench {
namespace {

/// Most LSTM steps between two looks at which samples have ended.
constexpr int64_t kSegment = 8;

int64_t next_segment(int64_t done, int64_t steps) {
  return std::min({std::max<int64_t>(done, 1), kSegment, steps - done});
}

bool has_gates(const Layout& layout) {
  return std::any_of(layout.heads.begin(), layout.heads.end(), [](const Head& h) { return h.gate >= 0; });
}

torch::Tensor with_given(const torch::Tensor& noise, const torch::Tensor& given) {
  return given.defined() && given.size(1) > 0 ? torch::cat({noise, given}, 1) : noise;
}

/// Zero behind the first kept[i] of the positions of sample i of [n, l, F].
void clear_ends(torch::Tensor& features, std::span<const int64_t> kept) {
  const int64_t length = features.size(1), width = features.size(2);
  if (features.is_cpu()) {
    auto* row = features.data_ptr<float>();
    for (const int64_t k : kept) {
      if (k < length) std::fill(row + k * width, row + length * width, 0.0F);
      row += length * width;
    }
    return;
  }
  const torch::Tensor ends = torch::tensor(at::IntArrayRef(kept.data(), kept.size())).to(features.device());
  const torch::Tensor places = torch::arange(length, ends.options());
  features.mul_((places.unsqueeze(0) < ends.unsqueeze(1)).unsqueeze(2));
}

torch::Tensor draw(at::IntArrayRef shape, const at::Generator& generator, torch::Device device) {
  return torch::randn(shape, generator).to(device);
}

}  // namespace

Noise draw_attribute_noise(const NetShareParams& params, const Layout& attributes, int64_t rows,
                           const at::Generator& generator, torch::Device device) {
  Noise noise;
  noise.attribute = draw({rows, params.attribute_latent}, generator, device);
  if (attributes.extra > 0) noise.extra = draw({rows, params.attribute_latent}, generator, device);
  return noise;
}

Noise draw_feature_noise(const NetShareParams& params, int64_t rows, const at::Generator& generator,
                         torch::Device device) {
  Noise noise;
  noise.hidden = draw({rows, params.lstm_units}, generator, device);
  noise.cell = draw({rows, params.lstm_units}, generator, device);
  const int64_t latent = params.feature_latent;
  noise.feature = [=](int64_t, int64_t steps, const torch::Tensor& of) {
    return draw({steps, of.defined() ? of.size(0) : rows, latent}, generator, device);
  };
  return noise;
}

Noise draw_noise(const NetShareParams& params, const Layout& attributes, int64_t rows, int64_t tiles,
                 const at::Generator& generator, torch::Device device) {
  assert(rows % tiles == 0);
  const int64_t own = rows / tiles, latent = params.feature_latent;
  Noise noise = draw_feature_noise(params, rows, generator, device);
  Noise once = draw_attribute_noise(params, attributes, own, generator, device);
  noise.attribute = once.attribute;
  noise.extra = once.extra;
  if (tiles == 1) return noise;
  noise.attribute = noise.attribute.repeat({tiles, 1});
  if (noise.extra.defined()) noise.extra = noise.extra.repeat({tiles, 1});
  noise.feature = [=](int64_t, int64_t steps, const torch::Tensor&) {
    return draw({steps, own, latent}, generator, device).repeat({1, tiles, 1});
  };
  return noise;
}

GeneratorNetwork::GeneratorNetwork(const NetShareParams& params, const Layout& attributes,
                                   const Layout& features, int64_t longest)
    : params_(params),
      attribute_layout_(attributes),
      feature_layout_(features),
      longest_(longest),
      all_heads_(attributes, 0, attributes.width),
      main_heads_(attributes, attributes.given, attributes.width - attributes.extra),
      extra_heads_(attributes, attributes.width - attributes.extra, attributes.width),
      feature_heads_(features, 0, features.width),
      gated_features_(has_gates(features)) {
  const auto network = [&](const std::string& name, int64_t in, int64_t out) {
    return std::make_unique<nn::NormalisedMlp>(parameters_, name, params_.attribute_latent + in,
                                               params_.attribute_units, params_.attribute_layers, out);
  };
  const int64_t first = attributes.width - attributes.extra;
  main_ = network("attribute", attributes.given, first - attributes.given);
  if (attributes.extra > 0) extra_ = network("extra", first, attributes.extra);
  const int64_t units = params.lstm_units, emitted = params.sample_len * features.width;
  lstm_ = std::make_unique<nn::Lstm>(parameters_, "lstm", attributes.width, params.feature_latent, units);
  using Start = nn::Parameters::Start;
  parameters_.add("feature.out.weight", &out_weight_, {units, emitted}, Start::weight, units, emitted);
  parameters_.add("feature.out.bias", &out_bias_, {emitted}, Start::bias, units, emitted);
}

void GeneratorNetwork::build(at::Generator generator, torch::Device device) {
  parameters_.build(nn::init_from_name(params_.init), generator, device);
  lstm_->open_forget_gates();
}

int64_t GeneratorNetwork::kept(int64_t length) const {
  const int64_t block = params_.mask == "block" ? params_.sample_len : 1;
  return (length + block - 1) / block * block;
}

int64_t GeneratorNetwork::longest_kept(int64_t group) const {
  const auto begin = pass_.kept.begin() + group * pass_.batch;
  return *std::max_element(begin, begin + pass_.batch);
}

void GeneratorNetwork::generate_attributes(const Noise& noise, int64_t groups, const torch::Tensor& given) {
  const int64_t rows = noise.attribute.size(0), width = attribute_layout_.width,
                own = width - attribute_layout_.extra;
  main_->forward(pass_.main, with_given(noise.attribute, given), groups, params_.norm_momentum);
  pass_.attributes = torch::empty({rows, width}, noise.attribute.options());
  if (attribute_layout_.given > 0) pass_.attributes.narrow(1, 0, attribute_layout_.given).copy_(given);
  main_heads_.activate(pass_.main.out, pass_.attributes);
  if (extra_ != nullptr) {
    torch::Tensor extra = pass_.attributes.narrow(1, own, width - own);
    extra.zero_();
    const torch::Tensor discrete = discretised(pass_.attributes).narrow(1, 0, own);
    extra_->forward(pass_.extra, torch::cat({noise.extra, discrete}, 1), groups, params_.norm_momentum);
    extra_heads_.activate(pass_.extra.out, pass_.attributes);
  }
  pass_.discrete = discretised(pass_.attributes);
}

torch::Tensor GeneratorNetwork::discretised(const torch::Tensor& attributes) const {
  torch::Tensor out = attributes.clone();
  all_heads_.discretise(out);
  return out;
}

void GeneratorNetwork::generate(const Noise& noise, int64_t groups, const torch::Tensor& given,
                                std::span<const int64_t> lengths) {
  const torch::NoGradGuard no_grad;
  const int64_t rows = noise.attribute.size(0), block = params_.sample_len;
  pass_.batch = rows / groups;
  generate_attributes(noise, groups, given);
  const int64_t last = lengths.empty() ? longest_ : *std::max_element(lengths.begin(), lengths.end());
  const int64_t steps = (last + block - 1) / block;
  lstm_->begin(pass_.lstm, pass_.discrete, noise.hidden, noise.cell);
  pass_.lengths.assign(lengths.begin(), lengths.end());
  if (!lengths.empty()) {
    lstm_->run(pass_.lstm, 0, noise.feature(0, steps, {}));
    emit(0, steps);
  } else {
    pass_.lengths.assign(static_cast<size_t>(rows), 0);  // 0: goes on
    for (int64_t done = 0; done < steps;) {
      const int64_t n = next_segment(done, steps);
      lstm_->run(pass_.lstm, done, noise.feature(done, n, {}));
      emit(done, n);
      done += n;
      if (std::find(pass_.lengths.begin(), pass_.lengths.end(), 0) == pass_.lengths.end()) break;
    }
  }
  collect();
}

void GeneratorNetwork::emit(int64_t first, int64_t steps) {
  const int64_t rows = pass_.discrete.size(0), block = params_.sample_len, width = feature_layout_.width;
  const auto grow = [&](torch::Tensor& t) {
    if (t.defined() && t.size(0) >= first + steps && t.size(1) == rows) return;
    torch::Tensor larger =
        torch::empty({pass_.lstm.gates.size(0), rows, block * width}, pass_.discrete.options());
    if (first > 0) larger.narrow(0, 0, first).copy_(t.narrow(0, 0, first));
    t = larger;
  };
  grow(pass_.soft);
  if (gated_features_) grow(pass_.rows);
  torch::Tensor raw = pass_.soft.narrow(0, first, steps).view({steps * rows, block * width});
  at::addmm_out(raw, out_bias_, lstm_->hidden(pass_.lstm, first, steps), out_weight_);
  torch::Tensor heads = raw.view({-1, width});
  torch::Tensor out = gated_features_ ? pass_.rows.narrow(0, first, steps).view({-1, width}) : heads;
  feature_heads_.activate(heads, out);
  if (attribute_layout_.given > 0) return;
  // Ends by the generation flags, the last two columns.
  const torch::Tensor flags = out.narrow(1, width - 2, 2).to(torch::kCPU).contiguous();
  const auto* flag = flags.data_ptr<float>();
  for (int64_t r = 0; r < steps; ++r) {
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t s = 0; s < block; ++s, flag += 2) {
        int64_t& length = pass_.lengths[static_cast<size_t>(i)];
        const int64_t records = (first + r) * block + s + 1;
        if (length == 0 && (flag[0] <= flag[1] || records == longest_)) length = records;
      }
    }
  }
}

void GeneratorNetwork::collect() {
  const int64_t rows = pass_.discrete.size(0), block = params_.sample_len, width = feature_layout_.width;
  pass_.kept.resize(pass_.lengths.size());
  std::transform(pass_.lengths.begin(), pass_.lengths.end(), pass_.kept.begin(),
                 [&](int64_t length) { return kept(length); });
  const int64_t longest = *std::max_element(pass_.kept.begin(), pass_.kept.end());
  const int64_t steps = (longest + block - 1) / block;
  const int64_t values = rows * steps * block * width;
  if (!pass_.room.defined() || pass_.room.numel() < values)
    pass_.room = torch::empty({values}, pass_.discrete.options());
  pass_.features = pass_.room.narrow(0, 0, values).view({rows, steps * block, width});
  const torch::Tensor& from = gated_features_ ? pass_.rows : pass_.soft;
  pass_.features.view({rows, steps, block * width}).copy_(from.narrow(0, 0, steps).transpose(0, 1));
  clear_ends(pass_.features, pass_.kept);
}

Batch GeneratorNetwork::batch(int64_t group) const {
  const int64_t first = group * pass_.batch;
  Batch out;
  out.attributes = pass_.attributes.narrow(0, first, pass_.batch);
  out.features = pass_.features.narrow(0, first, pass_.batch).narrow(1, 0, longest_kept(group));
  const auto begin = pass_.lengths.begin() + first;
  out.lengths.assign(begin, begin + pass_.batch);
  return out;
}

void GeneratorNetwork::backward(torch::Tensor& d_attributes, torch::Tensor& d_features,
                                torch::Tensor& gradient) {
  const torch::NoGradGuard no_grad;
  const auto gradients = parameters_.views(gradient);
  backward_attributes(d_attributes, gradients.data());
  const size_t attribute_tensors = main_->tensors() + (extra_ == nullptr ? 0 : extra_->tensors());
  backward_features(d_features, gradients.data() + attribute_tensors);
}

void GeneratorNetwork::backward_attributes(torch::Tensor& d_attributes,
                                           const torch::Tensor* gradients) const {
  const int64_t batch = pass_.batch, first = pass_.attributes.size(0) - batch;
  const torch::Tensor row = pass_.attributes.narrow(0, first, batch);
  const auto through = [&](const nn::NormalisedMlp& net, const nn::NormalisedMlp::Pass& pass,
                           const nn::Heads& heads, const torch::Tensor* of) {
    torch::Tensor d_raw = torch::empty({batch, heads.columns()}, row.options());
    heads.backward(pass.out.narrow(0, first, batch), row, d_attributes, d_raw);
    net.backward(pass, d_raw, of);
  };
  if (extra_ != nullptr) through(*extra_, pass_.extra, extra_heads_, gradients + main_->tensors());
  through(*main_, pass_.main, main_heads_, gradients);
}

void GeneratorNetwork::backward_features(torch::Tensor& d_features, const torch::Tensor* gradients) const {
  const int64_t batch = pass_.batch, first = pass_.attributes.size(0) - batch, block = params_.sample_len,
                width = feature_layout_.width, units = params_.lstm_units;
  const int64_t length = d_features.size(1), steps = (length + block - 1) / block;
  clear_ends(d_features, std::span(pass_.kept).last(static_cast<size_t>(batch)));
  torch::Tensor whole = d_features;
  if (length < steps * block) whole = torch::constant_pad_nd(d_features, {0, 0, 0, steps * block - length});
  // In the order of the LSTM: steps, samples.
  torch::Tensor d_row =
      whole.view({batch, steps, block * width}).transpose(0, 1).contiguous().view({-1, width});
  const auto slice = [&](const torch::Tensor& t) {
    return t.narrow(0, 0, steps).narrow(1, first, batch).reshape({-1, width});
  };
  const torch::Tensor soft = slice(pass_.soft), row = gated_features_ ? slice(pass_.rows) : soft;
  torch::Tensor d_raw = torch::empty_like(d_row);
  feature_heads_.backward(soft, row, d_row, d_raw);
  d_raw = d_raw.view({steps * batch, block * width});
  torch::Tensor d_weight = gradients[nn::Lstm::kTensors], d_bias = gradients[nn::Lstm::kTensors + 1];
  const torch::Tensor hidden =
      pass_.lstm.state.narrow(0, 1, steps).narrow(1, first, batch).narrow(2, 0, units).reshape({-1, units});
  at::mm_out(d_weight, hidden.t(), d_raw);
  at::sum_out(d_bias, d_raw, 0);
  torch::Tensor d_hidden = torch::mm(d_raw, out_weight_.t()).view({steps, batch, units});
  lstm_->backward(pass_.lstm, first, d_hidden, gradients);
}

torch::Tensor GeneratorNetwork::attributes(const Noise& noise, const torch::Tensor& given) const {
  const torch::NoGradGuard no_grad;
  const int64_t width = attribute_layout_.width, own = width - attribute_layout_.extra;
  torch::Tensor out = torch::zeros({noise.attribute.size(0), width}, noise.attribute.options());
  if (attribute_layout_.given > 0) out.narrow(1, 0, attribute_layout_.given).copy_(given);
  torch::Tensor raw = main_->infer(with_given(noise.attribute, given));
  main_heads_.activate(raw, out);
  if (extra_ != nullptr) {
    const torch::Tensor discrete = discretised(out).narrow(1, 0, own);
    raw = extra_->infer(torch::cat({noise.extra, discrete}, 1));
    extra_heads_.activate(raw, out);
  }
  return out;
}

}  // namespace bench
