#pragma once
// Products of rows of floats on the CPU.

#include <cstdint>

namespace bench {

/// Row j * n + i of `rows` (`width` values, rows `stride` apart) is term j of example i. Writes
/// out[(i * terms + j) * terms + k] = rows j and k of example i multiplied and summed in double.
void gram_products(const float* rows, int64_t stride, int64_t width, int64_t n, int64_t terms, double* out);

}  // namespace bench
