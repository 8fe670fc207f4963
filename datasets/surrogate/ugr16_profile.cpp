// "Measured" refers to the public samples described in README.md; "chosen" is ours.
#include "datasets/surrogate/profile.h"

namespace bench::surrogate {

namespace {

// Directions of common services. Measured on 9,999 contiguous UGR16 records: 86 % of the DNS queries and 84 %
// of the answers have one packet, longer ones 10-25; HTTP towards the server: 20 % one packet, median 5
// packets and 634 bytes; towards the client: 30 % one packet, median 4, 95 % below 65.
const Load kDnsQuery{{0.865, 9, 0.7, 100}, 68, 66, 1};
const Load kDnsAnswer{{0.84, 9, 0.7, 100}, 128, 1200, 0.6};
const Load kWebUp{{0.22, 5, 1.1, 20000}, 46, 180, 0.9};
const Load kWebDown{{0.3, 6, 1.6, 300000}, 44, 1400, 0.7};
const Load kMailUp{{0.15, 9, 0.8, 20000}, 52, 900, 0.6};
const Load kMailDown{{0.2, 8, 0.6, 20000}, 52, 90, 1};
const Load kTerminal{{0.2, 12, 1.5, 100000}, 52, 150, 1};
const Load kPeerUdp{{0.6, 4, 1.8, 100000}, 110, 700, 0.8};
const Load kPeerTcp{{0.3, 7, 1.9, 300000}, 48, 900, 0.8};
const Load kSyn{{}, 44};
const Load kReset{{}, 40};
const Load kEcho{{0.45, 2, 1.2, 200}, 64, 84, 1};

}  // namespace

// UGR16: flows of a Spanish internet provider.
Profile ugr16_profile() {
  Profile p;
  p.name = "ugr16-surrogate";
  p.summary =
      "simulated flows in the manner of UGR16: an internet provider, with contacts to blacklisted hosts";
  p.epoch = 1'458'298'020 * kSecond;  // start of NetShare's window, 2016-03-18 10:47 UTC
  p.rate = 625;                       // measured: 9,999 records in 16 s
  p.burstiness = 1.5;                 // chosen
  p.on_seconds = 0.5;                 // chosen
  p.single_record_share = 0.985;      // measured 0.988; a few more meet again by chance among 65,536 ports
  p.label_columns = {"type"};
  p.labels = {{"background"}, {"blacklist"}};
  // Measured: 42.219.0.0/16 is the provider; about 2,200 sources and 1,950 destinations, the first with 8-10
  // %.
  p.pools = {{.base = 0x2ADB0000, .subnets = 156, .hosts = 900, .slope = 0.9},
             {.subnets = 400, .first = 100, .hosts = 5000, .slope = 0.9}};
  // Measured shares of destination ports: 53 26 %, 80 9 %, 443 9 %, 445 2.7 %, 25 0.7 %; UDP 56 %, TCP 43 %,
  // ICMP 0.7-1.8 %, GRE, IPIP and ESP below 1 %. 0.26 % of NetShare's million records are "blacklist".
  const double again = 0.012;  // measured: 1.2 % of five-tuples have a second record
  // clang-format off
  p.activities = {
      {.what = "DNS of the customers", .share = 0.40, .proto = kUdp, .port = 53, .clients = 0, .servers = 1,
       .server_hosts = 60, .reply = 0.95, .repeat = again, .up = kDnsQuery, .down = kDnsAnswer, .gap = 0.8},
      {.what = "DNS towards the provider", .share = 0.13, .proto = kUdp, .port = 53, .clients = 1,
       .servers = 0, .server_hosts = 8, .reply = 0.95, .repeat = again, .up = kDnsQuery, .down = kDnsAnswer,
       .gap = 0.8},
      {.what = "HTTPS", .share = 0.145, .port = 443, .clients = 0, .servers = 1, .favourites = 8,
       .reply = 0.85, .repeat = again, .up = kWebUp, .down = kWebDown, .gap = 0.25},
      {.what = "HTTP", .share = 0.125, .port = 80, .clients = 0, .servers = 1, .favourites = 8,
       .reply = 0.85, .repeat = again, .up = kWebUp, .down = kWebDown, .gap = 0.25},
      {.what = "HTTP towards customers", .share = 0.045, .port = 80, .clients = 1, .servers = 0,
       .server_hosts = 40, .reply = 0.9, .repeat = again, .up = kWebUp, .down = kWebDown, .gap = 0.25},
      {.what = "SMTP", .share = 0.016, .port = 25, .clients = 1, .servers = 0, .server_hosts = 6,
       .repeat = again, .up = kMailUp, .down = kMailDown, .gap = 0.2},
      {.what = "POP3", .share = 0.012, .port = 110, .clients = 0, .servers = 1, .server_hosts = 30,
       .repeat = again, .up = kMailDown, .down = kMailUp, .gap = 0.1},
      {.what = "SSH", .share = 0.010, .port = 22, .clients = 1, .servers = 0, .server_hosts = 30,
       .repeat = again, .up = kTerminal, .down = kTerminal, .gap = 0.5},
      {.what = "sweep for SMB", .pattern = Pattern::host_sweep, .share = 0.027, .port = 445, .clients = 1,
       .servers = 0, .client_hosts = 20, .reply = 0.05, .up = kSyn, .down = kReset, .burst = 12,
       .gap = 0.05},
      {.what = "sweep for telnet", .pattern = Pattern::host_sweep, .share = 0.006, .port = 23, .clients = 1,
       .servers = 0, .client_hosts = 20, .reply = 0.05, .up = kSyn, .down = kReset, .burst = 8,
       .gap = 0.05},
      {.what = "NTP", .share = 0.010, .proto = kUdp, .port = 123, .same_port = true, .clients = 0,
       .servers = 1, .server_hosts = 15, .repeat = again, .up = {{}, 76}, .down = {{}, 76}},
      {.what = "SNMP", .share = 0.006, .proto = kUdp, .port = 161, .clients = 0, .servers = 0,
       .client_hosts = 3, .reply = 0.6, .repeat = again, .up = {{0.6, 3, 0.8, 100}, 75, 80, 1},
       .down = {{0.6, 3, 0.8, 100}, 90, 120, 1}},
      {.what = "peer to peer, UDP", .share = 0.022, .proto = kUdp, .clients = 0, .servers = 1,
       .favourites = 20, .reply = 0.7, .repeat = again, .up = kPeerUdp, .down = kPeerUdp, .gap = 0.3},
      {.what = "peer to peer, TCP", .share = 0.030, .clients = 0, .servers = 1, .favourites = 20,
       .reply = 0.8, .repeat = again, .up = kPeerTcp, .down = kPeerTcp, .gap = 0.3},
      {.what = "ICMP echo", .share = 0.018, .proto = kIcmp, .clients = 1, .servers = 0, .favourites = 200,
       .reply = 0.5, .up = kEcho, .down = kEcho, .gap = 0.9},
      {.what = "GRE tunnels", .share = 0.0012, .proto = kGre, .clients = 0, .servers = 1, .favourites = 200,
       .up = {{0.4, 3, 1.2, 1000}, 60, 250, 1}, .down = {{0.4, 3, 1.2, 1000}, 60, 250, 1}, .gap = 0.5},
      {.what = "IPIP tunnels", .share = 0.0005, .proto = kIpip, .clients = 1, .servers = 0,
       .favourites = 200, .up = {{0.5, 2, 1, 1000}, 80, 200, 1}, .down = {{0.5, 2, 1, 1000}, 80, 200, 1},
       .gap = 0.5},
      {.what = "ESP tunnels", .share = 0.0007, .proto = kEsp, .clients = 0, .servers = 1, .favourites = 200,
       .up = {{0, 4, 0.4, 1000}, 136, 168, 1}, .down = {{0, 4, 0.4, 1000}, 136, 168, 1}, .gap = 1},
      // Measured: 29 of the 70 blacklist records of the sample go to UDP port 53; mail comes next.
      {.what = "DNS with blacklisted hosts", .share = 0.0013, .proto = kUdp, .port = 53, .clients = 0,
       .servers = 1, .server_hosts = 25, .reply = 0.6, .up = kDnsQuery, .down = kDnsAnswer, .gap = 0.8,
       .attack = true, .label = 1, .reply_label = 1},
      {.what = "mail from blacklisted hosts", .share = 0.0013, .port = 25, .clients = 1, .servers = 0,
       .server_hosts = 6, .client_hosts = 25, .reply = 0.8, .up = kMailUp, .down = kMailDown, .gap = 0.2,
       .attack = true, .label = 1, .reply_label = 1}};
  // clang-format on
  return p;
}

}  // namespace bench::surrogate
