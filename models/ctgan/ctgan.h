#pragma once
// Conditional tabular GAN over records: Xu et al., "Modeling tabular data using conditional GAN", NeurIPS
// 2019.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> ctgan_params();
/// `params` is a CtganParams.
std::unique_ptr<Generator> make_ctgan(const Params& params);

}  // namespace bench
