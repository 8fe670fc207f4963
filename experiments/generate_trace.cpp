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

int program(int argc, char** argv) {
  po::options_description options("Options");
  auto add = options.add_options();
  add("help,h", "this text");
  add("cell", po::value<std::string>()->value_name("DIR"), "a cell's folder: RUN/cells/ID");
  add("records", po::value<int64_t>()->value_name("N"), "how many records to make");
  add("output", po::value<std::string>()->value_name("FILE"), "where to: .pcap (packets), .csv or .h5");
  add("given", po::value<std::vector<std::string>>()->value_name("LABEL=VALUE"),
      "only records with this label, e.g. type=blacklist; may be given for several labels");
  add("seed", po::value<uint64_t>()->default_value(1)->value_name("N"), "another seed gives another trace");
  const po::variables_map values = parse_arguments(argc, argv, options, {});
  if (values.count("help") > 0) {
    std::cout << "generate_trace --cell DIR --records N --output FILE [options]\n\nMakes records with the "
                 "generator that a cell "
                 "of a run has trained.\n\n"
              << options
              << "\nExample\n  generate_trace --cell "
                 "results/runs/quickstart/cells/caida-surrogate__netshare__r0s0__1a2b3c4d "
                 "--records 100000 --output made.pcap\n"
                 "  generate_trace --cell results/runs/mine/cells/ugr16__ctgan__r0s0__5e6f7a8b --given "
                 "type=blacklist --records 1000 --output blacklist.csv\n";
    return 0;
  }
  for (const char* name : {"cell", "records", "output"}) {
    if (values.count(name) == 0) fail(Kind::config, "--{} is needed; --help says more", name);
  }
  const auto records = values["records"].as<int64_t>();
  if (records < 1) fail(Kind::config, "--records {} is not a number of records from 1", records);
  const fs::path cell = values["cell"].as<std::string>();
  const json description = read_json_file((cell / "cell.json").string());
  if (!description.value("stages", json::object()).contains("train")) {
    fail(Kind::config, "{}: holds no trained generator ({} is made from the data itself)", cell.string(),
         description.value("generator", "this row"));
  }
  const json& train = description["stages"]["train"];
  const fs::path folder = cell / train.value("folder", "") / "model";
  if (!fs::exists(folder))
    fail(Kind::io, "{}: the training is not finished; run the sweep again", cell.string());

  const auto model =
      make_generator(description.value("generator", ""), description.value("params", json::object()),
                     (cell / "cell.json").string(), description.value("folder", ""));
  if (!model->exact_count())
    fail(Kind::config, "{}: {} holds traces that exist already and makes no others", cell.string(),
         description.value("generator", ""));
  model->load(folder);
  if (description["stages"].contains("select")) {
    const fs::path choice = cell / description["stages"]["select"].value("folder", "") / kSelectionFile;
    model->use_snapshot(read_json_file(choice.string()).at("winner"));
  }
  PrintedLog log;
  SampleContext context{Seed(values["seed"].as<uint64_t>()).child("generate_trace"), 1,
                        train.value("fields", json::object()).value("device", "cpu"), log};
  if (values.count("given") > 0) {
    if (!model->can_condition())
      fail(Kind::config, "--given: {} cannot draw records by their label",
           description.value("generator", ""));
    for (const auto& text : values["given"].as<std::vector<std::string>>())
      context.given.push_back(parse_given(text));
  }
  const Trace trace = model->sample(records, context);
  for (const auto& note : context.notes) fmt::print(stderr, "{}\n", note);
  write_trace(trace, values["output"].as<std::string>());
  fmt::print("{}: {} {}\n", values["output"].as<std::string>(), trace.size(), kind_name(trace.kind));
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return bench::run_main("generate_trace", program, argc, argv); }
