#include "models/chunked/flow_params.h"

namespace bench {
namespace {

constexpr int64_t kMany = 1'000'000'000;

}  // namespace

void FlowParams::describe_encoding(FieldVisitor& v) {
  v.text({"addresses", "", "32 two-way categories, or 4 numbers", "NetShare: bits"}, addresses,
         {"bits", "bytes"});
  v.text(
      {"ports", "",
       "word vectors of ports and protocol; 16 two-way categories; 2 numbers; frequent ports as categories "
       "and "
       "one for all others; the same and bits for the others; the same and bins of equal mass for the others",
       "NetShare: ip2vec"},
      ports, {"ip2vec", "bits", "bytes", "onehot", "onehot_bits", "onehot_bins"});
  v.integer({"frequent_ports", "ports", "onehot*: most categories per column", ""}, frequent_ports, 0, 65536);
  v.number({"frequent_share", "", "onehot*: least share of the flows or of the records for a category", ""},
           frequent_share, 0, 1);
  v.integer({"port_bins", "bins", "onehot_bins: bins of the ports without a category", ""}, port_bins, 1,
            65536);
  v.integer({"word_size", "", "ip2vec: length of a word vector", "NetShare: 10"}, word_size, 3, 1000);
  v.integer({"word_epochs", "epochs", "ip2vec: passes over the records", "gensim: 5"}, word_epochs, 1, 10000);
  v.text({"word_model", "", "ip2vec: a word from the mean of its neighbours, or each neighbour from the word",
          "NetShare: cbow"},
         word_model, {"cbow", "skipgram"});
  v.flag({"word_subsampling", "", "ip2vec: frequent words are left out of most sentences",
          "NetShare: true (gensim's 1e-3)"},
         word_subsampling);
  v.flag({"word_shared", "", "ip2vec: ports and protocols share one vocabulary", "NetShare: true"},
         word_shared);
  v.text({"word_file", "", "ip2vec: a file of word vectors learned elsewhere (text, word2vec's format)",
          "NetShare with DP: a public one"},
         word_file, {});

  v.text({"continuous", "",
          "numeric fields by range (log of duration, packets, bytes), by distribution function, or by "
          "distribution function with the generator's own distribution taken out of its outputs",
          "NetShare: minmax"},
         continuous, {"minmax", "quantile", "calibrated"});
  v.text({"ranges", "", "minmax: range of the training part, or one that does not depend on it",
          "NetShare: learned; with DP: public"},
         ranges, {"learned", "public"});
  v.flag({"log1p", "", "minmax: logarithm of duration, packets and bytes", "NetShare: true"}, log1p);
  v.flag({"linear_interarrival", "", "minmax: interarrival without the logarithm", "NetShare code: true"},
         linear_interarrival);
  v.integer({"max_flow_len", "records", "longest sample; 0 = the longest flow", "NetShare camera-ready: 0"},
            max_flow_len, 0, kMany);
  v.text({"long_flows", "", "flows beyond max_flow_len go on in another sample, or lose their later records",
          "NetShare's PyTorch code: truncate"},
         long_flows, {"continue", "truncate"});
  v.text({"structure", "",
          "protocol, ports, flow tags and number of records are learned outputs, or drawn from the training "
          "flows "
          "and given to the network; given needs ports onehot_bins",
          "NetShare: generated"},
         structure, {"generated", "given"});
  v.flag({"self_norm", "",
          "numeric features relative to their range inside the flow, which becomes an attribute",
          "DoppelGANger; NetShare: false"},
         self_norm);
}

void FlowParams::describe_chunks(FieldVisitor& v) {
  v.integer({"chunks", "", "parts of the trace with a training each; 1 = the whole trace", "NetShare: 10"},
            chunks, 1, 10000);
  v.text({"split", "", "chunks of equal time, or of equally many records", "NetShare: fixed_time"}, split,
         {"fixed_time", "fixed_size"});
  v.flag({"tags", "", "attributes that say in which chunks a flow has records", "NetShare: true"}, tags);
  v.text({"scratch_chunk", "",
          "the chunk that is trained from scratch: with most records, or the first one with any",
          "NetShare: first"},
         scratch_chunk, {"largest", "first"});
  v.flag({"hot_start", "", "the networks of that chunk are where the other chunks start", "NetShare: true"},
         hot_start);
  v.number({"fine_tune_share", "", "hot_start: iterations of the other chunks relative to that one",
            "NetShare: 1/4"},
           fine_tune_share, 0.0001, 10);
  v.flag({"carry_moments", "", "hot_start: the optimisers' moments go over too",
          "NetShare camera-ready: true; its PyTorch code: false"},
         carry_moments);
  v.integer(
      {"snapshot_count", "", "states of the training that a choice is made among, on a validation slice",
       "NetShare: 5 to 16"},
      snapshot_count, 1, 1000);
}

std::string FlowParams::contradiction() const {
  if (structure == "given" && ports != "onehot_bins")
    return "structure \"given\" with ports \"" + ports + "\"; ports \"onehot_bins\" would be right";
  return {};
}

EncodeOptions FlowParams::encode_options(int64_t block) const {
  EncodeOptions out;
  out.services = {ports,       frequent_ports, frequent_share,   port_bins,   word_size,
                  word_epochs, word_model,     word_subsampling, word_shared, word_file};
  out.addresses = addresses;
  out.quantile = continuous != "minmax";
  out.record_times = continuous == "calibrated";
  out.log1p = log1p;
  out.linear_interarrival = linear_interarrival;
  out.public_ranges = ranges == "public";
  out.self_norm = self_norm;
  out.max_flow_len = (max_flow_len + block - 1) / block * block;
  out.truncate = long_flows == "truncate";
  out.chunks = chunks;
  out.split = split == "fixed_time" ? ChunkSplit::fixed_time : ChunkSplit::fixed_size;
  out.tags = tags;
  out.given = structure == "given";
  return out;
}

ChunkedOptions FlowParams::chunked_options(int64_t iterations, int64_t block) const {
  ChunkedOptions out;
  out.encode = encode_options(block);
  out.iterations = iterations;
  out.scratch_first = scratch_chunk == "first";
  out.hot_start = hot_start;
  out.fine_tune_share = fine_tune_share;
  out.carry_moments = carry_moments;
  out.snapshots = snapshot_count;
  out.calibrate = continuous == "calibrated";
  return out;
}

}  // namespace bench
