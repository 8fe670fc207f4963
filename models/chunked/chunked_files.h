#pragma once
// Names of what a chunked training leaves in its folder.

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace bench {

inline constexpr auto kEncoderFile = "encoder.h5";
inline constexpr auto kTrainingFile = "training.h5";  ///< what another training can start from

inline std::string chunk_file(size_t chunk) { return fmt::format("chunk-{}.h5", chunk); }
inline std::string network_name(int64_t snapshot) { return fmt::format("network{}", snapshot); }

}  // namespace bench
