#pragma once
// Sketches: a stream of (key, weight) in little memory, asked afterwards for the total weight of a key.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/seed.h"
#include "downstream/telemetry/key.h"
#include "downstream/telemetry/keyed_hash.h"

namespace bench {

enum class SketchKind { count_min, count_sketch, univmon, nitro_sketch };

/// "count_min", "count_sketch", "univmon", "nitro_sketch".
std::string_view sketch_kind_name(SketchKind kind);
/// Inverse of sketch_kind_name. Throws Error(config) that names the known ones.
SketchKind sketch_kind_from_name(std::string_view name);
/// All four, in the order of NetShare's figure.
const std::vector<SketchKind>& all_sketch_kinds();

inline constexpr int kMostRows = 63;
inline constexpr int kMostLevels = 32;

/// Sizes as NetDPSyn's evaluation of NetShare's task takes them; see default_options.
struct SketchOptions {
  SketchKind kind = SketchKind::count_min;
  int rows = 5;            ///< 1 .. kMostRows
  int64_t columns = 1000;  ///< counters of a row, 1 .. 2^31
  HashKind hash = HashKind::xxhash;
  int levels = 10;  ///< UnivMon: 1 .. kMostLevels
  /// UnivMon: level j has max(1, columns / 2^j) columns. Enough for estimates of keys, which level 0 gives;
  /// sums over keys (second moment, entropy) need levels of one width.
  bool halve_columns = true;
  int64_t top_keys = 1000;   ///< UnivMon: keys that a level remembers, 1 .. 2^31
  double probability = 0.1;  ///< NitroSketch: share of counters that a record touches, (0, 1]
  bool operator==(const SketchOptions&) const = default;
};

/// 5 rows of 1000 columns; NitroSketch 5 of 100.
SketchOptions default_options(SketchKind kind);
/// Throws Error(config) if a field is out of its range.
void check_options(const SketchOptions& options);
/// Bytes of all counters (8 each) and, for UnivMon, of all remembered keys (13 and a count of 8 each).
int64_t memory_bytes(const SketchOptions& options);
/// The same options with as many columns as fit into `bytes`. Throws Error(config) if not even one does.
SketchOptions fit_into(SketchOptions options, int64_t bytes);

class Sketch {
 public:
  virtual ~Sketch() = default;
  /// weight >= 0; the sum of all weights stays below 2^62.
  virtual void add(const Key& key, int64_t weight) = 0;
  /// The estimated total weight of a key, which need not have occurred.
  virtual double estimate(const Key& key) const = 0;
};

/// An empty sketch whose hash functions (and NitroSketch's sampling) come from the seed. Throws Error(config)
/// as check_options does.
std::unique_ptr<Sketch> make_sketch(const SketchOptions& options, Seed seed);

}  // namespace bench
