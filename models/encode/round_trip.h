#pragma once
// What the tests of this folder share: encoding a trace and decoding it again.

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "models/encode/flow_decoder.h"
#include "models/encode/flow_encoder.h"
#include "models/test_traces.h"

namespace bench {

inline EncodeOptions options(bool quantile, int64_t max_flow_len, const std::string& ports = "onehot_bits") {
  EncodeOptions out;
  out.quantile = quantile;
  out.max_flow_len = max_flow_len;
  out.services.encoding = ports;
  out.services.frequent_share = 0.05;
  return out;
}

/// Decodes what encode() made of a chunk: samples that follow each other with one five-tuple are one flow.
inline void decode(FlowDecoder& decoder, const FlowEncoder& encoder, const FlowSamples& samples,
                   size_t chunk = 0) {
  const int64_t width = encoder.attributes().width;
  for (size_t i = 0; i < samples.size();) {
    const auto row = [&](size_t sample) {
      return samples.attributes.data() + static_cast<int64_t>(sample) * width;
    };
    const FiveTuple key = decoder.key(row(i));
    FlowSamples flow;
    do {
      flow.append(samples, i++, width, encoder.features().width);
    } while (i < samples.size() && decoder.key(row(i)) == key);
    decoder.add(key, chunk, flow, 1'000'000);
  }
}

inline FlowEncoder fitted(const Trace& trace, const EncodeOptions& how) {
  FlowEncoder encoder;
  encoder.fit(trace, how, Seed(1));
  return encoder;
}

inline Trace round_trip(const Trace& trace, const EncodeOptions& how) {
  const FlowEncoder encoder = fitted(trace, how);
  FlowDecoder decoder(encoder, Seed(1));
  for (size_t c = 0; c < static_cast<size_t>(how.chunks); ++c)
    decode(decoder, encoder, encoder.encode(trace, c), c);
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
inline void expect_same(const Trace& a, Trace b) {
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

}  // namespace bench
