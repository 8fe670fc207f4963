#pragma once
// Attributes and records by plain Gaussian diffusion: Ho, Jain, Abbeel, "Denoising diffusion probabilistic
// models", NeurIPS 2020. Categories are numbers -1 and 1, rounded at the end.

#include <memory>

#include "models/diffusion/flow_parts.h"

namespace bench {

struct NoiseOptions {
  int64_t units = 64, blocks = 2;
};

/// As gan_attributes() and gan_records().
std::unique_ptr<AttributePart> noise_attributes(const NoiseOptions& options, const Schedule& schedule,
                                                const Layout& attributes, const at::Generator& init,
                                                torch::Device device);
std::unique_ptr<RecordPart> noise_records(const NoiseOptions& options, const Schedule& schedule,
                                          int64_t attribute_width, const Layout& features, int64_t width,
                                          int64_t longest, const at::Generator& init, torch::Device device);

}  // namespace bench
