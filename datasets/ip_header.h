#pragma once
// Sizes and field values of IPv4 and transport headers that the packet readers and writers share.

#include <cstdint>

#include "datasets/trace.h"

namespace bench {

inline constexpr uint8_t kIcmp = 1, kIpip = 4, kTcp = 6, kUdp = 17, kGre = 47, kEsp = 50, kAh = 51;
inline constexpr int32_t kIpHeaderBytes = 20;
inline constexpr int32_t kLongestPacket = 65535;

/// Bytes of the shortest legal header behind the IPv4 header: 20 for TCP, 8 for UDP; 0 for protocols not
/// known here.
constexpr int32_t transport_header_bytes(uint8_t proto) {
  switch (proto) {
    case kTcp:
    case kIpip:
      return 20;
    case 33:   // DCCP
    case 132:  // SCTP
    case kAh:
      return 12;
    case kIcmp:
    case 2:  // IGMP
    case kUdp:
    case 136:  // UDP-Lite
    case kEsp:
      return 8;
    case kGre:
      return 4;
    default:
      return 0;
  }
}

}  // namespace bench
