// score_trace --real A --synthetic B: every metric for two files, and tasks if asked for; no sweep.

#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "core/error.h"
#include "core/files.h"
#include "datasets/formats.h"
#include "downstream/task.h"
#include "experiments/command_line.h"
#include "experiments/describe.h"
#include "experiments/table.h"
#include "metrics/metric.h"
#include "metrics/rule_file.h"

namespace {

using namespace bench;  // NOLINT: a program's own file
namespace po = boost::program_options;

Trace load(const std::string& path, const std::string& format) {
  ReadReport report;
  Trace trace = read_trace(path, format, {}, report);
  std::string left_out;
  for (const auto& [reason, count] : report.skipped)
    left_out += fmt::format("; {} skipped: {}", count, reason);
  fmt::print(stderr, "{}: {} {} read as {}{}\n", path, report.records, kind_name(trace.kind), report.format,
             left_out);
  return trace;
}

int program(int argc, char** argv) {
  po::options_description options("Options");
  auto add = options.add_options();
  add("help,h", "this text");
  add("real", po::value<std::string>()->value_name("FILE"), "the real trace");
  add("synthetic", po::value<std::string>()->value_name("FILE"), "the synthetic trace");
  add("real-format", po::value<std::string>()->default_value("auto")->value_name("ID"),
      "format of the real file");
  add("synthetic-format", po::value<std::string>()->default_value("auto")->value_name("ID"),
      "format of the synthetic file");
  add("holdout", po::value<std::string>()->value_name("FILE"),
      "real records that no generator saw, in the format of the real file: what chance gives away (privacy), "
      "and test parts of tasks");
  add("rules", po::value<std::string>()->value_name("FILE"),
      "rules that records should keep, beside the built-in ones");
  add("task", po::value<std::vector<std::string>>()->value_name("NAME")->composing(),
      "a downstream task with its defaults (run_experiment --help-task NAME); may be given again");
  add("seed", po::value<uint64_t>()->default_value(1)->value_name("N"), "of the tasks");
  add("json", "one score a line as JSON instead of a table");
  const po::variables_map values = parse_arguments(argc, argv, options, {});
  if (values.count("help") > 0) {
    std::cout << "score_trace --real FILE --synthetic FILE [options]\n\nScores a synthetic trace against a "
                 "real one.\n\n"
              << options
              << "\nExample\n  score_trace --real caida.pcap --synthetic made.pcap --task telemetry\n";
    return 0;
  }
  if (values.count("real") == 0 || values.count("synthetic") == 0) {
    fail(Kind::config, "--real FILE and --synthetic FILE are needed; --help says more");
  }
  const Trace real = load(values["real"].as<std::string>(), values["real-format"].as<std::string>());
  const Trace synthetic =
      load(values["synthetic"].as<std::string>(), values["synthetic-format"].as<std::string>());
  if (real.kind != synthetic.kind) {
    fail(Kind::data, "{}: holds {}, but {} holds {}; two traces of one kind are needed",
         values["synthetic"].as<std::string>(), kind_name(synthetic.kind), values["real"].as<std::string>(),
         kind_name(real.kind));
  }
  std::optional<Trace> holdout;
  if (values.count("holdout") > 0)
    holdout = load(values["holdout"].as<std::string>(), values["real-format"].as<std::string>());
  std::string rules;
  if (values.count("rules") > 0) {
    const auto file = values["rules"].as<std::string>();
    rules = read_text_file(file);
    parse_rules(rules, file);
  }
  std::vector<const Task*> tasks;
  if (values.count("task") > 0) {
    for (const auto& name : values["task"].as<std::vector<std::string>>()) tasks.push_back(&task_named(name));
  }
  const ScoringPair pair{real, synthetic, time_window(real), holdout ? &*holdout : nullptr, rules};
  Table table({"metric", "mode", "field", "value", "unit", "why not"});
  const auto show = [&](const std::vector<Score>& scores) {
    for (const Score& s : scores) {
      if (values.count("json") > 0) std::cout << to_json(s).dump() << "\n";
      const char* missing = s.outcome == Outcome::error ? "error" : "n/a";
      table.add({s.metric, s.mode, s.field,
                 s.outcome == Outcome::value ? fmt::format("{:.6g}", s.value) : missing, s.unit, s.reason});
    }
  };
  for (const auto& family : all_metrics()) show(family.evaluate(pair));
  const Seed seed = Seed(values["seed"].as<uint64_t>()).child("task");
  for (const Task* task : tasks) show(task->evaluate(pair, *task->params(), seed.child(task->id)));
  if (values.count("json") == 0) std::cout << table.markdown();
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return bench::run_main("score_trace", program, argc, argv); }
