#include <algorithm>
#include <numeric>

#include "models/diffusion/flow_diffusion.h"
#include "models/diffusion/multinomial.h"
#include "models/nn/threads.h"

namespace bench {
namespace {

constexpr int64_t kDrawRows = 1024;          // attribute rows drawn at once
constexpr int64_t kDrawPositions = 1 << 13;  // positions of sequences drawn at once

}  // namespace

std::vector<float> FlowDiffusion::attributes(std::span<const float> given, int64_t count) {
  const nn::SingleThread single_thread;
  const torch::NoGradGuard no_grad;
  const int64_t known = shape_.attributes.given;
  std::vector<float> out;
  out.reserve(static_cast<size_t>(count * shape_.attributes.width));
  for (int64_t begin = 0; begin < count; begin += kDrawRows) {
    const int64_t n = std::min(kDrawRows, count - begin);
    torch::Tensor before = torch::empty({n, known});
    std::copy_n(given.data() + begin * known, n * known, before.data_ptr<float>());
    const torch::Tensor rows = attributes_->draw(before.to(device_), generator_).to(torch::kCPU).contiguous();
    out.insert(out.end(), rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
  }
  return out;
}

std::vector<int64_t> FlowDiffusion::draw_lengths(const torch::Tensor& rows) const {
  const torch::Tensor chances = torch::softmax(length_->net(rows), 1);
  const torch::Tensor classes = draw_one_hot(chances, generator_).argmax(1).to(torch::kCPU).contiguous();
  return {classes.data_ptr<int64_t>(), classes.data_ptr<int64_t>() + classes.numel()};
}

void FlowDiffusion::append(const torch::Tensor& records, int64_t length, bool goes_on,
                           FlowSamples& out) const {
  const auto* values = records.data_ptr<float>();
  const auto width = static_cast<size_t>(shape_.record_width());
  for (int64_t p = 0; p < length; ++p, values += width) {
    out.features.insert(out.features.end(), values, values + width);
    if (!shape_.flags()) continue;
    const bool another = goes_on || p + 1 < length;
    out.features.insert(out.features.end(), {another ? 1.0F : 0.0F, another ? 0.0F : 1.0F});
  }
  out.offsets.push_back(out.offsets.back() + static_cast<size_t>(length));
}

FlowSamples FlowDiffusion::features(std::vector<float> attributes, std::span<const int64_t> lengths) {
  const nn::SingleThread single_thread;
  const torch::NoGradGuard no_grad;
  const int64_t count = static_cast<int64_t>(attributes.size()) / shape_.attributes.width;
  const torch::Tensor rows =
      torch::from_blob(attributes.data(), {count, shape_.attributes.width}).to(device_);
  std::vector<int64_t> classes(lengths.begin(), lengths.end());
  for (int64_t& length : classes) --length;
  if (lengths.empty() && count > 0) classes = draw_lengths(rows);
  // The class behind the longest length means: as long as a sample can be, and the flow goes on.
  const auto length_of = [&](size_t i) { return std::min(classes[i] + 1, shape_.longest); };
  // Samples of one length are drawn together, so that nothing is made that does not exist.
  std::vector<size_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return length_of(a) < length_of(b); });
  std::vector<torch::Tensor> made(order.size());
  for (size_t first = 0; first < order.size();) {
    const int64_t length = length_of(order[first]);
    std::vector<int64_t> members;
    for (; first < order.size() && length_of(order[first]) == length &&
           (members.empty() || static_cast<int64_t>(members.size()) * length < kDrawPositions);
         ++first) {
      members.push_back(static_cast<int64_t>(order[first]));
    }
    const torch::Tensor block =
        records_->draw(rows.index_select(0, torch::tensor(members).to(device_)), length, generator_)
            .to(torch::kCPU)
            .contiguous();
    for (size_t i = 0; i < members.size(); ++i)
      made[static_cast<size_t>(members[i])] = block[static_cast<int64_t>(i)];
  }
  FlowSamples out;
  out.attributes = std::move(attributes);
  for (size_t i = 0; i < made.size(); ++i) append(made[i], length_of(i), classes[i] >= shape_.longest, out);
  return out;
}

}  // namespace bench
