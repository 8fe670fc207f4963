#include "models/chunked/chunked.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/error.h"
#include "core/files.h"
#include "core/h5.h"
#include "models/chunked/chunk_sampler.h"
#include "models/chunked/chunked_files.h"
#include "models/privacy/privacy_params.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr int kCalibrationBatches = 16;
constexpr int64_t kCalibrationFlows = 512, kCalibrationValues = 1 << 24;

std::string calibration_name(int64_t snapshot) { return fmt::format("calibration{}:", snapshot); }

/// The chunk that a unit trains: unit 0 the one that is trained from scratch, the others in order.
size_t chunk_of_unit(const FlowEncoder& encoder, bool scratch_first, size_t unit) {
  const auto& records = encoder.chunk_records();
  const auto chosen = scratch_first
                          ? std::find_if(records.begin(), records.end(), [](int64_t n) { return n > 0; })
                          : std::max_element(records.begin(), records.end());
  const auto scratch = static_cast<size_t>(chosen - records.begin());
  if (unit == 0) return scratch;
  return unit <= scratch ? unit - 1 : unit;
}

/// Samples as the network makes them for the flows of a chunk.
FlowSamples generated(SequenceModel& model, const FlowEncoder& encoder, const FlowSamples& real) {
  const int64_t given = encoder.attributes().given, width = encoder.attributes().width;
  const int64_t values = encoder.longest_sample() * encoder.features().width;
  const int64_t batch = std::clamp<int64_t>(kCalibrationValues / values, 16, kCalibrationFlows);
  FlowSamples out;
  size_t next = 0;
  for (int b = 0; b < kCalibrationBatches; ++b) {
    std::vector<float> structure;
    std::vector<int64_t> lengths;
    for (int64_t i = 0; i < batch && given > 0; ++i, next = (next + 1) % real.size()) {
      const auto row = real.attributes.begin() + static_cast<std::ptrdiff_t>(next) * width;
      structure.insert(structure.end(), row, row + given);
      lengths.push_back(static_cast<int64_t>(real.offsets[next + 1] - real.offsets[next]));
    }
    const FlowSamples made = model.features(model.attributes(structure, batch), lengths);
    for (size_t i = 0; i < made.size(); ++i) out.append(made, i, width, encoder.features().width);
  }
  return out;
}

/// The pre-training, one unit per chunk that starts from it, and the merger.
std::vector<TrainingUnit> private_units(size_t chunks) {
  std::vector<std::string> budget = PrivacyParams::of_the_budget();
  budget.emplace_back("iterations");
  std::vector<TrainingUnit> out{{"public", {}, true, budget}};
  TrainingUnit last{"merge", {}};
  for (size_t c = 0; c < chunks; ++c) {
    out.push_back({fmt::format("training {}", c), {0}});
    last.needs.push_back(c + 1);
  }
  out.push_back(std::move(last));
  return out;
}

}  // namespace

std::vector<TrainingUnit> ChunkedGenerator::units() const {
  const auto chunks = static_cast<size_t>(options_.encode.chunks);
  if (options_.privacy.from_public()) return private_units(chunks);
  if (chunks == 1) return {{"fit", {}}};
  std::vector<TrainingUnit> out;
  TrainingUnit last{"merge", {}};
  for (size_t u = 0; u < chunks; ++u) {
    out.push_back({fmt::format("training {}", u), {}});
    if (options_.hot_start && u > 0) out.back().needs = {0};
    last.needs.push_back(u);
  }
  out.push_back(std::move(last));
  return out;
}

void ChunkedGenerator::fit_unit(size_t unit, const TrainingTrace& train, std::span<const fs::path> needs,
                                const fs::path& folder, FitContext& context) {
  const auto chunks = static_cast<size_t>(options_.encode.chunks);
  if (options_.privacy.from_public()) {
    if (unit == 0) return train_public(train, folder, context);
    if (unit <= chunks) return train_private(unit - 1, train, needs.front(), folder, context);
    return merge(needs, folder, context.progress);
  }
  if (chunks > 1 && unit == chunks) return merge(needs, folder, context.progress);
  train_chunk(unit, train, needs.empty() ? nullptr : &needs.front(), folder, context);
}

