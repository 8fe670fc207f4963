#pragma once
// Drawing a trace from the networks of all chunks, flows that span chunks included.

#include <functional>
#include <memory>
#include <vector>

#include "core/progress.h"
#include "models/chunked/sequence_model.h"
#include "models/encode/flow_decoder.h"
#include "models/encode/shapes.h"

namespace bench {

/// The trained network of a chunk, or nullptr if the chunk has no records.
using ChunkNetwork = std::function<std::unique_ptr<SequenceModel>(size_t chunk)>;

/// Draws chunk by chunk in order of time.
///
/// Without `shapes` the networks' own outputs decide: a generated row of a chunk counts as a new flow if its
/// starts-here flag says so, its presence bit of this chunk is set to 1 and those of earlier chunks to 0, and
/// it is handed on to every later chunk whose bit is 1. There its addresses and service stay, the starts-here
/// flag is cleared, and the time of its first record is taken from a row that the chunk's own network
/// generated for a continuing flow. A chunk gets the share of the records that it has in the training part.
///
/// With `shapes` every flow's service, chunks and numbers of records are drawn first and given to the
/// networks.
class ChunkSampler {
 public:
  ChunkSampler(const FlowEncoder& encoder, const FlowShapes* shapes, ChunkNetwork network, Seed seed,
               Progress& progress);
  /// Exactly `records` records. Throws Error(cancelled).
  Trace draw(int64_t records);
  /// The records of given flows, as many of each as it has there; only the networks' features are used. A
  /// flow in a chunk without a network is made by the nearest one. Throws Error(data), Error(cancelled).
  Trace draw_given(const Trace& flows);

 private:
  /// A flow that has records in a later chunk.
  struct Carried {
    FiveTuple key;
    std::vector<float> row;
  };
  /// Flows of one batch and what they have so far.
  struct Batch {
    std::vector<FiveTuple> keys;
    std::vector<float> rows;  ///< attributes [n, A]
    size_t size() const { return keys.size(); }
  };
  void draw_by_flags(size_t chunk, int64_t up_to);
  void carry_on(size_t chunk, int64_t up_to);
  void start_flows(size_t chunk, int64_t up_to);
  /// Makes features for the flows and adds them until there are `up_to` records; returns how many were added.
  size_t emit_by_flags(size_t chunk, const Batch& batch, int64_t up_to);
  void draw_by_shapes(size_t chunk, const std::vector<FlowShape>& shapes, const std::vector<size_t>& members);
  Batch rows_for_shapes(size_t chunk, const std::vector<FlowShape>& shapes, std::span<const size_t> members,
                        const std::vector<int64_t>& lengths);
  void emit_given(const GivenFlows& flows, size_t first, size_t last, size_t chunk);
  int64_t batch_size() const;
  float* row_of(std::vector<float>& rows, size_t i) const;
  bool starts(const float* row) const;
  void report(int64_t records);

  const FlowEncoder& encoder_;
  const FlowShapes* shapes_;
  ChunkNetwork network_;
  Seed seed_;
  Progress& progress_;
  FlowDecoder decoder_;
  int64_t attribute_width_, feature_width_, records_ = 0, made_to_start_ = 0;
  std::unique_ptr<SequenceModel> model_;       ///< of the chunk at work
  std::vector<std::vector<Carried>> carried_;  ///< by chunk, without shapes
  std::map<size_t, Carried> of_shape_;         ///< by shape, with shapes
};

}  // namespace bench
