#pragma once
// How long a set of jobs would take on more workers than this machine has.

#include <cstddef>
#include <vector>

namespace bench {

struct Job {
  double seconds = 0;
  std::vector<size_t> needs;  ///< earlier jobs that must have ended
};

/// Seconds from the first start to the last end under list scheduling, which is what the local executor does:
/// whenever a worker is free it takes the first job in order whose needs have ended. Free of cost between
/// jobs, and every worker as fast as the one that was measured.
double makespan(const std::vector<Job>& jobs, size_t workers);

}  // namespace bench
