#include "downstream/telemetry/sketch.h"

#include <numeric>

#include "core/error.h"
#include "downstream/telemetry/count_min.h"
#include "downstream/telemetry/count_sketch.h"
#include "downstream/telemetry/nitro_sketch.h"
#include "downstream/telemetry/univmon.h"

namespace bench {
namespace {

constexpr int64_t kMostColumns = int64_t{1} << 31;
constexpr int64_t kCounterBytes = 8;
constexpr int64_t kRememberedBytes = 13 + 8;

void check_range(std::string_view field, int64_t value, int64_t hi) {
  if (value < 1 || value > hi)
    fail(Kind::config, "{} of a sketch must be in 1 .. {}, not {}", field, hi, value);
}

}  // namespace

std::string_view sketch_kind_name(SketchKind kind) {
  switch (kind) {
    case SketchKind::count_min:
      return "count_min";
    case SketchKind::count_sketch:
      return "count_sketch";
    case SketchKind::univmon:
      return "univmon";
    case SketchKind::nitro_sketch:
      return "nitro_sketch";
  }
  return {};
}

const std::vector<SketchKind>& all_sketch_kinds() {
  static const std::vector<SketchKind> kinds{SketchKind::count_min, SketchKind::count_sketch,
                                             SketchKind::univmon, SketchKind::nitro_sketch};
  return kinds;
}

SketchKind sketch_kind_from_name(std::string_view name) {
  for (const SketchKind kind : all_sketch_kinds()) {
    if (sketch_kind_name(kind) == name) return kind;
  }
  fail(Kind::config, "\"{}\" is no sketch; there are count_min, count_sketch, univmon, nitro_sketch", name);
}

SketchOptions default_options(SketchKind kind) {
  SketchOptions options;
  options.kind = kind;
  if (kind == SketchKind::nitro_sketch) options.columns = 100;
  return options;
}

void check_options(const SketchOptions& options) {
  check_range("rows", options.rows, kMostRows);
  check_range("columns", options.columns, kMostColumns);
  check_range("levels", options.levels, kMostLevels);
  check_range("top_keys", options.top_keys, kMostColumns);
  if (!(options.probability > 0 && options.probability <= 1)) {
    fail(Kind::config, "probability of a sketch must be above 0 and at most 1, not {}", options.probability);
  }
}

int64_t memory_bytes(const SketchOptions& options) {
  if (options.kind != SketchKind::univmon) return kCounterBytes * options.rows * options.columns;
  int64_t columns = 0;
  for (int level = 0; level < options.levels; ++level) columns += UnivMon::columns_of(options, level);
  return kCounterBytes * options.rows * columns + kRememberedBytes * options.levels * options.top_keys;
}

SketchOptions fit_into(SketchOptions options, int64_t bytes) {
  check_options(options);
  int64_t fits = 0, too_many = kMostColumns + 1;
  while (too_many - fits > 1) {
    options.columns = std::midpoint(fits, too_many);
    (memory_bytes(options) <= bytes ? fits : too_many) = options.columns;
  }
  options.columns = fits;
  if (fits == 0) {
    options.columns = 1;
    fail(Kind::config, "{} with {} rows needs at least {} bytes, more than {}",
         sketch_kind_name(options.kind), options.rows, memory_bytes(options), bytes);
  }
  return options;
}

std::unique_ptr<Sketch> make_sketch(const SketchOptions& options, Seed seed) {
  check_options(options);
  switch (options.kind) {
    case SketchKind::count_min:
      return std::make_unique<CountMin>(options, seed);
    case SketchKind::count_sketch:
      return std::make_unique<CountSketch>(options, seed);
    case SketchKind::univmon:
      return std::make_unique<UnivMon>(options, seed);
    case SketchKind::nitro_sketch:
      return std::make_unique<NitroSketch>(options, seed);
  }
  return nullptr;
}

}  // namespace bench
