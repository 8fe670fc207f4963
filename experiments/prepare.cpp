#include <algorithm>

#include "core/seed.h"
#include "datasets/formats.h"
#include "datasets/surrogate/surrogate.h"
#include "experiments/plan.h"

namespace bench {
namespace {

using nlohmann::json;

SplitOrder split_order(const std::string& name) {
  return name == "file" ? SplitOrder::file : name == "time" ? SplitOrder::time : SplitOrder::random;
}

}  // namespace

Prepared prepare_dataset(const Stage& stage) {
  const json& source = stage.fields.at("source");
  ReadReport report;
  Trace trace;
  if (source.contains("surrogate")) {
    trace = simulate(source["surrogate"].get<std::string>(), source["records"].get<int64_t>(),
                     Seed(source["seed"].get<uint64_t>()));
    report.format = "surrogate";
    report.records = static_cast<int64_t>(trace.size());
  } else {
    ReadOptions options;
    options.max_records = source["max_records"];
    options.columns = source["columns"];
    options.frame_overhead = source["frame_overhead"];
    trace = read_trace(stage.where.at("file").get<std::string>(), source["format"].get<std::string>(),
                       options, report);
  }
  Split split = split_trace(trace, stage.fields["train_share"], split_order(stage.fields["split"]),
                            Seed(stage.fields["seed"].get<uint64_t>()));
  std::optional<Slice> slice;
  if (stage.fields.contains("validation_share")) {
    slice.emplace(slice_flows(split.train, stage.fields["validation_share"],
                              Seed(stage.fields["seed"].get<uint64_t>()).child("validation")));
  }
  std::optional<Canaries> canaries;
  if (stage.fields.contains("canaries")) {
    canaries.emplace(make_canaries(split.train, stage.fields["canaries"].get<size_t>(),
                                   Seed(stage.fields["seed"].get<uint64_t>()).child("canaries")));
  }
  json summary{{"format", report.format},
               {"kind", kind_name(trace.kind)},
               {"surrogate", source.contains("surrogate")},
               {"records", report.records},
               {"train", split.train.trace().size()},
               {"holdout", split.holdout.size()},
               {"time", trace.has_time()},
               {"skipped", report.skipped},
               {"notes", report.notes}};
  if (slice) {
    summary["fit"] = slice->fit.trace().size();
    summary["validation"] = slice->validation.size();
  }
  if (canaries) {
    summary["canaries"] = canaries->records.size();
    summary["inserted"] = std::count(canaries->inserted.begin(), canaries->inserted.end(), true);
  }
  return {std::move(split), std::move(slice), std::move(canaries), std::move(summary)};
}

}  // namespace bench
