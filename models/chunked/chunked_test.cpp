// The chunked regime with a network that remembers its samples, so that what comes out is known.

#include "models/chunked/chunked.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/error.h"
#include "core/files.h"
#include "core/h5.h"
#include "models/chunked/chunk_sampler.h"
#include "models/test_traces.h"

namespace bench {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

/// Gives back the samples it was trained on; counts iterations instead of training.
class Memory : public SequenceModel {
 public:
  explicit Memory(const FlowEncoder& encoder) : encoder_(encoder), width_(encoder.attributes().width) {}

  void train(const FlowSamples& samples, int64_t iterations, Seed, Progress&,
             const std::function<void(int64_t)>& snapshot) override {
    samples_ = samples;
    iterations_ += iterations;
    snapshot(0);
  }
  void save(H5Writer& file, const std::string& name) const override {
    file.column(name + ":attributes", samples_.attributes);
    file.column(name + ":features", samples_.features);
    file.column(name + ":offsets", std::vector<int64_t>(samples_.offsets.begin(), samples_.offsets.end()));
    file.attribute(name + ":iterations", std::to_string(iterations_));
  }
  void load(const H5Reader& file, const std::string& name) override {
    samples_.attributes = file.column<float>(name + ":attributes");
    samples_.features = file.column<float>(name + ":features");
    const auto offsets = file.column<int64_t>(name + ":offsets");
    samples_.offsets.assign(offsets.begin(), offsets.end());
  }
  void save_training(H5Writer& file) const override {
    file.attribute("iterations", std::to_string(iterations_));
  }
  void load_training(const H5Reader& file, bool) override {
    iterations_ = std::stoll(file.attribute("iterations"));
  }
  void start_sampling(Seed seed) override {
    next_ = 0;
    order_.resize(samples_.size());
    for (size_t i = 0; i < order_.size(); ++i) order_[i] = i;
    Rng rng = seed.rng();
    std::shuffle(order_.begin(), order_.end(), rng);
  }
  std::vector<float> attributes(std::span<const float> given, int64_t count) override {
    const int64_t known = encoder_.attributes().given;
    std::vector<float> out;
    for (int64_t i = 0; i < count; ++i) {
      const float* found = nullptr;
      for (size_t tries = 0; found == nullptr && tries < samples_.size(); ++tries) {
        const float* row = row_of(order_[next_++ % order_.size()]);
        if (known == 0 || std::equal(row, row + known, given.data() + i * known)) found = row;
      }
      if (found == nullptr) found = row_of(0);
      out.insert(out.end(), found, found + width_);
    }
    return out;
  }
  FlowSamples features(std::vector<float> attributes, std::span<const int64_t> lengths) override {
    FlowSamples out;
    for (size_t i = 0; i < attributes.size() / static_cast<size_t>(width_); ++i) {
      const float* wanted = attributes.data() + static_cast<int64_t>(i) * width_;
      size_t sample = 0;
      while (sample < samples_.size() && !same_flow(row_of(sample), wanted, true)) ++sample;
      if (sample == samples_.size()) sample = 0;
      while (sample + 1 < samples_.size() && !same_flow(row_of(sample), wanted, false)) ++sample;
      out.append(samples_, sample, width_, encoder_.features().width);
      std::copy_n(wanted, width_, out.attributes.end() - width_);
      if (lengths.empty()) continue;
      const auto width = static_cast<size_t>(encoder_.features().width);
      out.offsets.back() = out.offsets[i] + static_cast<size_t>(lengths[i]);
      out.features.resize(out.offsets.back() * width);
    }
    return out;
  }

 private:
  const float* row_of(size_t i) const {
    return samples_.attributes.data() + static_cast<int64_t>(i) * width_;
  }
  bool same_flow(const float* a, const float* b, bool part) const {
    const int64_t at = encoder_.address_column(), flag = encoder_.starts_column();
    return std::equal(a + at, a + at + encoder_.address_columns(), b + at) &&
           (flag < 0 || !part || (a[flag] > a[flag + 1]) == (b[flag] > b[flag + 1]));
  }
  const FlowEncoder& encoder_;
  int64_t width_, iterations_ = 0;
  FlowSamples samples_;
  std::vector<size_t> order_;
  size_t next_ = 0;
};

class MemoryGenerator : public ChunkedGenerator {
 public:
  using ChunkedGenerator::ChunkedGenerator;

