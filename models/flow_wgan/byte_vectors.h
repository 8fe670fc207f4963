#pragma once
// Word vectors of packet bytes: a word is a byte at its place, a sentence is a packet.

#include <cstdint>
#include <span>
#include <vector>

#include "core/seed.h"

namespace bench {

struct ByteVectorOptions {
  int64_t size = 8;     ///< components of a vector, at least 2
  int64_t epochs = 10;  ///< passes over the packets
};

/// Vectors [width * 256, size] of the bytes of `packets` [any, width]: length 1, or 0 for a byte that does
/// not occur at its place. Continuous bag of words (Mikolov et al. 2013): each byte is told from 5 others of
/// its place, drawn by count^0.75, by the mean vector of the packet's other bytes. The mean vector of a place
/// is then taken off its vectors.
std::vector<float> train_byte_vectors(std::span<const uint8_t> packets, int64_t width,
                                      const ByteVectorOptions& options, Seed seed);

}  // namespace bench
