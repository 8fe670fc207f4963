#pragma once
// Classes of packets that a conditional generator is asked for: the trace's labels and the service.

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/seed.h"
#include "models/rows/record_table.h"
#include "models/rows/row_model.h"

namespace bench {

struct ClassOptions {
  bool services = true;        ///< services are classes also where the trace has labels
  double least_share = 0.005;  ///< of the packets, for a port to have a name
  int64_t most_ports = 64;     ///< with a name, both sides together
};

/// A class is a combination of the values of all labels and, where asked for or without labels, a service:
/// protocol, source port and destination port, where all ports of a side that few packets have count as one.
class PacketClasses {
 public:
  explicit PacketClasses(const ClassOptions& options = {}) : options_(options) {}
  /// Returns the class of each row. Ports are numbers in the table, which has at least one row.
  std::vector<int64_t> fit(const RecordTable& table);
  /// Of rows of another table with the same columns; -1 for a row whose labels and service never met in
  /// fit(). Needs fit() or load_services().
  std::vector<int64_t> classes_of(const RecordTable& table) const;
  int64_t size() const { return static_cast<int64_t>(counts_.size()); }
  /// Classes of `rows` new packets in random order: each by its share of the training packets that have the
  /// given label values, up to one packet. Throws Error(config) if no training packet has them all.
  std::vector<int64_t> draw(size_t rows, const std::vector<RowCondition>& given, Rng& rng) const;
  /// Sets the codes of the label columns of `out` [classes.size() rows].
  void put_labels(const std::vector<int64_t>& classes, RecordTable& out) const;
  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file);
  /// What classes_of() needs beside save().
  void save_services(H5Writer& file) const;
  /// After load(). Throws Error(data).
  void load_services(const H5Reader& file);

 private:
  /// Protocol, source port and destination port; -1 for a port without a name.
  using Service = std::array<int64_t, 3>;
  /// Protocol, 0 source or 1 destination, port.
  using PortOfSide = std::array<int64_t, 3>;
  using Key = std::pair<std::vector<int32_t>, Service>;  ///< labels and service
  void name_ports(const RecordTable& table);
  std::vector<Key> keys_of(const RecordTable& table) const;
  bool has_services() const { return options_.services || columns_.empty(); }

  ClassOptions options_;
  std::set<PortOfSide> named_;     ///< ports with a name
  std::map<Key, int64_t> places_;  ///< class of each key
  std::vector<int64_t> columns_;   ///< of the labels
  std::vector<int32_t> codes_;     ///< [classes, labels]
  std::vector<int64_t> counts_;    ///< [classes] training packets
};

}  // namespace bench
