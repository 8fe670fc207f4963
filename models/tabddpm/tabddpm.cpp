#include "models/tabddpm/tabddpm.h"

#include <fmt/format.h>

#include <optional>

#include "core/error.h"
#include "models/diffusion/denoising.h"
#include "models/diffusion/time_embedding.h"
#include "models/nn/layers.h"
#include "models/nn/schedule.h"
#include "models/nn/threads.h"
#include "models/rows/number_scale.h"
#include "models/rows/row_model.h"
#include "models/tabddpm/params.h"

namespace bench {
namespace {

constexpr int64_t kReportEvery = 10, kDrawRows = 4096;

/// x -> first layer + layers of the level -> hidden layers.
class TabNet {
 public:
  TabNet(nn::Parameters& parameters, const TabddpmParams& p, int64_t width, int64_t out)
      : steps_(p.steps),
        time_width_(p.time_width / 2 * 2),
        first_(parameters, "first", width, time_width_),
        level_in_(parameters, "level.0", time_width_, time_width_),
        level_out_(parameters, "level.1", time_width_, time_width_),
        rest_(parameters, "layers", time_width_, p.units, p.layers + 1, out) {}
  /// [n, width], [n] -> [n, out].
  torch::Tensor operator()(const torch::Tensor& x, const torch::Tensor& t) const {
    const torch::Tensor level = level_out_(torch::silu(level_in_(time_embedding(t, steps_, time_width_))));
    return rest_(first_(x) + level);
  }

 private:
  int64_t steps_, time_width_;
  nn::Linear first_, level_in_, level_out_;
  nn::Mlp rest_;
};

Layout layout_of(const RecordTable& table) {
  Layout out;
  for (const TableColumn& column : table.columns) {
    if (column.is_category()) {
      out.add(Head::Kind::category, 1, static_cast<int64_t>(column.values.size()));
    } else {
      out.add(Head::Kind::unit, 1, 1);
    }
  }
  return out;
}

class Tabddpm : public RowModel {
 public:
  explicit Tabddpm(const TabddpmParams& params) : params_(params) {}

  void fit(const RecordTable& table, FitContext& context) override {
    empty_ = without_rows(table);
    scales_.assign(table.columns.size(), {});
    for (size_t c = 0; c < scales_.size(); ++c)
      if (!table.columns[c].is_category()) scales_[c].fit(table.columns[c].numbers);
    nn::with_torch_errors([&] {
      const nn::SingleThread single_thread;
      build(context.seed.child("init"), nn::device_from_name(context.device));
      train(encoded(table), context);
    });
  }

  RecordTable sample(size_t rows, const std::vector<RowCondition>&, SampleContext& context) override {
    return nn::with_torch_errors([&] {
      const nn::SingleThread single_thread;
      const auto generator = nn::make_generator(context.seed);
      std::vector<torch::Tensor> parts{torch::empty({0, channels_->width()})};
      for (int64_t left = static_cast<int64_t>(rows); left > 0; left -= kDrawRows) {
        if (context.progress.cancelled())
          fail(Kind::cancelled, "tabddpm: sampling stopped, {} records left", left);
        const torch::Tensor state = draw_states(*channels_, *steps_, {std::min(left, kDrawRows)}, {},
                                                denoise(), Prediction::noise, 0, generator, device_);
        parts.push_back(
            channels_->rows(state, torch::empty({state.size(0), 0}, state.options())).to(torch::kCPU));
      }
      return decoded(torch::cat(parts, 0).contiguous());
    });
  }

  void save(H5Writer& file) const override {
    for (size_t c = 0; c < scales_.size(); ++c)
      if (scales_[c].size() > 0) scales_[c].save(file, "column " + std::to_string(c));
    learner_->parameters.save(file, "network");
  }

  void load(const H5Reader& file, const RecordTable& columns) override {
    empty_ = columns;
    scales_.assign(columns.columns.size(), {});
    for (size_t c = 0; c < scales_.size(); ++c)
      if (!columns.columns[c].is_category()) scales_[c].load(file, "column " + std::to_string(c));
    nn::with_torch_errors([&] {
      const nn::SingleThread single_thread;
      build(Seed(0), torch::kCPU);
      learner_->parameters.load(file, "network");
    });
  }

 private:
  void build(Seed seed, torch::Device device) {
    device_ = device;
    const Schedule schedule =
        params_.schedule == "cosine" ? Schedule::cosine(params_.steps) : Schedule::linear(params_.steps);
    const Layout layout = layout_of(empty_);
    channels_.emplace(layout, 0, layout.width, CategoryNoise::multinomial, NumberState::normal, false);
    steps_.emplace(schedule, device);
    learner_ = std::make_unique<Learner>();
    network_ =
        std::make_unique<TabNet>(learner_->parameters, params_, channels_->width(), channels_->raw_width());
    learner_->build(nn::Init::standard, nn::make_generator(seed), device, 0.9, 0.999);
  }

