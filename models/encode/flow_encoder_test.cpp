#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "core/error.h"
#include "core/h5.h"
#include "models/encode/flow_decoder.h"
#include "models/encode/flow_encoder.h"
#include "models/test_traces.h"

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(GenerationFlags, PatternsOfThePaper) {
  // Blocks of 3, 6 positions.
  EXPECT_THAT(generation_flags(4, 6, 3), ElementsAre(1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1));
  EXPECT_THAT(generation_flags(1, 6, 3), ElementsAre(0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(generation_flags(2, 2, 1, true), ElementsAre(1, 0, 1, 0));
}

EncodeOptions options(bool quantile, int64_t max_flow_len, const std::string& ports = "onehot_bits") {
  EncodeOptions out;
  out.quantile = quantile;
  out.max_flow_len = max_flow_len;
  out.ports.encoding = ports;
  out.ports.frequent_share = 0.05;
  return out;
}

Trace round_trip(const Trace& trace, const EncodeOptions& how) {
  FlowEncoder encoder;
  encoder.fit(trace, how);
  FlowDecoder decoder(encoder, static_cast<int64_t>(trace.size()));
  decoder.add(encoder.encode(trace));
  RecordingProgress progress;
  Trace out = decoder.finish(progress);
  check_trace(out, "round trip");
  return out;
}

/// Largest difference of two columns after `margin(value)` is taken off.
template <typename Column>
void expect_near(const Column& a, const Column& b, double absolute, double relative, const char* what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (size_t i = 0; i < a.size(); ++i) {
    const double tolerance = absolute + relative * std::abs(static_cast<double>(a[i]));
    ASSERT_NEAR(static_cast<double>(a[i] - b[i]), 0, tolerance) << what << " of record " << i;
  }
}

/// Equal but for the rounding of float32 codes.
void expect_same(const Trace& a, Trace b) {
  expect_near(a.time, b.time, 5.0 * kMicrosecond, 0, "time");
  expect_near(a.duration, b.duration, kMicrosecond, 1e-5, "duration");
  expect_near(a.packets, b.packets, 0, 1e-5, "packets");
  expect_near(a.bytes, b.bytes, 0, 1e-5, "bytes");
  expect_near(a.id, b.id, 1, 0, "id");
  b.time = a.time;
  b.duration = a.duration;
  b.packets = a.packets;
  b.bytes = a.bytes;
  b.id = a.id;
  EXPECT_EQ(a, b);
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

TEST(FlowEncoder, RoundTripWithoutTimeKeepsTheRecords) {
  Trace trace = flow_trace(60, Seed(4));
  trace.time.clear();
  FlowEncoder encoder;
  encoder.fit(trace, options(false, 0));
  FlowDecoder decoder(encoder, static_cast<int64_t>(trace.size()));
  decoder.add(encoder.encode(trace));
  RecordingProgress progress;
  const Trace out = decoder.finish(progress);
  EXPECT_TRUE(out.time.empty());
  EXPECT_THAT(progress.lines(), HasSubstr("no time"));
  std::multiset<int64_t> before(trace.bytes.begin(), trace.bytes.end()),
      after(out.bytes.begin(), out.bytes.end());
  EXPECT_EQ(before, after);
}

TEST(FlowEncoder, CutsLongFlowsWithoutLosingARecord) {
  Trace trace = packet_trace(40, Seed(5));
  FlowEncoder encoder;
  encoder.fit(trace, options(false, 2));
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
    FlowEncoder encoder;
    const Trace trace = flow_trace(200, Seed(6));
    encoder.fit(trace, options(quantile, 0));
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
    FlowEncoder encoder;
    encoder.fit(trace, options(quantile, 0));
    FlowSamples samples = encoder.encode(trace);
    for (size_t i = 0; i < samples.features.size(); ++i)
      samples.features[i] += 0.01F * static_cast<float>(i % 7);
    FlowDecoder decoder(encoder, 30);
    decoder.add(samples);
    SilentProgress silent;
    const Trace out = decoder.finish(silent);
    EXPECT_EQ(out.ttl, std::vector<uint8_t>(30, 57));
    EXPECT_EQ(out.length, std::vector<int32_t>(30, 77));
    EXPECT_EQ(out.time, std::vector<int64_t>(30, kClockOrigin));
  }
}

TEST(FlowEncoder, SaveAndLoadDecodeTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "flow_encoder_test.h5";
  const Trace trace = flow_trace(120, Seed(8));
  FlowEncoder encoder, loaded;
  encoder.fit(trace, options(true, 0));
  encoder.calibrate(encoder.encode(trace));
  H5Writer writer(path);
  encoder.save(writer);
  writer.finish();
  loaded.load(H5Reader(path));
  const FlowSamples samples = encoder.encode(trace);
  SilentProgress silent;
  FlowDecoder a(encoder, 120), b(loaded, 120);
  a.add(samples);
  b.add(samples);
  EXPECT_EQ(a.finish(silent), b.finish(silent));
  EXPECT_EQ(loaded.attributes(), encoder.attributes());
  EXPECT_EQ(loaded.features(), encoder.features());
  std::filesystem::remove(path);
}

TEST(FlowEncoder, CalibrationGivesTrainingMarginalsToDistortedOutputs) {
  const Trace trace = flow_trace(500, Seed(9));
  FlowEncoder encoder;
  encoder.fit(trace, options(true, 0));
  FlowSamples distorted = encoder.encode(trace);
  const auto width = static_cast<size_t>(encoder.features().width);
  for (size_t r = 0; r < trace.size(); ++r) {
    for (size_t k = 0; k < 4; ++k)
      distorted.features[r * width + k] = 0.4F + 0.1F * distorted.features[r * width + k];
  }
  encoder.calibrate(distorted);
  FlowDecoder decoder(encoder, 500);
  decoder.add(distorted);
  SilentProgress silent;
  const Trace out = decoder.finish(silent);
  auto sorted = [](std::vector<int64_t> v) {
    std::sort(v.begin(), v.end());
    return v;
  };
  expect_near(sorted(trace.bytes), sorted(out.bytes), 1, 0.05, "bytes");
  expect_near(sorted(trace.packets), sorted(out.packets), 1, 0.05, "packets");
}

struct Edited {
  FlowEncoder encoder;
  FlowSamples samples;
  RecordingProgress progress;
  Trace decode() {
    FlowDecoder decoder(encoder, static_cast<int64_t>(samples.offsets.back()));
    decoder.add(samples);
    Trace out = decoder.finish(progress);
    check_trace(out, "decoded");
    return out;
  }
};

TEST(FlowDecoder, MakesEveryRecordLegal) {
  // One DNS packet, one TCP packet, one ICMP packet; the outputs ask for the shortest length everywhere.
  Trace trace;
  trace.kind = TraceKind::packets;
  add_five_tuple(trace, {1, 2, 3000, 53, 17});
  add_five_tuple(trace, {1, 3, 3001, 80, 6});
  add_five_tuple(trace, {1, 4, 0, 0, 1});
  trace.time = {10, 20, 30};
  trace.length = {28, 1500, 84};
  Edited e;
  e.encoder.fit(trace, options(false, 0));
  e.samples = e.encoder.encode(trace);
  const auto width = static_cast<size_t>(e.encoder.features().width);
  for (size_t r = 0; r < 3; ++r) e.samples.features[r * width] = 0;
  const Trace out = e.decode();
  EXPECT_THAT(out.length, ElementsAre(28, 40, 28));
  EXPECT_THAT(e.progress.lines(), HasSubstr("length raised to the headers: 1"));
}

TEST(FlowDecoder, ProtocolsWithoutPortsGetNone) {
  Trace trace;
  trace.kind = TraceKind::packets;
  add_five_tuple(trace, {1, 3, 3001, 80, 6});
  add_five_tuple(trace, {1, 4, 0, 0, 1});
  trace.length = {60, 84};
  Edited e;
  e.encoder.fit(trace, options(false, 0, "bits"));
  e.samples = e.encoder.encode(trace);
  // Both protocols' columns are the last two attributes (no time): give the TCP flow to ICMP.
  const auto width = static_cast<size_t>(e.encoder.attributes().width);
  std::swap(e.samples.attributes[width - 1], e.samples.attributes[width - 2]);
  const Trace out = e.decode();
  EXPECT_THAT(out.proto, ElementsAre(1, 1));
  EXPECT_THAT(out.dstport, ElementsAre(0, 0));
  EXPECT_THAT(e.progress.lines(), HasSubstr("ports set to 0: 1"));
}

TEST(FlowDecoder, FlowsEndInsideTheWindow) {
  Trace trace;
  trace.kind = TraceKind::packets;
  for (int i = 0; i < 4; ++i) add_five_tuple(trace, {1, 2, 3000, 53, 17});
  trace.time = {0, 1000 * kMicrosecond, 2000 * kMicrosecond, 4000 * kMicrosecond};
  trace.length = {60, 60, 60, 60};
  Edited e;
  e.encoder.fit(trace, options(false, 0));
  e.samples = e.encoder.encode(trace);
  const auto width = static_cast<size_t>(e.encoder.features().width);
  for (size_t r = 0; r < 4; ++r) e.samples.features[r * width] = 1;  // 2000 us each, 6000 us in all
  const Trace out = e.decode();
  const auto third = 4000.0 * kMicrosecond / 3;
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR(static_cast<double>(out.time[static_cast<size_t>(i)]), i * third, 2);
  EXPECT_THAT(e.progress.lines(), HasSubstr("squeezed"));
}

TEST(FlowDecoder, BytesCoverTheHeadersOfThePackets) {
  Trace trace = flow_trace(50, Seed(10));
  Edited e;
  e.encoder.fit(trace, options(false, 0));
  e.samples = e.encoder.encode(trace);
  const auto width = static_cast<size_t>(e.encoder.features().width);
  for (size_t r = 0; r < 50; ++r)
    e.samples.features[r * width + 3] = 0;  // interarrival, duration, packets, bytes
  const Trace out = e.decode();
  for (size_t i = 0; i < 50; ++i) EXPECT_GE(out.bytes[i], out.packets[i] * header_bytes(out.proto[i], false));
}

TEST(FlowDecoder, AnyOutputGivesLegalRecordsInOrderOfTime) {
  Rng rng = Seed(11).rng();
  std::uniform_real_distribution<float> uniform(0, 1);
  for (const Trace& trace : {packet_trace(80, Seed(12)), flow_trace(120, Seed(13))}) {
    FlowEncoder encoder;
    encoder.fit(trace, options(false, 0));
    FlowSamples noise = encoder.encode(trace);
    for (float& v : noise.attributes) v = uniform(rng);
    for (float& v : noise.features) v = uniform(rng);
    FlowDecoder decoder(encoder, 70);
    decoder.add(noise);
    ASSERT_TRUE(decoder.full());
    SilentProgress silent;
    const Trace out = decoder.finish(silent);
    check_trace(out, "noise");
    EXPECT_EQ(out.size(), 70U);
    EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
    EXPECT_LE(out.time.back(), trace.time.back());
    EXPECT_GE(out.time.front(), trace.time.front());
    EXPECT_EQ(out.labels.size(), trace.labels.size());
    EXPECT_EQ(out.has_header(), trace.has_header());
  }
}

TEST(FlowDecoder, RefusesRepeatedFiveTuplesUntilItWouldNeverEnd) {
  const Trace trace = packet_trace(1, Seed(14));
  FlowEncoder encoder;
  encoder.fit(trace, options(false, 0));
  const FlowSamples one = encoder.encode(trace);
  FlowDecoder decoder(encoder, 2 * static_cast<int64_t>(trace.size()));
  decoder.add(one);
  decoder.add(one);
  EXPECT_EQ(decoder.size(), static_cast<int64_t>(trace.size()));
  int tries = 1;
  while (!decoder.full() && ++tries < 100000) decoder.add(one);
  EXPECT_TRUE(decoder.full());
  EXPECT_GT(tries, 1000);
  RecordingProgress progress;
  EXPECT_EQ(decoder.finish(progress).size(), 2 * trace.size());
  EXPECT_THAT(progress.lines(), HasSubstr("repeated five-tuple kept: 1"));
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

}  // namespace
}  // namespace bench
