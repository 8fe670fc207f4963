#include "models/encode/flow_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "core/error.h"
#include "core/h5.h"
#include "models/encode/round_trip.h"
#include "models/encode/shapes.h"

namespace bench {
namespace {

using ::testing::ElementsAre;

TEST(GenerationFlags, PatternsOfThePaper) {
  // Blocks of 3, 6 positions.
  EXPECT_THAT(generation_flags(4, 6, 3), ElementsAre(1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1));
  EXPECT_THAT(generation_flags(1, 6, 3), ElementsAre(0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(generation_flags(2, 2, 1, true), ElementsAre(1, 0, 1, 0));
}

TEST(FlowEncoder, RoundTripOfPackets) {
  const Trace trace = packet_trace(150, Seed(3));
  for (const bool quantile : {false, true}) {
    for (const int64_t cut : {0, 2}) expect_same(trace, round_trip(trace, options(quantile, cut)));
  }
  expect_same(trace, round_trip(trace, options(false, 0, "bits")));
}

TEST(FlowEncoder, RoundTripOfFlows) {
  const Trace trace = flow_trace(400, Seed(4));
  for (const bool quantile : {false, true}) expect_same(trace, round_trip(trace, options(quantile, 0)));
}

TEST(FlowEncoder, RoundTripOverChunks) {
  for (const Trace& trace : {packet_trace(150, Seed(3)), flow_trace(300, Seed(4))}) {
    for (const auto split : {ChunkSplit::fixed_time, ChunkSplit::fixed_size}) {
      EncodeOptions how = options(false, 2);
      how.chunks = 4;
      how.split = split;
      expect_same(trace, round_trip(trace, how));
    }
  }
}

TEST(FlowEncoder, RoundTripInsideTheRangeOfEachSample) {
  EncodeOptions how = options(false, 0);
  how.self_norm = true;
  how.addresses = "bytes";
  const Trace trace = packet_trace(100, Seed(3));
  const Trace out = round_trip(trace, how);
  EXPECT_EQ(out.srcip, trace.srcip);
  EXPECT_EQ(out.dstip, trace.dstip);
  EXPECT_EQ(out.tcp_flags, trace.tcp_flags);
  expect_near(out.length, trace.length, 1, 0, "length");
  expect_near(out.id, trace.id, 8, 0, "id");
}

TEST(FlowEncoder, RoundTripWithoutTimeKeepsTheRecords) {
  Trace trace = flow_trace(60, Seed(4));
  trace.time.clear();
  for (const int64_t chunks : {1, 3}) {
    EncodeOptions how = options(false, 0);
    how.chunks = chunks;
    const Trace out = round_trip(trace, how);
    EXPECT_TRUE(out.time.empty());
    const std::multiset<int64_t> before(trace.bytes.begin(), trace.bytes.end()),
        after(out.bytes.begin(), out.bytes.end());
    EXPECT_EQ(before, after);
  }
}

TEST(FlowEncoder, TruncationLosesLaterRecordsOnly) {
  EncodeOptions how = options(false, 2);
  how.truncate = true;
  const Trace trace = packet_trace(60, Seed(5));
  const FlowEncoder encoder = fitted(trace, how);
  EXPECT_FALSE(encoder.cuts_flows());
  EXPECT_EQ(encoder.starts_column(), -1);
  size_t kept = 0;
  for (const int64_t size : flow_sizes(trace)) kept += static_cast<size_t>(std::min<int64_t>(size, 2));
  EXPECT_EQ(encoder.encode(trace).offsets.back(), kept);
}

/// Flow A in chunks 0, 1 and 3, flow B in chunk 1, flow C in chunk 3; edges at 0, 10, 20, 30 .. 40 us.
Trace spanning_trace() {
  Trace trace;
  trace.kind = TraceKind::packets;
  const FiveTuple a{1, 2, 1000, 80, 6}, b{1, 3, 1001, 80, 6}, c{1, 4, 1002, 53, 17};
  for (const auto& [key, microseconds] :
       std::vector<std::pair<FiveTuple, int>>{{a, 0}, {a, 5}, {a, 12}, {b, 15}, {a, 35}, {c, 38}, {c, 40}}) {
    add_five_tuple(trace, key);
    trace.time.push_back(kClockOrigin + microseconds * kMicrosecond);
    trace.length.push_back(100);
  }
  return trace;
}

TEST(FlowEncoder, TagsSayWhereAFlowStartsAndIs) {
  const Trace trace = spanning_trace();
  EncodeOptions how = options(false, 0);
  how.chunks = 4;
  const FlowEncoder encoder = fitted(trace, how);
  const auto tags = [&](const FlowSamples& samples, size_t i) {
    const float* row = samples.attributes.data() + static_cast<int64_t>(i) * encoder.attributes().width;
    std::vector<int> out{row[encoder.starts_column() + 1] > row[encoder.starts_column()]};
    for (int c = 0; c < 4; ++c) {
      const float* bit = row + encoder.presence_column() + 2 * c;
      EXPECT_EQ(bit[0] + bit[1], 1);
      out.push_back(bit[1] > bit[0]);
    }
    return out;
  };
  EXPECT_THAT(tags(encoder.encode(trace, 0), 0), ElementsAre(1, 1, 1, 0, 1));
  const FlowSamples second = encoder.encode(trace, 1);
  ASSERT_EQ(second.size(), 2U);
  EXPECT_THAT(tags(second, 0), ElementsAre(0, 1, 1, 0, 1));
  EXPECT_THAT(tags(second, 1), ElementsAre(1, 0, 1, 0, 0));
  EXPECT_EQ(encoder.encode(trace, 2).size(), 0U);
  EXPECT_THAT(tags(encoder.encode(trace, 3), 1), ElementsAre(1, 0, 0, 0, 1));
  // A flow starts at its first record in the chunk: A at 12 of 12 .. 15 in the second.
  EXPECT_FLOAT_EQ(second.attributes[static_cast<size_t>(encoder.start_column())], 0);
  EXPECT_EQ(encoder.longest_flow(), 2);
}

TEST(FlowEncoder, GivenStructureComesFirstAndDropsTheFlags) {
  const Trace trace = spanning_trace();
  EncodeOptions how = options(false, 2, "onehot_bins");
  how.chunks = 4;
  how.given = true;
  const FlowEncoder encoder = fitted(trace, how);
  const FlowSamples samples = encoder.encode(trace, 0);
  ASSERT_EQ(samples.size(), 1U);
  std::vector<float> expected(static_cast<size_t>(encoder.attributes().given));
  encoder.encode_structure({encoder.services().classes({1000, 80, 6}), true, {0, 1, 3}, 2}, expected.data());
  EXPECT_EQ(
      std::vector<float>(samples.attributes.begin(), samples.attributes.begin() + encoder.attributes().given),
      expected);
  const EncodeOptions plain = [&] {
    EncodeOptions out = how;
    out.given = false;
    return out;
  }();
  EXPECT_EQ(fitted(trace, plain).features().width, encoder.features().width + 2);
}

TEST(FlowEncoder, PublicRangesClipAndCount) {
  Trace trace = packet_trace(40, Seed(5));
  trace.length[0] = 9000;
  EncodeOptions how = options(false, 0);
  how.public_ranges = true;
  const FlowEncoder encoder = fitted(trace, how);
  EXPECT_EQ(encoder.clipped().at("length"), 1);
  FlowDecoder decoder(encoder, Seed(1));
  decode(decoder, encoder, encoder.encode(trace));
  SilentProgress silent;
  EXPECT_EQ(decoder.finish(silent).length[0], 1500);
}

TEST(FlowEncoder, LogarithmCanBeLeftOut) {
  const Trace trace = flow_trace(100, Seed(5));
  EncodeOptions how = options(false, 0);
  how.log1p = false;
  const FlowEncoder encoder = fitted(trace, how);
  const FlowSamples samples = encoder.encode(trace);
  const auto [lo, hi] = std::minmax_element(trace.bytes.begin(), trace.bytes.end());
  // interarrival, duration, packets, bytes; the first feature row is the first record.
  EXPECT_NEAR(samples.features[3], static_cast<double>(trace.bytes[0] - *lo) / static_cast<double>(*hi - *lo),
              1e-6);
}

TEST(FlowEncoder, CutsLongFlowsWithoutLosingARecord) {
  Trace trace = packet_trace(40, Seed(5));
  const FlowEncoder encoder = fitted(trace, options(false, 2));
  ASSERT_TRUE(encoder.cuts_flows());
  EXPECT_EQ(encoder.longest_sample(), 2);
  const FlowSamples samples = encoder.encode(trace);
  EXPECT_EQ(samples.offsets.back(), trace.size());
  size_t starting = 0;
  const auto width = static_cast<size_t>(encoder.attributes().width);
  for (size_t i = 0; i < samples.size(); ++i) {
    EXPECT_LE(samples.offsets[i + 1] - samples.offsets[i], 2U);
    starting += samples.attributes[i * width + static_cast<size_t>(encoder.starts_column()) + 1] > 0;
  }
  EXPECT_EQ(starting, flow_sizes(trace).size());
}

TEST(FlowEncoder, CodesStayInTheUnitInterval) {
  for (const bool quantile : {false, true}) {
    const Trace trace = flow_trace(200, Seed(6));
    const FlowEncoder encoder = fitted(trace, options(quantile, 0));
    const FlowSamples samples = encoder.encode(trace);
    for (const float v : samples.attributes) ASSERT_TRUE(v >= 0 && v <= 1);
    for (const float v : samples.features) ASSERT_TRUE(v >= 0 && v <= 1);
  }
}

TEST(FlowEncoder, ConstantColumnsStayConstant) {
  Trace trace = packet_trace(30, Seed(7));
  std::fill(trace.ttl.begin(), trace.ttl.end(), uint8_t{57});
  std::fill(trace.length.begin(), trace.length.end(), 77);
  std::fill(trace.time.begin(), trace.time.end(), kClockOrigin);
  for (const bool quantile : {false, true}) {
    const FlowEncoder encoder = fitted(trace, options(quantile, 0));
    FlowSamples samples = encoder.encode(trace);
    for (size_t i = 0; i < samples.features.size(); ++i)
      samples.features[i] += 0.01F * static_cast<float>(i % 7);
    FlowDecoder decoder(encoder, Seed(1));
    decode(decoder, encoder, samples);
    SilentProgress silent;
    const Trace out = decoder.finish(silent);
    EXPECT_EQ(out.ttl, std::vector<uint8_t>(trace.size(), 57));
    EXPECT_EQ(out.length, std::vector<int32_t>(trace.size(), 77));
    EXPECT_EQ(out.time, std::vector<int64_t>(trace.size(), kClockOrigin));
  }
}

TEST(FlowEncoder, SaveAndLoadDecodeTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "flow_encoder_test.h5";
  const Trace trace = flow_trace(120, Seed(8));
  EncodeOptions how = options(true, 0);
  how.chunks = 2;
  FlowEncoder encoder = fitted(trace, how), loaded;
  encoder.calibrate(0, encoder.encode(trace));
  H5Writer writer(path);
  encoder.save(writer);
  encoder.save_calibration(writer, 0, "calibration:");
  writer.finish();
  loaded.load(H5Reader(path));
  loaded.load_calibration(H5Reader(path), 0, "calibration:");
  const FlowSamples samples = encoder.encode(trace);
  SilentProgress silent;
  FlowDecoder a(encoder, Seed(1)), b(loaded, Seed(1));
  decode(a, encoder, samples);
  decode(b, loaded, samples);
  EXPECT_EQ(a.finish(silent), b.finish(silent));
  EXPECT_EQ(loaded.attributes(), encoder.attributes());
  EXPECT_EQ(loaded.features(), encoder.features());
  std::filesystem::remove(path);
}

TEST(FlowShapes, DrawEachTrainingFlowOnceAndExactlySoManyRecords) {
  const Trace trace = spanning_trace();
  EncodeOptions how = options(false, 0, "onehot_bins");
  how.chunks = 4;
  how.given = true;
  const FlowEncoder encoder = fitted(trace, how);
  FlowShapes shapes;
  shapes.learn(trace, encoder);
  Rng rng = Seed(3).rng();
  for (const int64_t records : {1, 6, 7, 20}) {
    int64_t sum = 0;
    for (const FlowShape& shape : shapes.draw(records, rng)) {
      ASSERT_FALSE(shape.records.empty());
      for (const auto& [chunk, count] : shape.records) {
        EXPECT_GE(count, 1);
        sum += count;
      }
    }
    EXPECT_EQ(sum, records);
  }
  const auto once = shapes.draw(7, rng);
  ASSERT_EQ(once.size(), 3U);
  std::multiset<std::vector<std::pair<uint16_t, int64_t>>> parts;
  for (const FlowShape& shape : once) parts.insert(shape.records);
  using Parts = std::vector<std::pair<uint16_t, int64_t>>;
  EXPECT_EQ(parts, (std::multiset<Parts>{{{0, 2}, {1, 1}, {3, 1}}, {{1, 1}}, {{3, 2}}}));

  const auto path = std::filesystem::path(::testing::TempDir()) / "flow_shapes_test.h5";
  H5Writer writer(path);
  shapes.save(writer);
  writer.finish();
  FlowShapes loaded;
  loaded.load(H5Reader(path));
  Rng a = Seed(5).rng(), b = Seed(5).rng();
  EXPECT_EQ(shapes.draw(9, a), loaded.draw(9, b));
  std::filesystem::remove(path);
}

TEST(FlowEncoder, RefusesADamagedFile) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "flow_encoder_damaged.h5";
  H5Writer writer(path);
  writer.attribute("encoder", "{\"kind\": \"flows\"}");
  writer.finish();
  FlowEncoder encoder;
  EXPECT_THROW(encoder.load(H5Reader(path)), Error);
  std::filesystem::remove(path);
}

TEST(FlowEncoder, PublicDataPreparesForAPrivateTrace) {
  EncodeOptions how = options(false, 0, "bits");
  how.public_ranges = true;
  how.chunks = 3;
  constexpr int64_t second = 1'000'000'000;
  const Trace open = flow_trace(400, Seed(4));
  Trace secret = flow_trace(300, Seed(5));
  for (auto& time : secret.time) time += 1'000 * second;
  FlowEncoder encoder = fitted(open, how);
  const Layout attributes = encoder.attributes(), features = encoder.features();
  Trace known = encoder.covered(secret);
  EXPECT_EQ(known.size(), secret.size()) << "both are drawn alike";
  const TimeWindow window{time_window(secret).begin - second, time_window(secret).end + second};
  encoder.move_to(known, window);
  EXPECT_EQ(encoder.attributes().width, attributes.width);
  EXPECT_EQ(encoder.features().width, features.width);
  FlowDecoder decoder(encoder, Seed(1));
  size_t records = 0;
  for (size_t c = 0; c < 3; ++c) {
    const FlowSamples samples = encoder.encode(known, c);
    records += samples.offsets.back();
    decode(decoder, encoder, samples, c);
  }
  EXPECT_EQ(records, secret.size());
  RecordingProgress progress;
  const Trace back = decoder.finish(progress);
  EXPECT_EQ(back.size(), secret.size());
  EXPECT_GE(back.time.front(), window.begin);
  EXPECT_LE(back.time.back(), window.end);

  // A record that the vocabulary does not cover goes by itself.
  const size_t odd = 17;
  secret.proto[odd] = 200;
  const Trace fewer = encoder.covered(secret);
  EXPECT_EQ(fewer.size(), secret.size() - 1);
  EXPECT_EQ(fewer.srcip[odd], secret.srcip[odd + 1]);
  EXPECT_THROW(encoder.covered(packet_trace(20, Seed(1))), Error);
}

}  // namespace
}  // namespace bench