  Denoiser denoise() const {
    return [this](const torch::Tensor& next, const torch::Tensor&, const torch::Tensor& t) {
      return (*network_)(next, t);
    };
  }

  /// Rows of the layout [rows, width]: numbers at their share of the training part.
  torch::Tensor encoded(const RecordTable& table) const {
    torch::Tensor out = torch::zeros({static_cast<int64_t>(table.rows), channels_->width()});
    auto values = out.accessor<float, 2>();
    int64_t offset = 0;
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const TableColumn& column = table.columns[c];
      for (size_t i = 0; i < table.rows; ++i) {
        const auto row = static_cast<int64_t>(i);
        if (column.is_category()) {
          values[row][offset + column.codes[i]] = 1;
        } else {
          values[row][offset] = static_cast<float>(scales_[c].middle(scales_[c].index(column.numbers[i])));
        }
      }
      offset += column.is_category() ? static_cast<int64_t>(column.values.size()) : 1;
    }
    return out;
  }

  RecordTable decoded(const torch::Tensor& rows) const {
    RecordTable out = empty_;
    out.rows = static_cast<size_t>(rows.size(0));
    const auto values = rows.accessor<float, 2>();
    int64_t offset = 0;
    for (size_t c = 0; c < out.columns.size(); ++c) {
      TableColumn& column = out.columns[c];
      const int64_t width = column.is_category() ? static_cast<int64_t>(column.values.size()) : 1;
      for (int64_t i = 0; i < rows.size(0); ++i) {
        if (column.is_category()) {
          int32_t code = 0;
          while (values[i][offset + code] < 0.5F) ++code;
          column.codes.push_back(code);
        } else {
          column.numbers.push_back(scales_[c].value(static_cast<double>(values[i][offset])));
        }
      }
      offset += width;
    }
    return out;
  }

  void train(const torch::Tensor& rows, FitContext& context) {
    const auto generator = nn::make_generator(context.seed.child("noise"));
    const torch::Tensor all = rows.to(device_);
    nn::Parameters& parameters = learner_->parameters;
    std::optional<nn::MovingAverage> average;
    if (params_.ema > 0) average.emplace(parameters, params_.ema);
    const double divergence =
        params_.divergence > 0 ? params_.divergence : static_cast<double>(params_.steps);
    for (int64_t i = 0; i < params_.iterations; ++i) {
      if (context.progress.cancelled())
        fail(Kind::cancelled, "tabddpm: training stopped at iteration {} of {}", i, params_.iterations);
      const torch::Tensor some =
          torch::randint(all.size(0), {params_.batch}, generator, torch::kInt64).to(device_);
      const double rate = nn::decayed(params_.lr, params_.lr_decay, i, params_.iterations);
      if (params_.weight_decay > 0) {
        const torch::NoGradGuard no_grad;
        parameters.flat().mul_(1 - rate * params_.weight_decay);
      }
      const double loss =
          noise_step(*channels_, *steps_, {channels_->state(all.index_select(0, some), generator), {}},
                     denoise(), *learner_, rate, generator, divergence);
      nn::check_loss(loss, "tabddpm: the loss", i + 1);
      if (average) average->update();
      if ((i + 1) % kReportEvery == 0 || i + 1 == params_.iterations)
        context.progress.report(static_cast<double>(i + 1), static_cast<double>(params_.iterations),
                                "iterations", fmt::format("loss {:.4g}", loss));
    }
    if (average) average->swap();
  }

  TabddpmParams params_;
  RecordTable empty_;
  std::vector<NumberScale> scales_;  ///< by column; of use for numbers only
  torch::Device device_ = torch::kCPU;
  std::optional<Channels> channels_;
  std::optional<StepTable> steps_;
  std::unique_ptr<Learner> learner_;
  std::unique_ptr<TabNet> network_;
};

}  // namespace

std::unique_ptr<Params> tabddpm_params() { return std::make_unique<TabddpmParams>(); }

std::unique_ptr<Generator> make_tabddpm(const Params& params) {
  const auto& own = dynamic_cast<const TabddpmParams&>(params);
  const Identifiers identifiers = own.encoding == "A" ? Identifiers::number : Identifiers::bits;
  return make_row_generator({identifiers, identifiers, false}, std::make_unique<Tabddpm>(own));
}

}  // namespace bench
