#include "models/netshare/netshare.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/h5.h"
#include "models/encode/flow_decoder.h"
#include "models/netshare/doppelganger.h"

namespace bench {
namespace {

constexpr int kCalibrationBatches = 16;
constexpr auto kFile = "netshare.h5";

EncodeOptions encode_options(const NetShareParams& params) {
  EncodeOptions options;
  options.ports = {params.ports, params.frequent_ports, params.frequent_share};
  options.quantile = params.continuous != "minmax";
  options.linear_interarrival = params.linear_interarrival;
  // A whole number of LSTM steps, so that a full sample of a longer flow has no position behind its last
  // record.
  options.max_flow_len =
      (params.max_flow_len + params.sample_len - 1) / params.sample_len * params.sample_len;
  return options;
}

class NetShare : public Generator {
 public:
  explicit NetShare(const NetShareParams& params) : params_(params) {}

  void fit(const TrainingTrace& train, FitContext& context) override {
    nn::with_torch_errors([&] {
      torch::set_num_threads(context.threads);
      const Trace& trace = train.trace();
      if (trace.size() == 0) fail(Kind::data, "netshare: the training part has no record");
      encoder_.fit(trace, encode_options(params_));
      const FlowSamples samples = encoder_.encode(trace);
      if (!encoder_.has_time()) context.progress.log("netshare: no time column, so no time is modelled");
      context.progress.log(fmt::format(
          "netshare: {} records in {} samples of at most {} records, {} attribute and {} feature columns",
          trace.size(), samples.size(), encoder_.longest_sample(), encoder_.attributes().width,
          encoder_.features().width));
      const auto device = nn::device_from_name(context.device);
      model_.emplace(params_, encoder_, context.seed.child("init"), device);
      model_->train(samples, context.seed.child("training"), context.progress);
      if (params_.continuous == "calibrated") {
        DoppelGanger::Sampler sampler(*model_, context.seed.child("calibration"));
        FlowSamples generated;
        for (int i = 0; i < kCalibrationBatches; ++i) generated.append(sampler.next());
        encoder_.calibrate(generated);
      }
    });
  }

  Trace sample(int64_t records, SampleContext& context) override {
    if (!model_) fail(Kind::config, "netshare: sample() before fit() or load()");
    return nn::with_torch_errors([&] {
      torch::set_num_threads(context.threads);
      FlowDecoder decoder(encoder_, records);
      DoppelGanger::Sampler sampler(*model_, context.seed.child("sampling"));
      int64_t barren = 0;  // batches in a row without a new record
      while (!decoder.full()) {
        if (context.progress.cancelled())
          fail(Kind::cancelled, "sampling stopped at record {}", decoder.size());
        const int64_t before = decoder.size();
        decoder.add(sampler.next());
        barren = decoder.size() == before ? barren + 1 : 0;
        if (barren > kMaxBarren) {
          fail(Kind::invalid_output, "netshare: {} batches in a row held no sample that starts a flow",
               barren);
        }
        context.progress.report(static_cast<double>(decoder.size()), static_cast<double>(records), "records",
                                "");
      }
      return decoder.finish(context.progress);
    });
  }

  void save(const std::filesystem::path& folder) const override {
    if (!model_) fail(Kind::config, "netshare: save() before fit() or load()");
    H5Writer file(folder / kFile);
    encoder_.save(file);
    model_->save(file);
    file.finish();
  }

  void load(const std::filesystem::path& folder) override {
    nn::with_torch_errors([&] {
      const H5Reader file(folder / kFile);
      encoder_.load(file);
      model_.emplace(params_, encoder_, Seed(0), torch::kCPU);
      model_->load(file);
    });
  }

  Estimate estimate(const Trace& trace) const override {
    if (trace.size() == 0) return {};
    FlowEncoder encoder;
    encoder.fit(trace, encode_options(params_));
    const int64_t block = params_.sample_len;
    const int64_t positions = (encoder.longest_sample() + block - 1) / block * block;
    const int64_t attributes = encoder.attributes().width, features = encoder.features().width;
    const double flops = iteration_flops(params_, attributes, features, positions);
    const auto steps = static_cast<double>(positions / block);
    const double overhead =
        static_cast<double>(params_.d_rounds) * (kCriticOverhead + steps * kStepOverhead / 2) +
        kGeneratorOverhead + steps * kStepOverhead;
    const auto row = static_cast<double>(positions * features + attributes);
    const double activations =
        static_cast<double>(params_.batch) *
        (8 * row + 40 * static_cast<double>(params_.critic_layers * params_.critic_units) +
         steps * 20 * static_cast<double>(params_.lstm_units));
    const double weights =
        flops / (2 * static_cast<double>(params_.batch)) / static_cast<double>(params_.d_rounds);
    const double samples = static_cast<double>(trace.size()) * static_cast<double>(attributes + features);
    return {static_cast<double>(params_.iterations) * (flops / kFlopsPerSecond + overhead),
            kLibraryBytes + 4 * (activations + weights + samples)};
  }

 private:
  static constexpr int64_t kMaxBarren = 1000;
  // Measured on one core of an AMD EPYC (Genoa) with OpenBLAS 0.3.21 by models_bench; good to a factor of
  // two.
  static constexpr double kFlopsPerSecond = 5e10;
  static constexpr double kCriticOverhead = 1e-3;
  static constexpr double kGeneratorOverhead = 1.5e-3;
  static constexpr double kStepOverhead = 3e-4;
  static constexpr double kLibraryBytes = 3e8;

  NetShareParams params_;
  FlowEncoder encoder_;
  std::optional<DoppelGanger> model_;
};

}  // namespace

std::unique_ptr<Params> netshare_params() { return std::make_unique<NetShareParams>(); }

std::unique_ptr<Generator> make_netshare(const Params& params) {
  return std::make_unique<NetShare>(dynamic_cast<const NetShareParams&>(params));
}

}  // namespace bench
