// generate_trace --cell DIR --records N --output FILE: new records from a trained cell.

#include <fmt/format.h>

#include <iostream>

#include "core/error.h"
#include "core/hash.h"
#include "datasets/formats.h"
#include "experiments/command_line.h"
#include "experiments/generators.h"
#include "experiments/selection.h"

namespace {

using namespace bench;  // NOLINT: a program's own file
namespace fs = std::filesystem;
namespace po = boost::program_options;
using nlohmann::json;

class PrintedLog : public Progress {
 public:
  void report(double, double, std::string_view, std::string_view) override {}
  void log(std::string_view line) override { fmt::print(stderr, "{}\n", line); }
};

GivenLabel parse_given(const std::string& text) {
  const size_t at = text.find('=');
  if (at == 0 || at == std::string::npos)
    fail(Kind::config, "--given \"{}\" is not LABEL=VALUE, e.g. type=blacklist", text);
  return {text.substr(0, at), text.substr(at + 1)};
}

/// The generator that a cell has trained; `description` becomes that of the cell.
std::unique_ptr<Generator> load_cell(const fs::path& cell, json& description) {
  description = read_json_file((cell / "cell.json").string());
  if (!description.value("stages", json::object()).contains("train")) {
    fail(Kind::config, "{}: holds no trained generator ({} is made from the data itself)", cell.string(),
         description.value("generator", "this row"));
  }
  const json& train = description["stages"]["train"];
  const fs::path folder = cell / train.value("folder", "") / "model";
  if (!fs::exists(folder))
    fail(Kind::io, "{}: the training is not finished; run the sweep again", cell.string());

  auto model = make_generator(description.value("generator", ""), description.value("params", json::object()),
                              (cell / "cell.json").string(), description.value("folder", ""));
  if (!model->exact_count())
    fail(Kind::config, "{}: {} holds traces that exist already and makes no others", cell.string(),
         description.value("generator", ""));
  model->load(folder);
  if (description["stages"].contains("select")) {
    const fs::path choice = cell / description["stages"]["select"].value("folder", "") / kSelectionFile;
    model->use_snapshot(read_json_file(choice.string()).at("winner"));
  }
  return model;
}

Trace read_flows(const std::string& file, const std::string& format) {
  ReadReport report;
  Trace flows = read_trace(file, format, {}, report);
  if (flows.size() == 0) fail(Kind::data, "{}: holds no records; at least one is needed", file);
  return flows;
}

int program(int argc, char** argv) {
  po::options_description options("Options");
  auto add = options.add_options();
  add("help,h", "this text");
  add("cell", po::value<std::string>()->value_name("DIR"), "a cell's folder: RUN/cells/ID");
  add("records", po::value<int64_t>()->value_name("N"), "how many records to make");
  add("output", po::value<std::string>()->value_name("FILE"), "where to: .pcap (packets), .csv or .h5");
  add("given", po::value<std::vector<std::string>>()->value_name("LABEL=VALUE"),
      "only records with this label, e.g. type=blacklist; may be given for several labels");
  add("flows", po::value<std::string>()->value_name("FILE"),
      "a trace whose five-tuples, starts and numbers of records to keep, instead of --records; the rest is "
      "made");
  add("flows-format", po::value<std::string>()->default_value("auto")->value_name("ID"),
      "format of that file");
  add("seed", po::value<uint64_t>()->default_value(1)->value_name("N"), "another seed gives another trace");
  const po::variables_map values = parse_arguments(argc, argv, options, {});
  if (values.count("help") > 0) {
    std::cout
        << "generate_trace --cell DIR --records N --output FILE [options]\n\nMakes records with the "
           "generator that a cell "
           "of a run has trained.\n\n"
        << options
        << "\nExample\n  generate_trace --cell "
           "results/runs/quickstart/cells/caida-surrogate__netshare__r0s0__1a2b3c4d "
           "--records 100000 --output made.pcap\n"
           "  generate_trace --cell results/runs/mine/cells/ugr16__ctgan__r0s0__5e6f7a8b --given "
           "type=blacklist --records 1000 --output blacklist.csv\n"
           "  generate_trace --cell results/runs/mine/cells/ugr16__ddgan__r0s0__5e6f7a8b --flows real.csv "
           "--output same_flows.csv\n";
    return 0;
  }
  const bool flows_given = values.count("flows") > 0;
  for (const char* name : {"cell", "records", "output"}) {
    if (values.count(name) == 0 && !(flows_given && name == std::string_view("records")))
      fail(Kind::config, "--{} is needed; --help says more", name);
  }
  if (flows_given && values.count("records") > 0)
    fail(Kind::config, "--records and --flows stand together; one of them would be right");
  int64_t records = flows_given ? 1 : values["records"].as<int64_t>();
  if (records < 1) fail(Kind::config, "--records {} is not a number of records from 1", records);
  json description;
  const auto model = load_cell(values["cell"].as<std::string>(), description);
  PrintedLog log;
  SampleContext context{Seed(values["seed"].as<uint64_t>()).child("generate_trace"), 1,
                        description["stages"]["train"].value("fields", json::object()).value("device", "cpu"),
                        log};
  if (values.count("given") > 0) {
    if (!model->can_condition())
      fail(Kind::config, "--given: {} cannot draw records by their label",
           description.value("generator", ""));
    for (const auto& text : values["given"].as<std::vector<std::string>>())
      context.given.push_back(parse_given(text));
  }
  Trace flows;
  if (flows_given) {
    if (!model->takes_flows())
      fail(Kind::config, "--flows: {} cannot make records of given flows",
           description.value("generator", ""));
    flows = read_flows(values["flows"].as<std::string>(), values["flows-format"].as<std::string>());
    records = static_cast<int64_t>(flows.size());
    context.flows = &flows;
  }
  const Trace trace = model->sample(records, context);
  for (const auto& note : context.notes) fmt::print(stderr, "{}\n", note);
  write_trace(trace, values["output"].as<std::string>());
  fmt::print("{}: {} {}\n", values["output"].as<std::string>(), trace.size(), kind_name(trace.kind));
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return bench::run_main("generate_trace", program, argc, argv); }
