// "Measured" refers to the public samples described in README.md; "chosen" is ours.
#include "datasets/surrogate/profile.h"

namespace bench::surrogate {

namespace {

/// Two-sided connection records (Zeek), as TON_IoT has them: no record for the way back.
Activity zeek(Activity a) {
  a.reply = 0;
  return a;
}

}  // namespace

// TON_IoT Train_Test_Network: an internet-of-things laboratory; no time column.
Profile ton_profile() {
  Profile p;
  p.name = "ton-surrogate";
  p.summary =
      "simulated flows in the manner of TON_IoT Train_Test: nine attacks on a laboratory, without time";
  p.has_time = false;
  p.has_tcp_flags = false;
  p.rate = 50;                   // chosen; only the order of the records shows it
  p.burstiness = 2;              // chosen
  p.on_seconds = 10;             // chosen
  p.single_record_share = 0.87;  // measured 0.845 on 147,731 records
  p.label_columns = {"label", "type"};
  p.labels = {{"0", "normal"}, {"1", "backdoor"}, {"1", "ddos"},       {"1", "dos"},      {"1", "injection"},
              {"1", "mitm"},   {"1", "password"}, {"1", "ransomware"}, {"1", "scanning"}, {"1", "xss"}};
  // Measured: 51 sources, the first five with 79 % of the records; 664 destinations. The last two pools are
  // the multicast groups of mDNS (224.0.0.251) and LLMNR (224.0.0.252).
  p.pools = {{.base = 0xC0A80100, .hosts = 45, .slope = 1.1},
             {.subnets = 120, .hosts = 620, .slope = 1.0},
             {.base = 0xE00000FA, .hosts = 1},
             {.base = 0xE00000FB, .hosts = 1}};
  // NetShare's source: 65.07 % normal and nine attacks; eight of them 20,000 records each and mitm 1,043 of
  // 461,000. Measured on the normal records: UDP 63 %; destination ports 53 48 %, 5353 7 %, 5355 3 %, 15600 3
  // %, 443 1 %.
  const double attack = 0.0434, mitm = 0.0022;
  const int lab = 0, world = 1;
  // clang-format off
  p.activities = {
      zeek({.what = "DNS", .share = 0.31, .proto = kUdp, .port = 53, .servers = lab, .server_hosts = 3,
            .repeat = 0.15, .up = {{0.3, 1, 0.5, 20}, 70, 130, 1}, .gap = 0.02}),
      zeek({.what = "mDNS", .share = 0.045, .proto = kUdp, .port = 5353, .same_port = true, .servers = 2,
            .repeat = 0.3, .up = {{0.5, 3, 1.2, 1000}, 90, 200, 1}, .gap = 1}),
      zeek({.what = "LLMNR", .share = 0.02, .proto = kUdp, .port = 5355, .servers = 3,
            .up = {{0.2, 1, 0.3, 4}, 52, 52, 1}, .gap = 0.1}),
      zeek({.what = "NTP", .share = 0.006, .proto = kUdp, .port = 123, .same_port = true, .servers = world,
            .server_hosts = 12, .up = {{0, 1, 0.2, 4}, 76, 76, 1}, .gap = 0.02}),
      zeek({.what = "discovery of televisions", .share = 0.02, .proto = kUdp, .servers = lab,
            .server_hosts = 2, .repeat = 0.3, .up = {{0.6, 4, 1, 500}, 63, 90, 1}, .gap = 5}),
      zeek({.what = "dashboard of the devices", .share = 0.08, .port = 80, .servers = lab,
            .server_hosts = 4, .repeat = 0.25, .up = {{0.02, 8, 0.9, 5000}, 52, 500, 0.9}, .gap = 0.05}),
      zeek({.what = "HTTPS", .share = 0.06, .port = 443, .servers = world, .favourites = 20, .repeat = 0.02,
            .up = {{0.02, 18, 1.2, 50000}, 52, 800, 0.9}, .gap = 0.4}),
      zeek({.what = "telemetry to a broker", .share = 0.08, .servers = lab, .server_hosts = 2,
            .repeat = 0.25, .up = {{0.1, 4, 1.3, 20000}, 52, 160, 1}, .gap = 0.5}),
      zeek({.what = "other TCP services", .share = 0.0277, .port = 445, .servers = lab, .server_hosts = 6,
            .up = {{0.2, 10, 1, 5000}, 52, 300, 1}, .gap = 0.2}),
      zeek({.what = "ping", .share = 0.002, .proto = kIcmp, .servers = lab, .favourites = 30,
            .up = {{0.3, 3, 1, 100}, 84, 84, 1}, .gap = 1}),
      // Measured: half to port 8080, half to 80; 2 packets of 88 bytes together; 18 records a five-tuple.
      zeek({.what = "backdoor", .share = attack / 2, .port = 8080, .servers = lab, .server_hosts = 2,
            .client_hosts = 2, .repeat = 0.94, .up = {{0, 0.8, 0.1, 10}, 44, 44, 1}, .attack = true,
            .label = 1}),
      zeek({.what = "backdoor on a web port", .share = attack / 2, .port = 80, .servers = lab,
            .server_hosts = 2, .client_hosts = 2, .repeat = 0.94, .up = {{0, 0.8, 0.1, 10}, 44, 44, 1},
            .attack = true, .label = 1}),
      // Measured: ports 80 42 %, 443 32 %, 53 27 %.
      zeek({.what = "ddos on HTTP", .share = 0.42 * attack, .port = 80, .servers = lab, .server_hosts = 4,
            .client_hosts = 4, .up = {{0.02, 2, 0.7, 6000}, 52, 110, 1}, .gap = 0.02, .attack = true,
            .label = 2}),
      zeek({.what = "ddos on HTTPS", .share = 0.32 * attack, .port = 443, .servers = lab, .server_hosts = 4,
            .client_hosts = 4, .up = {{0.02, 2, 0.7, 6000}, 52, 110, 1}, .gap = 0.02, .attack = true,
            .label = 2}),
      zeek({.what = "ddos on DNS", .share = 0.26 * attack, .proto = kUdp, .port = 53, .servers = lab,
            .server_hosts = 3, .client_hosts = 4, .up = {{0.02, 1, 0.4, 20}, 70, 90, 1}, .attack = true,
            .label = 2}),
      zeek({.what = "dos", .pattern = Pattern::port_scan, .share = attack, .servers = lab,
            .server_hosts = 6, .client_hosts = 4, .up = {{0, 0.8, 0.8, 80000}, 40}, .burst = 25,
            .gap = 0.05, .ports = 128, .attack = true, .label = 3}),
      // Measured: 96 % to port 80, the rest DNS; median 11 packets and 3,052 bytes.
      zeek({.what = "injection", .share = 0.96 * attack, .port = 80, .servers = lab, .server_hosts = 6,
            .client_hosts = 3, .up = {{0.01, 10, 0.4, 70}, 52, 500, 0.7}, .gap = 0.05, .attack = true,
            .label = 4}),
      zeek({.what = "injection, DNS", .share = 0.04 * attack, .proto = kUdp, .port = 53, .servers = lab,
            .server_hosts = 3, .client_hosts = 3, .up = {{0, 1, 0.3, 6}, 70, 120, 1}, .attack = true,
            .label = 4}),
      zeek({.what = "mitm, DNS", .share = 0.55 * mitm, .proto = kUdp, .port = 53, .servers = lab,
            .server_hosts = 3, .client_hosts = 2, .up = {{0, 1, 0.3, 6}, 70, 120, 1}, .attack = true,
            .label = 5}),
      zeek({.what = "mitm, web", .share = 0.39 * mitm, .port = 443, .servers = world, .client_hosts = 2,
            .favourites = 20, .up = {{0, 20, 1.3, 25000}, 52, 900, 0.8}, .gap = 0.5, .attack = true,
            .label = 5}),
      zeek({.what = "mitm, ICMP redirects", .share = 0.06 * mitm, .proto = kIcmp, .servers = lab,
            .client_hosts = 2, .up = {{0.5, 3, 1, 100}, 56, 56, 1}, .gap = 1, .attack = true, .label = 5}),
      // Measured: 71 % to port 80, 28 % to FTP.
      zeek({.what = "password guesses on the web", .share = 0.72 * attack, .port = 80, .servers = lab,
            .server_hosts = 6, .client_hosts = 2, .up = {{0.01, 7, 0.8, 200}, 52, 140, 1}, .gap = 0.01,
            .attack = true, .label = 6}),
      zeek({.what = "password guesses on FTP", .share = 0.28 * attack, .port = 21, .servers = lab,
            .server_hosts = 2, .client_hosts = 2, .up = {{0.01, 16, 0.5, 200}, 52, 70, 1}, .gap = 0.3,
            .attack = true, .label = 6}),
      // Measured: one packet a record, 66 % to SMB, about seven records a five-tuple.
      zeek({.what = "ransomware over SMB", .share = 0.75 * attack, .port = 445, .servers = lab,
            .server_hosts = 4, .client_hosts = 5, .repeat = 0.86, .up = {{}, 130}, .gap = 0.1,
            .attack = true, .label = 7}),
      zeek({.what = "ransomware's control channel", .share = 0.25 * attack, .servers = lab,
            .server_hosts = 2, .client_hosts = 5, .repeat = 0.86, .up = {{}, 130}, .gap = 0.1,
            .attack = true, .label = 7}),
      // Measured: 97 % TCP, 77 % one packet of 44 bytes.
      zeek({.what = "scanning", .pattern = Pattern::port_scan, .share = attack, .servers = lab,
            .client_hosts = 4, .up = {{0.77, 1, 0.5, 10}, 44}, .burst = 25, .gap = 0.02, .ports = 16384,
            .attack = true, .label = 8}),
      zeek({.what = "cross-site scripting", .share = 0.93 * attack, .port = 80, .servers = lab,
            .server_hosts = 6, .client_hosts = 2, .repeat = 0.2, .up = {{0.55, 8, 0.6, 43}, 52, 900, 0.6},
            .gap = 3, .attack = true, .label = 9}),
      zeek({.what = "cross-site scripting, DNS", .share = 0.07 * attack, .proto = kUdp, .port = 53,
            .servers = lab, .server_hosts = 3, .client_hosts = 2, .up = {{0, 1, 0.3, 6}, 70, 120, 1},
            .attack = true, .label = 9})};
  // clang-format on
  return p;
}

}  // namespace bench::surrogate
