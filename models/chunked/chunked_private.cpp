// Private trainings: ranges, vocabulary and the first weights come from public data.

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/files.h"
#include "core/h5.h"
#include "models/chunked/chunked.h"
#include "models/chunked/chunked_files.h"
#include "models/privacy/privacy_params.h"

namespace bench {

namespace fs = std::filesystem;

void ChunkedGenerator::train_public(const TrainingTrace& data, const fs::path& folder, FitContext& context) {
  Trace trace = data.trace();
  if (!options_.privacy.public_labels) trace.labels.clear();
  if (trace.size() == 0) fail(Kind::data, "{}: the public data has no record", name());
  FlowEncoder encoder;
  encoder.fit(trace, options_.encode, context.seed.child("encoder"));
  H5Writer file(folder / kEncoderFile);
  encoder.save(file);
  file.finish();
  const auto network = make_network(encoder, context.seed.child("init"), context.device, context.threads);
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
  const PrivacyParams& privacy = options_.privacy;
  const int64_t chunks = options_.encode.chunks;
  if (chunks > 1 && !encoder.has_time())
    fail(Kind::unsupported, "{}: without times chunks end where the records say; one chunk would be right",
         name());
  const TimeWindow window = privacy.declared_window().value_or(train.window());
  Trace trace = encoder.covered(inside(train.trace(), window));
  if (trace.size() < train.trace().size())
    context.progress.log(
        fmt::format("{}: {} records are left out: the public data does not cover their values, or the "
                    "declared window their times",
                    name(), train.trace().size() - trace.size()));
  if (privacy.disjoint_chunks && chunks > 1) {
    const Chunks parts = split_chunks(trace, chunks, options_.encode.split, window);
    trace = select(trace, rows_of_first_chunks(trace, parts));
  }
  encoder.move_to(trace, window);
  std::vector<int64_t> flows;
  FlowSamples samples;
  for (size_t c = 0; c < encoder.chunk_records().size(); ++c) {
    FlowSamples of_chunk = encoder.chunk_records()[c] > 0 ? encoder.encode(trace, c) : FlowSamples{};
    flows.push_back(static_cast<int64_t>(of_chunk.size()));
    if (c == chunk) samples = std::move(of_chunk);
  }
  // The sampler takes them for the chunks' shares of the records.
  flows = noisy_counts(flows, privacy.noise_of_counts(), context.seed.child("counts"));
  encoder.set_chunk_records(flows);
  CriticTraining costs = critic_training();
  costs.chunk_flows = flows;
  costs = privacy.priced(costs);
  if (chunk == 0) {
    H5Writer file(folder / kEncoderFile);
    encoder.save(file);
    file.finish();
    const std::string unit =
        fmt::format("flow of a chunk: its five-tuple and its first {} records", options_.encode.max_flow_len);
    const std::string record = privacy.record(costs, unit).dump(1);
    write_text_file(folder / kPrivacyFile, record + "\n");
    context.progress.log(fmt::format("{}: {}", name(), record));
  }
  const auto network =
      make_private_network(encoder, privacy.steps(costs, flows[chunk]), context.seed.child("init", chunk),
                           context.device, context.threads);
  network->load_training(H5Reader(start / kTrainingFile), false);
  H5Writer file(folder / chunk_file(chunk));
  const auto keep = [&](int64_t snapshot) { network->save(file, network_name(snapshot)); };
  if (samples.size() > 0) {
    network->train(samples, options_.iterations, context.seed.child("training", chunk), context.progress,
                   keep);
  } else {
    keep(0);
  }
  file.finish();
}

}  // namespace bench
