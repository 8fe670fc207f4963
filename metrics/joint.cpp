#include "metrics/joint.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/emd.h"
#include "core/score_list.h"
#include "core/stats.h"
#include "datasets/flows.h"
#include "metrics/columns.h"
#include "metrics/dependence.h"
#include "metrics/detection.h"
#include "metrics/divergence.h"
#include "metrics/fields.h"
#include "metrics/marginals.h"
#include "metrics/tables.h"

namespace bench {
namespace {

constexpr std::string_view kServices = "proto x dstport", kServicesOfFlows = "proto x dstport of flows";
constexpr std::string_view kPairs = "srcip x dstip", kPairsOfFlows = "srcip x dstip of flows";
constexpr std::string_view kVolumes = "log pkt x log byt", kBytesGivenPackets = "byt | pkt";

// One count per protocol and service port; all ports from 1024 up share one entry.
std::vector<int64_t> proto_dstport_counts(const Trace& trace) {
  std::vector<int64_t> counts(256 * (kServicePorts + 1));
  for (size_t i = 0; i < trace.size(); ++i) {
    ++counts[trace.proto[i] * (kServicePorts + 1) + std::min<size_t>(trace.dstport[i], kServicePorts)];
  }
  return counts;
}

std::vector<uint64_t> address_pairs(const Trace& trace) {
  std::vector<uint64_t> keys(trace.size());
  for (size_t i = 0; i < trace.size(); ++i) {
    keys[i] = (static_cast<uint64_t>(trace.srcip[i]) << 32) | trace.dstip[i];
  }
  return ascending(std::move(keys));
}

struct Volumes {
  std::vector<int64_t> packets, bytes;

  int64_t size() const { return static_cast<int64_t>(packets.size()); }
  double log_correlation() const {
    return pearson(signed_log1p(in_units(packets, 1)), signed_log1p(in_units(bytes, 1)));
  }
};

// Per record of flows; per five-tuple of packets.
Volumes volumes(const Trace& trace) {
  if (trace.kind == TraceKind::flows) return {trace.packets, trace.bytes};
  Volumes out;
  const FlowIndex flows = group_flows(trace);
  for (size_t f = 0; f < flows.size(); ++f) {
    int64_t bytes = 0;
    for (const size_t row : flows.flow(f)) bytes += trace.length[row];
    out.packets.push_back(static_cast<int64_t>(flows.flow(f).size()));
    out.bytes.push_back(bytes);
  }
  return out;
}

void total_variations(const Trace& real, const Trace& synthetic, std::string_view services_field,
                      std::string_view pairs_field, ScoreList& list) {
  const auto n_real = static_cast<int64_t>(real.size());
  const auto n_synthetic = static_cast<int64_t>(synthetic.size());
  list.value("tv_proto_dstport", "strict", {services_field, n_real, n_synthetic}, "",
             total_variation(proto_dstport_counts(real), proto_dstport_counts(synthetic)));
  list.value("tv_src_dst", "strict", {pairs_field, n_real, n_synthetic}, "",
             total_variation_of_keys(address_pairs(real), address_pairs(synthetic)));
}

void add_volumes(const ScoringPair& pair, ScoreList& list) {
  if (pair.real.kind != pair.synthetic.kind) {
    const std::string_view reason = "one trace has packets and the other flow records";
    list.not_applicable("corr_log_pkt_byt", "strict", {kVolumes, 0, 0}, "", reason);
    list.not_applicable("tv_conditional", "strict", {kBytesGivenPackets, 0, 0}, "", reason);
    return;
  }
  const Volumes real = volumes(pair.real);
  const Volumes synthetic = volumes(pair.synthetic);
  list.value("corr_log_pkt_byt", "strict", {kVolumes, real.size(), synthetic.size()}, "",
             std::abs(synthetic.log_correlation() - real.log_correlation()));
  const DiscretePair packets{"pkt", false, quarter_octaves(real.packets), quarter_octaves(synthetic.packets)};
  const DiscretePair bytes{"byt", false, quarter_octaves(real.bytes), quarter_octaves(synthetic.bytes)};
  list.value("tv_conditional", "strict", {kBytesGivenPackets, real.size(), synthetic.size()}, "",
             conditional_variation(packets, bytes));
}

// Metrics that older runs have keep their fields; the others have none to name.
void nothing_to_compare(std::string_view reason, ScoreList& list) {
  for (const std::string_view field : {kServices, kServicesOfFlows})
    list.not_applicable("tv_proto_dstport", "strict", {field, 0, 0}, "", reason);
  for (const std::string_view field : {kPairs, kPairsOfFlows})
    list.not_applicable("tv_src_dst", "strict", {field, 0, 0}, "", reason);
  list.not_applicable("corr_log_pkt_byt", "strict", {kVolumes, 0, 0}, "", reason);
  for (const MetricCard& card : joint_cards()) {
    if (card.id == "tv_proto_dstport" || card.id == "tv_src_dst" || card.id == "corr_log_pkt_byt") continue;
    list.not_applicable(card.id, card.mode, {"every field", 0, 0}, card.unit, reason, card.direction);
  }
}

// Records and, beside them, five-tuples: a few long flows make total variations over packets so noisy that
// two halves of one real trace lie further apart than shuffled columns do (which keep the count of every
// port); counting each five-tuple once removes that.
void add_services(const ScoringPair& pair, ScoreList& list) {
  total_variations(pair.real, pair.synthetic, kServices, kPairs, list);
  total_variations(first_of_each_flow(pair.real, group_flows(pair.real)),
                   first_of_each_flow(pair.synthetic, group_flows(pair.synthetic)), kServicesOfFlows,
                   kPairsOfFlows, list);
}

std::vector<Score> evaluate(const ScoringPair& pair) {
  ScoreList list;
  if (const std::string reason = empty_side(pair); !reason.empty()) {
    nothing_to_compare(reason, list);
    return list.take();
  }
  add_services(pair, list);
  add_volumes(pair, list);
  add_dependence(pair, list);
  add_detection(pair, list);
  return list.take();
}

}  // namespace

std::vector<Score> service_scores(const ScoringPair& pair) {
  ScoreList list;
  if (empty_side(pair).empty()) add_services(pair, list);
  return list.take();
}

MetricFamily joint_family() { return {"joint", 3, joint_cards(), evaluate}; }

}  // namespace bench
