#pragma once
// Records as keys: to find equal ones, and to draw some of them whatever order they stand in.

#include <compare>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "core/seed.h"
#include "datasets/trace.h"

namespace bench {

/// 128 bits: two different records of a trace share a key with a probability that can be left out (2^-88 for
/// a million records).
struct RowKey {
  uint64_t high = 0;
  uint64_t low = 0;
  auto operator<=>(const RowKey&) const = default;
};

/// One key per record, from the numeric columns that `use` names; equal keys mean equal values there.
std::vector<RowKey> row_keys(const Trace& trace, const std::function<bool(std::string_view column)>& use);

/// Keys of records without their times, with equal ones told apart by counting: all different, and the same
/// SET of keys whatever order the records stand in and whenever they are.
std::vector<RowKey> different_keys(const Trace& trace);

/// The indices of the `at_most` smallest of different keys mixed with the seed, smallest first; all of them,
/// in that order, if there are no more. What is drawn does not depend on the order of the list, and each key
/// is drawn with the same probability.
std::vector<size_t> draw(const std::vector<RowKey>& keys, size_t at_most, Seed seed);

}  // namespace bench
