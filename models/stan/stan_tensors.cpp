#include "models/stan/stan_tensors.h"

#include <vector>

namespace bench {
namespace {

torch::Tensor int_tensor(const std::vector<int64_t>& values, std::vector<int64_t> shape,
                         torch::Device device) {
  return torch::tensor(values, torch::kInt64).view(shape).to(device);
}
torch::Tensor float_tensor(const std::vector<float>& values, std::vector<int64_t> shape,
                           torch::Device device) {
  return torch::tensor(values, torch::kFloat).view(shape).to(device);
}

}  // namespace

StanTensors::StanTensors(const StanRows& rows, int64_t count, const StanAttributes& attributes,
                         torch::Device device)
    : count_(count), window_(attributes.options().window), device_(device) {
  const auto inputs = static_cast<int64_t>(attributes.cardinalities().size()),
             numbers = static_cast<int64_t>(attributes.numbers()),
             copying = static_cast<int64_t>(attributes.copying());
  before_ = int_tensor(rows.before, {count, window_}, device);
  codes_ = int_tensor(rows.codes, {count + 1, inputs}, device);
  units_ = float_tensor(rows.units, {count + 1, numbers}, device);
  targets_ = int_tensor(rows.targets, {count, -1}, device);
  open_ = torch::tensor(rows.open, torch::kUInt8).view({count, copying, window_}).to(device);
  low_ = float_tensor(rows.low, {count, numbers}, device);
  high_ = float_tensor(rows.high, {count, numbers}, device);
  std::vector<int64_t> of_numbers;
  for (const Attribute& attribute : attributes.list())
    if (attribute.kind == Attribute::Kind::number)
      of_numbers.push_back(static_cast<int64_t>(attribute.input));
  number_inputs_ = int_tensor(of_numbers, {numbers}, device);
}

StanBatch StanTensors::pick(std::span<const int64_t> some, double noise, at::Generator& generator) const {
  const auto n = static_cast<int64_t>(some.size());
  const torch::Tensor rows = int_tensor({some.begin(), some.end()}, {n}, device_);
  const torch::Tensor around = before_.index_select(0, rows).flatten();
  torch::Tensor codes = codes_.index_select(0, around), units = units_.index_select(0, around);
  if (noise > 0) {
    const torch::Tensor others =
        torch::randint(count_, {around.size(0)}, generator, torch::kInt64).to(device_);
    const torch::Tensor drawn = torch::empty(codes.sizes()).bernoulli_(noise, generator).to(device_);
    const torch::Tensor changed =
        drawn.to(torch::kBool).logical_and((around < count_).unsqueeze(1));  // [n * window, inputs]
    codes = torch::where(changed, codes_.index_select(0, others), codes);
    units = torch::where(changed.index_select(1, number_inputs_), units_.index_select(0, others), units);
  }
  return {codes_.index_select(0, rows),   units_.index_select(0, rows),
          codes.view({n, window_, -1}),   units.view({n, window_, units_.size(1)}),
          targets_.index_select(0, rows), open_.index_select(0, rows),
          low_.index_select(0, rows),     high_.index_select(0, rows)};
}

}  // namespace bench
