#include "models/stan/stan_sampler.h"

#include <algorithm>
#include <random>

#include "core/error.h"

namespace bench {

StanSampler::StanSampler(const StanNetwork& network, const StanAttributes& attributes,
                         std::vector<int32_t> labels, bool ranks, int64_t times, Seed seed)
    : network_(network),
      attributes_(attributes),
      labels_(std::move(labels)),
      ranks_(ranks),
      rng_(seed.child("values").rng()),
      generator_(nn::make_generator(seed.child("network"))),
      fresh_(attributes.copying()) {
  for (const Attribute& attribute : attributes.list())
    if (attribute.kind == Attribute::Kind::identifier)
      fresh_[attribute.place] = FreshValues(attributes, attribute, times, rng_);
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
  flow_.assign(table_.rows, 0);
  flows_ = 0;
  for (size_t c = 0; c < table_.columns.size(); ++c) {
    TableColumn& column = table_.columns[c];
    if (column.name == "srcip" && attributes_.options().hosts) source_ = c;
    if (column.is_category()) {
      column.codes.assign(table_.rows, 0);
    } else {
      column.numbers.assign(table_.rows, 0);
    }
  }
}

void StanSampler::step(int64_t number, int64_t streams) {
  constexpr int kRounds = 32;
  const int64_t window = attributes_.options().window;
  Step now{{}, std::vector<int64_t>(static_cast<size_t>(streams * window), absent()), {}, {}, number == 0};
  now.rows.resize(static_cast<size_t>(streams));
  now.repeated.assign(now.rows.size(), kKnown);
  for (size_t s = 0; s < now.rows.size(); ++s) {
    now.rows[s] = first_row_[s] + number;
    if (source_ != Attribute::kLabels)
      table_.columns[source_].codes[static_cast<size_t>(now.rows[s])] = plans_[s].host;
    for (int64_t k = 0; k < std::min(window, number); ++k)
      now.before[s * static_cast<size_t>(window) + static_cast<size_t>(k)] = now.rows[s] - 1 - k;
  }
  const torch::Tensor rows = torch::tensor(now.before, torch::kInt64);
  now.context = network_.context(
      codes_.index_select(0, rows).view({streams, window, -1}).to(network_.device()),
      units_.index_select(0, rows).view({streams, window, -1}).to(network_.device()), nullptr);
  const size_t all = attributes_.list().size(), tuple = attributes_.end_of_five_tuple();
  draw_attributes(0, tuple, now);
  // A record that was drawn as no repeat and is one is drawn again.
  for (int round = 0; attributes_.options().copies && round < kRounds; ++round) {
    std::vector<int64_t> again;
    for (size_t s = 0; s < now.rows.size(); ++s)
      if (now.repeated[s] == kKnown && same_flow(now, s) < window) again.push_back(static_cast<int64_t>(s));
    if (again.empty()) break;
    Step some = part(now, again);
    draw_attributes(attributes_.begin_of_five_tuple(), tuple, some);
  }
  for (size_t s = 0; s < now.rows.size(); ++s) {
    const int64_t k = same_flow(now, s);
    flow_[static_cast<size_t>(now.rows[s])] =
        k < window ? flow_[static_cast<size_t>(window_row(now, s, k))] : flows_++;
  }
  draw_attributes(tuple, all, now);
}

StanSampler::Step StanSampler::part(const Step& step, const std::vector<int64_t>& streams) const {
  const int64_t window = attributes_.options().window;
  Step out{{},
           {},
           {},
           step.context.index_select(0, torch::tensor(streams, torch::kInt64).to(network_.device())),
           step.first};
  for (const int64_t s : streams) {
    out.rows.push_back(step.rows[static_cast<size_t>(s)]);
    out.repeated.push_back(step.repeated[static_cast<size_t>(s)]);
    out.before.insert(out.before.end(), step.before.begin() + s * window,
                      step.before.begin() + (s + 1) * window);
  }
  return out;
}

void StanSampler::draw_attributes(size_t first, size_t last, Step& step) {
  const torch::Tensor rows = torch::tensor(step.rows, torch::kInt64);
  for (size_t a = first; a < last; ++a) {
    const Attribute& attribute = attributes_.list()[a];
    if (attribute.kind == Attribute::Kind::given) {
      for (const int64_t row : step.rows)
        codes_[row][static_cast<int64_t>(attribute.input)] =
            attributes_.bin(attribute, table_.columns[source_].codes[static_cast<size_t>(row)]);
      continue;
    }
    const torch::Tensor record = network_.embed(codes_.index_select(0, rows).to(network_.device()),
                                                units_.index_select(0, rows).to(network_.device()));
    const torch::Tensor outputs = network_.head(a, step.context, record).to(torch::kCPU);
    if (attribute.kind == Attribute::Kind::category) take_category(attribute, outputs, step);
    if (attribute.kind == Attribute::Kind::repeat) take_repeat(attribute, outputs, step);
    if (attribute.kind == Attribute::Kind::identifier) take_identifier(attribute, outputs, step);
    if (attribute.kind == Attribute::Kind::number) take_number(attribute, outputs, step);
  }
}

int64_t StanSampler::window_row(const Step& step, size_t stream, int64_t k) const {
  return step.before[stream * static_cast<size_t>(attributes_.options().window) + static_cast<size_t>(k)];
}

int64_t StanSampler::nearest(const Step& step, size_t stream, const std::vector<int32_t>& values,
                             int32_t value) const {
  const int64_t window = attributes_.options().window;
  for (int64_t k = 0; k < window && window_row(step, stream, k) != absent(); ++k)
    if (values[static_cast<size_t>(window_row(step, stream, k))] == value) return k;
  return window;
}

int64_t StanSampler::same_flow(const Step& step, size_t stream) const {
  const int64_t window = attributes_.options().window;
  const auto& list = attributes_.list();
  const auto row = static_cast<size_t>(step.rows[stream]);
  for (int64_t k = 0; k < window && window_row(step, stream, k) != absent(); ++k) {
    const auto other = static_cast<size_t>(window_row(step, stream, k));
    const bool same = std::all_of(list.begin(), list.end(), [&](const Attribute& attribute) {
      if (!attribute.five_tuple) return true;
      const std::vector<int32_t>& codes = table_.columns[attribute.column].codes;
      return codes[row] == codes[other];
    });
    if (same) return k;
  }
  return window;
}

torch::Tensor StanSampler::open_records(const std::vector<int32_t>& values, const Step& step) const {
  const int64_t window = attributes_.options().window;
  torch::Tensor open = torch::zeros({static_cast<int64_t>(step.rows.size()), window}, torch::kUInt8);
  for (size_t s = 0; s < step.rows.size() && attributes_.options().copies; ++s)
    for (int64_t k = 0; k < window && window_row(step, s, k) != absent(); ++k)
      open.data_ptr<uint8_t>()[static_cast<int64_t>(s) * window + k] =
          nearest(step, s, values, values[static_cast<size_t>(window_row(step, s, k))]) == k;
  return open;
}

std::vector<int64_t> StanSampler::draw(const torch::Tensor& outputs) {
  const torch::Tensor drawn = torch::multinomial(torch::softmax(outputs, 1), 1, true, generator_);
  return {drawn.data_ptr<int64_t>(), drawn.data_ptr<int64_t>() + drawn.numel()};
}

void StanSampler::take_category(const Attribute& attribute, const torch::Tensor& outputs, const Step& step) {
  const bool labels = attribute.column == Attribute::kLabels;
  torch::Tensor open = outputs;
  if (labels && !labels_.empty()) {
    const torch::Tensor choices =
        torch::tensor(std::vector<int64_t>(labels_.begin(), labels_.end()), torch::kInt64);
    open = torch::full_like(outputs, kNever);
    open.index_copy_(1, choices, outputs.index_select(1, choices));
  }
  const std::vector<int64_t> drawn = draw(open);
  std::vector<int32_t>& column = labels ? joint_ : table_.columns[attribute.column].codes;
  int64_t* codes = codes_.data_ptr<int64_t>() + attribute.input;
  for (size_t s = 0; s < step.rows.size(); ++s) {
    const bool known = attribute.five_tuple && step.repeated[s] != kKnown;
    const int32_t value =
        known ? column[static_cast<size_t>(step.repeated[s])] : static_cast<int32_t>(drawn[s]);
    column[static_cast<size_t>(step.rows[s])] = value;
    codes[step.rows[s] * codes_.size(1)] = value;
  }
}

void StanSampler::take_repeat(const Attribute& attribute, const torch::Tensor& outputs, Step& step) {
  const std::vector<int64_t> drawn = draw(close_copies(outputs, open_records(flow_, step)));
  int64_t* codes = codes_.data_ptr<int64_t>() + attribute.input;
  for (size_t s = 0; s < step.rows.size(); ++s) {
    if (drawn[s] < attributes_.options().window) step.repeated[s] = window_row(step, s, drawn[s]);
    codes[step.rows[s] * codes_.size(1)] = drawn[s];
  }
}

void StanSampler::take_identifier(const Attribute& attribute, const torch::Tensor& outputs,
                                  const Step& step) {
  const int64_t window = attributes_.options().window;
  std::vector<int32_t>& column = table_.columns[attribute.column].codes;
  torch::Tensor open = close_copies(outputs, open_records(column, step));
  const auto take = [&](size_t s, int32_t value) {
    column[static_cast<size_t>(step.rows[s])] = value;
    int64_t* code = codes_.data_ptr<int64_t>() + step.rows[s] * codes_.size(1) + attribute.input;
    code[0] = attributes_.bin(attribute, value);
    code[1] = attributes_.options().copies ? nearest(step, s, column, value) : window;
  };
  std::vector<int64_t> missing;
  for (size_t s = 0; s < step.rows.size(); ++s) {
    if (step.repeated[s] != kKnown) {
      take(s, column[static_cast<size_t>(step.repeated[s])]);
    } else {
      missing.push_back(static_cast<int64_t>(s));
    }
  }
  // Some bins run out while the streams of a step take from them: each round at least one stream is done.
  FreshValues& fresh = fresh_[attribute.place];
  while (!missing.empty()) {
    torch::Tensor some = open.index_select(0, torch::tensor(missing, torch::kInt64));
    some.narrow(1, window, attribute.classes).masked_fill_(fresh.empty_bins().to(torch::kBool), kNever);
    const std::vector<int64_t> drawn = draw(some);
    std::vector<int64_t> still;
    for (size_t m = 0; m < missing.size(); ++m) {
      const auto s = static_cast<size_t>(missing[m]);
      const std::optional<int32_t> value = drawn[m] < window
                                               ? column[static_cast<size_t>(window_row(step, s, drawn[m]))]
                                               : fresh.take(drawn[m] - window, rng_);
      if (value) {
        take(s, *value);
      } else {
        still.push_back(missing[m]);
      }
    }
    missing = std::move(still);
  }
}

void StanSampler::take_number(const Attribute& attribute, const torch::Tensor& outputs, const Step& step) {
  const NumberScale& scale = attributes_.scale(attribute, step.first);
  const torch::Tensor drawn = network_.draw_units(outputs, generator_);
  std::vector<double>& column = table_.columns[attribute.column].numbers;
  for (size_t s = 0; s < step.rows.size(); ++s) {
    const auto row = static_cast<size_t>(step.rows[s]);
    const double unit = drawn.data_ptr<float>()[s], middle = scale.middle(scale.place(unit));
    column[row] = scale.value(unit);
    if (attributes_.is_time(attribute) && !step.first) column[row] += column[row - 1];
    units_.data_ptr<float>()[step.rows[s] * units_.size(1) + static_cast<int64_t>(attribute.place)] =
        static_cast<float>(middle);
    codes_.data_ptr<int64_t>()[step.rows[s] * codes_.size(1) + static_cast<int64_t>(attribute.input)] =
        static_cast<int64_t>(middle * Attribute::kNumberBins);
  }
}

void StanSampler::finish() {
  attributes_.labels().put(joint_, table_);
  for (TableColumn& column : table_.columns)
    if (column.name == "time" && ranks_) attributes_.to_clock(column.numbers);
}

}  // namespace bench
