#include "models/rows/private_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/files.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

void keep_rows(RecordTable& table, const std::vector<bool>& keep) {
  const auto filter = [&](auto& values) {
    size_t kept = 0;
    for (size_t i = 0; i < values.size(); ++i)
      if (keep[i]) values[kept++] = values[i];
    values.resize(kept);
  };
  for (TableColumn& column : table.columns) {
    filter(column.codes);
    filter(column.numbers);
  }
  table.rows = static_cast<size_t>(std::count(keep.begin(), keep.end(), true));
}

}  // namespace

std::vector<bool> PrivateRowModel::covers(RecordTable& table) const {
  std::vector<bool> out(table.rows, true);
  for (const TableColumn& column : table.columns) {
    for (size_t i = 0; i < column.codes.size(); ++i)
      if (column.codes[i] < 0) out[i] = false;
  }
  return out;
}

std::vector<TrainingUnit> private_row_units(const PrivacyParams& privacy) {
  std::vector<std::string> budget = PrivacyParams::of_the_budget(privacy.clip_name);
  budget.insert(budget.end(), {"iterations", "epochs"});
  return {{"public", {}, true, budget}, {"training", {0}}};
}

void fit_public_rows(TableOptions options, PrivateRowModel& model, const TrainingTrace& data,
                     const fs::path& folder, FitContext& context) {
  Trace trace = data.trace();
  if (!model.privacy().public_labels) trace.labels.clear();
  if (trace.size() == 0) fail(Kind::data, "row model: the public data has no record");
  options.open = true;
  RecordColumns columns(options);
  columns.fit(trace, data.window());
  model.fit_public(columns.encode(trace), context);
  H5Writer file(folder / kRowsFile);
  columns.save(file);
  model.save(file);
  model.save_start(file);
  file.finish();
}

void fit_private_rows(PrivateRowModel& model, const TrainingTrace& train, const fs::path& start,
                      const fs::path& folder, FitContext& context) {
  RecordColumns columns;
  {
    const H5Reader file(start / kRowsFile);
    columns.load(file);
    model.load(file, columns.empty());
    model.load_start(file, context.seed.child("start"));
  }
  const TimeWindow window = model.privacy().declared_window().value_or(train.window());
  columns.move_to(window);
  RecordTable table = columns.encode_others(inside(train.trace(), window));
  const size_t records = train.trace().size();
  keep_rows(table, model.covers(table));
  if (table.rows < records)
    context.progress.log(
        fmt::format("{} of {} records are left out: the public data does not cover their values, or the "
                    "declared window their times",
                    records - table.rows, records));
  const PrivacyParams& privacy = model.privacy();
  CriticTraining costs = model.critic_training();
  costs.chunk_flows = noisy_counts({static_cast<int64_t>(table.rows)}, privacy.noise_of_counts(),
                                   context.seed.child("counts"));
  costs = privacy.priced(costs);
  const std::string record = privacy.record(costs, "record").dump(1);
  write_text_file(folder / kPrivacyFile, record + "\n");
  context.progress.log("the cost of the private training: " + record);
  model.fit_private(table, privacy.steps(costs, costs.chunk_flows.front()), context);
  H5Writer file(folder / kRowsFile);
  columns.save(file);
  model.save(file);
  file.finish();
}

}  // namespace bench
