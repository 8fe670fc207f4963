#pragma once
// Table rows of packets <-> header bytes: the bytes of an IPv4 header that say something (tos, total length,
// id, flags, fragment offset, ttl, protocol, addresses), ports, TCP flags, then labels and time. Version,
// header length and checksum follow from the rest.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/seed.h"
#include "models/encode/continuous.h"
#include "models/rows/record_table.h"

namespace bench {

struct PacketByteOptions {
  bool labels = true;  ///< a byte for each label (two beyond 256 names)
  bool time = true;    ///< a byte for the time; otherwise it is drawn by itself, see decode()
};

/// Numbers stand as unsigned integers, most significant byte first; a category as its value. Time is the
/// share of the training records before it in 256 steps.
class PacketBytes {
 public:
  explicit PacketBytes(const PacketByteOptions& options = {}) : options_(options) {}
  /// Learns from the training table, which has addresses and ports as numbers and at least one row.
  void fit(const RecordTable& table);
  int64_t width() const { return width_; }  ///< bytes of a packet
  /// [rows, width].
  std::vector<uint8_t> encode(const RecordTable& table) const;
  /// Sets the columns of `out` that have bytes, from `bytes` [out.rows, width]. A category becomes the
  /// nearest value that occurred in training. Without a byte for time it is drawn from a normal distribution
  /// with the mean and deviation of the training times, cut off at the window. What a byte leaves open of a
  /// time is drawn.
  void decode(std::span<const uint8_t> bytes, Rng& rng, RecordTable& out) const;
  /// Columns of the table that have bytes, in the order of the bytes, and how many each has.
  std::vector<std::pair<std::string, int64_t>> fields() const;
  void save(H5Writer& file) const;
  /// `columns`: the training table without rows. Throws Error(data).
  void load(const H5Reader& file, const RecordTable& columns);

 private:
  struct Field {
    size_t column = 0;  ///< of the table
    std::string name;
    int64_t place = 0, bytes = 1;
    std::vector<int64_t> values;  ///< of a category
    bool is_time() const { return name == "time"; }
  };
  void lay_out(const RecordTable& columns);
  static int64_t value_at(const Field& field, const uint8_t* packet);

  PacketByteOptions options_;
  std::vector<Field> fields_;
  int64_t width_ = 0;
  size_t time_column_ = 0;
  bool has_time_ = false, draws_time_ = false;
  ContinuousCoder times_;  ///< s since the window's begin
  double time_mean_ = 0, time_deviation_ = 0;
};

/// Each byte as 8 / bits numbers below 2^bits, the upper ones first; bits is 1, 4 or 8.
std::vector<uint8_t> split_bytes(std::span<const uint8_t> bytes, int64_t bits);
/// Inverse; whole bytes.
std::vector<uint8_t> join_bytes(std::span<const uint8_t> digits, int64_t bits);

}  // namespace bench