 protected:
  std::unique_ptr<SequenceModel> make_network(const FlowEncoder& encoder, Seed, const std::string&,
                                              int) const override {
    return std::make_unique<Memory>(encoder);
  }
  std::string name() const override { return "memory"; }
};

ChunkedOptions with_chunks(int64_t chunks, bool given) {
  ChunkedOptions out;
  out.encode.chunks = chunks;
  out.encode.given = given;
  out.encode.services.encoding = given ? "onehot_bins" : "bits";
  out.iterations = 100;
  return out;
}

/// 60 flows with a destination of their own and records 10 ms apart; every third one spans two chunks of
/// four, every sixth one three. One millisecond a flow between their starts.
Trace spanning_trace() {
  Trace trace;
  trace.kind = TraceKind::packets;
  for (uint32_t f = 0; f < 60; ++f) {
    const int64_t start = kClockOrigin + (f % 2) * 100 * kMillisecond + f * kMillisecond / 10;
    const int records = f % 6 == 0 ? 25 : f % 3 == 0 ? 12 : 1 + static_cast<int>(f % 2);
    for (int p = 0; p < records; ++p) {
      add_five_tuple(trace, {0x0A000000U, 0x0B000000U + f, static_cast<uint16_t>(2000 + f), 443, 6});
      trace.time.push_back(start + p * 10 * kMillisecond);
      trace.length.push_back(100 + static_cast<int>(f));
    }
  }
  return select(trace, time_order(trace));
}

Trace draw_all(Generator& model, const Trace& trace, int64_t records) {
  SilentProgress silent;
  SampleContext context{Seed(3), 1, "cpu", silent};
  Trace out = model.sample(records, context);
  check_trace(out, "chunked");
  EXPECT_EQ(out.size(), static_cast<size_t>(records));
  EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
  EXPECT_EQ(out.kind, trace.kind);
  return out;
}

/// Share of flows with records in more than one chunk.
double spanning_share(const Trace& trace, const TimeWindow& window, int64_t chunks) {
  const FlowIndex flows = group_flows(trace);
  double n = 0;
  for (size_t f = 0; f < flows.size(); ++f) {
    std::set<int64_t> in;
    for (const size_t row : flows.flow(f))
      in.insert(
          std::min(chunks - 1, (trace.time[row] - window.begin) * chunks / (window.end - window.begin)));
    n += in.size() > 1;
  }
  return n / static_cast<double>(flows.size());
}

std::vector<size_t> sorted_sizes(const Trace& trace) {
  std::vector<size_t> out;
  for (const int64_t s : flow_sizes(trace)) out.push_back(static_cast<size_t>(s));
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<int64_t> records_by_chunk(const Trace& trace, const TimeWindow& window, int64_t chunks) {
  std::vector<int64_t> out(static_cast<size_t>(chunks));
  for (const int64_t t : trace.time)
    ++out[static_cast<size_t>(
        std::min(chunks - 1, (t - window.begin) * chunks / (window.end - window.begin)))];
  return out;
}

class Chunked : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(FlagsAndGiven, Chunked, ::testing::Bool());

TEST_P(Chunked, AMemoryGivesTheTraceBackWithItsFlowsAcrossChunks) {
  const Trace trace = spanning_trace();
  const TimeWindow window = time_window(trace);
  for (const int64_t cut : {0, 4}) {
    ChunkedOptions options = with_chunks(4, GetParam());
    options.encode.max_flow_len = cut;
    MemoryGenerator model(options);
    SilentProgress silent;
    FitContext fit{Seed(1), 1, "cpu", silent};
    model.fit(training_of(trace), fit);
    const Trace out = draw_all(model, trace, static_cast<int64_t>(trace.size()));
    const double real = spanning_share(trace, window, 4);
    EXPECT_GT(real, 0.3);
    EXPECT_NEAR(spanning_share(out, window, 4), real, 0.2 * real);
    const auto real_counts = records_by_chunk(trace, window, 4), counts = records_by_chunk(out, window, 4);
    for (size_t c = 0; c < 4; ++c)
      EXPECT_NEAR(static_cast<double>(counts[c]), static_cast<double>(real_counts[c]), 2) << c;
    if (GetParam()) {
      EXPECT_EQ(sorted_sizes(out), sorted_sizes(trace));
    }
    // A record keeps what belongs to its flow.
    for (size_t i = 0; i < out.size(); ++i)
      EXPECT_NEAR(out.length[i] - 100, static_cast<int>(out.dstip[i] - 0x0B000000U), 1);
  }
}

TEST_P(Chunked, AnyNumberOfRecords) {
  const Trace trace = spanning_trace();
  MemoryGenerator model(with_chunks(3, GetParam()));
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  model.fit(training_of(trace), fit);
  for (const int64_t records : {0, 1, 17, 1500}) draw_all(model, trace, records);
}

TEST_P(Chunked, EmptyChunksAndTracesWithoutTime) {
  Trace trace = spanning_trace();
  for (size_t i = trace.size() / 2; i < trace.size(); ++i) trace.time[i] += 1000 * kMillisecond;
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  MemoryGenerator gap(with_chunks(7, GetParam()));
  gap.fit(training_of(trace), fit);
  const Trace out = draw_all(gap, trace, static_cast<int64_t>(trace.size()));
  const auto counts = records_by_chunk(out, time_window(trace), 7);
  EXPECT_EQ(counts[3], 0);
  trace.time.clear();
  MemoryGenerator timeless(with_chunks(3, GetParam()));
  timeless.fit(training_of(trace), fit);
  EXPECT_TRUE(draw_all(timeless, trace, 100).time.empty());
}

TEST(ChunkedUnits, OneUnitPerChunkAndAMerge) {
  const auto names_and_needs = [](const ChunkedOptions& options) {
    std::string out;
    for (const auto& unit : MemoryGenerator(options).units()) {
      out += unit.name + ":";
      for (const size_t need : unit.needs) out += std::to_string(need);
      out += " ";
    }
    return out;
  };
  ChunkedOptions options = with_chunks(3, false);
  EXPECT_EQ(names_and_needs(options), "training 0: training 1:0 training 2:0 merge:012 ");
  options.hot_start = false;
  EXPECT_EQ(names_and_needs(options), "training 0: training 1: training 2: merge:012 ");
  EXPECT_EQ(names_and_needs(with_chunks(1, false)), "fit: ");
}

TEST(ChunkedUnits, UnitsInFoldersOfTheirOwnAreTheSameAsFit) {
  const fs::path root = fs::path(::testing::TempDir()) / "chunked_units";
  fs::remove_all(root);
  const TrainingTrace train = training_of(spanning_trace());
  const ChunkedOptions options = with_chunks(3, false);
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  MemoryGenerator at_once(options), by_unit(options);
  at_once.fit(train, fit);
  std::vector<fs::path> folders;
  const auto units = by_unit.units();
  for (size_t u = 0; u < units.size(); ++u) {
    folders.push_back(root / std::to_string(u));
    make_folder(folders.back());
    std::vector<fs::path> needs;
    for (const size_t need : units[u].needs) needs.push_back(folders[need]);
    by_unit.fit_unit(u, train, needs, folders.back(), fit);
  }
  by_unit.load(folders.back());
  EXPECT_EQ(draw_all(at_once, train.trace(), 300), draw_all(by_unit, train.trace(), 300));
  at_once.save(root / "0");
  MemoryGenerator loaded(options);
  loaded.load(root / "0");
  EXPECT_EQ(draw_all(at_once, train.trace(), 50), draw_all(loaded, train.trace(), 50));
  fs::remove_all(root);
  EXPECT_THROW(loaded.load(root), Error);
}

TEST(ChunkedUnits, TheFullestChunkOrTheFirstIsTrainedFromScratch) {
  // Three records, then none, then all the others: NetFlow that is sorted by its end looks like this.
  Trace trace = spanning_trace();
  for (size_t i = 3; i < trace.size(); ++i) trace.time[i] += 10'000 * kMillisecond;
  const TrainingTrace train = training_of(trace);
  for (const bool first : {false, true}) {
    ChunkedOptions options = with_chunks(3, false);
    options.scratch_first = first;
    MemoryGenerator model(options);
    SilentProgress silent;
    FitContext fit{Seed(1), 1, "cpu", silent};
    model.fit(train, fit);
    const fs::path folder = fs::path(::testing::TempDir()) / "chunked_scratch";
    make_folder(folder);
    model.save(folder);
    // The other chunk gets a quarter of the iterations on top of those it starts from.
    EXPECT_EQ(H5Reader(folder / "chunk-0.h5").attribute("network0:iterations"), first ? "100" : "125");
    EXPECT_EQ(H5Reader(folder / "chunk-2.h5").attribute("network0:iterations"), first ? "125" : "100");
    fs::remove_all(folder);
  }
}

}  // namespace
}  // namespace bench
