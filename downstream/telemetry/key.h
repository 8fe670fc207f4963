#pragma once
// What a sketch counts by: an address (4 bytes) or a five-tuple (13 bytes), packed highest byte first, so
// that the order of keys is that of the numbers and hashes do not depend on the machine.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "datasets/flows.h"

namespace bench {

struct Key {
  std::array<uint8_t, 13> packed{};  ///< zero behind `size`
  uint8_t size = 0;                  ///< 4 or 13
  std::span<const uint8_t> bytes() const { return {packed.data(), size}; }
  auto operator<=>(const Key&) const = default;
};

/// The 4 bytes of an address in host order.
Key address_key(uint32_t address);
/// Source and destination address, source and destination port, protocol.
Key five_tuple_key(const FiveTuple& tuple);

}  // namespace bench

/// For tables of keys; independent of the hashes of the sketches.
template <>
struct std::hash<bench::Key> {
  size_t operator()(const bench::Key& key) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(key.packed.data()), key.size});
  }
};
