#include "experiments/pipe_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "core/process.h"

namespace bench {
namespace {

constexpr int kProgressDescriptor = 3;
constexpr double kProgressInterval = 0.25;  // seconds between two lines to the parent

}  // namespace

void PipeProgress::report(double done, double total, std::string_view unit, std::string_view detail) {
  const double now = monotonic_seconds();
  if (now - last_ < kProgressInterval && done < total) return;
  last_ = now;
  const std::string line = fmt::format("{} {} {}\t{}\n", done, total, unit, detail);
  if (::write(kProgressDescriptor, line.data(), line.size()) < 0) {
    // Nobody listens any more: the parent is gone, and PDEATHSIG ends this process.
  }
}

void PipeProgress::log(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

}  // namespace bench
