#include "models/stan/stan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <span>

#include "core/error.h"
#include "core/h5.h"
#include "models/nn/schedule.h"
#include "models/nn/threads.h"
#include "models/rows/row_model.h"
#include "models/stan/attributes.h"
#include "models/stan/network.h"
#include "models/stan/params.h"
#include "models/stan/stan_sampler.h"
#include "models/stan/stan_tensors.h"
#include "models/stan/streams.h"

namespace bench {
namespace {

/// Records that a stream has with one combination of labels.
struct StreamShare {
  int32_t host = 0;   ///< code of srcip; number of the part of the trace where streams are parts
  int32_t label = 0;  ///< of the joint labels; 0 without labels
  int64_t records = 0;
};

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
  const StanTensors tensors(rows, count, attributes_, network_->device());
  nn::Parameters& parameters = network_->parameters();
  nn::Adam adam(parameters, 0.9, 0.999);
  at::Generator dropped = nn::make_generator(context.seed.child("dropout"));
  at::Generator noise = nn::make_generator(context.seed.child("noise"));
  Rng rng = context.seed.child("batches").rng();
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), int64_t{0});
  const int64_t batch = std::min(params_.batch, count), steps = (count + batch - 1) / batch,
                total = steps * params_.epochs;
  for (int64_t epoch = 0, step = 0; epoch < params_.epochs; ++epoch) {
    std::shuffle(order.begin(), order.end(), rng);
    double sum = 0;
    for (int64_t begin = 0; begin < count; begin += batch, ++step) {
      const int64_t n = std::min(batch, count - begin);
      const std::span<const int64_t> some(order.data() + begin, static_cast<size_t>(n));
      const torch::Tensor loss = network_->loss(tensors.pick(some, params_.noise, noise), &dropped);
      adam.step(nn::gradient_of(loss, parameters), nn::decayed(params_.lr, params_.lr_decay, step, total));
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
    int64_t known = 0;
    for (const StreamShare& share : shares_) known += share.records;
    const int64_t times = (static_cast<int64_t>(rows) + known - 1) / known;
    StanSampler sampler(*network_, attributes_, labels, params_.clock == "ranks" && labels.empty(), times,
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
