#include "models/timegan/network.h"

namespace bench {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999;

/// Raw outputs [.., width of the heads behind `first`] -> rows as the layout says, soft.
torch::Tensor soft(const torch::Tensor& raw, const Layout& layout, int64_t first) {
  std::vector<torch::Tensor> parts;
  for (const Head& head : layout.heads) {
    if (head.offset < first) continue;
    const torch::Tensor part = raw.narrow(-1, head.offset - first, head.columns());
    if (head.kind == Head::Kind::unit) parts.push_back(torch::sigmoid(part));
    if (head.kind == Head::Kind::word) parts.push_back(torch::tanh(part));
    if (head.kind != Head::Kind::category) continue;
    std::vector<int64_t> shape = part.sizes().vec();
    shape.back() = head.count;
    shape.push_back(head.width);
    parts.push_back(torch::softmax(part.reshape(shape), -1).reshape(part.sizes()));
  }
  return torch::cat(parts, -1);
}

/// The length of each difference [.., width] -> [..].
torch::Tensor distance(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).square().sum(-1) + 1e-12).sqrt();
}

/// Mean over the records that exist of [n, length].
torch::Tensor mean_of(const torch::Tensor& values, const torch::Tensor& exists) {
  return (values * exists.squeeze(2)).sum() / exists.sum();
}

}  // namespace

Gru::Gru(nn::Parameters& parameters, const std::string& name, int64_t in, int64_t units)
    : units_(units),
      from_input_(parameters, name + ".input", in, 3 * units),
      from_state_(parameters, name + ".state", units, 3 * units) {}

torch::Tensor Gru::operator()(const torch::Tensor& x, const torch::Tensor& state) const {
  const auto input = from_input_(x).chunk(3, 1), own = from_state_(state).chunk(3, 1);
  const torch::Tensor reset = torch::sigmoid(input[0] + own[0]), keep = torch::sigmoid(input[1] + own[1]);
  return keep * state + (1 - keep) * torch::tanh(input[2] + reset * own[2]);
}

TimeganNetwork::TimeganNetwork(const TimeganParams& params, const Layout& attributes, const Layout& features,
                               Seed seed, torch::Device device)
    : params_(params), attributes_(attributes), features_(features), device_(device) {
  const int64_t wide = params.row_units, units = params.units, made = attributes.width - attributes.given;
  const auto net = [&](Learner& learner, const char* name, int64_t in, int64_t out) {
    return std::make_unique<RowNet>(learner.parameters, name, in, wide, 1, out, Activation::silu);
  };
  row_in_ = net(embedder_, "row.in", attributes.width, wide);
  row_out_ = net(embedder_, "row.out", wide + attributes.given, made);
  record_in_ = std::make_unique<Gru>(embedder_.parameters, "record.in", wide + features.width, units);
  record_out_ = net(embedder_, "record.out", wide + units, features.width);
  row_make_ = net(generator_, "row.make", wide + attributes.given, wide);
  record_make_ = std::make_unique<Gru>(generator_.parameters, "record.make", wide + units, units);
  row_judge_ = net(discriminator_, "row.judge", wide, 1);
  record_judge_ = std::make_unique<Gru>(discriminator_.parameters, "record.judge", wide + units, units);
  record_score_ = std::make_unique<nn::Linear>(discriminator_.parameters, "record.score", units, 1);
  const auto init = nn::make_generator(seed);
  for (Learner* learner : learners()) learner->build(nn::Init::standard, init, device, kBeta1, kBeta2);
}

torch::Tensor TimeganNetwork::noise(int64_t n, const at::Generator& generator) const {
  return normal_noise({n, params_.units}, generator, device_);
}

TimeganNetwork::Latent TimeganNetwork::embed(const SampleBatch& batch) const {
  Latent out{embed_row(batch.attributes), {}};
  torch::Tensor state = torch::zeros({batch.features.size(0), params_.units}, batch.features.options());
  std::vector<torch::Tensor> records;
  for (int64_t t = 0; t < batch.features.size(1); ++t) {
    state = (*record_in_)(torch::cat({out.row, batch.features.select(1, t)}, 1), state);
    records.push_back(state);
  }
  out.records = torch::stack(records, 1);
  return out;
}

torch::Tensor TimeganNetwork::make_records(const torch::Tensor& row, int64_t length,
                                           const at::Generator& generator) const {
  torch::Tensor state = torch::zeros({row.size(0), params_.units}, row.options());
  std::vector<torch::Tensor> records;
  for (int64_t t = 0; t < length; ++t) {
    state = (*record_make_)(torch::cat({row, noise(row.size(0), generator)}, 1), state);
    records.push_back(state);
  }
  return torch::stack(records, 1);
}

