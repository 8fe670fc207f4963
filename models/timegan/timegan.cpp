#include "models/timegan/timegan.h"

#include <algorithm>

#include "models/chunked/chunked.h"
#include "models/chunked/sequence_model.h"
#include "models/diffusion/averaged_training.h"
#include "models/nn/schedule.h"
#include "models/nn/threads.h"
#include "models/timegan/network.h"

namespace bench {
namespace {

constexpr int64_t kDrawRows = 512;
constexpr const char* kNames[] = {"embedder", "generator", "discriminator"};

class TimeganSequences : public SequenceModel {
 public:
  TimeganSequences(const TimeganParams& params, const FlowEncoder& encoder, Seed seed, torch::Device device)
      : params_(params),
        attributes_(encoder.attributes()),
        features_(encoder.features()),
        longest_(encoder.longest_sample()),
        network_(params, attributes_, features_, seed, device) {}

  void train(const FlowSamples& samples, int64_t iterations, Seed seed, Progress& progress,
             const std::function<void(int64_t)>& snapshot) override;
  void save(H5Writer& file, const std::string& name) const override {
    for (size_t k = 0; k < 2; ++k) learner(k).parameters.save(file, name + "." + kNames[k]);
  }
  void load(const H5Reader& file, const std::string& name) override {
    averages_.restore();
    for (size_t k = 0; k < 2; ++k) learner(k).parameters.load(file, name + "." + kNames[k]);
  }
  void save_training(H5Writer& file) const override;
  void load_training(const H5Reader& file, bool moments) override;
  void start_sampling(Seed seed) override { generator_ = nn::make_generator(seed); }
  std::vector<float> attributes(std::span<const float> given, int64_t count) override;
  FlowSamples features(std::vector<float> attributes, std::span<const int64_t> lengths) override;

 private:
  Learner& learner(size_t k) const { return *network_.learners()[k]; }
  void append(const float* rows, int64_t room, int64_t length, FlowSamples& out) const;

  TimeganParams params_;
  Layout attributes_, features_;
  int64_t longest_;
  mutable TimeganNetwork network_;
  mutable Averages averages_;
  at::Generator generator_ = nn::make_generator(Seed(0));
};

void TimeganSequences::train(const FlowSamples& samples, int64_t iterations, Seed seed, Progress& progress,
                             const std::function<void(int64_t)>& snapshot) {
  const nn::SingleThread single_thread;
  averages_.start({&learner(0), &learner(1)}, params_.ema);
  SampleBatches batches(samples, attributes_.width, features_.width, params_.batch, false,
                        seed.child("batches").rng(), network_.device());
  const auto noise = nn::make_generator(seed.child("noise"));
  const auto step = [&](int64_t i) {
    const double rate = nn::decayed(params_.lr, params_.lr_decay, i, iterations);
    const SampleBatch batch = batches.next();
    const int64_t stage = 3 * i / iterations;
    return stage == 0   ? network_.reconstruct(batch, rate)
           : stage == 1 ? network_.predict(batch, rate, noise)
                        : network_.compete(batch, rate, noise);
  };
  train_averaged({iterations, params_.snapshot_count, "timegan: the loss"}, averages_, progress, step,
                 snapshot);
}

void TimeganSequences::save_training(H5Writer& file) const {
  const bool averaged = averages_.in_place();
  averages_.restore();
  for (size_t k = 0; k < 3; ++k) {
    learner(k).parameters.save(file, std::string("training.") + kNames[k]);
    learner(k).adam->save(file, std::string("training.") + kNames[k]);
  }
  if (averaged) averages_.swap();
}

void TimeganSequences::load_training(const H5Reader& file, bool moments) {
  averages_.restore();
  for (size_t k = 0; k < 3; ++k) {
    learner(k).parameters.load(file, std::string("training.") + kNames[k]);
    if (moments) learner(k).adam->load(file, std::string("training.") + kNames[k]);
  }
}

std::vector<float> TimeganSequences::attributes(std::span<const float> given, int64_t count) {
  const nn::SingleThread single_thread;
  const int64_t known = attributes_.given;
  std::vector<float> out;
  out.reserve(static_cast<size_t>(count * attributes_.width));
  for (int64_t begin = 0; begin < count; begin += kDrawRows) {
    const int64_t n = std::min(kDrawRows, count - begin);
    torch::Tensor before = torch::empty({n, known});
    std::copy_n(given.data() + begin * known, n * known, before.data_ptr<float>());
    const torch::Tensor rows =
        network_.draw_attributes(before.to(network_.device()), generator_).to(torch::kCPU).contiguous();
    out.insert(out.end(), rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
  }
  return out;
}

void TimeganSequences::append(const float* rows, int64_t room, int64_t length, FlowSamples& out) const {
  const int64_t width = features_.width;
  if (length == 0) {
    // The generation flag, the last two columns, says where a sample ends.
    for (length = 1; length < room; ++length) {
      const float* flag = rows + length * width - 2;
      if (flag[0] <= flag[1]) break;
    }
  }
  out.features.insert(out.features.end(), rows, rows + length * width);
  out.offsets.push_back(out.offsets.back() + static_cast<size_t>(length));
}

FlowSamples TimeganSequences::features(std::vector<float> attributes, std::span<const int64_t> lengths) {
  const nn::SingleThread single_thread;
  const int64_t count = static_cast<int64_t>(attributes.size()) / attributes_.width;
  FlowSamples out;
  for (int64_t begin = 0; begin < count; begin += kDrawRows) {
    const int64_t n = std::min(kDrawRows, count - begin);
    const torch::Tensor rows =
        torch::from_blob(attributes.data() + begin * attributes_.width, {n, attributes_.width})
            .to(network_.device());
    int64_t room = longest_;
    if (!lengths.empty()) {
      const auto some = lengths.subspan(static_cast<size_t>(begin), static_cast<size_t>(n));
      room = *std::max_element(some.begin(), some.end());
    }
    const torch::Tensor made = network_.draw_features(rows, room, generator_).to(torch::kCPU).contiguous();
    for (int64_t i = 0; i < n; ++i)
      append(made.data_ptr<float>() + i * room * features_.width, room,
             lengths.empty() ? 0 : lengths[static_cast<size_t>(begin + i)], out);
  }
  out.attributes = std::move(attributes);
  return out;
}

class Timegan : public ChunkedGenerator {
 public:
  explicit Timegan(const TimeganParams& params)
      : ChunkedGenerator(params.chunked_options(params.iterations, 1)), params_(params) {}

 protected:
  std::unique_ptr<SequenceModel> make_network(const FlowEncoder& encoder, Seed seed,
                                              const std::string& device, int /*threads*/) const override {
    return nn::with_torch_errors([&]() -> std::unique_ptr<SequenceModel> {
      return std::make_unique<TimeganSequences>(params_, encoder, seed, nn::device_from_name(device));
    });
  }
  std::string name() const override { return "timegan"; }

 private:
  TimeganParams params_;
};

}  // namespace

std::unique_ptr<Params> timegan_params() { return std::make_unique<TimeganParams>(); }

std::unique_ptr<Generator> make_timegan(const Params& params) {
  return std::make_unique<Timegan>(dynamic_cast<const TimeganParams&>(params));
}

}  // namespace bench
