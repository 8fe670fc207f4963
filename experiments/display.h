#pragma once
// What a user sees while a run goes on: on a terminal one line per running stage, redrawn; otherwise plain
// lines.

#include <chrono>
#include <cstdio>
#include <map>
#include <string>

#include "experiments/executor.h"

namespace bench {

class Display : public Observer {
 public:
  /// `total` stages are still to run, `cached` are done already. Writes to `out` (standard error in
  /// practice).
  Display(std::FILE* out, bool terminal, size_t total, size_t cached);
  ~Display() override;
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

  void started(const Stage& stage) override;
  void progress(const Stage& stage, double done, double total, const std::string& unit,
                const std::string& detail) override;
  void finished(const Stage& stage, const StageOutcome& outcome) override;
  void tick() override;

 private:
  struct Line {
    std::string title;
    std::string stage;
    double started = 0;
    double done = 0;
    double total = 0;
    std::string unit;
    std::string detail;
  };
  std::string text(const Line& line) const;
  void erase();
  void draw();
  void print(const std::string& line);

  std::FILE* out_;
  bool terminal_;
  size_t total_;
  size_t cached_;
  size_t finished_ = 0;
  size_t failed_ = 0;
  size_t drawn_ = 0;
  double last_draw_ = 0;
  std::map<std::string, Line> lines_;  ///< by stage folder
};

/// "1 h 05 min", "3 min 20 s", "12 s".
std::string format_duration(double seconds);
/// "1.2 GiB", "340 MiB".
std::string format_bytes(double bytes);

}  // namespace bench
