#pragma once
// Where a byte occurs in a stretch of text, as a bit mask.

#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace bench {

/// Bit i is set where p[i] is `wanted`, i < 16.
inline uint32_t match_16(const char* p, char wanted) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted))));
#else
  uint32_t bits = 0;
  for (int i = 0; i < 16; ++i) bits |= static_cast<uint32_t>(p[i] == wanted) << i;
  return bits;
#endif
}

/// Bit i is set where p[i] is `wanted`, i < 64.
inline uint64_t match_64(const char* p, char wanted) {
  uint64_t bits = 0;
  for (int i = 0; i < 64; i += 16) bits |= static_cast<uint64_t>(match_16(p + i, wanted)) << i;
  return bits;
}

}  // namespace bench
