// "Measured" refers to the public samples described in README.md; "chosen" is ours.
#include "datasets/surrogate/profile.h"

namespace bench::surrogate {

// CA: MACCDC, a cyber defence competition.
Profile ca_profile() {
  Profile p;
  p.name = "ca-surrogate";
  p.summary =
      "simulated packets in the manner of MACCDC: scans by few attackers and the sessions of the defended";
  p.kind = TraceKind::packets;
  p.has_header = true;
  p.epoch = 1'331'901'000 * kSecond;  // 2012-03-16 12:30 UTC, start of the sampled connections
  p.rate = 3750;                      // measured: 15,000 packets in 4 s
  p.burstiness = 1.5;                 // chosen
  p.on_seconds = 0.5;                 // chosen
  p.plain_tos = 0.97;                 // chosen
  p.single_record_share = 0.955;      // measured 0.99
  // Measured: attackers in 192.168.202, targets in 192.168.21-28 and 229; 42 sources, the first with 48 and
  // 37 %.
  p.pools = {{.base = 0xC0A8CA00, .hosts = 60, .slope = 1.0, .most_hops = 1},
             {.base = 0xC0A81500, .subnets = 8, .hosts = 240, .slope = 0.9, .most_hops = 2}};
  // Measured: 80 % of the packets between high ports (a scan of all ports), 90 % of the five-tuples answered;
  // ports 22 2-6 %, 80 2.5 %, 443 1.2 %. Of the connections TCP 98 %, UDP and ICMP 1 % each; here UDP and
  // ICMP have more (chosen), so that the protocol depends on the destination port.
  const Load ask{{0.4, 2, 0.8, 200}, 300, 1420, 0.03}, page{{0.1, 6, 1.1, 900}, 150, 1500, 0.7};
  const Load keys{{0.1, 12, 1.0, 900}, 100};
  const Load syn{{}, 44}, reset{{}, 40};
  // clang-format off
  p.activities = {
      {.what = "TCP scan of all ports", .pattern = Pattern::port_scan, .share = 0.50, .servers = 1,
       .client_hosts = 4, .reply = 0.95, .up = syn, .down = reset, .burst = 150, .gap = 0.0005,
       .ports = 65536, .attack = true},
      {.what = "TCP scan of known ports", .pattern = Pattern::port_scan, .share = 0.10, .servers = 1,
       .client_hosts = 4, .reply = 0.95, .up = syn, .down = reset, .burst = 100, .gap = 0.0005,
       .attack = true},
      {.what = "UDP scan", .pattern = Pattern::port_scan, .share = 0.08, .proto = kUdp, .servers = 1,
       .client_hosts = 4, .reply = 0.2, .up = {{}, 28}, .down = {{}, 56}, .burst = 60, .gap = 0.001,
       .attack = true},
      {.what = "ping sweep", .pattern = Pattern::host_sweep, .share = 0.075, .proto = kIcmp, .servers = 1,
       .client_hosts = 12, .reply = 0.4, .up = {{}, 28}, .down = {{}, 28}, .burst = 40, .gap = 0.001,
       .attack = true},
      {.what = "HTTP", .share = 0.08, .port = 80, .servers = 1, .server_hosts = 20, .up = ask, .down = page,
       .gap = 0.05},
      {.what = "SSH", .share = 0.06, .port = 22, .servers = 1, .server_hosts = 20, .up = keys, .down = keys,
       .gap = 0.02},
      {.what = "HTTPS", .share = 0.03, .port = 443, .servers = 1, .server_hosts = 20, .up = ask,
       .down = page, .gap = 0.05},
      {.what = "file server", .share = 0.02, .port = 445, .servers = 1, .server_hosts = 8, .up = ask,
       .down = page, .gap = 0.02},
      {.what = "DNS", .share = 0.025, .proto = kUdp, .port = 53, .servers = 1, .server_hosts = 4,
       .reply = 0.95, .up = {{0.9, 1, 0.5, 5}, 65}, .down = {{}, 130}, .gap = 1},
      {.what = "NetBIOS names", .share = 0.02, .proto = kUdp, .port = 137, .same_port = true, .servers = 1,
       .reply = 0.1, .up = {{0.3, 2, 0.3, 6}, 78}, .down = {{}, 90}, .gap = 0.75}};
  // clang-format on
  return p;
}

}  // namespace bench::surrogate
