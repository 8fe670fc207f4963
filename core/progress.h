#pragma once
// How a long computation tells how far it is. It prints nothing itself: the harness decides what to show.

#include <functional>
#include <string>
#include <string_view>

namespace bench {

class Progress {
 public:
  virtual ~Progress() = default;
  /// `done` of `total` units of work ("iterations", "records"); `detail` is short, e.g. "critic loss -1.2".
  virtual void report(double done, double total, std::string_view unit, std::string_view detail) = 0;
  /// One line for the cell's log.
  virtual void log(std::string_view line) = 0;
  /// True once the computation should stop; it then throws Error(cancelled).
  virtual bool cancelled() const { return false; }
};

/// Swallows everything; for tests and tools without a display.
class SilentProgress : public Progress {
 public:
  void report(double, double, std::string_view, std::string_view) override {}
  void log(std::string_view) override {}
};

}  // namespace bench
