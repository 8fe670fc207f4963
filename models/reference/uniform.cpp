#include <algorithm>
#include <random>
#include <set>

#include "models/reference/reference.h"

namespace bench {
namespace {

class Uniform : public TrainingReplay {
 public:
  Trace sample(int64_t records, SampleContext& context) override {
    Trace out = training();
    Rng rng = context.seed.child("sampling").rng();
    const auto over_range = [&]<typename T>(std::vector<T>& column) {
      if (column.empty()) return;
      const auto [lo, hi] = std::minmax_element(column.begin(), column.end());
      std::uniform_int_distribution<int64_t> draw(static_cast<int64_t>(*lo), static_cast<int64_t>(*hi));
      column.resize(static_cast<size_t>(records));
      for (T& value : column) value = static_cast<T>(draw(rng));
    };
    const auto over_values = [&]<typename T>(std::vector<T>& column) {
      if (column.empty()) return;
      const std::set<T> distinct(column.begin(), column.end());
      const std::vector<T> values(distinct.begin(), distinct.end());
      std::uniform_int_distribution<size_t> draw(0, values.size() - 1);
      column.resize(static_cast<size_t>(records));
      for (T& value : column) value = values[draw(rng)];
    };
    for_each_column(out, [&](std::string_view name, auto& column) {
      const bool category = name == "proto" || name == "ip_flags" || name == "tcp_flags";
      category ? over_values(column) : over_range(column);
    });
    for (auto& label : out.labels) over_values(label.codes);
    std::sort(out.time.begin(), out.time.end());
    return out;
  }
};

}  // namespace

std::unique_ptr<Generator> make_uniform(const Params&) { return std::make_unique<Uniform>(); }

}  // namespace bench
