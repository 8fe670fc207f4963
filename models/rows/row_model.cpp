#include "models/rows/row_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "core/files.h"
#include "datasets/labels.h"
#include "models/rows/private_rows.h"

namespace bench {
namespace {

constexpr double kNoteworthy = 0.05;  ///< share of clamped values that a reader of the scores must know
/// Rows drawn for one that fits, at most, once kPatience were drawn.
constexpr size_t kOdds = 1000, kPatience = 100'000, kDraw = 4096;

/// Appends the rows of `from` that have the given categories, at most `most` rows in all.
void append_fitting(RecordTable& to, const RecordTable& from, const std::vector<RowCondition>& given,
                    size_t most) {
  for (size_t i = 0; i < from.rows && to.rows < most; ++i) {
    const bool fits = std::all_of(given.begin(), given.end(), [&](const RowCondition& condition) {
      return from.columns[condition.column].codes[i] == condition.code;
    });
    if (!fits) continue;
    for (size_t c = 0; c < to.columns.size(); ++c) {
      if (from.columns[c].is_category()) {
        to.columns[c].codes.push_back(from.columns[c].codes[i]);
      } else {
        to.columns[c].numbers.push_back(from.columns[c].numbers[i]);
      }
    }
    ++to.rows;
  }
}

class RowGenerator : public Generator {
 public:
  RowGenerator(const TableOptions& options, std::unique_ptr<RowModel> model)
      : options_(options), columns_(options), model_(std::move(model)) {
    auto* model_with_critics = dynamic_cast<PrivateRowModel*>(model_.get());
    if (model_with_critics != nullptr && model_with_critics->privacy().from_public())
      private_ = model_with_critics;
  }

  void fit(const TrainingTrace& train, FitContext& context) override {
    if (private_ != nullptr)
      fail(Kind::unsupported, "row model: a private training needs public data: a sweep with public_data");
    if (train.trace().size() == 0) fail(Kind::data, "row model: the training part has no record");
    columns_ = RecordColumns(options_);
    columns_.fit(train);
    model_->fit(columns_.encode(train.trace()), context);
    fitted_ = true;
  }

  Trace sample(int64_t records, SampleContext& context) override {
    require_fitted();
    const auto rows = static_cast<size_t>(records);
    const std::vector<RowCondition> given = conditions(context.given);
    const bool again = !given.empty() && !model_->can_condition();
    const RecordTable table =
        again ? drawn_again(rows, given, context) : model_->sample(rows, given, context);
    std::map<std::string, int64_t> clamps;
    Trace out = columns_.decode(table, clamps);
    for (const auto& [column, count] : clamps) {
      const double share = static_cast<double>(count) / static_cast<double>(records);
      context.progress.log(fmt::format("{} of {} values of {} were clamped", count, records, column));
      if (share > kNoteworthy)
        context.notes.push_back(fmt::format("clamped {:.0f} % of {} to legal values", 100 * share, column));
    }
    return out;
  }

  bool can_condition() const override { return true; }

  std::vector<TrainingUnit> units() const override {
    return private_ == nullptr ? Generator::units() : private_row_units(private_->privacy());
  }

  void fit_unit(size_t unit, const TrainingTrace& train, std::span<const std::filesystem::path> needs,
                const std::filesystem::path& folder, FitContext& context) override {
    if (private_ == nullptr) return Generator::fit_unit(unit, train, needs, folder, context);
    if (unit == 0) return fit_public_rows(options_, *private_, train, folder, context);
    fit_private_rows(*private_, train, needs.front(), folder, context);
  }

  void save(const std::filesystem::path& folder) const override {
    require_fitted();
    H5Writer file(folder / kRowsFile);
    columns_.save(file);
    model_->save(file);
    file.finish();
    if (!cost_.empty()) write_text_file(folder / kPrivacyFile, cost_);
  }

  void load(const std::filesystem::path& folder) override {
    const H5Reader file(folder / kRowsFile);
    columns_ = RecordColumns(options_);
    columns_.load(file);
    model_->load(file, columns_.empty());
    if (private_ != nullptr) cost_ = read_text_file(folder / kPrivacyFile);
    fitted_ = true;
  }

 private:
  void require_fitted() const {
    if (!fitted_) fail(Kind::config, "row model: used before fit() or load()");
  }

  std::vector<RowCondition> conditions(const std::vector<GivenLabel>& given) const {
    std::vector<RowCondition> out;
    if (given.empty()) return out;
    std::map<std::string, int64_t> clamps;
    const Trace like = columns_.decode(columns_.empty(), clamps);  // its labels have the names
    for (const auto& [name, value] : given) {
      const LabelColumn* label = find_label(like, name);
      const auto& columns = columns_.empty().columns;
      const auto column = std::find_if(columns.begin(), columns.end(),
                                       [&](const TableColumn& c) { return c.name == "label:" + name; });
      if (label == nullptr || column == columns.end()) {
        std::vector<std::string> names;
        for (const LabelColumn& other : like.labels) names.push_back(other.name);
        fail(Kind::config,
             "given label '{}': the training part has no such label; one of [{}] would be right", name,
             fmt::join(names, ", "));
      }
      const auto code = std::find(label->names.begin(), label->names.end(), value) - label->names.begin();
      const auto place = std::find(column->values.begin(), column->values.end(), int64_t{code});
      if (place == column->values.end()) {
        std::vector<std::string> names;
        for (const int64_t known : column->values) names.push_back(label->names[static_cast<size_t>(known)]);
        fail(Kind::config, "given label {} = '{}': no training record has it; one of [{}] would be right",
             name, value, fmt::join(names, ", "));
      }
      out.push_back({static_cast<size_t>(column - columns.begin()),
                     static_cast<int32_t>(place - column->values.begin())});
    }
    return out;
  }

  RecordTable drawn_again(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) {
    RecordTable out = columns_.empty();
    size_t drawn = 0;
    for (uint64_t round = 0; out.rows < rows; ++round) {
      if (drawn >= kPatience && out.rows * kOdds < drawn) {
        fail(Kind::invalid_output,
             "given labels: {} of {} drawn rows have them; at least 1 in {} would be right", out.rows, drawn,
             kOdds);
      }
      SampleContext own{context.seed.child("again", round), context.threads, context.device,
                        context.progress};
      append_fitting(out, model_->sample(kDraw, {}, own), given, rows);
      drawn += kDraw;
    }
    return out;
  }

  TableOptions options_;
  RecordColumns columns_;
  std::unique_ptr<RowModel> model_;
  PrivateRowModel* private_ = nullptr;  ///< the model where its training is a private one
  std::string cost_;                    ///< of the private training that was loaded, kPrivacyFile
  bool fitted_ = false;
};

}  // namespace

std::unique_ptr<Generator> make_row_generator(const TableOptions& options, std::unique_ptr<RowModel> model) {
  return std::make_unique<RowGenerator>(options, std::move(model));
}

}  // namespace bench
