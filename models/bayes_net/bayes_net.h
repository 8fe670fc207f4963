#pragma once
// Bayesian network over binned columns. See README.md in this folder.

#include <memory>

#include "models/model.h"
#include "models/rows/row_model.h"

namespace bench {

class BayesNetParams;

std::unique_ptr<Params> bayes_net_params();
std::unique_ptr<Generator> make_bayes_net(const Params& params);
/// The same over any table; columns of labels stand first in it.
std::unique_ptr<RowModel> make_bayes_net_rows(const BayesNetParams& params);

}  // namespace bench
