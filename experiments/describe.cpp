#include "experiments/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "datasets/formats.h"
#include "experiments/cards.h"
#include "experiments/display.h"
#include "experiments/executor.h"
#include "experiments/generators.h"
#include "experiments/pairs.h"
#include "experiments/table.h"
#include "models/model.h"
#include "models/presets.h"

namespace bench {
namespace fs = std::filesystem;

std::string list_text() {
  std::string out = "Datasets (real ones need --data; a surrogate is simulated and needs nothing)\n";
  for (const auto& d : all_datasets())
    out += fmt::format("  {:18} {:8} {}\n", d.name, kind_name(d.kind), d.summary);
  out += "\nFormats (\"format\" in a sweep; auto detects)\n";
  for (const auto& f : all_formats()) out += fmt::format("  {:18} {}\n", f.id, f.summary);
  out += "\nGenerators (parameters: --help-generator NAME)\n";
  for (const auto& m : all_models()) {
    const std::string_view kinds = applies_text(m.name);
    out += fmt::format("  {:18} {}{}\n", m.name, m.summary, kinds.empty() ? "" : fmt::format(" [{}]", kinds));
  }
  out +=
      "  split              reference row: one random half of the training flows against the other (the "
      "ceiling)\n";
  out +=
      "  holdout            reference row: the held-out part of the real trace (real against real, with "
      "drift)\n";
  out += "\nPresets\n";
  for (const auto& p : all_presets())
    out += fmt::format("  {:18} {} with {}\n", p.name, p.model, p.params.dump());
  out += "\nMetrics (in full: --metric-card ID)\n";
  for (const auto& [family, version, card] : all_cards())
    out += fmt::format("  {:22} {:9} {:13} {}\n", card.id, card.mode, family, card.summary);
  out += "\nTasks (\"tasks\" in a sweep; parameters: --help-task NAME)\n";
  for (const auto& task : all_tasks()) out += fmt::format("  {:18} {}\n", task.id, task.summary);
  return out;
}

std::string generator_help(const std::string& name) {
  const std::string fields = params_help(*preset_params(name));
  const Preset* preset = find_preset(name);
  const ModelEntry* entry = find_model(preset == nullptr ? name : preset->model);
  return fmt::format("{}: {}\n\n{}", name, entry->summary, fields.empty() ? "  no parameters\n" : fields);
}

const Task& task_named(const std::string& name) {
  if (const Task* task = find_task(name)) return *task;
  std::vector<std::string> known;
  for (const auto& task : all_tasks()) known.emplace_back(task.id);
  fail(Kind::config, "\"{}\" is not a task{}; known: {}", name, did_you_mean(name, known),
       fmt::join(known, ", "));
}

std::string task_help(const std::string& name) {
  const Task& task = task_named(name);
  return fmt::format("{}: {}\n\n{}", name, task.summary, params_help(*task.params()));
}

std::string metric_card(const std::string& name) {
  std::string out = cards_text(name);
  if (out.empty()) {
    const std::vector<std::string> known = card_names();
    fail(Kind::config, "\"{}\" is not a metric, family or task{}; known: {}", name, did_you_mean(name, known),
         fmt::join(known, ", "));
  }
  return out;
}

std::string dry_run_text(const Sweep& sweep, const Plan& plan, const fs::path& stages_folder, int jobs) {
  std::vector<bool> cached(plan.stages.size());
  for (size_t i = 0; i < plan.stages.size(); ++i)
    cached[i] = finished_stage(plan.stages[i], stages_folder).has_value();

  std::map<size_t, Split> data;  // by prepare stage, read where a training is still to do
  // Of a training with several units the last one stands for all of them: an estimate is for the whole.
  std::vector<bool> last_unit(plan.stages.size());
  for (const auto& cell : plan.cells) {
    for (size_t s = 0; s + 1 < cell.stages.size(); ++s) {
      last_unit[cell.stages[s]] = plan.stages[cell.stages[s]].kind == StageKind::train &&
                                  plan.stages[cell.stages[s + 1]].kind != StageKind::train;
    }
  }
  std::vector<Estimate> estimates(plan.stages.size());
  double seconds = 0;
  double bytes = 0;
  for (size_t i = 0; i < plan.stages.size(); ++i) {
    const Stage& stage = plan.stages[i];
    if (!last_unit[i] || cached[i]) continue;
    const size_t prepare = stage.inputs.front();
    if (!data.contains(prepare)) data.emplace(prepare, prepare_dataset(plan.stages[prepare]).split);
    const auto generator = make_generator(stage.fields.at("model"), stage.fields.at("params"), stage.title,
                                          stage.where.is_object() ? stage.where.value("folder", "") : "");
    estimates[i] = generator->estimate(data.at(prepare).train.trace());
    seconds += estimates[i].seconds;
    bytes = std::max(bytes, estimates[i].bytes);
  }

  std::vector<StageKind> kinds{StageKind::prepare, StageKind::train, StageKind::select,
                               StageKind::sample,  StageKind::score, StageKind::task};
  for (const StageKind kind : {StageKind::select, StageKind::task}) {
    const bool occurs =
        std::any_of(plan.stages.begin(), plan.stages.end(), [&](const Stage& s) { return s.kind == kind; });
    if (!occurs) std::erase(kinds, kind);
  }
  std::vector<std::string> head{"cell"};
  for (const StageKind kind : kinds) head.emplace_back(stage_name(kind));
  head.emplace_back("estimate");
  Table table(head);
  size_t done = 0;
  for (const auto& cell : plan.cells) {
    std::map<StageKind, std::pair<size_t, size_t>> count;  // cached ones, all
    double cell_seconds = 0;
    bool all = true;
    for (const size_t i : cell.stages) {
      auto& [kept, stages] = count[plan.stages[i].kind];
      kept += cached[i] ? 1 : 0;
      ++stages;
      cell_seconds += estimates[i].seconds;
      all = all && cached[i];
    }
    done += all ? 1 : 0;
    std::vector<std::string> row{cell.id};
    for (const StageKind kind : kinds) {
      const auto [kept, stages] = count[kind];
      row.push_back(stages == 0      ? "-"
                    : kept == stages ? "cached"
                    : stages == 1    ? "to do"
                                     : fmt::format("{} of {}", kept, stages));
    }
    row.push_back(all ? "cached" : cell_seconds < 1 ? "seconds" : "about " + format_duration(cell_seconds));
    table.add(std::move(row));
  }
  return fmt::format(
      "{}: {} cells, {} of them cached; {} stages, {} of them cached\n\n{}\n"
      "Training still to do: about {} of CPU, {} with {} at a time; at most about {} in one process (limit "
      "{:g} GiB).\n{}",
      sweep.name, plan.cells.size(), done, plan.stages.size(), std::count(cached.begin(), cached.end(), true),
      table.markdown(), format_duration(seconds), format_duration(seconds / jobs), jobs, format_bytes(bytes),
      sweep.limits.memory_gb,
      sweep.left_out.empty() ? "" : "\nLeft out, because they do not apply:\n" + left_out_text(sweep));
}

}  // namespace bench
