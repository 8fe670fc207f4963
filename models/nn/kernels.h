#pragma once
// Loops over plain float arrays on the CPU where a fused pass over memory beats several library calls. The
// functions in parameters.cpp, heads.cpp and lstm.cpp choose between these and library calls on a GPU.

#include <cstdint>

namespace bench::nn {

/// What one Adam step multiplies by (Kingma and Ba 2015, algorithm 1).
struct AdamRates {
  float beta1, beta2;
  float step;        ///< rate / (1 - beta1^t)
  float correction;  ///< 1 / sqrt(1 - beta2^t)
  float epsilon;
};
/// One Adam step on `n` values with their moments.
void adam_values(float* values, float* first, float* second, const float* gradient, int64_t n,
                 const AdamRates& rates);

/// Rows of `units` values that start `stride` floats apart.
struct Rows {
  float* data;
  int64_t stride;
};

/// Back through one LSTM step for `rows` samples: gates [rows, 4 units] as input, forget, output (after the
/// sigmoid), candidate (after the tanh); `cell_before` and `squashed` (tanh of the new cell) [rows, units].
/// In: gradient of the new hidden state and, in `d_cell`, of the new cell. Out: gradient of the gates before
/// their activations, and in `d_cell` that of the cell before.
void lstm_step_backward(int64_t rows, int64_t units, Rows gates, Rows cell_before, Rows squashed,
                        Rows d_hidden, Rows d_cell, Rows d_gates);

/// One head of a layout on arrays: columns as in Head.
struct HeadColumns {
  int kind;  ///< 0 unit, 1 word, 2 category
  int64_t offset, count, width, gate;
};
/// Raw outputs -> arguments of an exponential, in place; `raw` starts at the head's first column.
void head_arguments(const HeadColumns& head, int64_t rows, Rows raw);
/// Exponentials -> activations in place, and times the gate (a column of `row`) into `row`.
void head_outputs(const HeadColumns& head, int64_t rows, Rows soft, Rows row);
/// Gradient of a row -> gradient of the raw outputs; adds to `d_row` at the gate. `soft` and `d_raw` start at
/// the head's first column, `row` and `d_row` at column 0.
void head_backward(const HeadColumns& head, int64_t rows, Rows soft, Rows row, Rows d_row, Rows d_raw);
/// Each category of a category head replaced by the one-hot of its largest column, times the gate, in place.
void head_discretise(const HeadColumns& head, int64_t rows, Rows row);

}  // namespace bench::nn
