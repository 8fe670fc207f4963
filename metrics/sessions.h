#pragma once
// The two traces of the family "series" as sessions, shared by its files.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/score_list.h"
#include "metrics/columns.h"

namespace bench {

inline constexpr std::string_view kDistanceUnit = "sqrt(nats)";

inline int64_t count_of(size_t n) { return static_cast<int64_t>(n); }

/// Both traces as sessions and as columns by record.
struct Sessions {
  const ScoringPair& pair;
  FlowIndex real, synthetic;
  std::vector<NumberPair> numbers;       ///< features, without clocks
  std::vector<CategoryPair> categories;  ///< features: flags and labels
  std::vector<CategoryPair> attributes;  ///< the five fields

  explicit Sessions(const ScoringPair& p)
      : pair(p),
        real(group_flows(p.real)),
        synthetic(group_flows(p.synthetic)),
        numbers(number_pairs(p.real, p.synthetic, p.window.begin)),
        categories(category_pairs(p.real, p.synthetic)) {
    std::erase_if(numbers, [](const NumberPair& number) { return number.spec->clock; });
    attributes.assign(categories.begin(), categories.begin() + 5);
    categories.erase(categories.begin(), categories.begin() + 5);
  }
  Compared records(std::string_view field) const {
    return {field, count_of(pair.real.size()), count_of(pair.synthetic.size())};
  }
  Compared sessions(std::string_view field) const {
    return {field, count_of(real.size()), count_of(synthetic.size())};
  }
  bool have_times() const { return !pair.real.time.empty() && !pair.synthetic.time.empty(); }
};

/// Jensen-Shannon distance in the ranges of metrics/histogram.h. Neither side is empty.
double distance_of_numbers(const std::vector<int64_t>& real, const std::vector<int64_t>& synthetic);

/// Adds what depends on the order of records: "autocorrelation" and "interarrival".
void add_order(const Sessions& sessions, ScoreList& list);

}  // namespace bench
