#include "models/nn/schedule.h"

#include <cmath>
#include <numbers>

#include "core/error.h"

namespace bench::nn {

double decayed(double rate, std::string_view decay, int64_t iteration, int64_t iterations) {
  const double done = static_cast<double>(iteration) / static_cast<double>(iterations);
  if (decay == "linear") return rate * (1 - done);
  if (decay == "cosine") return rate * (1 + std::cos(std::numbers::pi * done)) / 2;
  return rate;
}

void require_cpu(std::string_view device, std::string_view model) {
  if (device != "cpu")
    fail(Kind::unsupported, "device {}: {} runs on the cpu, which would be right", device, model);
}

}  // namespace bench::nn
