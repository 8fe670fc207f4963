#pragma once
// What several trainings share beside the networks.

#include <cstdint>
#include <string_view>

namespace bench::nn {

/// The learning rate at an iteration of `iterations`: constant ("none"), or falling to 0 "linear"ly or along
/// half a "cosine".
double decayed(double rate, std::string_view decay, int64_t iteration, int64_t iterations);
/// Throws Error(unsupported) for another device than "cpu".
void require_cpu(std::string_view device, std::string_view model);

}  // namespace bench::nn
