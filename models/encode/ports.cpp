#include "models/encode/ports.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <random>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

/// Ports below are assigned to services, those from here on mostly to clients.
constexpr int64_t kWellKnown = 1024;

int64_t total(std::span<const int64_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

bool ascending(const std::vector<uint16_t>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

}  // namespace

void encode_bits(uint32_t value, int bits, float* out) {
  for (int i = 0; i < bits; ++i) {
    const bool set = (value >> (bits - 1 - i)) & 1U;
    out[2 * i] = set ? 0.0F : 1.0F;
    out[2 * i + 1] = set ? 1.0F : 0.0F;
  }
}

uint32_t decode_bits(const float* in, int bits) {
  uint32_t value = 0;
  for (int i = 0; i < bits; ++i) value = (value << 1U) | (in[2 * i + 1] > in[2 * i] ? 1U : 0U);
  return value;
}

int64_t largest(const float* in, int64_t width) { return std::max_element(in, in + width) - in; }

void PortCategories::fit(std::span<const int64_t> flows, std::span<const int64_t> records,
                         int64_t most_frequent, double frequent_share, int64_t bins) {
  assert(flows.size() == kPorts && records.size() == kPorts);
  const auto all_flows = static_cast<double>(total(flows)), all_records = static_cast<double>(total(records));
  assert(all_flows > 0 && all_records > 0);
  std::vector<std::pair<double, uint16_t>> ranked;
  for (size_t port = 0; port < kPorts; ++port) {
    if (flows[port] == 0 && records[port] == 0) continue;
    const double share = std::max(static_cast<double>(flows[port]) / all_flows,
                                  static_cast<double>(records[port]) / all_records);
    if (share >= frequent_share) ranked.emplace_back(-share, static_cast<uint16_t>(port));
  }
  std::sort(ranked.begin(), ranked.end());
  ranked.resize(std::min(ranked.size(), static_cast<size_t>(most_frequent)));
  std::vector<int64_t> others(flows.begin(), flows.end());
  frequent_.clear();
  for (const auto& [share, port] : ranked) {
    frequent_.push_back(port);
    others[port] = 0;
  }
  std::sort(frequent_.begin(), frequent_.end());

  lo_.clear();
  hi_.clear();
  mass_.clear();
  const int64_t low = total(std::span(others).first(kWellKnown)), high = total(others) - low;
  int64_t low_bins = low > 0 ? bins : 0;
  if (low > 0 && high > 0) {
    const double share = static_cast<double>(low) / static_cast<double>(low + high);
    low_bins = std::clamp<int64_t>(std::llround(share * static_cast<double>(bins)), 1,
                                   std::max<int64_t>(1, bins - 1));
  }
  add_bins(others, 0, kWellKnown, low_bins);
  add_bins(others, kWellKnown, kPorts, std::max<int64_t>(1, bins - low_bins));
  index();
}

/// At most `bins` bins over the ports begin .. end-1 that occur: a port belongs to the quantile that the
/// middle of its flows is in.
void PortCategories::add_bins(std::span<const int64_t> counts, int64_t begin, int64_t end, int64_t bins) {
  const auto mass = static_cast<double>(
      total(counts.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin))));
  double before = 0;
  int64_t last = -1;
  for (int64_t port = begin; port < end; ++port) {
    const int64_t count = counts[static_cast<size_t>(port)];
    if (count == 0) continue;
    const double middle = before + static_cast<double>(count) / 2;
    const auto bin = static_cast<int64_t>(middle / mass * static_cast<double>(bins));
    if (bin != last) {
      lo_.push_back(static_cast<uint16_t>(port));
      hi_.push_back(0);
      mass_.push_back(0);
    }
    last = bin;
    hi_.back() = static_cast<uint16_t>(port);
    mass_.back() += count;
    before += static_cast<double>(count);
  }
}

