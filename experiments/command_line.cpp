#include "experiments/command_line.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>

#include "core/error.h"
#include "core/provenance.h"

namespace bench {

namespace po = boost::program_options;

po::variables_map parse_arguments(int argc, char** argv, const po::options_description& options,
                                  const po::positional_options_description& positional) {
  po::variables_map values;
  try {
    po::store(po::command_line_parser(argc, argv).options(options).positional(positional).run(), values);
    po::notify(values);
  } catch (const po::error& e) {
    fail(Kind::config, "{}; --help lists the options", e.what());
  }
  return values;
}

std::filesystem::path data_folder(const po::variables_map& values) {
  if (values.count("data") > 0) return values["data"].as<std::string>();
  const char* from_environment = std::getenv("HEADERBENCH_DATA");
  return from_environment == nullptr ? "" : from_environment;
}

void announce_blas() {
  const BlasInfo blas = loaded_blas();
  fmt::print(stderr, "BLAS: {} ({})\n", blas.name, blas.path.empty() ? "no library loaded" : blas.path);
  if (!blas.reference) return;
  fmt::print(stderr,
             "\n*** WARNING: the reference BLAS is loaded. Training is 10 to 30 times slower than with "
             "OpenBLAS. ***\n"
             "*** Install it: apt-get install libopenblas0-pthread (it becomes the default at once).         "
             " ***\n\n");
}

}  // namespace bench
