#pragma once
// The normalised EMD of the NetShare paper's figures: one field, one value per generator.

#include <span>
#include <vector>

namespace bench {

/// Min-max over the generators of one field, in their order: the best gets 0, the worst 1; all equal (or a
/// single one) give 0. The values are finite; the caller leaves generators without a value out.
std::vector<double> peer_normalise(std::span<const double> values);

}  // namespace bench
