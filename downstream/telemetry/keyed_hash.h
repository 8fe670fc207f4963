#pragma once
// Hash functions of the sketches: one member of a keyed family per row, chosen by a seed.

#include <cstdint>
#include <span>
#include <string_view>

#include "core/seed.h"
#include "downstream/telemetry/key.h"

namespace bench {

enum class HashKind {
  xxhash,  ///< XXH3, 64 bits, seeded
  siphash  ///< SipHash-2-4, as in the reproduction of NetShare's telemetry task (csiphash)
};

/// "xxhash", "siphash".
std::string_view hash_kind_name(HashKind kind);
/// Inverse of hash_kind_name. Throws Error(config) that names the known ones.
HashKind hash_kind_from_name(std::string_view name);

/// SipHash-2-4 of any bytes under the 128-bit key whose first and last 8 bytes are k0 and k1, lowest byte
/// first (Aumasson and Bernstein, INDOCRYPT 2012).
uint64_t siphash_2_4(std::span<const uint8_t> bytes, uint64_t k0, uint64_t k1);

class KeyedHash {
 public:
  KeyedHash(HashKind kind, Seed seed);
  uint64_t operator()(const Key& key) const;

 private:
  HashKind kind_;
  uint64_t k0_, k1_;
};

/// The number 0 .. range - 1 that the upper 32 bits of a hash choose; 1 <= range < 2^32.
inline size_t reduce(uint64_t hash, size_t range) { return static_cast<size_t>((hash >> 32) * range >> 32); }

}  // namespace bench
