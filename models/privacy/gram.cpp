#include "models/privacy/gram.h"

// One copy per instruction set, chosen when the program is loaded.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define HEADERBENCH_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HEADERBENCH_CLONES
#endif

namespace bench {

HEADERBENCH_CLONES
void gram_products(const float* rows, int64_t stride, int64_t width, int64_t n, int64_t terms, double* out) {
  for (int64_t i = 0; i < n; ++i, out += terms * terms) {
    for (int64_t j = 0; j < terms; ++j) {
      const float* a = rows + (j * n + i) * stride;
      for (int64_t k = 0; k <= j; ++k) {
        const float* b = rows + (k * n + i) * stride;
        constexpr int64_t kLanes = 16;
        double lanes[kLanes] = {};
        int64_t c = 0;
        for (; c + kLanes <= width; c += kLanes) {
          for (int64_t l = 0; l < kLanes; ++l)
            lanes[l] += static_cast<double>(a[c + l]) * static_cast<double>(b[c + l]);
        }
        double sum = 0;
        for (; c < width; ++c) sum += static_cast<double>(a[c]) * static_cast<double>(b[c]);
        for (const double lane : lanes) sum += lane;
        out[j * terms + k] = out[k * terms + j] = sum;
      }
    }
  }
}

}  // namespace bench
#undef HEADERBENCH_CLONES
