// report_run RUN --kind KIND --output FILE.md: a page and a figure from a finished run.

#include <fmt/format.h>

#include <iostream>

#include "core/error.h"
#include "core/files.h"
#include "core/params.h"
#include "experiments/command_line.h"
#include "experiments/reports.h"

namespace {

using namespace bench;  // NOLINT: a program's own file
namespace fs = std::filesystem;
namespace po = boost::program_options;

int program(int argc, char** argv) {
  po::options_description options("Options");
  auto add = options.add_options();
  add("help,h", "this text");
  add("run", po::value<std::string>()->value_name("DIR"), "folder of a run");
  add("kind", po::value<std::string>()->value_name("KIND"),
      "speedup (a run with workers), curve (quality against CPU seconds), baselines (generators side by "
      "side), fields (each field by itself) or privacy (quality against epsilon)");
  add("peer", po::value<std::string>()->value_name("FILE"),
      "scores to compare with: curve needs them, fields and privacy show them if given");
  add("title", po::value<std::string>()->value_name("TEXT"), "heading of the page (default: the run's name)");
  add("output", po::value<std::string>()->value_name("FILE"),
      "the page, .md; a figure stands beside it as .svg");
  po::positional_options_description positional;
  positional.add("run", 1);
  const po::variables_map values = parse_arguments(argc, argv, options, positional);
  if (values.count("help") > 0) {
    std::cout
        << "report_run RUN --kind KIND --output FILE.md [options]\n\nMakes a page with tables and a "
           "figure from "
           "a finished run.\n\n"
        << options
        << "\nExamples\n"
           "  report_run results/runs/chunked_speedup --kind speedup --output "
           "results/published/chunked_speedup.md\n"
           "  report_run results/runs/learning_curve --kind curve --peer "
           "results/reference/netshare_pytorch.json --output results/published/learning_curve.md\n"
           "  report_run results/runs/baselines --kind baselines --output results/published/baselines.md\n"
           "  report_run results/runs/privacy_cpu --kind privacy --peer "
           "results/reference/netshare_privacy.json --output results/published/privacy.md\n";
    return 0;
  }
  for (const char* name : {"run", "kind", "output"}) {
    if (values.count(name) == 0) fail(Kind::config, "--{} is needed; --help says more", name);
  }
  const fs::path run = values["run"].as<std::string>();
  const auto kind = values["kind"].as<std::string>();
  const fs::path output = values["output"].as<std::string>();
  const bool with_peer = kind == "curve" || kind == "fields" || kind == "privacy";
  if (kind != "speedup" && !with_peer && kind != "baselines")
    fail(Kind::config, "--kind \"{}\" is not speedup, curve, baselines, fields or privacy", kind);
  if (kind == "curve" && values.count("peer") == 0) fail(Kind::config, "--kind curve needs --peer");
  if (output.extension() != ".md") fail(Kind::config, "--output \"{}\" does not end in .md", output.string());

  const std::vector<RunRow> rows = read_run(run);
  const nlohmann::json peer = with_peer && values.count("peer") > 0
                                  ? read_json_file(values["peer"].as<std::string>())
                                  : nlohmann::json::object();
  const Report report = kind == "speedup"     ? speedup_report(rows)
                        : kind == "baselines" ? baselines_report(rows, read_failures(run))
                        : kind == "fields"    ? fields_report(rows, read_failures(run), peer)
                        : kind == "privacy"   ? privacy_report(rows, read_failures(run), peer)
                                              : curve_report(rows, peer);
  const std::string title = values.count("title") > 0
                                ? values["title"].as<std::string>()
                                : fs::absolute(run).lexically_normal().filename().string();
  std::string page = fmt::format("# {}\n\n{}", title, report.markdown);
  if (!report.panels.empty()) {
    const fs::path figure = fs::path(output).replace_extension(".svg");
    draw(report.panels, figure);
    page += fmt::format("\n![{}]({})\n", title, figure.filename().string());
  }
  write_text_file(output, page);
  fmt::print("{}\n", output.string());
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return bench::run_main("report_run", program, argc, argv); }
