// "Measured" refers to the public samples described in README.md; "chosen" is ours.
#include "datasets/surrogate/profile.h"

namespace bench::surrogate {

// CAIDA: one direction of a backbone link.
Profile caida_profile() {
  Profile p;
  p.name = "caida-surrogate";
  p.summary = "simulated packets in the manner of CAIDA's passive traces: one direction of a backbone link";
  p.kind = TraceKind::packets;
  p.has_header = true;
  p.epoch =
      1'521'118'773 * kSecond + 289'502'000;  // 2018-03-15 12:59:33.289502 UTC, first packet of the sample
  p.rate = 410'000;                           // measured: 7,000 packets in 17 ms
  p.burstiness = 1.3;                         // chosen
  p.on_seconds = 0.001;                       // chosen
  p.plain_tos = 0.87;                         // measured
  p.single_record_share = 0.65;               // measured 0.65 on 5,600 packets, 0.63 on 7,000
  p.pools = {{.subnets = 2000, .first = 100, .hosts = 30000, .slope = 0.7, .most_hops = 24},
             {.subnets = 900, .first = 2200, .hosts = 9000, .slope = 0.9, .most_hops = 24}};
  // Measured: TCP 80 %, UDP 20 % (84 and 16 on the first 1,000); ports 443 41 %, 80 28 %, 53 1-2 %, 8080 0.5
  // %, 445 1 %. There the traffic comes from servers; here it goes to them (chosen), so that the protocol
  // depends on the destination port, which models are asked to learn. Mail, NTP, IPsec and more DNS are
  // chosen as well. Measured: 1,500 of 2,382 five-tuples have one packet, 419 two, 146 three; 347 at most in
  // 17 ms, mean 2.9; NetShare's million packets hold five-tuples of up to 2,682.
  const Count packets{0.62, 1.0, 1.75, 2682};
  // Measured: 29 % of the packets 1,500 bytes and 20 % 1,300-1,480; 25 % from 40 to 67.
  const Load tcp{packets, 60, 1500, 0.58};
  const Load bulk{packets, 60, 1500, 0.7};
  const Load query{{0.75, 1, 1, 200}, 75};
  const Load datagrams{packets, 110, 1400, 0.55};
  const double gap = 60e-6;  // chosen: seconds between the packets of a train, median
  const double back = 0.06;  // chosen: share of trains that come from the server
  const Pattern train = Pattern::train;
  // clang-format off
  p.activities = {
      {.what = "HTTPS", .pattern = train, .share = 0.41, .port = 443, .servers = 1, .favourites = 6,
       .reply = back, .up = bulk, .gap = gap},
      {.what = "HTTP", .pattern = train, .share = 0.28, .port = 80, .servers = 1, .favourites = 6,
       .reply = back, .up = tcp, .gap = gap},
      {.what = "SMTP", .pattern = train, .share = 0.025, .port = 25, .servers = 1, .server_hosts = 300,
       .reply = back, .up = bulk, .gap = gap},
      {.what = "SSH", .pattern = train, .share = 0.02, .port = 22, .servers = 1, .server_hosts = 300,
       .reply = back, .up = tcp, .gap = gap},
      {.what = "IMAP over TLS", .pattern = train, .share = 0.02, .port = 993, .servers = 1,
       .server_hosts = 100, .reply = back, .up = tcp, .gap = gap},
      {.what = "other TCP", .pattern = train, .share = 0.03, .servers = 1, .reply = back, .up = tcp,
       .gap = gap},
      {.what = "sweep for SMB", .pattern = Pattern::host_sweep, .share = 0.01, .port = 445, .servers = 1,
       .client_hosts = 400, .reply = 0, .up = {{}, 44}, .burst = 3, .gap = 2e-4, .attack = true},
      {.what = "DNS", .pattern = train, .share = 0.10, .proto = kUdp, .port = 53, .servers = 1,
       .server_hosts = 200, .reply = back, .up = query, .gap = gap},
      {.what = "IPsec through UDP", .pattern = train, .share = 0.06, .proto = kUdp, .port = 500,
       .same_port = true, .servers = 1, .server_hosts = 200, .reply = 0.3, .up = datagrams, .gap = gap},
      {.what = "NTP", .pattern = train, .share = 0.02, .proto = kUdp, .port = 123, .same_port = true,
       .servers = 1, .server_hosts = 50, .reply = 0.3, .up = query, .gap = gap},
      {.what = "QUIC", .pattern = train, .share = 0.005, .proto = kUdp, .port = 443, .servers = 1,
       .reply = back, .up = datagrams, .gap = gap},
      {.what = "other UDP", .pattern = train, .share = 0.025, .proto = kUdp, .servers = 1, .reply = back,
       .up = datagrams, .gap = gap}};
  // clang-format on
  return p;
}

}  // namespace bench::surrogate
