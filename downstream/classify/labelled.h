#pragma once
// Flow records as rows with a class, and the training parts that are made of real and synthetic ones.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/seed.h"
#include "datasets/trace.h"
#include "downstream/feature_table.h"

namespace bench {

struct Labelled {
  FeatureTable features;  ///< columns of flow_features
  std::vector<int32_t> classes;
  size_t size() const { return classes.size(); }
};

inline constexpr std::string_view kFlowFeatures[] = {"srcport",  "dstport", "proto",
                                                     "duration", "packets", "bytes"};

/// The classes of a task: code = index. A name that is not listed has the code names.size(); with `rare`
/// (the name of the last class) it has the last one's.
struct ClassList {
  std::vector<std::string> names;
  bool rare_merged = false;

  int32_t code(std::string_view name) const;
};
/// The label column's names in alphabetical order. With `rare_share` > 0 classes below that share of the
/// records (0.001 in the reproduction of CS536) become one last class "smalls". Throws Error(data) if the
/// trace has no label column of that name.
ClassList class_list(const Trace& flows, std::string_view column, double rare_share = 0);

/// One row per flow record: ports and protocol as numbers, duration in s. Throws Error(data) if the trace has
/// no label column of that name.
Labelled flow_features(const Trace& flows, std::string_view column, const ClassList& classes);

/// At most `per_class` rows of each class, drawn without putting back, in their order.
Labelled balanced(const Labelled& rows, size_t per_class, Seed seed);

/// At most `most` rows, drawn without putting back, in their order.
Labelled capped(const Labelled& rows, size_t most, Seed seed);

/// All real rows and `ratio` (>= 0) times as many synthetic ones. Synthetic rows are drawn without putting
/// back; where more are needed than there are, each stands in the result equally often, give or take one.
/// There is one at least unless the ratio is 0.
Labelled augmented(const Labelled& real, const Labelled& synthetic, double ratio, Seed seed);

/// As many rows as `real`, of which `synthetic_share` (0 .. 1) are synthetic; both drawn as in augmented().
Labelled mixed(const Labelled& real, const Labelled& synthetic, double synthetic_share, Seed seed);

}  // namespace bench
