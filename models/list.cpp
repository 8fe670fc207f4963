// The table of generators: the only place that knows them all.

#include "models/model.h"
#include "models/netshare/netshare.h"
#include "models/reference/reference.h"

namespace bench {
namespace {

std::unique_ptr<Params> no_params() { return std::make_unique<NoParams>(); }

}  // namespace

const std::vector<ModelEntry>& all_models() {
  static const std::vector<ModelEntry> list{
      {"netshare", "DoppelGANger on flow sequences (Yin et al., SIGCOMM 2022)", 2, netshare_params,
       make_netshare},
      {"resample", "reference: bootstrap of whole training flows", 1, no_params, make_resample},
      {"independent", "reference: each training column shuffled by itself", 1, no_params, make_independent},
      {"uniform", "reference: each column uniform over its training range", 1, no_params, make_uniform},
  };
  return list;
}

const ModelEntry* find_model(std::string_view name) {
  for (const auto& entry : all_models()) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace bench