void PortCategories::index() {
  category_.assign(kPorts, 0);
  const auto bins = static_cast<int64_t>(lo_.size());
  for (int64_t port = 0; port < kPorts; ++port) {
    // Distance, with ports on the other side of 1024 behind all on this one.
    int64_t nearest = INT64_MAX;
    const auto offer = [&](int64_t category, int64_t lo, int64_t hi) {
      const bool same_side = (lo < kWellKnown) == (port < kWellKnown);
      const int64_t away = std::max<int64_t>({0, lo - port, port - hi}) + (same_side ? 0 : kPorts);
      if (away >= nearest) return;
      nearest = away;
      category_[static_cast<size_t>(port)] = static_cast<uint16_t>(category);
    };
    if (bins > 0) {
      const auto above = std::lower_bound(hi_.begin(), hi_.end(), port) - hi_.begin();
      for (int64_t b = std::max<int64_t>(0, above - 1); b <= std::min(above, bins - 1); ++b) {
        offer(frequent() + b, lo_[static_cast<size_t>(b)], hi_[static_cast<size_t>(b)]);
      }
    } else {
      const auto above = std::lower_bound(frequent_.begin(), frequent_.end(), port) - frequent_.begin();
      for (int64_t f = std::max<int64_t>(0, above - 1); f <= std::min(above, frequent() - 1); ++f) {
        offer(f, frequent_[static_cast<size_t>(f)], frequent_[static_cast<size_t>(f)]);
      }
    }
  }
  for (size_t f = 0; f < frequent_.size(); ++f) category_[frequent_[f]] = static_cast<uint16_t>(f);
}

uint16_t PortCategories::draw(int64_t category, Rng& rng) const {
  assert(category >= 0 && category < size());
  if (category < frequent()) return frequent_[static_cast<size_t>(category)];
  const auto bin = static_cast<size_t>(category - frequent());
  const auto begin = std::lower_bound(frequent_.begin(), frequent_.end(), lo_[bin]);
  const auto end = std::lower_bound(begin, frequent_.end(), hi_[bin]);
  std::uniform_int_distribution<int64_t> rank(0, hi_[bin] - lo_[bin] - (end - begin));
  int64_t port = lo_[bin] + rank(rng);
  for (auto taken = begin; taken != end && *taken <= port; ++taken) ++port;
  return static_cast<uint16_t>(port);
}

uint16_t PortCategories::draw_other(Rng& rng) const {
  assert(!mass_.empty());
  std::uniform_int_distribution<int64_t> pick(0, total(mass_) - 1);
  int64_t rank = pick(rng);
  size_t bin = 0;
  while (rank >= mass_[bin]) rank -= mass_[bin++];
  return draw(frequent() + static_cast<int64_t>(bin), rng);
}

void PortCategories::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":frequent", frequent_);
  file.column(name + ":lo", lo_);
  file.column(name + ":hi", hi_);
  file.column(name + ":mass", mass_);
}

void PortCategories::load(const H5Reader& file, const std::string& name) {
  frequent_ = file.column<uint16_t>(name + ":frequent");
  lo_ = file.column<uint16_t>(name + ":lo");
  hi_ = file.column<uint16_t>(name + ":hi");
  mass_ = file.column<int64_t>(name + ":mass");
  bool good = ascending(frequent_) && frequent_.size() + lo_.size() > 0 && hi_.size() == lo_.size() &&
              mass_.size() == lo_.size();
  for (size_t b = 0; good && b < lo_.size(); ++b) {
    const auto taken = [&](uint16_t port) {
      return std::binary_search(frequent_.begin(), frequent_.end(), port);
    };
    good = lo_[b] <= hi_[b] && (b == 0 || hi_[b - 1] < lo_[b]) && mass_[b] > 0 && !taken(lo_[b]) &&
           !taken(hi_[b]);
  }
  if (!good) {
    fail(Kind::data,
         "saved encoder: the categories of {} are damaged; ports and bins in order would be right", name);
  }
  index();
}

}  // namespace bench
