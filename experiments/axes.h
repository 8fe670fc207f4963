#pragma once
// Lists are axes: an object with arrays among its values becomes one object per combination.

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/params.h"

namespace bench {

struct Combination {
  nlohmann::json values;                ///< the object with one element of every axis
  std::string variant;                  ///< "sample_len=5,lr=0.001": the varied keys only
  std::map<std::string, size_t> index;  ///< axis key -> which element was taken, for JSON pointers
};

/// All combinations, the last axis running fastest. {"value": [..]} is a list that is not an axis, and so is
/// a list under a key of `lists` unless it is a list of lists. An empty list gives no combination.
std::vector<Combination> expand_axes(const nlohmann::json& object,
                                     const std::vector<std::string>& lists = {});

/// Text of a value as it stands in a variant name: numbers and words bare, the words of a list in a row.
std::string variant_text(const nlohmann::json& value);

/// Takes over the problems of the combinations of one entry: an axis' element gets its index, and each is
/// said once.
class AxisProblems {
 public:
  explicit AxisProblems(Problems& problems) : problems_(problems) {}
  void report(const Problems& own, const Combination& combination);

 private:
  Problems& problems_;
  std::set<std::string> reported_;
};

}  // namespace bench
