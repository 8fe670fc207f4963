#include <algorithm>

#include "models/reference/reference.h"

namespace bench {
namespace {

class Zeros : public TrainingReplay {
 public:
  Trace sample(int64_t records, SampleContext&) override {
    Trace out = training();
    for_each_column(out, [&](std::string_view name, auto& column) {
      if (column.empty()) return;
      const auto first = name == "time" ? *std::min_element(column.begin(), column.end()) : 0;
      column.assign(static_cast<size_t>(records), 0);
      if (name == "length") std::fill(column.begin(), column.end(), 1);
      if (name == "time") std::fill(column.begin(), column.end(), first);
    });
    for (auto& label : out.labels) label.codes.assign(static_cast<size_t>(records), 0);
    return out;
  }
};

}  // namespace

std::unique_ptr<Generator> make_zeros(const Params&) { return std::make_unique<Zeros>(); }

}  // namespace bench
