// "Measured" refers to the public samples described in README.md; "chosen" is ours.
#include "datasets/surrogate/profile.h"

namespace bench::surrogate {

// CIDDS-001: an emulated small business.
Profile cidds_profile() {
  Profile p;
  p.name = "cidds-surrogate";
  p.summary =
      "simulated flows in the manner of CIDDS-001: a small business under denial of service and scans";
  p.epoch = 1'489'536'000 * kSecond;  // 2017-03-15 00:00 UTC, a day of NetShare's window
  p.rate = 20;                        // chosen
  p.burstiness = 1.6;                 // chosen
  p.on_seconds = 20;                  // chosen
  p.single_record_share = 0.945;  // measured 0.976 on benign records; pings of a pair share one five-tuple
  p.label_columns = {"label", "type"};
  p.labels = {{"normal", "---"},        {"attacker", "dos"},    {"victim", "dos"},
              {"attacker", "portScan"}, {"victim", "portScan"}, {"attacker", "pingScan"},
              {"victim", "pingScan"}};
  // Measured: clients in 192.168.200, .210 and .220, servers in 192.168.100, the rest of the world behind
  // them.
  p.pools = {{.base = 0xC0A8C800, .subnets = 3, .step = 10, .hosts = 60, .slope = 0.8},
             {.base = 0xC0A86400, .hosts = 8, .slope = 0.6},
             {.subnets = 60, .first = 100, .hosts = 1400, .slope = 1.1}};
  // Measured on benign records: ports 443 44 %, 80 35 %, 53 14 %, 445 3.4 %, 137/138 2.6 % (either side); TCP
  // 84 %. NetShare's million records: 844,547 of attacker or victim, 155,453 normal. How the attacks divide
  // into dos, portScan and pingScan is chosen: enough of each to be learnt.
  const double again = 0.024;
  const Load mail_up{{0.15, 9, 0.8, 20000}, 52, 900, 0.6}, mail_down{{0.2, 8, 0.6, 20000}, 52, 90, 1};
  const Count small_talk{0.5, 3, 1.3, 80000};
  // clang-format off
  p.activities = {
      {.what = "HTTPS", .share = 0.066, .port = 443, .clients = 0, .servers = 2, .favourites = 12,
       .repeat = again, .up = {small_talk, 60, 200, 0.8}, .down = {small_talk, 66, 1400, 0.8}, .gap = 0.1},
      {.what = "HTTP", .share = 0.050, .port = 80, .clients = 0, .servers = 2, .favourites = 12,
       .repeat = again, .up = {small_talk, 60, 200, 0.8}, .down = {small_talk, 66, 1400, 0.8}, .gap = 0.1},
      {.what = "DNS", .share = 0.021, .proto = kUdp, .port = 53, .clients = 0, .servers = 2,
       .server_hosts = 2, .repeat = again, .up = {{0.95, 1, 0.5, 10}, 64, 64, 1},
       .down = {{0.95, 1, 0.5, 10}, 140, 160, 1}},
      {.what = "file server", .share = 0.010, .port = 445, .clients = 0, .servers = 1, .server_hosts = 1,
       .repeat = again, .up = {{0.2, 12, 1.5, 80000}, 100, 600, 0.8},
       .down = {{0.2, 12, 1.5, 80000}, 100, 900, 0.8}, .gap = 0.05},
      {.what = "mail server", .share = 0.004, .port = 25, .clients = 0, .servers = 1, .server_hosts = 1,
       .repeat = again, .up = mail_up, .down = mail_down, .gap = 0.05},
      {.what = "NetBIOS", .share = 0.004, .proto = kUdp, .port = 137, .same_port = true, .clients = 0,
       .servers = 0, .reply = 0.5, .repeat = again, .up = {{0.5, 2, 0.4, 10}, 92, 92, 1}, .down = {{}, 104},
       .gap = 0.7},
      {.what = "denial of service", .pattern = Pattern::flood, .share = 0.57, .port = 80, .clients = 0,
       .servers = 1, .server_hosts = 1, .client_hosts = 4, .reply = 0.95, .up = {{0.2, 3, 0.5, 20}, 60},
       .down = {{}, 66}, .burst = 40, .gap = 0.02, .attack = true, .label = 1, .reply_label = 2},
      {.what = "TCP port scan", .pattern = Pattern::port_scan, .share = 0.095, .clients = 0, .servers = 1,
       .client_hosts = 4, .reply = 0.8, .up = {{}, 44}, .down = {{}, 40}, .burst = 60, .gap = 0.01,
       .attack = true, .label = 3, .reply_label = 4},
      {.what = "UDP port scan", .pattern = Pattern::port_scan, .share = 0.06, .proto = kUdp, .clients = 0,
       .servers = 1, .client_hosts = 4, .reply = 0.2, .up = {{}, 28}, .down = {{}, 56}, .burst = 60,
       .gap = 0.02, .attack = true, .label = 3, .reply_label = 4},
      // Outward (chosen): the original walks over its own subnets, where few pairs would repeat without end.
      {.what = "ping scan", .pattern = Pattern::host_sweep, .share = 0.12, .proto = kIcmp, .clients = 0,
       .servers = 2, .client_hosts = 12, .reply = 0.4, .up = {{}, 28}, .down = {{}, 28}, .burst = 60,
       .gap = 0.01, .attack = true, .label = 5, .reply_label = 6}};
  // clang-format on
  return p;
}

}  // namespace bench::surrogate
