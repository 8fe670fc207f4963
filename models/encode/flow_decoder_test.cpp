#include "models/encode/flow_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "models/encode/round_trip.h"

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(FlowEncoder, CalibrationGivesTrainingMarginalsToDistortedOutputs) {
  const Trace trace = flow_trace(500, Seed(9));
  FlowEncoder encoder = fitted(trace, options(true, 0));
  FlowSamples distorted = encoder.encode(trace);
  const auto width = static_cast<size_t>(encoder.features().width);
  for (size_t r = 0; r < trace.size(); ++r) {
    for (size_t k = 0; k < 4; ++k)
      distorted.features[r * width + k] = 0.4F + 0.1F * distorted.features[r * width + k];
  }
  encoder.calibrate(0, distorted);
  FlowDecoder decoder(encoder, Seed(1));
  decode(decoder, encoder, distorted);
  SilentProgress silent;
  const Trace out = decoder.finish(silent);
  auto sorted = [](std::vector<int64_t> v) {
    std::sort(v.begin(), v.end());
    return v;
  };
  expect_near(sorted(trace.bytes), sorted(out.bytes), 1, 0.05, "bytes");
  expect_near(sorted(trace.packets), sorted(out.packets), 1, 0.05, "packets");
}

TEST(FlowDecoder, RecordTimesFollowTheTrainingDistributionAndKeepTheirOrder) {
  const Trace trace = packet_trace(200, Seed(9));
  EncodeOptions how = options(true, 0);
  how.chunks = 2;
  how.record_times = true;
  const FlowEncoder encoder = fitted(trace, how);
  FlowDecoder plain(encoder, Seed(1)), warped(encoder, Seed(1));
  for (FlowDecoder* decoder : {&plain, &warped}) {
    for (size_t c = 0; c < 2; ++c) {
      FlowSamples distorted = encoder.encode(trace, c);
      const auto width = static_cast<size_t>(encoder.attributes().width);
      for (size_t i = 0; i < distorted.size(); ++i) {
        float& start = distorted.attributes[i * width + static_cast<size_t>(encoder.start_column())];
        start *= start;
      }
      decode(*decoder, encoder, distorted, c);
      if (decoder == &warped) decoder->end_chunk(c);
    }
  }
  SilentProgress silent;
  const Trace before = plain.finish(silent), after = warped.finish(silent);
  EXPECT_EQ(before.srcport, after.srcport);
  EXPECT_NE(before.time, after.time);
  // Records per decile of the window: within two of the real ones.
  const TimeWindow window = time_window(trace);
  for (int d = 1; d < 10; ++d) {
    const int64_t edge = window.begin + (window.end - window.begin) * d / 10;
    const auto below = [&](const Trace& t) {
      return std::count_if(t.time.begin(), t.time.end(), [&](int64_t x) { return x < edge; });
    };
    EXPECT_NEAR(static_cast<double>(below(after)), static_cast<double>(below(trace)), 2) << d;
  }
}

struct Edited {
  FlowEncoder encoder;
  FlowSamples samples;
  RecordingProgress progress;
  Trace decoded() {
    FlowDecoder decoder(encoder, Seed(1));
    decode(decoder, encoder, samples);
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
  e.encoder.fit(trace, options(false, 0), Seed(1));
  e.samples = e.encoder.encode(trace);
  const auto width = static_cast<size_t>(e.encoder.features().width);
  for (size_t r = 0; r < 3; ++r) e.samples.features[r * width] = 0;
  const Trace out = e.decoded();
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
  e.encoder.fit(trace, options(false, 0, "bits"), Seed(1));
  e.samples = e.encoder.encode(trace);
  // Both protocols' columns are the last two attributes (no time): give the TCP flow to ICMP.
  const auto width = static_cast<size_t>(e.encoder.attributes().width);
  std::swap(e.samples.attributes[width - 1], e.samples.attributes[width - 2]);
  const Trace out = e.decoded();
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
  e.encoder.fit(trace, options(false, 0), Seed(1));
  e.samples = e.encoder.encode(trace);
  const auto width = static_cast<size_t>(e.encoder.features().width);
  for (size_t r = 0; r < 4; ++r) e.samples.features[r * width] = 1;  // 2000 us each, 6000 us in all
  const Trace out = e.decoded();
  const auto third = 4000.0 * kMicrosecond / 3;
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR(static_cast<double>(out.time[static_cast<size_t>(i)]), i * third, 2);
  EXPECT_THAT(e.progress.lines(), HasSubstr("squeezed"));
}

TEST(FlowDecoder, BytesCoverTheHeadersOfThePackets) {
  Trace trace = flow_trace(50, Seed(10));
  Edited e;
  e.encoder.fit(trace, options(false, 0), Seed(1));
  e.samples = e.encoder.encode(trace);
  const auto width = static_cast<size_t>(e.encoder.features().width);
  for (size_t r = 0; r < 50; ++r)
    e.samples.features[r * width + 3] = 0;  // interarrival, duration, packets, bytes
  const Trace out = e.decoded();
  for (size_t i = 0; i < 50; ++i) EXPECT_GE(out.bytes[i], out.packets[i] * header_bytes(out.proto[i], false));
}

TEST(FlowDecoder, AnyOutputGivesLegalRecordsInOrderOfTime) {
  Rng rng = Seed(11).rng();
  std::uniform_real_distribution<float> uniform(0, 1);
  for (const Trace& trace : {packet_trace(80, Seed(12)), flow_trace(120, Seed(13))}) {
    const FlowEncoder encoder = fitted(trace, options(false, 0));
    FlowSamples noise = encoder.encode(trace);
    for (float& v : noise.attributes) v = uniform(rng);
    for (float& v : noise.features) v = uniform(rng);
    FlowDecoder decoder(encoder, Seed(1));
    decode(decoder, encoder, noise);
    SilentProgress silent;
    const Trace out = decoder.finish(silent);
    check_trace(out, "noise");
    EXPECT_EQ(out.size(), trace.size());
    EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
    EXPECT_LE(out.time.back(), trace.time.back());
    EXPECT_GE(out.time.front(), trace.time.front());
    EXPECT_EQ(out.labels.size(), trace.labels.size());
    EXPECT_EQ(out.has_header(), trace.has_header());
  }
}

TEST(FlowDecoder, RefusesRepeatedFiveTuplesUntilItWouldNeverEnd) {
  const FlowEncoder encoder = fitted(packet_trace(1, Seed(14)), options(false, 0));
  FlowDecoder decoder(encoder, Seed(1));
  const FiveTuple key{1, 2, 3, 4, 6};
  EXPECT_TRUE(decoder.claim(key));
  EXPECT_FALSE(decoder.claim(key));
  EXPECT_TRUE(decoder.claim(key, true));
  int tries = 1;
  while (!decoder.claim(key) && tries < 100000) ++tries;
  EXPECT_GT(tries, 1000);
  EXPECT_LT(tries, 100000);
  RecordingProgress progress;
  decoder.finish(progress);
  EXPECT_THAT(progress.lines(), HasSubstr("repeated five-tuple kept: 2"));
}

}  // namespace
}  // namespace bench
