#pragma once
// Classes of packets that a conditional generator is asked for: the trace's labels and the service.

#include <cstdint>
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
  int64_t size() const { return static_cast<int64_t>(counts_.size()); }
  /// Classes of `rows` new packets in random order: each by its share of the training packets that have the
  /// given label values, up to one packet. Throws Error(config) if no training packet has them all.
  std::vector<int64_t> draw(size_t rows, const std::vector<RowCondition>& given, Rng& rng) const;
  /// Sets the codes of the label columns of `out` [classes.size() rows].
  void put_labels(const std::vector<int64_t>& classes, RecordTable& out) const;
  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file);

 private:
  ClassOptions options_;
  std::vector<int64_t> columns_;  ///< of the labels
  std::vector<int32_t> codes_;    ///< [classes, labels]
  std::vector<int64_t> counts_;   ///< [classes] training packets
};

}  // namespace bench
