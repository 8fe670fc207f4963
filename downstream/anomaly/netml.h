#pragma once
// NetML's representation of packets for novelty detection: flows cut into pieces, each piece a vector.
// K. Yang, S. Kpotufe, N. Feamster, "Feature Extraction for Novelty Detection in Network Traffic" (2020,
// arXiv 2006.16993), with the rules of the netml library, version 0.7.1.
//
// Flows: TCP and UDP packets (of a fragmented datagram the first fragment) with one five-tuple; the two
// directions of a conversation are two flows. Flows below `min_packets` are dropped. A flow is cut where it
// is idle for longer than `timeout`; then again where a gap is longer than an interval that is a quantile of
// the durations of all flows. Pieces below `min_packets` are dropped.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/flows.h"
#include "datasets/trace.h"
#include "downstream/feature_table.h"

namespace bench {

enum class NetmlRules {
  /// As the library does: both cuts throw away the last piece of a flow that was cut, and the gap after the
  /// first packet of a later piece is measured from the last whole multiple of the interval before it.
  compat,
  /// Every piece is kept and every gap is between two packets.
  strict
};

struct NetmlParams {
  NetmlRules rules = NetmlRules::compat;
  double quantile = 0.9;              ///< of durations (interval) and packets per piece (vector length)
  size_t min_packets = 2;             ///< 2 or more
  int64_t timeout = 600'000'000'000;  ///< ns
  int32_t link_header = 0;            ///< bytes added to each IP length; the library counts Ethernet's 14
  bool operator==(const NetmlParams&) const = default;
};

/// What one trace sets and another can be read with, so that vectors of both mean the same.
struct NetmlScale {
  double interval = 0;  ///< ns; a longer gap cuts a flow
  size_t packets = 0;   ///< d: packets of a piece that vectors describe; 0 without pieces, else 2 or more
  double window = 0;    ///< ns; SAMP modes: 0.3-quantile of the durations of the pieces
};

/// The pieces of a trace's flows: each is a flow of `index`, its rows in order of time.
struct NetmlFlows {
  FlowIndex index;
  NetmlScale scale;
  size_t size() const { return index.size(); }
};

/// Pieces of a packet trace with time, by its own scale unless one is given.
NetmlFlows netml_flows(const Trace& trace, const NetmlParams& params,
                       const std::optional<NetmlScale>& given = {});

enum class NetmlMode { iat, size, iat_size, stats, samp_num, samp_size };
inline constexpr NetmlMode kNetmlModes[] = {NetmlMode::iat,   NetmlMode::size,     NetmlMode::iat_size,
                                            NetmlMode::stats, NetmlMode::samp_num, NetmlMode::samp_size};
/// "IAT", "SIZE", "IAT_SIZE", "STATS", "SAMP_NUM", "SAMP_SIZE".
std::string_view netml_mode_name(NetmlMode mode);

/// One row per piece, cut or filled with zeros to the mode's length (d = scale.packets; no columns where
/// that is 0):
///   IAT (d - 1)        gaps between packets, s
///   SIZE (d)           packet sizes, bytes
///   IAT_SIZE (2d - 1)  gap, size of the packet before it, gap, ..., size of the last packet
///   STATS (12)         duration s, packets/s, bytes/s (0 where the duration is 0), mean, standard deviation
///                      (of a population), quartiles 1 2 3, least and greatest size, packets, bytes
///   SAMP_NUM (d - 1)   packets in consecutive windows; a packet after a gap starts a new window, a gap adds
///   SAMP_SIZE (d - 1)  bytes ...   one zero per whole window (at most 500); at most 500 values per piece
/// A window of length 0 (the library fails there) holds the packets of one instant and gaps add no zeros.
FeatureTable netml_features(const Trace& trace, const NetmlFlows& flows, NetmlMode mode,
                            const NetmlParams& params);

/// For each piece whether any of its packets has a label outside `normal` (compared without case). Empty if
/// the trace has no label column of that name.
std::vector<bool> netml_anomalous(const Trace& trace, const NetmlFlows& flows, std::string_view column,
                                  const std::vector<std::string>& normal = {"normal", "benign",
                                                                            "background"});

}  // namespace bench
