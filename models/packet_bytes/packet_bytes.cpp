#include "models/packet_bytes/packet_bytes.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>
#include <random>
#include <string_view>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

constexpr int64_t kByteValues = 256;

/// In the order of the header.
constexpr std::pair<std::string_view, int64_t> kHeader[] = {
    {"tos", 1},   {"length", 2}, {"id", 2},    {"ip_flags", 1}, {"fragment_offset", 2}, {"ttl", 1},
    {"proto", 1}, {"srcip", 4},  {"dstip", 4}, {"srcport", 2},  {"dstport", 2},         {"tcp_flags", 1}};

int64_t nearest_index(const std::vector<int64_t>& values, int64_t value) {
  const auto above = std::lower_bound(values.begin(), values.end(), value);
  if (above == values.begin()) return 0;
  const auto place = above - values.begin();
  if (above == values.end() || value - *(above - 1) <= *above - value) return place - 1;
  return place;
}

}  // namespace

void PacketBytes::lay_out(const RecordTable& columns) {
  fields_.clear();
  width_ = 0;
  has_time_ = draws_time_ = false;
  const auto add = [&](size_t column, int64_t bytes) {
    const TableColumn& source = columns.columns[column];
    fields_.push_back({column, source.name, width_, bytes, source.values});
    width_ += bytes;
  };
  for (const auto& [name, bytes] : kHeader) {
    const TableColumn* column = columns.find(name);
    if (column != nullptr) add(static_cast<size_t>(column - columns.columns.data()), bytes);
  }
  for (size_t c = 0; c < columns.columns.size(); ++c) {
    const TableColumn& column = columns.columns[c];
    if (column.name.starts_with("label:") && options_.labels)
      add(c, column.values.back() < kByteValues ? 1 : 2);
    if (column.name != "time") continue;
    time_column_ = c;
    has_time_ = true;
    draws_time_ = !options_.time;
    if (options_.time) add(c, 1);
  }
}

void PacketBytes::fit(const RecordTable& table) {
  assert(table.rows > 0);
  lay_out(table);
  if (!has_time_) return;
  const std::vector<double>& times = table.columns[time_column_].numbers;
  times_.fit(Scale::quantile, times);
  const auto n = static_cast<double>(times.size());
  double sum = 0, squares = 0;
  for (const double t : times) sum += t;
  time_mean_ = sum / n;
  for (const double t : times) squares += (t - time_mean_) * (t - time_mean_);
  time_deviation_ = std::sqrt(squares / n);
}

std::vector<uint8_t> PacketBytes::encode(const RecordTable& table) const {
  const auto width = static_cast<size_t>(width_);
  std::vector<uint8_t> out(table.rows * width);
  for (const Field& field : fields_) {
    const TableColumn& column = table.columns[field.column];
    for (size_t i = 0; i < table.rows; ++i) {
      int64_t value = 0;
      if (!field.values.empty()) {
        value = field.values[static_cast<size_t>(column.codes[i])];
      } else if (field.is_time()) {
        const double share = times_.encode(column.numbers[i]);
        value = std::min(static_cast<int64_t>(share * kByteValues), kByteValues - 1);
      } else {
        value = std::llround(column.numbers[i]);
      }
      for (int64_t b = field.bytes; b-- > 0; value >>= 8)
        out[i * width + static_cast<size_t>(field.place + b)] = static_cast<uint8_t>(value & 255);
    }
  }
  return out;
}

int64_t PacketBytes::value_at(const Field& field, const uint8_t* packet) {
  int64_t value = 0;
  for (int64_t b = 0; b < field.bytes; ++b) value = value << 8 | packet[field.place + b];
  return value;
}

void PacketBytes::decode(std::span<const uint8_t> bytes, Rng& rng, RecordTable& out) const {
  assert(bytes.size() == out.rows * static_cast<size_t>(width_));
  for (const Field& field : fields_) {
    TableColumn& column = out.columns[field.column];
    column.codes.clear();
    column.numbers.clear();
    for (size_t i = 0; i < out.rows; ++i) {
      const int64_t value = value_at(field, bytes.data() + i * static_cast<size_t>(width_));
      if (field.values.empty()) {
        column.numbers.push_back(static_cast<double>(value));
      } else {
        column.codes.push_back(static_cast<int32_t>(nearest_index(field.values, value)));
      }
    }
  }
  if (!has_time_) return;
  std::vector<double>& times = out.columns[time_column_].numbers;
  times.resize(out.rows);
  std::uniform_real_distribution<double> inside(0, 1);
  std::normal_distribution<double> normal(time_mean_, time_deviation_);
  for (double& t : times) {
    t = draws_time_ ? std::clamp(normal(rng), times_.lowest(), times_.highest())
                    : times_.decode(static_cast<float>((t + inside(rng)) / kByteValues));
  }
}

std::vector<std::pair<std::string, int64_t>> PacketBytes::fields() const {
  std::vector<std::pair<std::string, int64_t>> out;
  for (const Field& field : fields_) out.emplace_back(field.name, field.bytes);
  return out;
}

void PacketBytes::save(H5Writer& file) const {
  file.column("bytes:options", std::vector<int32_t>{options_.labels ? 1 : 0, options_.time ? 1 : 0});
  file.column("bytes:normal", std::vector<double>{time_mean_, time_deviation_});
  times_.save(file, "bytes:times");
}

void PacketBytes::load(const H5Reader& file, const RecordTable& columns) {
  const auto options = file.column<int32_t>("bytes:options");
  const auto normal = file.column<double>("bytes:normal");
  if (options.size() != 2 || normal.size() != 2) {
    fail(Kind::data, "saved packet bytes: {} options and {} moments of time; 2 each would be right",
         options.size(), normal.size());
  }
  options_ = {options[0] != 0, options[1] != 0};
  lay_out(columns);
  time_mean_ = normal[0];
  time_deviation_ = normal[1];
  times_.load(file, "bytes:times");
}

std::vector<uint8_t> split_bytes(std::span<const uint8_t> bytes, int64_t bits) {
  const int64_t mask = (1 << bits) - 1;
  std::vector<uint8_t> out;
  out.reserve(bytes.size() * static_cast<size_t>(8 / bits));
  for (const uint8_t byte : bytes) {
    for (int64_t shift = 8 - bits; shift >= 0; shift -= bits)
      out.push_back(static_cast<uint8_t>(byte >> shift & mask));
  }
  return out;
}

std::vector<uint8_t> join_bytes(std::span<const uint8_t> digits, int64_t bits) {
  const auto per_byte = static_cast<size_t>(8 / bits);
  assert(digits.size() % per_byte == 0);
  std::vector<uint8_t> out(digits.size() / per_byte, 0);
  for (size_t i = 0; i < digits.size(); ++i)
    out[i / per_byte] = static_cast<uint8_t>(out[i / per_byte] << bits | digits[i]);
  return out;
}

}  // namespace bench
