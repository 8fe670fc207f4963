#include "models/nn/kernels.h"

#include <algorithm>
#include <cmath>

// One copy of a loop per instruction set, chosen when the program is loaded.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define HEADERBENCH_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HEADERBENCH_CLONES
#endif

namespace bench::nn {

HEADERBENCH_CLONES
void adam_values(float* __restrict values, float* __restrict first, float* __restrict second,
                 const float* __restrict gradient, int64_t n, const AdamRates& rates) {
  const float beta1 = rates.beta1, beta2 = rates.beta2, rest1 = 1 - beta1, rest2 = 1 - beta2,
              step = rates.step, correction = rates.correction, epsilon = rates.epsilon;
  for (int64_t i = 0; i < n; ++i) {
    const float g = gradient[i];
    const float m = beta1 * first[i] + rest1 * g;
    const float v = beta2 * second[i] + rest2 * g * g;
    first[i] = m;
    second[i] = v;
    values[i] -= step * m / (std::sqrt(v) * correction + epsilon);
  }
}

HEADERBENCH_CLONES
void lstm_step_backward(int64_t rows, int64_t units, Rows gates, Rows cell_before, Rows squashed,
                        Rows d_hidden, Rows d_cell, Rows d_gates) {
  for (int64_t r = 0; r < rows; ++r) {
    const float* __restrict in = gates.data + r * gates.stride;
    const float* __restrict forget = in + units;
    const float* __restrict out = in + 2 * units;
    const float* __restrict candidate = in + 3 * units;
    const float* __restrict before = cell_before.data + r * cell_before.stride;
    const float* __restrict t = squashed.data + r * squashed.stride;
    const float* __restrict dh = d_hidden.data + r * d_hidden.stride;
    float* __restrict dc = d_cell.data + r * d_cell.stride;
    float* __restrict d_in = d_gates.data + r * d_gates.stride;
    float* __restrict d_forget = d_in + units;
    float* __restrict d_out = d_in + 2 * units;
    float* __restrict d_candidate = d_in + 3 * units;
#pragma GCC ivdep
    for (int64_t j = 0; j < units; ++j) {
      const float d = dc[j] + dh[j] * out[j] * (1 - t[j] * t[j]);
      d_in[j] = d * candidate[j] * in[j] * (1 - in[j]);
      d_forget[j] = d * before[j] * forget[j] * (1 - forget[j]);
      d_out[j] = dh[j] * t[j] * out[j] * (1 - out[j]);
      d_candidate[j] = d * in[j] * (1 - candidate[j] * candidate[j]);
      dc[j] = d * forget[j];
    }
  }
}

HEADERBENCH_CLONES
void head_arguments(const HeadColumns& head, int64_t rows, Rows raw) {
  const int64_t columns = head.count * head.width;
  for (int64_t r = 0; r < rows; ++r) {
    float* x = raw.data + r * raw.stride;
    if (head.kind < 2) {
      const float factor = head.kind == 0 ? -1.0F : -2.0F;
      for (int64_t j = 0; j < columns; ++j) x[j] *= factor;
    } else if (head.width == 2) {
      // The softmax of a pair is a sigmoid of the difference.
      for (int64_t j = 0; j < columns; j += 2) {
        x[j] -= x[j + 1];
        x[j + 1] = 0;
      }
    } else {
      for (int64_t i = 0; i < head.count; ++i, x += head.width) {
        const float largest = *std::max_element(x, x + head.width);
        for (int64_t j = 0; j < head.width; ++j) x[j] -= largest;
      }
    }
  }
}

HEADERBENCH_CLONES
void head_outputs(const HeadColumns& head, int64_t rows, Rows soft, Rows row) {
  const int64_t columns = head.count * head.width;
  for (int64_t r = 0; r < rows; ++r) {
    float* y = soft.data + r * soft.stride;
    float* all = row.data + r * row.stride;
    if (head.kind == 0) {
      for (int64_t j = 0; j < columns; ++j) y[j] = 1 / (1 + y[j]);
    } else if (head.kind == 1) {
      for (int64_t j = 0; j < columns; ++j) y[j] = 2 / (1 + y[j]) - 1;
    } else if (head.width == 2) {
      for (int64_t j = 0; j < columns; j += 2) {
        const float second = 1 / (1 + y[j]);
        y[j] = 1 - second;
        y[j + 1] = second;
      }
    } else {
      for (int64_t i = 0; i < head.count; ++i) {
        float sum = 0;
        for (int64_t j = 0; j < head.width; ++j) sum += y[i * head.width + j];
        for (int64_t j = 0; j < head.width; ++j) y[i * head.width + j] /= sum;
      }
    }
    const float gate = head.gate < 0 ? 1.0F : all[head.gate];
    float* out = all + head.offset;
    for (int64_t j = 0; j < columns; ++j) out[j] = y[j] * gate;
  }
}

HEADERBENCH_CLONES
void head_backward(const HeadColumns& head, int64_t rows, Rows soft, Rows row, Rows d_row, Rows d_raw) {
  const int64_t columns = head.count * head.width;
  for (int64_t r = 0; r < rows; ++r) {
    const float* __restrict s = soft.data + r * soft.stride;
    float* d_all = d_row.data + r * d_row.stride;
    float* __restrict d = d_all + head.offset;
    float* __restrict out = d_raw.data + r * d_raw.stride;
    if (head.gate >= 0) {
      float sum = 0;
      for (int64_t j = 0; j < columns; ++j) sum += d[j] * s[j];
      const float gate = row.data[r * row.stride + head.gate];
      for (int64_t j = 0; j < columns; ++j) d[j] *= gate;
      d_all[head.gate] += sum;
    }
    if (head.kind == 0) {
      for (int64_t j = 0; j < columns; ++j) out[j] = d[j] * s[j] * (1 - s[j]);
    } else if (head.kind == 1) {
      for (int64_t j = 0; j < columns; ++j) out[j] = d[j] * (1 - s[j] * s[j]);
    } else if (head.width == 2) {
      for (int64_t j = 0; j < columns; j += 2) {
        const float slope = (d[j + 1] - d[j]) * s[j] * s[j + 1];
        out[j] = -slope;
        out[j + 1] = slope;
      }
    } else {
      for (int64_t i = 0; i < columns; i += head.width) {
        float sum = 0;
        for (int64_t j = i; j < i + head.width; ++j) sum += d[j] * s[j];
        for (int64_t j = i; j < i + head.width; ++j) out[j] = s[j] * (d[j] - sum);
      }
    }
  }
}

void head_discretise(const HeadColumns& head, int64_t rows, Rows row) {
  for (int64_t r = 0; r < rows; ++r) {
    float* all = row.data + r * row.stride;
    const float gate = head.gate < 0 ? 1.0F : all[head.gate];
    float* x = all + head.offset;
    for (int64_t i = 0; i < head.count; ++i, x += head.width) {
      const int64_t chosen = std::max_element(x, x + head.width) - x;
      for (int64_t j = 0; j < head.width; ++j) x[j] = j == chosen ? gate : 0.0F;
    }
  }
}

}  // namespace bench::nn
#undef HEADERBENCH_CLONES
