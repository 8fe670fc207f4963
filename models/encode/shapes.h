#pragma once
// The structure of training flows without addresses and times, to be drawn from.

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/seed.h"
#include "models/encode/flow_encoder.h"

namespace bench {

/// Protocol, classes of ports, and number of records in each chunk of one flow.
struct FlowShape {
  std::array<uint16_t, 3> service{};                  ///< ServiceEncoder::classes
  std::vector<std::pair<uint16_t, int64_t>> records;  ///< (chunk, records in it), chunks ascending
  bool operator==(const FlowShape&) const = default;
};

class FlowShapes {
 public:
  /// One shape per flow of the trace that `encoder` was fitted to.
  void learn(const Trace& trace, const FlowEncoder& encoder);
  /// Shapes with `records` records in all (the last one is cut to that): in random order, no training flow
  /// again before each was there.
  std::vector<FlowShape> draw(int64_t records, Rng& rng) const;
  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file);

 private:
  std::vector<FlowShape> shapes_;
};

}  // namespace bench
