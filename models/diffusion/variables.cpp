#include "models/diffusion/variables.h"

namespace bench {
namespace {

constexpr int64_t kByteBits = 8, kByteValues = 256;

torch::Tensor with_last(const torch::Tensor& x, std::initializer_list<int64_t> last) {
  std::vector<int64_t> shape = x.sizes().vec();
  shape.pop_back();
  shape.insert(shape.end(), last);
  return x.reshape(shape);
}

/// [256]: 128, 64, .. 1 for the columns of ones.
torch::Tensor bit_columns() {
  const torch::Tensor shifts = torch::arange(kByteBits - 1, -1, -1);
  const torch::Tensor ones =
      torch::bitwise_and(torch::bitwise_right_shift(torch::arange(kByteValues).unsqueeze(1), shifts), 1)
          .to(torch::kFloat32);
  return torch::stack({1 - ones, ones}, 2).reshape({kByteValues, 2 * kByteBits});
}

}  // namespace

Variables::Variables(const Head& head, bool bytes) : count_(head.count), values_(head.width) {
  if (!bytes || head.kind != Head::Kind::category || head.width != 2 || head.count % kByteBits != 0) return;
  count_ = head.count / kByteBits;
  values_ = kByteValues;
  bits_ = bit_columns();
}

torch::Tensor Variables::one_hots(const torch::Tensor& columns) const {
  if (!bits_.defined()) return with_last(columns, {count_, values_});
  const torch::Tensor bits = with_last(columns, {count_, kByteBits, 2});
  const torch::Tensor weights = torch::pow(2, torch::arange(kByteBits - 1, -1, -1, columns.options()));
  const torch::Tensor byte = (bits.select(-1, 1) * weights).sum(-1, true).round().to(torch::kInt64);
  std::vector<int64_t> shape = byte.sizes().vec();
  shape.back() = values_;
  // A closed gate leaves a bit's two columns 0.
  return torch::zeros(shape, columns.options()).scatter_(-1, byte, 1) * bits.select(-2, 0).sum(-1, true);
}

torch::Tensor Variables::columns(const torch::Tensor& chances) const {
  const torch::Tensor each = bits_.defined() ? torch::matmul(chances, bits_.to(chances.device())) : chances;
  std::vector<int64_t> shape = each.sizes().vec();
  const int64_t width = shape.back();
  shape.pop_back();
  shape.back() *= width;
  return each.reshape(shape);
}

torch::Tensor mode_of(const torch::Tensor& chances) {
  return torch::zeros_like(chances).scatter_(-1, chances.argmax(-1, true), 1);
}

}  // namespace bench
