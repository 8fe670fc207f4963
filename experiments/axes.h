#pragma once
// Lists are axes: an object with arrays among its values becomes one object per combination.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace bench {

struct Combination {
  nlohmann::json values;                ///< the object with one element of every axis
  std::string variant;                  ///< "sample_len=5,lr=0.001": the varied keys only
  std::map<std::string, size_t> index;  ///< axis key -> which element was taken, for JSON pointers
};

/// All combinations, the last axis running fastest. {"value": [..]} is a list that is not an axis. An empty
/// list gives no combination.
std::vector<Combination> expand_axes(const nlohmann::json& object);

/// Text of a value as it stands in a variant name: numbers and words bare.
std::string variant_text(const nlohmann::json& value);

}  // namespace bench