torch::Tensor TimeganNetwork::reconstruction_loss(const SampleBatch& batch, const Latent& latent) const {
  const int64_t length = latent.records.size(1), given = attributes_.given;
  const torch::Tensor known = batch.attributes.narrow(1, 0, given);
  const torch::Tensor row = soft((*row_out_)(torch::cat({latent.row, known}, 1)), attributes_, given);
  const torch::Tensor with_row =
      torch::cat({latent.row.unsqueeze(1).expand({-1, length, -1}), latent.records}, 2).flatten(0, 1);
  const torch::Tensor records =
      soft((*record_out_)(with_row), features_, 0).view({-1, length, features_.width});
  return distance(row, batch.attributes.narrow(1, given, attributes_.width - given)).mean() +
         mean_of(distance(records, batch.features), batch.exists);
}

torch::Tensor TimeganNetwork::supervised_loss(const SampleBatch& batch, const Latent& latent,
                                              const at::Generator& generator) const {
  const int64_t n = latent.records.size(0), length = latent.records.size(1), units = params_.units;
  const torch::Tensor begin = torch::zeros({n, 1, units}, latent.records.options());
  const torch::Tensor before = torch::cat({begin, latent.records.narrow(1, 0, length - 1)}, 1).flatten(0, 1);
  const torch::Tensor row = latent.row.unsqueeze(1).expand({-1, length, -1}).flatten(0, 1);
  const torch::Tensor next = (*record_make_)(torch::cat({row, noise(n * length, generator)}, 1), before);
  return mean_of(distance(next.view({n, length, units}), latent.records), batch.exists);
}

torch::Tensor TimeganNetwork::judge(const Latent& latent) const {
  std::vector<torch::Tensor> logits{(*row_judge_)(latent.row)};
  torch::Tensor state = torch::zeros({latent.row.size(0), params_.units}, latent.row.options());
  for (int64_t t = 0; t < latent.records.size(1); ++t) {
    state = (*record_judge_)(torch::cat({latent.row, latent.records.select(1, t)}, 1), state);
    logits.push_back((*record_score_)(state));
  }
  return torch::cat(logits, 1);
}

double TimeganNetwork::reconstruct(const SampleBatch& batch, double rate) {
  const torch::AutoGradMode gradients_on(true);
  const torch::Tensor loss = reconstruction_loss(batch, embed(batch));
  embedder_.step(loss, rate);
  return loss.item<double>();
}

double TimeganNetwork::predict(const SampleBatch& batch, double rate, const at::Generator& generator) {
  const torch::AutoGradMode gradients_on(true);
  const torch::Tensor loss = supervised_loss(batch, embed(batch), generator);
  generator_.step(loss, rate);
  return loss.item<double>();
}

double TimeganNetwork::compete(const SampleBatch& batch, double rate, const at::Generator& generator) {
  const torch::AutoGradMode gradients_on(true);
  const int64_t n = batch.attributes.size(0), length = batch.features.size(1);
  const torch::Tensor known = batch.attributes.narrow(1, 0, attributes_.given);
  const torch::Tensor weights = torch::cat(
      {torch::ones({n, 1}, batch.exists.options()), batch.exists.squeeze(2)}, 1);  // [n, length + 1]
  const auto mean = [&](const torch::Tensor& values) { return (values * weights).sum() / weights.sum(); };
  const auto made = [&] {
    const torch::Tensor z = normal_noise({n, params_.row_units}, generator, device_);
    const torch::Tensor row = torch::tanh((*row_make_)(torch::cat({z, known}, 1)));
    return Latent{row, make_records(row, length, generator)};
  };

  const Latent real = embed(batch);
  const torch::Tensor goal =
      mean(torch::softplus(-judge(made()))) +
      params_.eta * supervised_loss(batch, {real.row.detach(), real.records.detach()}, generator);
  generator_.step(goal, rate);
  embedder_.step(reconstruction_loss(batch, real) + params_.gamma * supervised_loss(batch, real, generator),
                 rate);

  const Latent truth = embed(batch), fake = made();
  const torch::Tensor loss = mean(torch::softplus(-judge({truth.row.detach(), truth.records.detach()}))) +
                             mean(torch::softplus(judge({fake.row.detach(), fake.records.detach()})));
  const double value = loss.item<double>();
  if (!(value < params_.enough)) discriminator_.step(loss, rate);
  return value;
}

torch::Tensor TimeganNetwork::draw_attributes(const torch::Tensor& given,
                                              const at::Generator& generator) const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor z = normal_noise({given.size(0), params_.row_units}, generator, device_);
  const torch::Tensor row = torch::tanh((*row_make_)(torch::cat({z, given}, 1)));
  return torch::cat({given, soft((*row_out_)(torch::cat({row, given}, 1)), attributes_, attributes_.given)},
                    1);
}

torch::Tensor TimeganNetwork::draw_features(const torch::Tensor& rows, int64_t length,
                                            const at::Generator& generator) const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor row = embed_row(rows), records = make_records(row, length, generator);
  const torch::Tensor with_row =
      torch::cat({row.unsqueeze(1).expand({-1, length, -1}), records}, 2).flatten(0, 1);
  return soft((*record_out_)(with_row), features_, 0).view({-1, length, features_.width});
}

}  // namespace bench
