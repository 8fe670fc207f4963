#include "downstream/telemetry/keyed_hash.h"

#include <bit>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/error.h"

namespace bench {
namespace {

constexpr int kCompressionRounds = 2;
constexpr int kFinalRounds = 4;

uint64_t little_endian(const uint8_t* bytes, size_t count) {
  uint64_t word = 0;
  for (size_t i = 0; i < count; ++i) word |= static_cast<uint64_t>(bytes[i]) << (8 * i);
  return word;
}

struct SipState {
  uint64_t v0, v1, v2, v3;

  SipState(uint64_t k0, uint64_t k1)  // the constants spell "somepseudorandomlygeneratedbytes"
      : v0(k0 ^ 0x736f6d6570736575),
        v1(k1 ^ 0x646f72616e646f6d),
        v2(k0 ^ 0x6c7967656e657261),
        v3(k1 ^ 0x7465646279746573) {}

  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32) + v3;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }
  void absorb(uint64_t word) {
    v3 ^= word;
    rounds(kCompressionRounds);
    v0 ^= word;
  }
  uint64_t finish() {
    v2 ^= 0xff;
    rounds(kFinalRounds);
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace

std::string_view hash_kind_name(HashKind kind) { return kind == HashKind::xxhash ? "xxhash" : "siphash"; }

HashKind hash_kind_from_name(std::string_view name) {
  for (const HashKind kind : {HashKind::xxhash, HashKind::siphash}) {
    if (hash_kind_name(kind) == name) return kind;
  }
  fail(Kind::config, "\"{}\" is no hash of sketches; there are \"xxhash\" and \"siphash\"", name);
}

uint64_t siphash_2_4(std::span<const uint8_t> bytes, uint64_t k0, uint64_t k1) {
  SipState state(k0, k1);
  const size_t tail = bytes.size() % 8;
  const size_t whole = bytes.size() - tail;
  for (size_t i = 0; i < whole; i += 8) state.absorb(little_endian(bytes.data() + i, 8));
  state.absorb(little_endian(bytes.data() + whole, tail) | static_cast<uint64_t>(bytes.size()) << 56);
  return state.finish();
}

KeyedHash::KeyedHash(HashKind kind, Seed seed)
    : kind_(kind), k0_(seed.child("hash", 0).value()), k1_(seed.child("hash", 1).value()) {}

uint64_t KeyedHash::operator()(const Key& key) const {
  if (kind_ == HashKind::siphash) return siphash_2_4(key.bytes(), k0_, k1_);
  return XXH3_64bits_withSeed(key.packed.data(), key.size, k0_);
}

}  // namespace bench
