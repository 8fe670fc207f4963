#include "models/stan/stan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "core/error.h"
#include "core/h5.h"
#include "models/nn/threads.h"
#include "models/rows/row_model.h"
#include "models/stan/attributes.h"
#include "models/stan/network.h"
#include "models/stan/params.h"
#include "models/stan/stan_sampler.h"
#include "models/stan/streams.h"

namespace bench {
namespace {

/// Records that a stream has with one combination of labels.
struct StreamShare {
  int32_t host = 0;   ///< code of srcip; number of the part of the trace where streams are parts
  int32_t label = 0;  ///< of the joint labels; 0 without labels
  int64_t records = 0;
};

torch::Tensor int_tensor(const std::vector<int64_t>& values, std::vector<int64_t> shape,
                         torch::Device device) {
  return torch::tensor(values, torch::kInt64).view(shape).to(device);
}
torch::Tensor float_tensor(const std::vector<float>& values, std::vector<int64_t> shape,
                           torch::Device device) {
  return torch::tensor(values, torch::kFloat).view(shape).to(device);
}

class Stan : public RowModel {
 public:
  explicit Stan(const StanParams& params) : params_(params) {}

  void fit(const RecordTable& table, FitContext& context) override;
  RecordTable sample(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) override;
  bool can_condition() const override { return true; }
  void save(H5Writer& file) const override;
  void load(const H5Reader& file, const RecordTable& columns) override;

 private:
  StanOptions options() const {
    return {params_.streams == "host", params_.window, params_.categories, params_.copies};
  }
  std::vector<int32_t> streams_of(const RecordTable& table) const;
  void train(const StanRows& rows, int64_t count, FitContext& context);

  StanParams params_;
  RecordTable empty_;
  StanAttributes attributes_;
  std::vector<StreamShare> shares_;
  std::unique_ptr<StanNetwork> network_;
};

std::vector<int32_t> Stan::streams_of(const RecordTable& table) const {
  if (params_.streams == "host") {
    const TableColumn* source = table.find("srcip");
    if (source == nullptr) fail(Kind::unsupported, "stan: streams \"host\" needs the column srcip");
    return source->codes;
  }
  std::vector<int32_t> out(table.rows);
  const size_t parts = std::min(table.rows, static_cast<size_t>(params_.trace_streams));
  for (size_t i = 0; i < table.rows; ++i) out[i] = static_cast<int32_t>(i * parts / table.rows);
  return out;
}

void Stan::fit(const RecordTable& table, FitContext& context) {
  empty_ = without_rows(table);
  const std::vector<int32_t> streams = streams_of(table);
  attributes_.fit(table, streams, options());
  const std::vector<int32_t> labels =
      attributes_.labels().empty() ? std::vector<int32_t>(table.rows, 0) : attributes_.labels().codes(table);
  std::map<std::pair<int32_t, int32_t>, int64_t> counts;
  for (size_t i = 0; i < table.rows; ++i) ++counts[{streams[i], labels[i]}];
  shares_.clear();
  for (const auto& [key, count] : counts) shares_.push_back({key.first, key.second, count});
  nn::with_torch_errors([&] {
    const nn::SingleThread single;
    network_ = std::make_unique<StanNetwork>(params_, attributes_, context.seed.child("init"),
                                             nn::device_from_name(context.device));
    train(attributes_.encode(table, streams), static_cast<int64_t>(table.rows), context);
  });
}

void Stan::train(const StanRows& rows, int64_t count, FitContext& context) {
  const torch::Device device = network_->device();
  const int64_t window = params_.window, inputs = static_cast<int64_t>(attributes_.cardinalities().size());
  const auto numbers = static_cast<int64_t>(attributes_.numbers()),
             identifiers = static_cast<int64_t>(attributes_.identifiers());
  const torch::Tensor before = int_tensor(rows.before, {count, window}, device);
  const torch::Tensor codes = int_tensor(rows.codes, {count + 1, inputs}, device);
  const torch::Tensor units = float_tensor(rows.units, {count + 1, numbers}, device);
  const torch::Tensor targets = int_tensor(rows.targets, {count, -1}, device);
  const torch::Tensor open =
      torch::tensor(rows.open, torch::kUInt8).view({count, identifiers, window}).to(device);
  const torch::Tensor low = float_tensor(rows.low, {count, numbers}, device),
                      high = float_tensor(rows.high, {count, numbers}, device);

  nn::Parameters& parameters = network_->parameters();
  nn::Adam adam(parameters, 0.9, 0.999);
  at::Generator dropped = nn::make_generator(context.seed.child("dropout"));
  Rng rng = context.seed.child("batches").rng();
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), int64_t{0});
  const int64_t batch = std::min(params_.batch, count), steps = (count + batch - 1) / batch,
                total = steps * params_.epochs;
  for (int64_t epoch = 0, step = 0; epoch < params_.epochs; ++epoch) {
    std::shuffle(order.begin(), order.end(), rng);
    double sum = 0;
    for (int64_t begin = 0; begin < count; begin += batch, ++step) {
      const auto first = order.begin() + begin, last = order.begin() + std::min(begin + batch, count);
      const int64_t n = last - first;
      const torch::Tensor some = int_tensor({first, last}, {n}, device);
      const torch::Tensor around = before.index_select(0, some).flatten();
      const StanBatch data{codes.index_select(0, some),
                           units.index_select(0, some),
                           codes.index_select(0, around).view({n, window, inputs}),
                           units.index_select(0, around).view({n, window, numbers}),
                           targets.index_select(0, some),
                           open.index_select(0, some),
                           low.index_select(0, some),
                           high.index_select(0, some)};
      const torch::Tensor loss = network_->loss(data, &dropped);
      const double place = static_cast<double>(step) / static_cast<double>(total);
      const double rate = params_.lr_decay == "cosine"
                              ? params_.lr * (1 + std::cos(std::numbers::pi * place)) / 2
                              : params_.lr;
      adam.step(nn::gradient_of(loss, parameters), rate);
      const double value = loss.item<double>();
      nn::check_loss(value, "stan: loss", step);
      sum += value * static_cast<double>(n);
      if (context.progress.cancelled())
        fail(Kind::cancelled, "stan: training stopped at step {} of {}", step, total);
    }
    context.progress.report(static_cast<double>(epoch + 1), static_cast<double>(params_.epochs), "epochs",
                            fmt::format("loss {:.3f}", sum / static_cast<double>(count)));
    if (epoch == 0 || (epoch + 1) % 10 == 0 || epoch + 1 == params_.epochs)
      context.progress.log(
          fmt::format("epoch {}: - ln P of a record {:.3f}", epoch + 1, sum / static_cast<double>(count)));
  }
}

