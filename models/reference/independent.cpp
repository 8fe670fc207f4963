#include <algorithm>
#include <numeric>

#include "models/reference/reference.h"

namespace bench {
namespace {

class Independent : public TrainingReplay {
 public:
  Trace sample(int64_t records, SampleContext& context) override {
    Trace out = training();
    Rng rng = context.seed.child("sampling").rng();
    const auto redraw = [&](auto& column) {
      if (column.empty()) return;
      std::remove_reference_t<decltype(column)> drawn;
      drawn.reserve(static_cast<size_t>(records) + column.size());
      while (drawn.size() < static_cast<size_t>(records)) {
        std::shuffle(column.begin(), column.end(), rng);
        drawn.insert(drawn.end(), column.begin(), column.end());
      }
      drawn.resize(static_cast<size_t>(records));
      column = std::move(drawn);
    };
    for_each_column(out, [&](std::string_view, auto& column) { redraw(column); });
    for (auto& label : out.labels) redraw(label.codes);
    std::sort(out.time.begin(), out.time.end());
    return out;
  }
};

}  // namespace

std::unique_ptr<Generator> make_independent(const Params&) { return std::make_unique<Independent>(); }

}  // namespace bench
