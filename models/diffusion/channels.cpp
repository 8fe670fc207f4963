#include "models/diffusion/channels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "models/diffusion/multinomial.h"

namespace bench {
namespace {

constexpr double kFurthest = 5;  ///< clean states of NumberState::normal are no further from 0

bool is_category(const Head& head) { return head.kind == Head::Kind::category; }

/// Standard normal distribution function and its inverse.
torch::Tensor normal_share(const torch::Tensor& x) { return torch::erfc(x * -std::numbers::sqrt2 / 2) / 2; }
torch::Tensor normal_quantile(const torch::Tensor& share) {
  const torch::Tensor inside = share.to(torch::kFloat64).clamp(3e-7, 1 - 3e-7);
  return (torch::erfinv(inside * 2 - 1) * std::numbers::sqrt2).to(share.dtype());
}

}  // namespace

torch::Tensor normal_noise(at::IntArrayRef shape, const at::Generator& generator, torch::Device device) {
  return torch::randn(shape, generator).to(device);
}

StepTable::StepTable(const Schedule& schedule, torch::Device device) {
  std::vector<float> values;
  for (int64_t t = 0; t < schedule.steps(); ++t) {
    const Posterior p = schedule.posterior(t);
    for (const double x : {p.of_clean, p.of_next, std::sqrt(p.variance), 1 - schedule.beta(t + 1),
                           schedule.kept(t), schedule.kept(t + 1)})
      values.push_back(static_cast<float>(x));
  }
  table_ = torch::tensor(values).view({schedule.steps(), 6}).to(device);
}

StepShares StepTable::at(const torch::Tensor& t, int64_t dimensions) const {
  const torch::Tensor rows = table_.index_select(0, t);
  std::vector<int64_t> shape(static_cast<size_t>(dimensions), 1);
  shape[0] = t.size(0);
  const auto column = [&](int64_t c) { return rows.select(1, c).reshape(shape); };
  return {column(0), column(1), column(2), column(3), column(4), column(5)};
}

Channels::Channels(const Layout& layout, int64_t begin, int64_t end, CategoryNoise noise, NumberState numbers,
                   bool bytes)
    : begin_(begin), end_(end), noise_(noise), numbers_(numbers) {
  // A head may reach across a border: neighbours of one kind are one head.
  for (Head head : layout.heads) {
    const int64_t from = std::max(begin, head.offset), to = std::min(end, head.offset + head.columns());
    if (from >= to) continue;
    assert((from - head.offset) % head.width == 0 && (to - from) % head.width == 0);
    head.offset = from;
    head.count = (to - from) / head.width;
    channels_.push_back(
        {head, Variables(head, multinomial() && bytes), raw_width_, is_category(head) && multinomial()});
    raw_width_ += channels_.back().raw_columns();
  }
}

torch::Tensor Channels::part_of(const torch::Tensor& state, const Channel& channel) const {
  return state.narrow(-1, channel.head.offset - begin_, channel.head.columns());
}

torch::Tensor Channels::raw_of(const torch::Tensor& raw, const Channel& channel) {
  return raw.narrow(-1, channel.raw, channel.raw_columns());
}

torch::Tensor Channels::chances_of(const torch::Tensor& raw, const Channel& channel) {
  std::vector<int64_t> shape = raw.sizes().vec();
  shape.back() = channel.variables.count();
  shape.push_back(channel.variables.values());
  return raw_of(raw, channel).reshape(shape);
}

torch::Tensor Channels::state(const torch::Tensor& rows, const at::Generator& generator) const {
  std::vector<torch::Tensor> parts;
  for (const Channel& channel : channels_) {
    const Head& head = channel.head;
    torch::Tensor part = rows.narrow(-1, head.offset, head.columns());
    if (head.kind == Head::Kind::unit)
      part = numbers_ == NumberState::bounded ? part * 2 - 1 : normal_quantile(part);
    if (is_category(head)) {
      if (head.gate >= 0) {
        const torch::Tensor values = channel.variables.one_hots(part);
        const torch::Tensor any = draw_one_hot(torch::ones_like(values), generator);
        part = channel.variables.columns(values + any * (1 - values.sum(-1, true)));
      }
      if (!multinomial()) part = part * 2 - 1;
    }
    parts.push_back(part);
  }
  return torch::cat(parts, -1);
}

torch::Tensor Channels::noised(const torch::Tensor& state, const torch::Tensor& kept,
                               const at::Generator& generator) const {
  std::vector<torch::Tensor> parts;
  for (const Channel& channel : channels_) {
    const torch::Tensor part = part_of(state, channel);
    if (channel.multinomial) {
      parts.push_back(channel.variables.columns(
          draw_noised(channel.variables.one_hots(part), kept.unsqueeze(-1), generator)));
    } else {
      parts.push_back(part * kept.sqrt() +
                      normal_noise(part.sizes(), generator, part.device()) * (1 - kept).sqrt());
    }
  }
  return torch::cat(parts, -1);
}

torch::Tensor Channels::prior(at::IntArrayRef leading, const at::Generator& generator,
                              torch::Device device) const {
  std::vector<torch::Tensor> parts;
  for (const Channel& channel : channels_) {
    std::vector<int64_t> shape = leading.vec();
    if (channel.multinomial) {
      shape.insert(shape.end(), {channel.variables.count(), channel.variables.values()});
      parts.push_back(channel.variables.columns(draw_one_hot(torch::ones(shape), generator)).to(device));
    } else {
      shape.push_back(channel.head.columns());
      parts.push_back(normal_noise(shape, generator, device));
    }
  }
  return torch::cat(parts, -1);
}

torch::Tensor Channels::predicted(const torch::Tensor& raw, const torch::Tensor& next,
                                  const StepShares& shares, Prediction prediction) const {
  std::vector<torch::Tensor> parts;
  for (const Channel& channel : channels_) {
    const torch::Tensor part = raw_of(raw, channel);
    if (channel.multinomial) {
      parts.push_back(torch::softmax(chances_of(raw, channel), -1).reshape(part.sizes()));
      continue;
    }
    const double furthest = numbers_ == NumberState::normal && !is_category(channel.head) ? kFurthest : 1;
    if (prediction == Prediction::clean) {
      parts.push_back(torch::tanh(part) * furthest);
    } else {
      parts.push_back(
          ((part_of(next, channel) - (1 - shares.kept_next).sqrt() * part) / shares.kept_next.sqrt())
              .clamp(-furthest, furthest));
    }
  }
  return torch::cat(parts, -1);
}

torch::Tensor Channels::step_back(const torch::Tensor& predicted, const torch::Tensor& next,
                                  const StepShares& shares, Prediction prediction,
                                  const at::Generator& generator) const {
  std::vector<torch::Tensor> parts;
  for (const Channel& channel : channels_) {
    const torch::Tensor before = part_of(next, channel);
    if (channel.multinomial) {
      const torch::Tensor chances =
          bench::step_back(channel.variables.one_hots(before), chances_of(predicted, channel),
                           shares.step.unsqueeze(-1), shares.kept.unsqueeze(-1));
      torch::Tensor drawn = draw_one_hot(chances, generator);
      if (prediction == Prediction::clean)
        drawn = torch::where(shares.deviation.unsqueeze(-1) == 0, mode_of(chances), drawn);
      parts.push_back(channel.variables.columns(drawn + chances - chances.detach()));
    } else {
      parts.push_back(raw_of(predicted, channel) * shares.of_clean + before * shares.of_next +
                      normal_noise(before.sizes(), generator, before.device()) * shares.deviation);
    }
  }
  return torch::cat(parts, -1);
}

torch::Tensor Channels::divergence(const torch::Tensor& clean, const torch::Tensor& predicted,
                                   const torch::Tensor& next, const StepShares& shares) const {
  torch::Tensor sum =
      torch::zeros(clean.sizes().slice(0, static_cast<size_t>(clean.dim() - 1)), clean.options());
  int64_t count = 0;
  const torch::Tensor step = shares.step.unsqueeze(-1), kept = shares.kept.unsqueeze(-1);
  for (const Channel& channel : channels_) {
    if (!channel.multinomial) continue;
    const torch::Tensor before = channel.variables.one_hots(part_of(next, channel));
    const torch::Tensor truth =
        bench::step_back(before, channel.variables.one_hots(part_of(clean, channel)), step, kept);
    const torch::Tensor guess = bench::step_back(before, chances_of(predicted, channel), step, kept);
    sum = sum + bench::divergence(truth, guess).sum(-1);
    count += channel.variables.count();
  }
  return count > 0 ? sum / static_cast<double>(count) : sum;
}

torch::Tensor Channels::noise_error(const torch::Tensor& clean, const torch::Tensor& raw,
                                    const torch::Tensor& next, const StepShares& shares) const {
  torch::Tensor sum =
      torch::zeros(clean.sizes().slice(0, static_cast<size_t>(clean.dim() - 1)), clean.options());
  int64_t count = 0;
  const torch::Tensor kept = shares.kept_next.sqrt(), deviation = (1 - shares.kept_next).sqrt();
  for (const Channel& channel : channels_) {
    if (channel.multinomial) continue;
    const torch::Tensor noise = (part_of(next, channel) - kept * part_of(clean, channel)) / deviation;
    sum = sum + (noise - raw_of(raw, channel)).square().sum(-1);
    count += channel.head.columns();
  }
  return count > 0 ? sum / static_cast<double>(count) : sum;
}

torch::Tensor Channels::rows(const torch::Tensor& state, const torch::Tensor& before) const {
  std::vector<torch::Tensor> parts{before};
  for (const Channel& channel : channels_) {
    const Head& head = channel.head;
    torch::Tensor part = part_of(state, channel);
    if (head.kind == Head::Kind::unit)
      part = numbers_ == NumberState::bounded ? ((part + 1) / 2).clamp(0, 1) : normal_share(part);
    if (head.kind == Head::Kind::word) part = part.clamp(-1, 1);
    if (is_category(head)) {
      const Variables each(head, false);
      part = each.columns(mode_of(each.one_hots(part)));
    }
    if (head.gate >= 0) part = part * torch::cat(parts, -1).narrow(-1, head.gate, 1);
    parts.push_back(part);
  }
  return torch::cat(parts, -1).narrow(-1, begin_, width());
}

}  // namespace bench
