#include "models/stan/stan_sampler.h"

#include <algorithm>
#include <random>

#include "core/error.h"

namespace bench {

StanSampler::StanSampler(const StanNetwork& network, const StanAttributes& attributes,
                         std::vector<int32_t> labels, bool ranks, Seed seed)
    : network_(network),
      attributes_(attributes),
      labels_(std::move(labels)),
      ranks_(ranks),
      rng_(seed.child("values").rng()),
      generator_(nn::make_generator(seed.child("network"))),
      urns_(attributes.identifiers()) {
  for (const Attribute& attribute : attributes.list()) {
    if (attribute.kind != Attribute::Kind::identifier) continue;
    std::vector<Urn>& urns = urns_[attribute.place];
    urns.resize(static_cast<size_t>(attribute.classes));
    const auto& fresh = attributes.fresh(attribute);
    for (size_t value = 0; value < fresh.size(); ++value) {
      const auto code = static_cast<int32_t>(value);
      Urn& urn = urns[static_cast<size_t>(attributes.bin(attribute, code))];
      urn.values.insert(urn.values.end(), static_cast<size_t>(std::max<int64_t>(1, fresh[value])), code);
    }
    for (Urn& urn : urns) std::shuffle(urn.values.begin(), urn.values.end(), rng_);
  }
}

RecordTable StanSampler::sample(std::vector<StreamPlan> plans, const RecordTable& columns,
                                Progress& progress) {
  const torch::NoGradGuard no_grad;
  start(std::move(plans), columns);
  const int64_t steps = plans_.empty() ? 0 : plans_.front().records;
  int64_t streams = static_cast<int64_t>(plans_.size());
  for (int64_t number = 0; number < steps; ++number) {
    while (plans_[static_cast<size_t>(streams) - 1].records <= number) --streams;
    if (progress.cancelled()) fail(Kind::cancelled, "stan: sampling stopped at step {} of {}", number, steps);
    step(number, streams);
    progress.report(static_cast<double>(number + 1), static_cast<double>(steps), "steps", "");
  }
  finish();
  return std::move(table_);
}

void StanSampler::start(std::vector<StreamPlan> plans, const RecordTable& columns) {
  plans_ = std::move(plans);
  std::erase_if(plans_, [](const StreamPlan& plan) { return plan.records == 0; });
  std::stable_sort(plans_.begin(), plans_.end(),
                   [](const StreamPlan& a, const StreamPlan& b) { return a.records > b.records; });
  int64_t rows = 0;
  first_row_.clear();
  for (const StreamPlan& plan : plans_) {
    first_row_.push_back(rows);
    rows += plan.records;
  }
  const auto inputs = static_cast<int64_t>(attributes_.cardinalities().size());
  codes_ = torch::zeros({rows + 1, inputs}, torch::kInt64);
  codes_[rows] = torch::tensor(attributes_.cardinalities(), torch::kInt64);
  units_ = torch::zeros({rows + 1, static_cast<int64_t>(attributes_.numbers())});
  table_ = columns;
  table_.rows = static_cast<size_t>(rows);
  joint_.assign(table_.rows, 0);
  for (size_t c = 0; c < table_.columns.size(); ++c) {
    TableColumn& column = table_.columns[c];
    if (column.name == "srcip") source_ = c;
    if (column.is_category()) {
      column.codes.assign(table_.rows, 0);
    } else {
      column.numbers.assign(table_.rows, 0);
    }
  }
}

void StanSampler::step(int64_t number, int64_t streams) {
  const int64_t window = attributes_.options().window, absent = codes_.size(0) - 1;
  present_.resize(static_cast<size_t>(streams));
  std::vector<int64_t> before(static_cast<size_t>(streams * window), absent);
  for (size_t s = 0; s < present_.size(); ++s) {
    present_[s] = first_row_[s] + number;
    for (int64_t k = 0; k < std::min(window, number); ++k)
      before[s * static_cast<size_t>(window) + static_cast<size_t>(k)] = present_[s] - 1 - k;
  }
  const torch::Tensor rows = torch::tensor(before, torch::kInt64);
  const torch::Tensor context = network_.context(
      codes_.index_select(0, rows).view({streams, window, -1}).to(network_.device()),
      units_.index_select(0, rows).view({streams, window, -1}).to(network_.device()), nullptr);
  const torch::Tensor now = torch::tensor(present_, torch::kInt64);
  const auto& list = attributes_.list();
  for (size_t a = 0; a < list.size(); ++a) {
    const Attribute& attribute = list[a];
    if (attribute.kind == Attribute::Kind::given) {
      for (size_t s = 0; s < present_.size(); ++s) {
        const int32_t host = plans_[s].host;
        table_.columns[source_].codes[static_cast<size_t>(present_[s])] = host;
        codes_[present_[s]][static_cast<int64_t>(attribute.input)] = attributes_.bin(attribute, host);
      }
      continue;
    }
    record_ = network_.embed(codes_.index_select(0, now).to(network_.device()),
                             units_.index_select(0, now).to(network_.device()));
    const torch::Tensor outputs = network_.head(a, context, record_).to(torch::kCPU);
    if (attribute.kind == Attribute::Kind::category) take_category(a, outputs);
    if (attribute.kind == Attribute::Kind::identifier) take_identifier(a, outputs, before.data());
    if (attribute.kind == Attribute::Kind::number) take_number(a, outputs, number == 0);
  }
}

std::vector<int64_t> StanSampler::draw(const torch::Tensor& outputs) {
  const torch::Tensor drawn = torch::multinomial(torch::softmax(outputs, 1), 1, true, generator_);
  return {drawn.data_ptr<int64_t>(), drawn.data_ptr<int64_t>() + drawn.numel()};
}

void StanSampler::take_category(size_t index, const torch::Tensor& outputs) {
  const Attribute& attribute = attributes_.list()[index];
  const bool labels = attribute.column == Attribute::kLabels;
  torch::Tensor open = outputs;
  if (labels && !labels_.empty()) {
    const torch::Tensor choices =
        torch::tensor(std::vector<int64_t>(labels_.begin(), labels_.end()), torch::kInt64);
    open = torch::full_like(outputs, -1e9);
    open.index_copy_(1, choices, outputs.index_select(1, choices));
  }
  const std::vector<int64_t> drawn = draw(open);
  std::vector<int32_t>& column = labels ? joint_ : table_.columns[attribute.column].codes;
  int64_t* codes = codes_.data_ptr<int64_t>() + attribute.input;
  for (size_t s = 0; s < present_.size(); ++s) {
    column[static_cast<size_t>(present_[s])] = static_cast<int32_t>(drawn[s]);
    codes[present_[s] * codes_.size(1)] = drawn[s];
  }
}

void StanSampler::take_identifier(size_t index, const torch::Tensor& outputs, const int64_t* before) {
  const Attribute& attribute = attributes_.list()[index];
  const int64_t window = attributes_.options().window, absent = codes_.size(0) - 1;
  std::vector<int32_t>& column = table_.columns[attribute.column].codes;
  torch::Tensor open = torch::zeros({static_cast<int64_t>(present_.size()), window}, torch::kUInt8);
  // The nearest record of the window with each value.
  const auto nearest = [&](size_t s, int32_t value) {
    int64_t k = 0;
    const int64_t* rows = before + s * static_cast<size_t>(window);
    while (k < window && (rows[k] == absent || column[static_cast<size_t>(rows[k])] != value)) ++k;
    return k;
  };
  for (size_t s = 0; s < present_.size() && attributes_.options().copies; ++s) {
    for (int64_t k = 0; k < window; ++k) {
      const int64_t row = before[s * static_cast<size_t>(window) + static_cast<size_t>(k)];
      if (row == absent) break;
      open.data_ptr<uint8_t>()[static_cast<int64_t>(s) * window + k] =
          nearest(s, column[static_cast<size_t>(row)]) == k;
    }
  }
  const std::vector<int64_t> drawn = draw(close_copies(outputs, open));
  int64_t* codes = codes_.data_ptr<int64_t>() + attribute.input;
  for (size_t s = 0; s < present_.size(); ++s) {
    const bool copied = drawn[s] < window;
    int32_t value = 0;
    if (copied) {
      value = column[static_cast<size_t>(
          before[s * static_cast<size_t>(window) + static_cast<size_t>(drawn[s])])];
    } else {
      value = fresh_value(attribute, drawn[s] - window);
    }
    column[static_cast<size_t>(present_[s])] = value;
    int64_t* code = codes + present_[s] * codes_.size(1);
    code[0] = attributes_.bin(attribute, value);
    code[1] = attributes_.options().copies ? nearest(s, value) : window;
  }
}

int32_t StanSampler::fresh_value(const Attribute& attribute, int64_t bin) {
  Urn& urn = urns_[attribute.place][static_cast<size_t>(bin)];
  if (urn.taken == urn.values.size()) {
    std::shuffle(urn.values.begin(), urn.values.end(), rng_);
    urn.taken = 0;
  }
  return urn.values[urn.taken++];
}

void StanSampler::take_number(size_t index, const torch::Tensor& outputs, bool first) {
  const Attribute& attribute = attributes_.list()[index];
  const NumberScale& scale = attributes_.scale(attribute, first);
  const torch::Tensor drawn = network_.draw_units(outputs, generator_);
  std::vector<double>& column = table_.columns[attribute.column].numbers;
  for (size_t s = 0; s < present_.size(); ++s) {
    const auto row = static_cast<size_t>(present_[s]);
    const double unit = drawn.data_ptr<float>()[s], middle = scale.middle(scale.place(unit));
    column[row] = scale.value(unit);
    if (attributes_.is_time(attribute) && !first) column[row] += column[row - 1];
    units_.data_ptr<float>()[present_[s] * units_.size(1) + static_cast<int64_t>(attribute.place)] =
        static_cast<float>(middle);
    codes_.data_ptr<int64_t>()[present_[s] * codes_.size(1) + static_cast<int64_t>(attribute.input)] =
        static_cast<int64_t>(middle * Attribute::kNumberBins);
  }
}

void StanSampler::finish() {
  attributes_.labels().put(joint_, table_);
  for (TableColumn& column : table_.columns)
    if (column.name == "time" && ranks_) attributes_.to_clock(column.numbers);
}

}  // namespace bench
