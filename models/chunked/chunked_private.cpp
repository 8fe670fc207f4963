// Private trainings: ranges, vocabulary and the first weights come from public data.

#include <fmt/format.h>

#include <cmath>
#include <random>

#include "core/error.h"
#include "core/h5.h"
#include "models/chunked/chunked.h"
#include "models/chunked/chunked_files.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

/// Numbers of records with Gaussian noise, in whole ones from 0 on. A flow has at most `longest` records in
/// a chunk, so noise of `sigma` on flows is `sigma` times as many on records.
std::vector<int64_t> noisy_counts(const std::vector<int64_t>& records, double sigma, int64_t longest,
                                  Seed seed) {
  if (sigma == 0) return records;
  std::vector<int64_t> out;
  Rng rng = seed.rng();
  std::normal_distribution<double> noise(0, sigma * static_cast<double>(longest));
  for (const int64_t n : records)
    out.push_back(std::max<int64_t>(0, std::llround(static_cast<double>(n) + noise(rng))));
  return out;
}

}  // namespace

void ChunkedGenerator::train_public(const TrainingTrace& data, const fs::path& folder, FitContext& context) {
  const Trace& trace = data.trace();
  if (trace.size() == 0) fail(Kind::data, "{}: the public data has no record", name());
  FlowEncoder encoder;
  encoder.fit(trace, options_.encode, context.seed.child("encoder"));
  H5Writer file(folder / kEncoderFile);
  encoder.save(file);
  file.finish();
  const auto network =
      make_public_network(encoder, context.seed.child("init"), context.device, context.threads);
  if (options_.privacy.public_iterations > 0) {
    // As published: one chunk of the public data, the one with most records.
    const auto& records = encoder.chunk_records();
    const auto chunk =
        static_cast<size_t>(std::max_element(records.begin(), records.end()) - records.begin());
    network->train(encoder.encode(trace, chunk), options_.privacy.public_iterations,
                   context.seed.child("public"), context.progress, {});
  }
  H5Writer training(folder / kTrainingFile);
  network->save_training(training);
  training.finish();
}

void ChunkedGenerator::train_private(size_t chunk, const TrainingTrace& train, const fs::path& start,
                                     const fs::path& folder, FitContext& context) {
  FlowEncoder encoder;
  encoder.load(H5Reader(start / kEncoderFile));
  const Trace trace = encoder.covered(train.trace());
  if (trace.size() < train.trace().size())
    context.progress.log(
        fmt::format("{}: {} records have values that the public data does not cover; they "
                    "are left out",
                    name(), train.trace().size() - trace.size()));
  encoder.move_to(trace, train.window());
  const bool any = encoder.chunk_records()[chunk] > 0;
  const FlowSamples samples = any ? encoder.encode(trace, chunk) : FlowSamples{};
  encoder.set_chunk_records(noisy_counts(encoder.chunk_records(), options_.privacy.count_sigma,
                                         encoder.longest_sample(), context.seed.child("counts")));
  if (chunk == 0) {
    H5Writer file(folder / kEncoderFile);
    encoder.save(file);
    file.finish();
  }
  if (encoder.chunk_records()[chunk] == 0) return;
  const auto network =
      make_network(encoder, context.seed.child("init", chunk), context.device, context.threads);
  network->load_training(H5Reader(start / kTrainingFile), false);
  H5Writer file(folder / chunk_file(chunk));
  const auto keep = [&](int64_t snapshot) { network->save(file, network_name(snapshot)); };
  if (samples.size() > 0) {
    network->train(samples, options_.iterations, context.seed.child("training", chunk), context.progress,
                   keep);
  } else {
    for (int64_t s = 0; s < options_.snapshots; ++s) keep(s);
  }
  file.finish();
}

}  // namespace bench
