#include "experiments/schedule.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace bench {

double makespan(const std::vector<Job>& jobs, size_t workers) {
  assert(workers > 0);
  constexpr double kNever = std::numeric_limits<double>::infinity();
  std::vector<double> end(jobs.size(), kNever);
  std::vector<bool> started(jobs.size(), false);
  double now = 0;
  for (size_t left = jobs.size(); left > 0;) {
    auto busy = static_cast<size_t>(
        std::count_if(end.begin(), end.end(), [&](double e) { return e < kNever && e > now; }));
    for (size_t j = 0; j < jobs.size() && busy < workers; ++j) {
      const auto ended = [&](size_t need) { return end[need] <= now; };
      if (started[j] || !std::all_of(jobs[j].needs.begin(), jobs[j].needs.end(), ended)) continue;
      started[j] = true;
      end[j] = now + jobs[j].seconds;
      --left;
      if (jobs[j].seconds > 0) ++busy;
    }
    double next = kNever;
    for (const double e : end) {
      if (e > now) next = std::min(next, e);
    }
    if (next < kNever) now = next;
  }
  double last = 0;
  for (const double e : end) last = std::max(last, e);
  return last;
}

}  // namespace bench
