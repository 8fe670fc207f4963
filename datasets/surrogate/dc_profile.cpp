// "Measured" refers to the public samples described in README.md; "chosen" is ours.
#include "datasets/surrogate/profile.h"

namespace bench::surrogate {

// DC: UNI1, the data centre of a university.
Profile dc_profile() {
  Profile p;
  p.name = "dc-surrogate";
  p.summary =
      "simulated packets in the manner of UNI1: long bursty flows of few hosts in a university data centre";
  p.kind = TraceKind::packets;
  p.has_tcp_flags = false;
  p.epoch = 1'261'096'346 * kSecond;  // 2009-12-18 00:32:26 UTC, start of the sample
  p.rate = 1037;                      // measured: 155,625 packets in 150 s
  p.burstiness = 1.5;                 // chosen
  p.on_seconds = 1;                   // chosen
  p.warm_up = 60;
  p.single_record_share = 0.025;  // measured 0.002, but only flows of a second or more are in the sample
  // Measured: 142 sources and 256 destinations in 150 s, the first with 15 and 13 % of the packets.
  p.pools = {{.base = 0x29B11A00, .subnets = 4, .hosts = 120, .slope = 1.1},
             {.base = 0x29B12600, .subnets = 2, .hosts = 40, .slope = 1.0}};
  // Measured: TCP 95 % (of flows of a second or more), port 80 57 % of the sources and 19 % of the
  // destinations, 443 1 %, 993 1 %; five-tuples of 145 packets in the mean, median 27, up to 12,483; lengths
  // 1,500 28 %, 46 and below 18 % (padding of short frames included), 1,420 14 %, 52 9 %. The services of the
  // machine room over UDP, which that sample leaves out, are chosen: the protocol depends on the destination
  // port through them.
  const Load ask{{0.1, 6, 0.9, 150}, 400, 1420, 0.05};
  const Load page{{0.05, 30, 1.5, 15000}, 150, 1500, 0.75};
  const Load file{{0.05, 60, 1.5, 15000}, 180, 1420, 0.7};
  const Load report{{0.05, 60, 1.2, 5000}, 160};
  const Load exchange{{0.05, 12, 0.9, 1000}, 90};
  // clang-format off
  p.activities = {
      {.what = "HTTP", .share = 0.50, .port = 80, .servers = 1, .up = ask, .down = page, .gap = 0.15},
      {.what = "HTTPS", .share = 0.06, .port = 443, .servers = 1, .up = ask, .down = page, .gap = 0.15},
      {.what = "file server", .share = 0.10, .port = 445, .servers = 1, .server_hosts = 4, .up = ask,
       .down = file, .gap = 0.2},
      {.what = "backup to the store", .share = 0.06, .port = 873, .servers = 1, .server_hosts = 2,
       .up = file, .down = ask, .gap = 0.05},
      {.what = "IMAP over TLS", .share = 0.04, .port = 993, .servers = 1, .server_hosts = 2, .up = ask,
       .down = ask, .gap = 0.2},
      {.what = "applications on high ports", .share = 0.04, .servers = 1, .up = ask, .down = ask,
       .gap = 0.15},
      {.what = "system log", .share = 0.085, .proto = kUdp, .port = 514, .servers = 1, .server_hosts = 1,
       .reply = 0, .up = report, .gap = 0.1},
      {.what = "NetBIOS names", .share = 0.045, .proto = kUdp, .port = 137, .same_port = true, .servers = 1,
       .server_hosts = 2, .up = exchange, .down = exchange, .gap = 0.15},
      {.what = "traps of the network", .share = 0.035, .proto = kUdp, .port = 162, .servers = 1,
       .server_hosts = 1, .reply = 0, .up = report, .gap = 0.2},
      {.what = "DNS of busy servers", .share = 0.03, .proto = kUdp, .port = 53, .servers = 1,
       .server_hosts = 2, .up = exchange, .down = exchange, .gap = 0.2},
      {.what = "NTP", .share = 0.015, .proto = kUdp, .port = 123, .same_port = true, .servers = 1,
       .server_hosts = 1, .up = exchange, .down = exchange, .gap = 1}};
  // clang-format on
  return p;
}

}  // namespace bench::surrogate
