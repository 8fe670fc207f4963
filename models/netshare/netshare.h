#pragma once
// NetShare: DoppelGANger on flow sequences. See README.md in this folder.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> netshare_params();
std::unique_ptr<Generator> make_netshare(const Params& params);

}  // namespace bench
