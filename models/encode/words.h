#pragma once
// Word vectors of ports and protocols ("IP2Vec" as in Yin et al., NetShare, SIGCOMM 2022, section 4.2): every
// record is a sentence [srcport, dstport, proto]; a word is meant by the vector nearest in direction.
// Mikolov et al., "Distributed representations of words and phrases and their compositionality", NIPS 2013.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/seed.h"
#include "datasets/trace.h"
#include "models/encode/nearest.h"

namespace bench {

class H5Reader;
class H5Writer;

struct WordOptions {
  int64_t size = 10;         ///< components of a vector
  int64_t epochs = 5;        ///< passes over the records
  bool skipgram = false;     ///< each neighbour from the word, instead of the word from its neighbours' mean
  bool subsampling = false;  ///< drops words of share f in a sentence but for sqrt(t/f) + t/f, t = 1e-3
  bool shared = false;       ///< negative samples come from all words, not only from those of one type
};

/// Unit vectors of ports and of protocols. Both port columns use the same vector of a port.
class WordVectors {
 public:
  /// Learns from the records of a trace, at least one. Negative sampling with 5 draws proportional to
  /// count^0.75; the window is the whole sentence; learning rate .025, falling linearly to 1e-4. Every port
  /// and protocol of the trace gets a vector.
  void train(const Trace& trace, const WordOptions& options, Seed seed);
  /// Reads word2vec's text format: a line "words size", then a line "word component ..." for each word. A
  /// number is a port; "proto:6" or a name such as TCP is a protocol. Throws Error(data) that names file and
  /// line, also if `size` is not the file's or there is no port or no protocol; Error(io).
  void read(const std::filesystem::path& path, int64_t size);

  int64_t size() const { return size_; }                                ///< components of a vector
  const std::vector<uint16_t>& ports() const { return ports_; }         ///< ascending
  const std::vector<uint8_t>& protocols() const { return protocols_; }  ///< ascending
  /// [size] of a port, or of the nearest number if it has none (the lower one of two).
  const float* port(uint16_t port) const;
  /// [size]. Throws Error(data) for a protocol without a vector.
  const float* protocol(uint8_t proto) const;
  /// The word with the largest cosine to in [size], the lowest number on ties.
  uint16_t nearest_port(const float* in) const;
  uint8_t nearest_protocol(const float* in) const;

  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const std::string& name);

 private:
  void scale_to_unit();
  void index();
  int64_t size_ = 0;
  std::vector<uint16_t> ports_;
  std::vector<uint8_t> protocols_;
  std::vector<float> port_vectors_, protocol_vectors_;  ///< [words, size], unit length
  std::vector<uint16_t> row_of_port_;                   ///< [kPorts]
  NearestVector port_search_, protocol_search_;
};

}  // namespace bench
