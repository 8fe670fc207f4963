#include "experiments/display.h"

#include <fmt/format.h>

#include <cmath>

#include "core/process.h"

namespace bench {
namespace {
constexpr double kTerminalInterval = 0.5;  // seconds between redraws
constexpr double kPlainInterval = 20;      // seconds between plain progress lines
}  // namespace

std::string format_duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto s = static_cast<int64_t>(std::llround(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

std::string format_bytes(double bytes) {
  if (bytes < 1024.0 * 1024) return fmt::format("{:.0f} KiB", bytes / 1024);
  if (bytes < 1024.0 * 1024 * 1024) return fmt::format("{:.0f} MiB", bytes / 1024 / 1024);
  return fmt::format("{:.1f} GiB", bytes / 1024 / 1024 / 1024);
}

Display::Display(std::FILE* out, bool terminal, size_t total, size_t cached)
    : out_(out), terminal_(terminal), total_(total), cached_(cached), last_draw_(monotonic_seconds()) {}

Display::~Display() { erase(); }

void Display::started(const Stage& stage) {
  lines_[stage.folder()] = {stage.title, std::string(stage_name(stage.kind)), monotonic_seconds(), 0, 0, "",
                            ""};
  if (terminal_) draw();
}

void Display::progress(const Stage& stage, double done, double total, const std::string& unit,
                       const std::string& detail) {
  Line& line = lines_[stage.folder()];
  line.done = done;
  line.total = total;
  line.unit = unit;
  line.detail = detail;
}

void Display::finished(const Stage& stage, const StageOutcome& outcome) {
  lines_.erase(stage.folder());
  ++finished_;
  const bool ok = outcome.outcome == "ok";
  failed_ += ok ? 0 : 1;
  // Cheap stages that went well would only fill the screen.
  const bool worth_a_line = !ok || stage.kind == StageKind::train || (stage.kind == StageKind::prepare);
  if (worth_a_line) {
    print(fmt::format("[{}/{}] {}: {} {}{}", finished_, total_, stage.title, stage_name(stage.kind),
                      ok ? "done in " + format_duration(outcome.wall_seconds)
                         : outcome.outcome + (outcome.phase.empty() ? "" : " while in " + outcome.phase),
                      outcome.message.empty() ? "" : ": " + outcome.message));
  }
  if (terminal_) draw();
}

void Display::tick() {
  const double now = monotonic_seconds();
  if (now - last_draw_ < (terminal_ ? kTerminalInterval : kPlainInterval)) return;
  if (terminal_) {
    draw();
    return;
  }
  last_draw_ = now;
  for (const auto& [folder, line] : lines_) print(text(line));
}

std::string Display::text(const Line& line) const {
  const double elapsed = monotonic_seconds() - line.started;
  std::string out = fmt::format("  {}: {}", line.title, line.stage);
  if (line.total > 0 && line.done > 0) {
    const double rate = line.done / elapsed;
    out += fmt::format(" {:3.0f} %, {:.4g} {}/s, {} left", 100 * line.done / line.total, rate, line.unit,
                       format_duration((line.total - line.done) / rate));
    if (!line.detail.empty()) out += ", " + line.detail;
  } else {
    out += ", " + format_duration(elapsed);
  }
  return out;
}

void Display::erase() {
  for (; drawn_ > 0; --drawn_) fmt::print(out_, "\033[1A\033[2K");
  std::fflush(out_);
}

void Display::draw() {
  erase();
  last_draw_ = monotonic_seconds();
  fmt::print(out_, "{} of {} stages done{}{}\n", finished_, total_,
             cached_ > 0 ? fmt::format(", {} from before", cached_) : "",
             failed_ > 0 ? fmt::format(", {} failed", failed_) : "");
  drawn_ = 1;
  for (const auto& [folder, line] : lines_) {
    std::string shown = text(line);
    if (shown.size() > 118) shown = shown.substr(0, 115) + "...";  // a wrapped line could not be erased
    fmt::print(out_, "{}\n", shown);
    ++drawn_;
  }
  std::fflush(out_);
}

void Display::print(const std::string& line) {
  if (terminal_) erase();
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);
}

}  // namespace bench
