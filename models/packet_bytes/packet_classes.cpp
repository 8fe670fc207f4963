#include "models/packet_bytes/packet_classes.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <random>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

/// Rows of three.
std::vector<int64_t> flattened(const auto& triples) {
  std::vector<int64_t> out;
  for (const std::array<int64_t, 3>& triple : triples) out.insert(out.end(), triple.begin(), triple.end());
  return out;
}

}  // namespace

/// Those that have at least the share of the packets, at most so many: the most frequent ones.
void PacketClasses::name_ports(const RecordTable& table) {
  const TableColumn &proto = *table.find("proto"), &source = *table.find("srcport"),
                    &destination = *table.find("dstport");
  std::map<PortOfSide, int64_t> counts;
  for (size_t i = 0; i < table.rows; ++i) {
    ++counts[{proto.codes[i], 0, static_cast<int64_t>(source.numbers[i])}];
    ++counts[{proto.codes[i], 1, static_cast<int64_t>(destination.numbers[i])}];
  }
  std::vector<std::pair<int64_t, PortOfSide>> frequent;
  const double least = options_.least_share * static_cast<double>(table.rows);
  for (const auto& [port, count] : counts) {
    if (static_cast<double>(count) >= least) frequent.emplace_back(-count, port);
  }
  std::sort(frequent.begin(), frequent.end());
  if (static_cast<int64_t>(frequent.size()) > options_.most_ports)
    frequent.resize(static_cast<size_t>(options_.most_ports));
  named_.clear();
  for (const auto& [count, port] : frequent) named_.insert(port);
}

std::vector<PacketClasses::Key> PacketClasses::keys_of(const RecordTable& table) const {
  const TableColumn &proto = *table.find("proto"), &source = *table.find("srcport"),
                    &destination = *table.find("dstport");
  std::vector<Key> out(table.rows);
  for (size_t i = 0; i < table.rows; ++i) {
    auto& [labels, service] = out[i];
    for (const int64_t c : columns_) labels.push_back(table.columns[static_cast<size_t>(c)].codes[i]);
    if (!has_services()) continue;
    service = {proto.codes[i], static_cast<int64_t>(source.numbers[i]),
               static_cast<int64_t>(destination.numbers[i])};
    const PortOfSide from{service[0], 0, service[1]}, to{service[0], 1, service[2]};
    if (!named_.contains(from)) service[1] = -1;
    if (!named_.contains(to)) service[2] = -1;
  }
  return out;
}

std::vector<int64_t> PacketClasses::fit(const RecordTable& table) {
  assert(table.rows > 0);
  columns_.clear();
  for (size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].name.starts_with("label:")) columns_.push_back(static_cast<int64_t>(c));
  }
  named_.clear();
  if (has_services()) name_ports(table);
  places_.clear();
  for (Key& key : keys_of(table)) places_[std::move(key)] = 0;
  codes_.clear();
  int64_t next = 0;
  for (auto& [key, place] : places_) {
    place = next++;
    codes_.insert(codes_.end(), key.first.begin(), key.first.end());
  }
  std::vector<int64_t> out = classes_of(table);
  counts_.assign(places_.size(), 0);
  for (const int64_t place : out) ++counts_[static_cast<size_t>(place)];
  return out;
}

std::vector<int64_t> PacketClasses::classes_of(const RecordTable& table) const {
  std::vector<int64_t> out;
  for (const Key& key : keys_of(table)) {
    const auto known = places_.find(key);
    out.push_back(known == places_.end() ? -1 : known->second);
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

void PacketClasses::save_services(H5Writer& file) const {
  std::vector<Service> services;
  for (const auto& [key, place] : places_) services.push_back(key.second);
  file.column("classes:services", flattened(services));
  file.column("classes:ports", flattened(named_));
}

void PacketClasses::load_services(const H5Reader& file) {
  const auto services = file.column<int64_t>("classes:services"),
             ports = file.column<int64_t>("classes:ports");
  if (services.size() != 3 * counts_.size() || ports.size() % 3 != 0) {
    fail(Kind::data,
         "saved classes: {} numbers of services and {} of ports; {} and a multiple of 3 would be right",
         services.size(), ports.size(), 3 * counts_.size());
  }
  named_.clear();
  for (size_t i = 0; i < ports.size(); i += 3) named_.insert({ports[i], ports[i + 1], ports[i + 2]});
  places_.clear();
  for (size_t k = 0; k < counts_.size(); ++k) {
    const auto labels = codes_.begin() + static_cast<std::ptrdiff_t>(k * columns_.size());
    places_[{{labels, labels + static_cast<std::ptrdiff_t>(columns_.size())},
             {services[3 * k], services[3 * k + 1], services[3 * k + 2]}}] = static_cast<int64_t>(k);
  }
}

}  // namespace bench
