#pragma once
// A profile is a table: pools of hosts and a list of activities (services and attacks) with their shares of
// the records. All profiles stand in flow_profiles.cpp and packet_profiles.cpp, facts and sources beside the
// constants.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/surrogate/sampling.h"
#include "datasets/trace.h"

namespace bench::surrogate {

inline constexpr uint8_t kIcmp = 1, kIpip = 4, kTcp = 6, kUdp = 17, kGre = 47, kEsp = 50;
inline constexpr int64_t kSecond = 1'000'000'000;

/// Hosts of one network. A host's address, operating system and distance follow from its index alone.
struct Pool {
  uint32_t base = 0;  ///< address of the first /24; 0 = public addresses
  int subnets = 1;    ///< networks the hosts are spread over: /24, or /16 of the public addresses
  int step = 1;       ///< base != 0: distance between the /24
  int first = 0;      ///< base == 0: number of the first /16; keeps pools apart
  int hosts = 1;
  double slope = 1;   ///< Zipf exponent of how often a host starts something
  int most_hops = 0;  ///< routers between host and observer, 0 .. most_hops, fixed per host
  /// Throws nothing; 0 <= host < hosts. Distinct hosts have distinct addresses.
  uint32_t address(int host) const;
};

enum class Pattern {
  conversation,  ///< both directions; packets: handshake, requests, replies, acknowledgements, end
  train,         ///< packets of one direction only, met in mid-connection on a backbone link
  port_scan,     ///< one source walks over the ports of one target
  host_sweep,    ///< one source walks over many targets on one port (or with ICMP echo)
  flood          ///< many short contacts of one source with one port of one victim
};

/// What one direction carries.
struct Load {
  Count count;        ///< packets of a flow record or of a dialogue's direction
  double small = 60;  ///< IP bytes of a typical small packet, and of a one-packet record
  double large = 60;  ///< IP bytes of a full packet
  double large_share =
      0;  ///< flow records: how far long records approach `large`; packets: share of full packets
};

struct Activity {
  std::string_view what;
  Pattern pattern = Pattern::conversation;
  double share = 0;  ///< of the profile's records (relative)
  uint8_t proto = kTcp;
  uint16_t port = 0;        ///< 0 with TCP or UDP: a fixed high port per server
  bool same_port = false;   ///< source port = destination port (NTP, mDNS, NetBIOS)
  int clients = 0;          ///< index of the pool that starts it
  int servers = 0;          ///< index of the pool that answers
  int server_hosts = 0;     ///< only the first so many servers of this activity; 0 = the whole pool
  int client_hosts = 0;     ///< only so many clients; 0 = the whole pool
  int favourites = 3;       ///< a client contacts at most so many servers for this
  double reply = 1;         ///< probability that the other direction is seen
  double repeat = 0;        ///< probability of one more flow record with the same five-tuple
  Load up = {}, down = {};  ///< initiator to responder, and back
  double burst = 1;         ///< mean contacts of a scan, sweep or flood
  double gap = 0.01;  ///< seconds: mean between contacts, median between a record's or dialogue's packets
  int ports = 1024;   ///< port_scan: destination ports 1 .. ports-1; a power of two
  bool attack = false;
  int label = 0, reply_label = 0;  ///< rows of Profile::labels
};

struct Profile {
  std::string_view name, summary;
  TraceKind kind = TraceKind::flows;
  bool has_time = true;
  bool has_header = false;  ///< packets: IPv4 header columns
  bool has_tcp_flags = true;
  int64_t epoch = 0;      ///< ns, time of the first possible record
  double rate = 1;        ///< mean records per second
  double burstiness = 1;  ///< rate while on / mean rate; on one third of the time, 1 <= burstiness < 3
  double on_seconds = 1;  ///< mean length of an on period
  double warm_up = 0;     ///< seconds simulated before the first record, for conversations under way
  double plain_tos = 1;   ///< share of flows with a type of service of 0
  /// Share of five-tuples with one record, in a trace of 20,000 records (to +- 0.03).
  double single_record_share = 1;
  std::vector<std::string> label_columns;
  std::vector<std::vector<std::string>> labels;  ///< rows of values, one per label column
  std::vector<Pool> pools;
  std::vector<Activity> activities;
};

Profile ugr16_profile();
Profile cidds_profile();
Profile ton_profile();
Profile caida_profile();
Profile dc_profile();
Profile ca_profile();
/// The six profiles, in the order of the datasets.
const std::vector<Profile>& all_profiles();

}  // namespace bench::surrogate
