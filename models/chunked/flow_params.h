#pragma once
// The parameters that every generator of flow sequences has: how records become columns, and how the trace is
// cut into trainings. Defaults are NetShare's, with the corrections that netshare/README.md lists.

#include <cstdint>
#include <string>

#include "core/params.h"
#include "models/chunked/chunked.h"

namespace bench {

struct FlowParams : Params {
  std::string addresses = "bits";
  std::string ports = "ip2vec";
  int64_t frequent_ports = 48;
  double frequent_share = 0.005;
  int64_t port_bins = 32;
  int64_t word_size = 10;
  int64_t word_epochs = 5;
  std::string word_model = "cbow";
  bool word_subsampling = false;
  bool word_shared = false;
  std::string word_file;

  std::string continuous = "minmax";
  std::string ranges = "learned";
  bool log1p = true;
  bool linear_interarrival = false;
  int64_t max_flow_len = 0;
  std::string long_flows = "continue";
  std::string structure = "generated";
  bool self_norm = false;

  int64_t chunks = 10;
  std::string split = "fixed_time";
  bool tags = true;
  std::string scratch_chunk = "largest";
  bool hot_start = true;
  double fine_tune_share = 0.25;
  bool carry_moments = true;
  int64_t snapshot_count = 1;

  std::string contradiction() const override;
  /// Samples are at most a whole number of blocks of `block` records long, so that a full sample of a longer
  /// flow has no position behind its last record.
  EncodeOptions encode_options(int64_t block) const;
  ChunkedOptions chunked_options(int64_t iterations, int64_t block) const;

 protected:
  void describe_encoding(FieldVisitor& visitor);
  void describe_chunks(FieldVisitor& visitor);
};

}  // namespace bench
