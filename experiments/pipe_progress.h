#pragma once
// How a stage's process tells its parent how far it is.

#include "core/progress.h"

namespace bench {

/// Sends "done total unit<tab>detail" lines to the parent and log lines to standard output (the stage's log).
class PipeProgress : public Progress {
 public:
  void report(double done, double total, std::string_view unit, std::string_view detail) override;
  void log(std::string_view line) override;

 private:
  double last_ = 0;
};

}  // namespace bench
