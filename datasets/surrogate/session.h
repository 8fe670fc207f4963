#pragma once
// From an activity to header records: who talks to whom, and what the observer sees of it.

#include <cstdint>
#include <vector>

#include "datasets/flows.h"
#include "datasets/surrogate/profile.h"

namespace bench::surrogate {

struct Record {
  int64_t time = 0, duration = 0, packets = 1, bytes = 0;  ///< of a packet record: bytes = IP total length
  FiveTuple key;
  uint16_t id = 0, fragment_offset = 0;
  uint8_t tos = 0, ttl = 64, ip_flags = 0, tcp_flags = 0;
  uint8_t label = 0;
  bool attack = false;
};

enum TcpFlag : uint8_t { kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16 };

inline int64_t nanoseconds(double seconds) { return static_cast<int64_t>(seconds * 1e9); }

/// An activity with its tables of hosts. Keeps references to the profile, which outlives it.
class Scene {
 public:
  Scene(const Profile& profile, int activity);
  /// Appends the records of one session that begins at `start` ns, in no order.
  void play(int64_t start, Dice& dice, std::vector<Record>& out) const;
  /// Expected records of one session.
  double mean_records() const;

 private:
  struct Cast {
    FiveTuple key;  ///< initiator to responder
    int client = 0, server = 0;
  };
  /// Header fields that stay the same for one direction of a conversation.
  struct Voice {
    FiveTuple key;
    uint8_t tos = 0, ttl = 64, ip_flags = 0, label = 0;
    bool zero_id = false;
    uint16_t next_id = 0;
    double ack = 40;  ///< bytes of a packet without payload
  };

  Cast cast(Dice& dice) const;
  Voice voice(const Cast& cast, bool forward, Dice& dice) const;
  Record say(Voice& voice, int64_t time, double bytes, uint8_t tcp_flags) const;
  uint16_t source_port(uint32_t address, Dice& dice) const;

  void flow_records(int64_t start, Dice& dice, std::vector<Record>& out) const;
  void dialogue(int64_t start, Dice& dice, std::vector<Record>& out) const;
  void tcp_dialogue(int64_t start, Voice up, Voice down, Dice& dice, std::vector<Record>& out) const;
  void train(int64_t start, Dice& dice, std::vector<Record>& out) const;
  void contacts(int64_t start, Dice& dice, std::vector<Record>& out) const;

  const Profile& profile_;
  const Activity& activity_;
  const Pool& client_pool_;
  const Pool& server_pool_;
  int index_;
  Zipf clients_, servers_;
};

}  // namespace bench::surrogate
