#include "models/packet_bytes/packet_classes.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

/// Protocol, source port and destination port; -1 for a port without a name.
using Service = std::array<int64_t, 3>;
/// Protocol, 0 source or 1 destination, port.
using PortOfSide = std::array<int64_t, 3>;

/// Ports that have at least the share of the packets, at most so many: the most frequent ones.
std::set<PortOfSide> named_ports(const std::vector<Service>& services, const ClassOptions& options) {
  std::map<PortOfSide, int64_t> counts;
  for (const auto& [proto, source, destination] : services) {
    ++counts[{proto, 0, source}];
    ++counts[{proto, 1, destination}];
  }
  std::vector<std::pair<int64_t, PortOfSide>> frequent;
  const double least = options.least_share * static_cast<double>(services.size());
  for (const auto& [port, count] : counts) {
    if (static_cast<double>(count) >= least) frequent.emplace_back(-count, port);
  }
  std::sort(frequent.begin(), frequent.end());
  if (static_cast<int64_t>(frequent.size()) > options.most_ports)
    frequent.resize(static_cast<size_t>(options.most_ports));
  std::set<PortOfSide> out;
  for (const auto& [count, port] : frequent) out.insert(port);
  return out;
}

std::vector<Service> services_of(const RecordTable& table, const ClassOptions& options) {
  const TableColumn &proto = *table.find("proto"), &source = *table.find("srcport"),
                    &destination = *table.find("dstport");
  std::vector<Service> out;
  for (size_t i = 0; i < table.rows; ++i) {
    out.push_back({proto.codes[i], static_cast<int64_t>(source.numbers[i]),
                   static_cast<int64_t>(destination.numbers[i])});
  }
  const std::set<PortOfSide> named = named_ports(out, options);
  for (Service& service : out) {
    if (!named.contains({service[0], 0, service[1]})) service[1] = -1;
    if (!named.contains({service[0], 1, service[2]})) service[2] = -1;
  }
  return out;
}

}  // namespace

std::vector<int64_t> PacketClasses::fit(const RecordTable& table) {
  assert(table.rows > 0);
  columns_.clear();
  for (size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].name.starts_with("label:")) columns_.push_back(static_cast<int64_t>(c));
  }
  std::vector<Service> services(table.rows, Service{});
  if (options_.services || columns_.empty()) services = services_of(table, options_);
  using Key = std::pair<std::vector<int32_t>, Service>;
  std::vector<Key> keys;
  std::map<Key, int64_t> classes;
  for (size_t i = 0; i < table.rows; ++i) {
    std::vector<int32_t> labels;
    for (const int64_t c : columns_) labels.push_back(table.columns[static_cast<size_t>(c)].codes[i]);
    keys.emplace_back(std::move(labels), services[i]);
    classes[keys.back()] = 0;
  }
  codes_.clear();
  int64_t next = 0;
  for (auto& [key, number] : classes) {
    number = next++;
    codes_.insert(codes_.end(), key.first.begin(), key.first.end());
  }
  counts_.assign(classes.size(), 0);
  std::vector<int64_t> out;
  for (const Key& key : keys) {
    out.push_back(classes[key]);
    ++counts_[static_cast<size_t>(out.back())];
  }
  return out;
}

std::vector<int64_t> PacketClasses::draw(size_t rows, const std::vector<RowCondition>& given,
                                         Rng& rng) const {
  std::vector<double> shares;
  for (size_t k = 0; k < counts_.size(); ++k) {
    bool fits = true;
    for (const RowCondition& condition : given) {
      const auto place = std::find(columns_.begin(), columns_.end(), static_cast<int64_t>(condition.column));
      assert(place != columns_.end());
      const auto label = static_cast<size_t>(place - columns_.begin());
      fits = fits && codes_[k * columns_.size() + label] == condition.code;
    }
    shares.push_back(fits ? static_cast<double>(counts_[k]) : 0);
  }
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (total == 0) {
    fail(Kind::config,
         "no training packet has all {} given labels; values that occur together would be right",
         given.size());
  }
  // Systematic sampling: equally spaced places on the classes' shares side by side. Shares are whole numbers,
  // so their sums are exact.
  const double start = std::uniform_real_distribution<double>(0, 1)(rng);
  std::vector<int64_t> out;
  double end = 0;
  for (size_t k = 0; k < shares.size(); ++k) {
    end += shares[k];
    while (out.size() < rows &&
           static_cast<double>(out.size()) + start < end / total * static_cast<double>(rows))
      out.push_back(static_cast<int64_t>(k));
  }
  if (out.size() < rows) out.resize(rows, out.back());  // start + rows - 1 was rounded up to rows
  std::shuffle(out.begin(), out.end(), rng);
  return out;
}

void PacketClasses::put_labels(const std::vector<int64_t>& classes, RecordTable& out) const {
  for (size_t label = 0; label < columns_.size(); ++label) {
    auto& codes = out.columns[static_cast<size_t>(columns_[label])].codes;
    codes.clear();
    for (const int64_t k : classes) codes.push_back(codes_[static_cast<size_t>(k) * columns_.size() + label]);
  }
}

void PacketClasses::save(H5Writer& file) const {
  file.column("classes:columns", columns_);
  file.column("classes:codes", codes_);
  file.column("classes:counts", counts_);
}

void PacketClasses::load(const H5Reader& file) {
  columns_ = file.column<int64_t>("classes:columns");
  codes_ = file.column<int32_t>("classes:codes");
  counts_ = file.column<int64_t>("classes:counts");
  if (counts_.empty() || codes_.size() != counts_.size() * columns_.size()) {
    fail(Kind::data, "saved classes: {} codes for {} classes of {} labels", codes_.size(), counts_.size(),
         columns_.size());
  }
}

}  // namespace bench
