#pragma once
// Variational autoencoder over records: Xu et al., "Modeling tabular data using conditional GAN", NeurIPS
// 2019, section 4.5.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> tvae_params();
/// `params` is a TvaeParams.
std::unique_ptr<Generator> make_tvae(const Params& params);

}  // namespace bench
