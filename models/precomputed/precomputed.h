#pragma once
// Synthetic traces that exist already, as a row of the table.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> precomputed_params();
/// fit() reads the first of the files and learns nothing; sample() returns its records as they are, whatever
/// number is asked for, and notes where that differs. The harness makes one generator for each file. fit()
/// throws Error(invalid_output) if the file is malformed or of the other kind than the training part.
std::unique_ptr<Generator> make_precomputed(const Params& params);

}  // namespace bench