void ChunkedGenerator::train_chunk(size_t unit, const TrainingTrace& train, const fs::path* hot_start,
                                   const fs::path& folder, FitContext& context) {
  const Trace& trace = train.trace();
  if (trace.size() == 0) fail(Kind::data, "{}: the training part has no record", name());
  FlowEncoder encoder;
  if (hot_start != nullptr) {
    encoder.load(H5Reader(*hot_start / kEncoderFile));
  } else {
    encoder.fit(trace, options_.encode, context.seed.child("encoder"));
  }
  if (unit == 0) {
    H5Writer file(folder / kEncoderFile);
    encoder.save(file);
    if (options_.encode.given) {
      FlowShapes shapes;
      shapes.learn(trace, encoder);
      shapes.save(file);
    }
    file.finish();
    if (!encoder.has_time()) {
      context.progress.log(
          fmt::format("{}: no time column, so no time is modelled{}", name(),
                      options_.encode.chunks > 1 ? "; chunks follow the source's order" : ""));
    }
    for (const auto& [field, count] : encoder.clipped())
      context.progress.log(
          fmt::format("{}: {} values of {} clipped to the public range", name(), count, field));
  }
  const size_t chunk = chunk_of_unit(encoder, options_.scratch_first, unit);
  if (encoder.chunk_records()[chunk] == 0) {
    context.progress.log(fmt::format("{}: chunk {} has no record", name(), chunk));
    return;
  }
  const FlowSamples samples = encoder.encode(trace, chunk);
  context.progress.log(fmt::format(
      "{}: chunk {}: {} records in {} samples of at most {} records, {} attribute and {} feature columns",
      name(), chunk, samples.offsets.back(), samples.size(), encoder.longest_sample(),
      encoder.attributes().width, encoder.features().width));
  const auto network =
      make_network(encoder, context.seed.child("init", chunk), context.device, context.threads);
  int64_t iterations = options_.iterations;
  if (hot_start != nullptr) {
    network->load_training(H5Reader(*hot_start / kTrainingFile), options_.carry_moments);
    const double share = options_.fine_tune_share * static_cast<double>(options_.iterations);
    iterations = std::max<int64_t>(std::llround(share), options_.snapshots);
  }
  H5Writer file(folder / chunk_file(chunk));
  const auto keep = [&](int64_t snapshot) {
    network->save(file, network_name(snapshot));
    if (!options_.calibrate) return;
    network->start_sampling(context.seed.child("calibration", chunk));
    encoder.calibrate(chunk, generated(*network, encoder, samples));
    encoder.save_calibration(file, chunk, calibration_name(snapshot));
  };
  network->train(samples, iterations, context.seed.child("training", chunk), context.progress, keep);
  file.finish();
  if (unit == 0 && options_.hot_start && options_.encode.chunks > 1) {
    H5Writer training(folder / kTrainingFile);
    network->save_training(training);
    training.finish();
  }
}

void ChunkedGenerator::merge(std::span<const fs::path> parts, const fs::path& folder,
                             Progress& progress) const {
  std::error_code problem;
  size_t networks = 0;
  for (const fs::path& part : parts) {
    for (const auto& entry : fs::directory_iterator(part)) {
      if (entry.path().filename() == kTrainingFile) continue;
      fs::copy_file(entry.path(), folder / entry.path().filename(), fs::copy_options::overwrite_existing,
                    problem);
      if (problem) fail(Kind::io, "{}: cannot be copied: {}", entry.path().string(), problem.message());
      networks += entry.path().filename() != kEncoderFile && entry.path().filename() != kPrivacyFile;
    }
  }
  progress.log(fmt::format("{}: {} trained chunks merged", name(), networks));
}

void ChunkedGenerator::fit(const TrainingTrace& train, FitContext& context) {
  if (options_.privacy.from_public())
    fail(Kind::unsupported, "{}: a private training needs public data: a sweep with public_data", name());
  auto root = std::make_unique<TemporaryFolder>();
  std::vector<fs::path> folders;
  const auto all = units();
  for (size_t u = 0; u < all.size(); ++u) {
    folders.push_back(root->path() / std::to_string(u));
    make_folder(folders.back());
    std::vector<fs::path> needs;
    for (const size_t need : all[u].needs) needs.push_back(folders[need]);
    ChunkedGenerator::fit_unit(u, train, needs, folders.back(), context);
  }
  load(folders.back());
  own_root_ = std::move(root);
}

void ChunkedGenerator::save(const fs::path& folder) const {
  if (!encoder_) fail(Kind::config, "{}: save() before fit() or load()", name());
  const fs::path only[] = {folder_};
  SilentProgress silent;
  merge(only, folder, silent);
}

void ChunkedGenerator::load(const fs::path& folder) {
  FlowEncoder encoder;
  encoder.load(H5Reader(folder / kEncoderFile));
  // Every network is read once now, so that a damaged file is found here and not after hours of sampling.
  for (size_t c = 0; c < encoder.chunk_records().size(); ++c) {
    if (encoder.chunk_records()[c] == 0) continue;
    const auto network = make_network(encoder, Seed(0), "cpu", 1);
    network->load(H5Reader(folder / chunk_file(c)), network_name(options_.snapshots - 1));
  }
  encoder_ = std::move(encoder);
  folder_ = folder;
  use_snapshot(options_.snapshots - 1);
}

void ChunkedGenerator::use_snapshot(int64_t index) {
  if (!encoder_) fail(Kind::config, "{}: use_snapshot() before fit() or load()", name());
  snapshot_ = index;
  if (!options_.calibrate) return;
  for (size_t c = 0; c < encoder_->chunk_records().size(); ++c) {
    if (encoder_->chunk_records()[c] > 0)
      encoder_->load_calibration(H5Reader(folder_ / chunk_file(c)), c, calibration_name(index));
  }
}

Trace ChunkedGenerator::sample(int64_t records, SampleContext& context) {
  if (!encoder_) fail(Kind::config, "{}: sample() before fit() or load()", name());
  FlowShapes shapes;
  if (options_.encode.given) shapes.load(H5Reader(folder_ / kEncoderFile));
  const auto network = [&](size_t chunk) {
    auto out = make_network(*encoder_, Seed(0), context.device, context.threads);
    out->load(H5Reader(folder_ / chunk_file(chunk)), network_name(snapshot_));
    return out;
  };
  ChunkSampler sampler(*encoder_, options_.encode.given ? &shapes : nullptr, network,
                       context.seed.child("sampling"), context.progress);
  if (context.flows == nullptr) return sampler.draw(records);
  assert(takes_flows() && records == static_cast<int64_t>(context.flows->size()));
  return sampler.draw_given(*context.flows);
}

}  // namespace bench
