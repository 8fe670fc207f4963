#include "models/diffusion/autoregressive.h"

#include "models/diffusion/multinomial.h"

namespace bench {
namespace {

constexpr int64_t kBins = 64;  ///< of a number

/// A number's lowest and highest value.
double lowest(const Head& head) { return head.kind == Head::Kind::word ? -1 : 0; }

}  // namespace

AutoregressiveAttributes::AutoregressiveAttributes(const Layout& layout, int64_t units, double dropout,
                                                   const at::Generator& init, torch::Device device)
    : given_(layout.given), units_(units), dropout_(dropout) {
  using Start = nn::Parameters::Start;
  nn::Parameters& parameters = learner_.parameters;
  const int64_t width = layout.width;
  parameters.add("start", &start_, {units}, Start::zero);
  parameters.add("from_given", &from_given_, {given_, units}, Start::weight, width, units);
  for (const Head& head : layout.heads) {
    if (head.offset < given_) continue;
    groups_.push_back(std::make_unique<Group>());
    Group& group = *groups_.back();
    group.head = head;
    if (head.kind == Head::Kind::category) group.categories.emplace(head, true);
    group.count = group.categories ? group.categories->count() : head.count;
    group.values = group.categories ? group.categories->values() : kBins;
    const std::string name = std::to_string(head.offset);
    parameters.add(name + ".in", &group.in, {group.count, group.values, units}, Start::weight, width, units);
    parameters.add(name + ".out", &group.out, {group.count, units, group.values}, Start::weight, units,
                   group.values);
    parameters.add(name + ".bias", &group.bias, {group.count, 1, group.values}, Start::zero);
  }
  learner_.build(nn::Init::standard, init, device);
}

torch::Tensor AutoregressiveAttributes::one_hots(const Group& group, const torch::Tensor& columns) {
  if (group.categories) return group.categories->one_hots(columns).transpose(0, 1).contiguous();
  const double low = lowest(group.head);
  const torch::Tensor bins = ((columns - low) * (static_cast<double>(kBins) / (1 - low)))
                                 .floor()
                                 .clamp(0, kBins - 1)
                                 .to(torch::kInt64);
  return torch::zeros({group.count, columns.size(0), kBins}, columns.options())
      .scatter_(2, bins.t().unsqueeze(2), 1);
}

torch::Tensor AutoregressiveAttributes::columns_of(const Group& group, const torch::Tensor& x,
                                                   const at::Generator& generator) {
  if (group.categories) return group.categories->columns(x.unsqueeze(1));
  const torch::Tensor place =
      x.argmax(1, true) + torch::rand({x.size(0), 1}, generator).to(x.device());  // in bins
  const double low = lowest(group.head);
  return low + place * ((1 - low) / static_cast<double>(kBins));
}

torch::Tensor AutoregressiveAttributes::loss(const torch::Tensor& rows, const at::Generator& dropout) const {
  torch::Tensor sum = start_ + torch::mm(rows.narrow(1, 0, given_), from_given_);  // [n, units]
  torch::Tensor out = torch::zeros({rows.size(0)}, rows.options());
  for (const auto& group : groups_) {
    const torch::Tensor x = one_hots(*group, rows.narrow(1, group->head.offset, group->head.columns()));
    torch::Tensor seen = x;
    if (dropout.defined() && dropout_ > 0) {
      const torch::Tensor stays = torch::rand({x.size(0), x.size(1), 1}, dropout).to(x.device()) >= dropout_;
      seen = x * stays / (1 - dropout_);
    }
    const torch::Tensor moves = torch::bmm(seen, group->in);  // [count, n, units]
    // Sums over the variables before each, as a product: several times as fast as cumsum along the first
    // dimension.
    const int64_t count = group->count;
    const torch::Tensor before =
        torch::mm(torch::ones({count, count}, rows.options()).tril(-1), moves.view({count, -1}))
            .view_as(moves);
    const torch::Tensor hidden = torch::relu(sum + before);
    const torch::Tensor logits = torch::baddbmm(group->bias, hidden, group->out);  // [count, n, values]
    out = out - (x * torch::log_softmax(logits, 2)).sum(at::IntArrayRef({0, 2}));
    sum = sum + before.select(0, count - 1) + moves.select(0, count - 1);
  }
  return out;
}

double AutoregressiveAttributes::step(const torch::Tensor& rows, const TrainingStep& step) {
  const torch::AutoGradMode gradients_on(true);
  const torch::Tensor mean = loss(rows, step.generator).mean();
  learner_.step(mean, step.rate);
  return mean.item<double>();
}

torch::Tensor AutoregressiveAttributes::draw(const torch::Tensor& given,
                                             const at::Generator& generator) const {
  const torch::NoGradGuard no_grad;
  torch::Tensor sum = start_ + torch::mm(given, from_given_);
  torch::Tensor row = given;
  for (const auto& group : groups_) {
    const Head& head = group->head;
    std::vector<torch::Tensor> parts{row};
    const torch::Tensor open = head.gate >= 0 ? row.narrow(1, head.gate, 1) : torch::Tensor();
    for (int64_t v = 0; v < group->count; ++v) {
      const torch::Tensor logits = torch::addmm(group->bias[v], torch::relu(sum), group->out[v]);
      torch::Tensor x = draw_one_hot(torch::softmax(logits, 1), generator);
      torch::Tensor columns = columns_of(*group, x, generator);
      if (open.defined()) {
        x = x * open;
        columns = columns * open;
      }
      sum = torch::addmm(sum, x, group->in[v]);
      parts.push_back(columns);
    }
    row = torch::cat(parts, 1);
  }
  return row;
}

}  // namespace bench
