#include "models/nn/heads.h"

#include <algorithm>
#include <cassert>

#include "models/nn/kernels.h"

namespace bench::nn {
namespace {

Rows rows_of(const torch::Tensor& matrix, int64_t column = 0) {
  assert(matrix.dim() == 2 && matrix.stride(1) == 1);
  return {matrix.data_ptr<float>() + column, matrix.stride(0)};
}

HeadColumns columns_of(const Head& head) {
  return {static_cast<int>(head.kind), head.offset, head.count, head.width, head.gate};
}
static_assert(static_cast<int>(Head::Kind::unit) == 0 && static_cast<int>(Head::Kind::word) == 1 &&
              static_cast<int>(Head::Kind::category) == 2);

torch::Tensor as_categories(const torch::Tensor& part, const Head& head) {
  return part.reshape({part.size(0), head.count, head.width});
}

}  // namespace

Heads::Heads(const Layout& layout, int64_t begin, int64_t end) : begin_(begin), end_(end) {
  for (Head head : layout.heads) {
    const int64_t first = std::max(begin, head.offset), last = std::min(end, head.offset + head.columns());
    if (first >= last) continue;
    assert((first - head.offset) % head.width == 0 && (last - head.offset) % head.width == 0);
    head.offset = first;
    head.count = (last - first) / head.width;
    heads_.push_back(head);
  }
}

void Heads::activate(torch::Tensor& raw, torch::Tensor& row) const {
  if (row.is_cpu()) {
    for (const Head& head : heads_)
      head_arguments(columns_of(head), raw.size(0), rows_of(raw, head.offset - begin_));
    raw.exp_();
    for (const Head& head : heads_)
      head_outputs(columns_of(head), raw.size(0), rows_of(raw, head.offset - begin_), rows_of(row));
    return;
  }
  for (const Head& head : heads_) {
    torch::Tensor part = raw.narrow(1, head.offset - begin_, head.columns());
    if (head.kind == Head::Kind::unit) part.sigmoid_();
    if (head.kind == Head::Kind::word) part.tanh_();
    if (head.kind == Head::Kind::category) {
      part.copy_(torch::softmax(as_categories(part, head), 2).view(part.sizes()));
    }
    torch::Tensor out = row.narrow(1, head.offset, head.columns());
    out.copy_(part);
    if (head.gate >= 0) out.mul_(row.narrow(1, head.gate, 1));
  }
}

void Heads::backward(const torch::Tensor& soft, const torch::Tensor& row, torch::Tensor& d_row,
                     torch::Tensor& d_raw) const {
  // Backwards, so that a gate has all its gradient before its own head's turn.
  for (size_t h = heads_.size(); h-- > 0;) {
    const Head& head = heads_[h];
    if (row.is_cpu()) {
      head_backward(columns_of(head), row.size(0), rows_of(soft, head.offset - begin_), rows_of(row),
                    rows_of(d_row), rows_of(d_raw, head.offset - begin_));
      continue;
    }
    const torch::Tensor s = soft.narrow(1, head.offset - begin_, head.columns());
    torch::Tensor d = d_row.narrow(1, head.offset, head.columns());
    if (head.gate >= 0) {
      d_row.narrow(1, head.gate, 1).add_((d * s).sum(1, true));
      d = d * row.narrow(1, head.gate, 1);
    }
    torch::Tensor out = d_raw.narrow(1, head.offset - begin_, head.columns());
    if (head.kind == Head::Kind::unit) out.copy_(d * s * (1 - s));
    if (head.kind == Head::Kind::word) out.copy_(d * (1 - s * s));
    if (head.kind == Head::Kind::category) {
      const torch::Tensor wide = as_categories(s, head), slope = as_categories(d, head);
      out.copy_((wide * (slope - (wide * slope).sum(2, true))).view(out.sizes()));
    }
  }
}

void Heads::discretise(torch::Tensor& row) const {
  for (const Head& head : heads_) {
    if (head.kind != Head::Kind::category) continue;
    if (row.is_cpu()) {
      head_discretise(columns_of(head), row.size(0), rows_of(row));
      continue;
    }
    torch::Tensor part = row.narrow(1, head.offset, head.columns());
    const torch::Tensor wide = as_categories(part, head);
    part.copy_(torch::zeros_like(wide).scatter_(2, wide.argmax(2, true), 1).view(part.sizes()));
    if (head.gate >= 0) part.mul_(row.narrow(1, head.gate, 1));
  }
}

}  // namespace bench::nn
