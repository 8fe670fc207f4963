#include "models/nn/lstm.h"

#include <algorithm>

#include "models/nn/kernels.h"

namespace bench::nn {
namespace {

/// Room for `steps` slices [rows, width], twice as many as before where it has to grow; the first `used` keep
/// their contents.
void reserve(torch::Tensor& tensor, int64_t steps, int64_t used, int64_t rows, int64_t width,
             const torch::Tensor& like) {
  const bool fits = tensor.defined() && tensor.size(1) == rows && tensor.size(2) == width;
  if (fits && tensor.size(0) >= steps) return;
  const int64_t room = fits ? std::max(steps, 2 * tensor.size(0)) : steps;
  torch::Tensor larger = torch::empty({room, rows, width}, like.options());
  if (used > 0) larger.narrow(0, 0, used).copy_(tensor.narrow(0, 0, used));
  tensor = larger;
}

Rows rows_of(const torch::Tensor& matrix) { return {matrix.data_ptr<float>(), matrix.stride(0)}; }

void step_backward(const torch::Tensor& gates, const torch::Tensor& before, const torch::Tensor& squashed,
                   const torch::Tensor& d_hidden, torch::Tensor& d_cell, torch::Tensor d_gates) {
  const int64_t units = before.size(1);
  if (gates.is_cpu()) {
    lstm_step_backward(before.size(0), units, rows_of(gates), rows_of(before), rows_of(squashed),
                       rows_of(d_hidden), rows_of(d_cell), rows_of(d_gates));
    return;
  }
  const auto g = gates.chunk(4, 1);
  auto out = d_gates.chunk(4, 1);
  d_cell.add_(d_hidden * g[2] * (1 - squashed * squashed));
  out[0].copy_(d_cell * g[3] * g[0] * (1 - g[0]));
  out[1].copy_(d_cell * before * g[1] * (1 - g[1]));
  out[2].copy_(d_hidden * squashed * g[2] * (1 - g[2]));
  out[3].copy_(d_cell * g[0] * (1 - g[3] * g[3]));
  d_cell.mul_(g[1]);
}

}  // namespace

Lstm::Lstm(Parameters& parameters, const std::string& name, int64_t fixed, int64_t changing, int64_t units)
    : units_(units), changing_(changing) {
  using Start = Parameters::Start;
  const int64_t in = fixed + changing + units;
  parameters.add(name + ".fixed", &from_fixed_, {fixed, 4 * units}, Start::recurrent, in, 4 * units);
  parameters.add(name + ".state", &from_state_, {units + changing, 4 * units}, Start::recurrent, in,
                 4 * units);
  parameters.add(name + ".bias", &bias_, {4 * units}, Start::zero);
}

void Lstm::open_forget_gates() {
  const torch::NoGradGuard no_grad;
  bias_.narrow(0, units_, units_).fill_(1);
}

torch::Tensor Lstm::fixed_part(const torch::Tensor& input) const {
  return torch::addmm(bias_, input, from_fixed_);
}

void Lstm::begin(Pass& pass, const torch::Tensor& fixed, const torch::Tensor& hidden,
                 const torch::Tensor& cell) const {
  const int64_t rows = fixed.size(0);
  reserve(pass.state, 1, 0, rows, units_ + changing_, fixed);
  reserve(pass.cell, 1, 0, rows, units_, fixed);
  pass.fixed_input = fixed;
  pass.fixed = fixed_part(fixed);
  pass.state[0].narrow(1, 0, units_).copy_(hidden);
  pass.cell[0].copy_(cell);
}

void Lstm::gate(const torch::Tensor& gates, const torch::Tensor& before, torch::Tensor cell,
                torch::Tensor squashed, torch::Tensor hidden) const {
  gates.narrow(1, 0, 3 * units_).sigmoid_();
  const torch::Tensor candidate = gates.narrow(1, 3 * units_, units_).tanh_();
  at::mul_out(cell, gates.narrow(1, units_, units_), before).addcmul_(gates.narrow(1, 0, units_), candidate);
  at::tanh_out(squashed, cell);
  at::mul_out(hidden, gates.narrow(1, 2 * units_, units_), squashed);
}

void Lstm::run(Pass& pass, int64_t first, const torch::Tensor& inputs) const {
  const int64_t rows = pass.fixed.size(0), end = first + inputs.size(0);
  reserve(pass.state, end + 1, first + 1, rows, units_ + changing_, inputs);
  reserve(pass.cell, end + 1, first + 1, rows, units_, inputs);
  reserve(pass.gates, end, first, rows, 4 * units_, inputs);
  reserve(pass.squashed, end, first, rows, units_, inputs);
  pass.state.narrow(0, first, inputs.size(0)).narrow(2, units_, changing_).copy_(inputs);
  for (int64_t r = first; r < end; ++r) {
    torch::Tensor gates = pass.gates[r];
    at::addmm_out(gates, pass.fixed, pass.state[r], from_state_);
    gate(gates, pass.cell[r], pass.cell[r + 1], pass.squashed[r], pass.state[r + 1].narrow(1, 0, units_));
  }
}

torch::Tensor Lstm::hidden(const Pass& pass, int64_t first, int64_t n) const {
  return pass.state.narrow(0, first + 1, n).narrow(2, 0, units_).view({n * pass.state.size(1), units_});
}

void Lstm::backward(const Pass& pass, int64_t row, torch::Tensor& d_hidden,
                    const torch::Tensor* gradients) const {
  const int64_t steps = d_hidden.size(0), rows = d_hidden.size(1);
  const auto of = [&](const torch::Tensor& t, int64_t r) { return t[r].narrow(0, row, rows); };
  torch::Tensor d_gates = torch::empty({steps, rows, 4 * units_}, d_hidden.options());
  torch::Tensor d_cell = torch::zeros({rows, units_}, d_hidden.options());
  const torch::Tensor back = from_state_.narrow(0, 0, units_).t();
  for (int64_t r = steps; r-- > 0;) {
    step_backward(of(pass.gates, r), of(pass.cell, r), of(pass.squashed, r), d_hidden[r], d_cell, d_gates[r]);
    if (r > 0) d_hidden[r - 1].addmm_(d_gates[r], back);
  }
  torch::Tensor d_fixed = gradients[0], d_state = gradients[1], d_bias = gradients[2];
  const torch::Tensor sum = d_gates.sum(0);
  at::mm_out(d_fixed, pass.fixed_input.narrow(0, row, rows).t(), sum);
  at::sum_out(d_bias, sum, 0);
  const torch::Tensor states =
      pass.state.narrow(0, 0, steps).narrow(1, row, rows).reshape({steps * rows, units_ + changing_});
  at::mm_out(d_state, states.t(), d_gates.view({steps * rows, 4 * units_}));
}

void Lstm::step(const torch::Tensor& fixed, torch::Tensor& state, torch::Tensor& cell, torch::Tensor& gates,
                torch::Tensor& squashed) const {
  at::addmm_out(gates, fixed, state, from_state_);
  gate(gates, cell, cell, squashed, state.narrow(1, 0, units_));
}

}  // namespace bench::nn
