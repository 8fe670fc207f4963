#pragma once
// What the programs of HeaderBench share on their command lines.

#include <boost/program_options.hpp>
#include <filesystem>
#include <string>

namespace bench {

/// Parses argv; unknown options, missing values and values of the wrong type end in Error(config).
boost::program_options::variables_map parse_arguments(
    int argc, char** argv, const boost::program_options::options_description& options,
    const boost::program_options::positional_options_description& positional);

/// --data, else HEADERBENCH_DATA, else empty.
std::filesystem::path data_folder(const boost::program_options::variables_map& values);

/// Names the BLAS that is really loaded on standard error, with a loud warning if it is the reference one.
void announce_blas();

}  // namespace bench
