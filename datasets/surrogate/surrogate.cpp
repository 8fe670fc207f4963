#include "datasets/surrogate/surrogate.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <queue>
#include <unordered_set>

#include "core/error.h"
#include "core/params.h"
#include "datasets/surrogate/session.h"

namespace bench {

namespace surrogate {

namespace {

/// Instants of session starts: a Poisson process whose rate switches between on and off periods.
class Arrivals {
 public:
  Arrivals(const Profile& profile, double sessions_per_second)
      : on_rate_(sessions_per_second * profile.burstiness),
        off_rate_(sessions_per_second * (3 - profile.burstiness) / 2),
        on_seconds_(profile.on_seconds),
        now_(-profile.warm_up) {}

  /// The next start in seconds.
  double next(Dice& dice) {
    for (;;) {
      const double arrival = now_ + dice.exponential(1 / (on_ ? on_rate_ : off_rate_));
      if (arrival < switch_) return now_ = arrival;
      now_ = std::max(now_, switch_);  // the exponential has no memory: draw anew from the switch
      on_ = !on_;
      switch_ = now_ + dice.exponential(on_ ? on_seconds_ : 2 * on_seconds_);
    }
  }

 private:
  double on_rate_, off_rate_, on_seconds_, now_;
  double switch_ = -1e300;
  bool on_ = false;
};

struct Pending {
  Record record;
  uint64_t order;
  /// For a queue that gives the earliest record first.
  bool operator<(const Pending& other) const {
    if (record.time != other.record.time) return record.time > other.record.time;
    return order > other.order;
  }
};

/// Plays sessions in order of arrival and hands records over in order of time.
class Stage {
 public:
  Stage(const Profile& profile, Seed seed)
      : dice_(seed.child("surrogate")),
        scenes_(make_scenes(profile)),
        pick_(weights(profile, scenes_)),
        arrivals_(profile, session_rate(profile, scenes_)) {}

  Record next() {
    while (queue_.empty() || queue_.top().record.time >= horizon_) arrive();
    const Record record = queue_.top().record;
    queue_.pop();
    return record;
  }

 private:
  static std::vector<Scene> make_scenes(const Profile& profile) {
    std::vector<Scene> scenes;
    scenes.reserve(profile.activities.size());
    for (size_t a = 0; a < profile.activities.size(); ++a) scenes.emplace_back(profile, static_cast<int>(a));
    return scenes;
  }
  /// Sessions per activity: its share of the records over the records of one session.
  static std::vector<double> weights(const Profile& profile, const std::vector<Scene>& scenes) {
    std::vector<double> w;
    w.reserve(scenes.size());
    for (size_t a = 0; a < scenes.size(); ++a)
      w.push_back(profile.activities[a].share / scenes[a].mean_records());
    return w;
  }
  static double session_rate(const Profile& profile, const std::vector<Scene>& scenes) {
    double sessions = 0, shares = 0;
    for (const double w : weights(profile, scenes)) sessions += w;
    for (const Activity& a : profile.activities) shares += a.share;
    return profile.rate * sessions / shares;
  }
  /// No later session can begin before horizon_, so everything earlier in the queue is final.
  void arrive() {
    horizon_ = nanoseconds(arrivals_.next(dice_));
    fresh_.clear();
    scenes_[static_cast<size_t>(pick_.draw(dice_))].play(horizon_, dice_, fresh_);
    for (const Record& record : fresh_)
      if (record.time >= 0) queue_.push({record, order_++});
  }

  Dice dice_;
  std::vector<Scene> scenes_;
  Choice pick_;
  Arrivals arrivals_;
  std::priority_queue<Pending> queue_;
  std::vector<Record> fresh_;
  int64_t horizon_ = INT64_MIN;
  uint64_t order_ = 0;
};

void append(const Profile& profile, const Record& r, Trace& trace) {
  trace.srcip.push_back(r.key.srcip);
  trace.dstip.push_back(r.key.dstip);
  trace.srcport.push_back(r.key.srcport);
  trace.dstport.push_back(r.key.dstport);
  trace.proto.push_back(r.key.proto);
  if (profile.has_time) trace.time.push_back(profile.epoch + r.time);
  if (profile.kind == TraceKind::packets) {
    trace.length.push_back(static_cast<int32_t>(r.bytes));
  } else {
    trace.duration.push_back(r.duration);
    trace.packets.push_back(r.packets);
    trace.bytes.push_back(r.bytes);
  }
  if (profile.has_header) {
    trace.tos.push_back(r.tos);
    trace.id.push_back(r.id);
    trace.ip_flags.push_back(r.ip_flags);
    trace.fragment_offset.push_back(r.fragment_offset);
    trace.ttl.push_back(r.ttl);
  }
  if (profile.has_tcp_flags) trace.tcp_flags.push_back(r.tcp_flags);
  for (size_t c = 0; c < trace.labels.size(); ++c) {
    LabelColumn& column = trace.labels[c];
    column.codes.push_back(column.code_of(profile.labels[r.label][c]));
  }
}

const Profile& find_profile(std::string_view name) {
  std::vector<std::string> names;
  for (const Profile& profile : all_profiles()) {
    if (profile.name == name) return profile;
    names.emplace_back(profile.name);
  }
  fail(Kind::config, "There is no surrogate named '{}'{}; the surrogates are {}.", name,
       did_you_mean(name, names), fmt::join(names, ", "));
}

}  // namespace

const std::vector<Profile>& all_profiles() {
  static const std::vector<Profile> list{ugr16_profile(), cidds_profile(), ton_profile(),
                                         caida_profile(), dc_profile(),    ca_profile()};
  return list;
}

}  // namespace surrogate

std::vector<std::string_view> surrogate_names() {
  std::vector<std::string_view> names;
  for (const surrogate::Profile& profile : surrogate::all_profiles()) names.push_back(profile.name);
  return names;
}

Trace simulate(std::string_view profile_name, int64_t records, Seed seed, SurrogateTruth* truth) {
  const surrogate::Profile& profile = surrogate::find_profile(profile_name);
  if (records < 1) fail(Kind::config, "A surrogate needs at least 1 record, not {}.", records);
  Trace trace;
  trace.kind = profile.kind;
  for (const std::string& column : profile.label_columns) trace.labels.push_back({column, {}, {}});
  surrogate::Stage stage(profile, seed);
  SurrogateTruth counted;
  std::unordered_set<FiveTuple, FiveTupleHash> keys;
  for (int64_t i = 0; i < records; ++i) {
    const surrogate::Record record = stage.next();
    surrogate::append(profile, record, trace);
    if (truth == nullptr) continue;
    counted.attack_records += record.attack ? 1 : 0;
    keys.insert(record.key);
  }
  if (truth != nullptr) {
    counted.five_tuples = static_cast<int64_t>(keys.size());
    *truth = counted;
  }
  return trace;
}

}  // namespace bench
