#include "models/netshare/netshare.h"

#include <algorithm>
#include <numeric>

#include "models/chunked/chunked.h"
#include "models/netshare/doppelganger.h"
#include "models/nn/parameters.h"

namespace bench {
namespace {

/// DoppelGanger with a random stream of its own.
class DoppelGangerModel : public SequenceModel {
 public:
  DoppelGangerModel(const NetShareParams& params, const FlowEncoder& encoder, Seed seed, torch::Device device)
      : model_(params, encoder.attributes(), encoder.features(), encoder.longest_sample(), seed, device) {}

  void train(const FlowSamples& samples, int64_t iterations, Seed seed, Progress& progress,
             const std::function<void(int64_t)>& snapshot) override {
    nn::with_torch_errors([&] { model_.train(samples, iterations, seed, progress, snapshot); });
  }
  void make_private(const PrivateSteps& steps) { model_.make_private(steps); }
  void save(H5Writer& file, const std::string& name) const override { model_.save(file, name); }
  void load(const H5Reader& file, const std::string& name) override { model_.load(file, name); }
  void save_training(H5Writer& file) const override { model_.save_training(file); }
  void load_training(const H5Reader& file, bool moments) override { model_.load_training(file, moments); }
  void start_sampling(Seed seed) override { generator_ = nn::make_generator(seed); }
  std::vector<float> attributes(std::span<const float> given, int64_t count) override {
    return nn::with_torch_errors([&] { return model_.attributes(given, count, generator_); });
  }
  FlowSamples features(std::vector<float> attributes, std::span<const int64_t> lengths) override {
    return nn::with_torch_errors([&] { return model_.features(std::move(attributes), lengths, generator_); });
  }

 private:
  DoppelGanger model_;
  at::Generator generator_ = nn::make_generator(Seed(0));
};

class NetShare : public ChunkedGenerator {
 public:
  explicit NetShare(const NetShareParams& params) : ChunkedGenerator(options_of(params)), params_(params) {}

  Estimate estimate(const Trace& trace) const override {
    if (trace.size() == 0) return {};
    EncodeOptions cheap = options().encode;  // word vectors are not worth learning for a cost
    if (cheap.services.encoding == "ip2vec") cheap.services.encoding = "bits";
    FlowEncoder encoder;
    encoder.fit(trace, cheap, Seed(0));
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
    const auto& records = encoder.chunk_records();
    const auto trained =
        static_cast<double>(std::count_if(records.begin(), records.end(), [](int64_t n) { return n > 0; }));
    const double share = params_.hot_start ? params_.fine_tune_share : 1;
    const auto whole = static_cast<double>(params_.iterations);
    const double iterations = params_.privacy.from_public()
                                  ? whole * trained + static_cast<double>(params_.privacy.public_iterations)
                                  : whole * (1 + share * (trained - 1));
    return {iterations * (flops / kFlopsPerSecond + overhead),
            kLibraryBytes + 4 * (activations + weights + samples)};
  }

 protected:
  std::unique_ptr<SequenceModel> make_network(const FlowEncoder& encoder, Seed seed,
                                              const std::string& device, int threads) const override {
    torch::set_num_threads(threads);
    return nn::with_torch_errors([&]() -> std::unique_ptr<SequenceModel> {
      return std::make_unique<DoppelGangerModel>(params_, encoder, seed, nn::device_from_name(device));
    });
  }
  std::unique_ptr<SequenceModel> make_private_network(const FlowEncoder& encoder, const PrivateSteps& steps,
                                                      Seed seed, const std::string& device,
                                                      int threads) const override {
    torch::set_num_threads(threads);
    return nn::with_torch_errors([&]() -> std::unique_ptr<SequenceModel> {
      auto out = std::make_unique<DoppelGangerModel>(params_, encoder, seed, nn::device_from_name(device));
      out->make_private(steps);
      return out;
    });
  }
  CriticTraining critic_training() const override {
    CriticTraining out;
    out.batch = params_.batch;
    out.iterations = params_.iterations;
    out.rounds = params_.d_rounds;
    out.critics = params_.aux_critic ? 2 : 1;
    out.new_batch_for = BatchUse::round;
    return out;
  }
  std::string name() const override { return "netshare"; }

 private:
  static ChunkedOptions options_of(const NetShareParams& params) {
    ChunkedOptions out = params.chunked_options(params.iterations, params.sample_len);
    out.privacy = params.privacy;
    return out;
  }

  // Measured on one core of an AMD EPYC (Genoa) with OpenBLAS 0.3.21 by models_bench; good to a factor of
  // two.
  static constexpr double kFlopsPerSecond = 6.5e10;
  static constexpr double kCriticOverhead = 3e-4;
  static constexpr double kGeneratorOverhead = 5e-4;
  static constexpr double kStepOverhead = 2e-5;
  static constexpr double kLibraryBytes = 3e8;

  NetShareParams params_;
};

}  // namespace

std::unique_ptr<Params> netshare_params() { return std::make_unique<NetShareParams>(); }

std::unique_ptr<Generator> make_netshare(const Params& params) {
  return std::make_unique<NetShare>(dynamic_cast<const NetShareParams&>(params));
}

}  // namespace bench