RecordTable Stan::sample(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) {
  const std::vector<int32_t> labels =
      given.empty() ? std::vector<int32_t>{} : attributes_.labels().choices(given);
  std::map<int32_t, int64_t> hosts;
  for (const StreamShare& share : shares_) {
    const bool fits = labels.empty() || std::binary_search(labels.begin(), labels.end(), share.label);
    if (fits) hosts[share.host] += share.records;
  }
  std::vector<StreamPlan> plans;
  std::vector<int64_t> shares;
  for (const auto& [host, records] : hosts) {
    plans.push_back({host, 0});
    shares.push_back(records);
  }
  Rng rng = context.seed.child("streams").rng();
  const auto records = share_out(shares, static_cast<int64_t>(rows), rng);
  for (size_t s = 0; s < plans.size(); ++s) plans[s].records = records[s];
  return nn::with_torch_errors([&] {
    const nn::SingleThread single;
    StanSampler sampler(*network_, attributes_, labels, params_.clock == "ranks" && labels.empty(),
                        context.seed);
    return sampler.sample(std::move(plans), empty_, context.progress);
  });
}

void Stan::save(H5Writer& file) const {
  attributes_.save(file);
  network_->parameters().save(file, "network");
  std::vector<int32_t> hosts, labels;
  std::vector<int64_t> records;
  for (const StreamShare& share : shares_) {
    hosts.push_back(share.host);
    labels.push_back(share.label);
    records.push_back(share.records);
  }
  file.column("streams:hosts", hosts);
  file.column("streams:labels", labels);
  file.column("streams:records", records);
}

void Stan::load(const H5Reader& file, const RecordTable& columns) {
  empty_ = columns;
  attributes_.load(file, columns, options());
  const auto hosts = file.column<int32_t>("streams:hosts"), labels = file.column<int32_t>("streams:labels");
  const auto records = file.column<int64_t>("streams:records");
  if (hosts.empty() || hosts.size() != labels.size() || hosts.size() != records.size())
    fail(Kind::data, "saved STAN: {} streams with {} labels and {} lengths; as many would be right",
         hosts.size(), labels.size(), records.size());
  const TableColumn* source = columns.find("srcip");
  shares_.clear();
  for (size_t i = 0; i < hosts.size(); ++i) {
    const bool known = params_.streams != "host" ||
                       (source != nullptr && static_cast<size_t>(hosts[i]) < source->values.size());
    if (hosts[i] < 0 || !known || records[i] < 1)
      fail(Kind::data, "saved STAN: stream {} has host {} and {} records", i, hosts[i], records[i]);
    shares_.push_back({hosts[i], labels[i], records[i]});
  }
  nn::with_torch_errors([&] {
    const nn::SingleThread single;
    network_ = std::make_unique<StanNetwork>(params_, attributes_, Seed(0), torch::Device(torch::kCPU));
    network_->parameters().load(file, "network");
  });
}

}  // namespace

std::unique_ptr<Params> stan_params() { return std::make_unique<StanParams>(); }

std::unique_ptr<Generator> make_stan(const Params& params) {
  const auto& p = dynamic_cast<const StanParams&>(params);
  return make_row_generator({Identifiers::value, Identifiers::value, false}, std::make_unique<Stan>(p));
}

}  // namespace bench
