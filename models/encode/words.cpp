#include "models/encode/words.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/error.h"
#include "core/h5.h"
#include "models/encode/ports.h"
#include "models/encode/words_training.h"

namespace bench {
namespace {

/// Rows of `vectors`, [n, size], to length 1.
void scale_rows(std::vector<float>& vectors, size_t size) {
  for (size_t begin = 0; begin < vectors.size(); begin += size) {
    double square = 0;
    for (size_t d = 0; d < size; ++d) square += static_cast<double>(vectors[begin + d]) * vectors[begin + d];
    const double scale = 1 / std::sqrt(square);
    for (size_t d = 0; d < size; ++d) vectors[begin + d] = static_cast<float>(vectors[begin + d] * scale);
  }
}

bool finite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

template <typename T>
std::vector<T> ascending_of(const std::vector<bool>& seen) {
  std::vector<T> out;
  for (size_t value = 0; value < seen.size(); ++value) {
    if (seen[value]) out.push_back(static_cast<T>(value));
  }
  return out;
}

template <typename T>
size_t row_of(const std::vector<T>& ascending, T value) {
  return static_cast<size_t>(std::lower_bound(ascending.begin(), ascending.end(), value) - ascending.begin());
}

}  // namespace

void WordVectors::train(const Trace& trace, const WordOptions& options, Seed seed) {
  assert(trace.size() > 0);
  std::vector<bool> port_seen(kPorts, false), protocol_seen(256, false);
  for (const uint16_t port : trace.srcport) port_seen[port] = true;
  for (const uint16_t port : trace.dstport) port_seen[port] = true;
  for (const uint8_t proto : trace.proto) protocol_seen[proto] = true;
  ports_ = ascending_of<uint16_t>(port_seen);
  protocols_ = ascending_of<uint8_t>(protocol_seen);
  size_ = options.size;

  std::vector<uint32_t> row_of_port(kPorts, 0), row_of_protocol(256, 0);
  for (size_t i = 0; i < ports_.size(); ++i) row_of_port[ports_[i]] = static_cast<uint32_t>(i);
  for (size_t i = 0; i < protocols_.size(); ++i) {
    row_of_protocol[protocols_[i]] = static_cast<uint32_t>(ports_.size() + i);
  }
  std::vector<Sentence> sentences(trace.size());
  for (size_t i = 0; i < trace.size(); ++i) {
    sentences[i] = {row_of_port[trace.srcport[i]], row_of_port[trace.dstport[i]],
                    row_of_protocol[trace.proto[i]]};
  }
  std::vector<float> vectors =
      train_words(sentences, ports_.size(), ports_.size() + protocols_.size(), options, seed);
  const auto boundary =
      vectors.begin() + static_cast<std::ptrdiff_t>(ports_.size() * static_cast<size_t>(size_));
  port_vectors_.assign(vectors.begin(), boundary);
  protocol_vectors_.assign(boundary, vectors.end());
  scale_to_unit();
  index();
}

void WordVectors::scale_to_unit() {
  scale_rows(port_vectors_, static_cast<size_t>(size_));
  scale_rows(protocol_vectors_, static_cast<size_t>(size_));
}

void WordVectors::index() {
  port_search_.build(port_vectors_, size_);
  protocol_search_.build(protocol_vectors_, size_);
  row_of_port_.resize(kPorts);
  for (int port = 0; port < kPorts; ++port) {
    size_t row = std::min(row_of(ports_, static_cast<uint16_t>(port)), ports_.size() - 1);
    if (row > 0 && std::abs(port - ports_[row - 1]) <= std::abs(ports_[row] - port)) --row;
    row_of_port_[static_cast<size_t>(port)] = static_cast<uint16_t>(row);
  }
}

const float* WordVectors::port(uint16_t port) const {
  return port_vectors_.data() + row_of_port_[port] * static_cast<size_t>(size_);
}

const float* WordVectors::protocol(uint8_t proto) const {
  const size_t row = row_of(protocols_, proto);
  if (row == protocols_.size() || protocols_[row] != proto) {
    fail(Kind::data, "word vectors: the protocol {} ({}) has none; learn or read vectors for every protocol",
         proto, proto_name(proto));
  }
  return protocol_vectors_.data() + row * static_cast<size_t>(size_);
}

uint16_t WordVectors::nearest_port(const float* in) const {
  return ports_[static_cast<size_t>(port_search_.nearest(in))];
}

uint8_t WordVectors::nearest_protocol(const float* in) const {
  return protocols_[static_cast<size_t>(protocol_search_.nearest(in))];
}

void WordVectors::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":ports", ports_);
  file.column(name + ":protocols", protocols_);
  file.column(name + ":port_vectors", port_vectors_);
  file.column(name + ":protocol_vectors", protocol_vectors_);
}

void WordVectors::load(const H5Reader& file, const std::string& name) {
  ports_ = file.column<uint16_t>(name + ":ports");
  protocols_ = file.column<uint8_t>(name + ":protocols");
  port_vectors_ = file.column<float>(name + ":port_vectors");
  protocol_vectors_ = file.column<float>(name + ":protocol_vectors");
  size_ = ports_.empty() ? 0 : static_cast<int64_t>(port_vectors_.size() / ports_.size());
  const auto size = static_cast<size_t>(size_);
  if (size == 0 || protocols_.empty() || port_vectors_.size() != ports_.size() * size ||
      protocol_vectors_.size() != protocols_.size() * size || !std::is_sorted(ports_.begin(), ports_.end()) ||
      !std::is_sorted(protocols_.begin(), protocols_.end()) || !finite(port_vectors_) ||
      !finite(protocol_vectors_)) {
    fail(Kind::data,
         "saved encoder: the word vectors are damaged; one finite vector for each word would be right");
  }
  index();
}

}  // namespace bench
