#include "metrics/joint.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/emd.h"
#include "core/stats.h"
#include "datasets/flows.h"
#include "metrics/divergence.h"
#include "metrics/fields.h"
#include "metrics/score_list.h"

namespace bench {
namespace {

constexpr size_t kServicePorts = 1024;

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
  std::vector<double> log_packets, log_bytes;

  void add(int64_t packets, int64_t bytes) {
    log_packets.push_back(std::log1p(static_cast<double>(packets)));
    log_bytes.push_back(std::log1p(static_cast<double>(bytes)));
  }
  int64_t size() const { return static_cast<int64_t>(log_packets.size()); }
};

// Per record of flows; per five-tuple of packets.
Volumes volumes(const Trace& trace) {
  Volumes out;
  if (trace.kind == TraceKind::flows) {
    for (size_t i = 0; i < trace.size(); ++i) out.add(trace.packets[i], trace.bytes[i]);
    return out;
  }
  const FlowIndex flows = group_flows(trace);
  for (size_t f = 0; f < flows.size(); ++f) {
    int64_t bytes = 0;
    for (const size_t row : flows.flow(f)) bytes += trace.length[row];
    out.add(static_cast<int64_t>(flows.flow(f).size()), bytes);
  }
  return out;
}

// The first record of each five-tuple. A few long flows make total variations over packets so noisy that two
// halves of one real trace lie further apart than shuffled columns do (which keep the count of every port);
// counting each five-tuple once removes that.
Trace one_per_flow(const Trace& trace) {
  const FlowIndex flows = group_flows(trace);
  std::vector<size_t> first(flows.size());
  for (size_t f = 0; f < flows.size(); ++f) first[f] = flows.flow(f).front();
  return select(trace, first);
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

std::vector<Score> evaluate(const ScoringPair& pair) {
  ScoreList list;
  const std::string_view services = "proto x dstport", services_of_flows = "proto x dstport of flows";
  const std::string_view pairs = "srcip x dstip", pairs_of_flows = "srcip x dstip of flows";
  const std::string_view volume_field = "log pkt x log byt";
  if (const std::string reason = empty_side(pair); !reason.empty()) {
    for (const std::string_view field : {services, services_of_flows}) {
      list.not_applicable("tv_proto_dstport", "strict", {field, 0, 0}, "", reason);
    }
    for (const std::string_view field : {pairs, pairs_of_flows}) {
      list.not_applicable("tv_src_dst", "strict", {field, 0, 0}, "", reason);
    }
    list.not_applicable("corr_log_pkt_byt", "strict", {volume_field, 0, 0}, "", reason);
    return list.take();
  }
  total_variations(pair.real, pair.synthetic, services, pairs, list);
  total_variations(one_per_flow(pair.real), one_per_flow(pair.synthetic), services_of_flows, pairs_of_flows,
                   list);
  if (pair.real.kind != pair.synthetic.kind) {
    list.not_applicable("corr_log_pkt_byt", "strict", {volume_field, 0, 0}, "",
                        "one trace has packets and the other flow records");
    return list.take();
  }
  const Volumes real = volumes(pair.real);
  const Volumes synthetic = volumes(pair.synthetic);
  list.value("corr_log_pkt_byt", "strict", {volume_field, real.size(), synthetic.size()}, "",
             std::abs(pearson(synthetic.log_packets, synthetic.log_bytes) -
                      pearson(real.log_packets, real.log_bytes)));
  return list.take();
}

}  // namespace

MetricFamily joint_family() {
  return {
      "joint",
      1,
      {
          {"tv_proto_dstport", "strict",
           "total variation of (protocol, destination port) over records and, \"of flows\", with each "
           "five-tuple "
           "counted once; ports from 1024 up count as one",
           "", Direction::lower, 0, 1, "HeaderBench"},
          {"tv_src_dst", "strict",
           "total variation of the (source, destination) address pairs, over records and of flows", "",
           Direction::lower, 0, 1, "HeaderBench"},
          {"corr_log_pkt_byt", "strict",
           "|r_synthetic - r_real|, r = Pearson correlation of ln(1 + packets) and ln(1 + bytes) per flow "
           "record, or "
           "per five-tuple of packets; 0 for a constant side",
           "", Direction::lower, 0, 2, "HeaderBench"},
      },
      evaluate};
}

}  // namespace bench
