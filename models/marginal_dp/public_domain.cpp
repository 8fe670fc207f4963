#include "models/marginal_dp/public_domain.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace bench {
namespace {

std::vector<int64_t> steps(int64_t width, int64_t count) {
  std::vector<int64_t> out(static_cast<size_t>(count + 1));
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<int64_t>(i) * width;
  return out;
}

/// 0, 1, 2, 3, 4, 6, 8, ... times `unit`, up to `end` times it.
std::vector<int64_t> halved_octaves(int64_t unit, int64_t end) {
  std::vector<int64_t> out{0, unit};
  for (int64_t octave = 2; octave < end; octave *= 2) {
    out.push_back(octave * unit);
    out.push_back((octave + octave / 2) * unit);
  }
  out.push_back(end * unit);
  return out;
}

}  // namespace

PublicDomain PublicDomain::of(std::string_view column, const TimeWindow& window, size_t names) {
  PublicDomain out;
  if (column == "srcip" || column == "dstip") {
    out.edges_ = steps(65536, 65536);
    out.most_parts_ = 65536;
    out.rest_ = Rest::anywhere;
    out.least_ = int64_t{1} << 24;   // 1.0.0.0
    out.most_ = int64_t{224} << 24;  // 224.0.0.0
  } else if (column == "srcport" || column == "dstport") {
    out.edges_ = steps(1024, 64);
    out.edges_.insert(out.edges_.begin() + 1, 1);
    out.most_parts_ = 1024;
    out.rest_ = Rest::anywhere;
  } else if (column == "time") {
    const int64_t width = (window.end - window.begin) / 64 + 1;
    out.edges_ = steps(width, 64);
    out.edges_.back() = std::max(window.end - window.begin + 1, out.edges_[63] + 1);
    out.most_parts_ = 16;
    out.rest_ = Rest::between;
  } else if (column.starts_with("label:")) {
    out.edges_ = steps(1, static_cast<int64_t>(std::max<size_t>(names, 1)));
  } else if (column == "proto" || column == "tos" || column == "ttl" || column == "tcp_flags") {
    out.edges_ = steps(1, 256);
  } else if (column == "ip_flags") {
    out.edges_ = steps(1, 8);
  } else {
    out.most_parts_ = 512;
    out.rest_ = Rest::between;
    if (column == "length") {
      out.edges_ = halved_octaves(1, 65536);
      out.edges_.erase(out.edges_.begin());  // no packet has length 0
    } else if (column == "id") {
      out.edges_ = halved_octaves(1, 65536);
    } else if (column == "fragment_offset") {
      out.edges_ = halved_octaves(1, 8192);
    } else if (column == "duration") {
      out.unit_ = 1000;
      out.edges_ = halved_octaves(out.unit_, int64_t{1} << 42);
    } else {
      assert(column == "packets" || column == "bytes");
      out.edges_ = halved_octaves(1, int64_t{1} << 40);
    }
  }
  return out;
}

int64_t PublicDomain::width(size_t cell) const {
  const int64_t all = edges_[cell + 1] - edges_[cell];
  const int64_t parts = std::min(most_parts_, (all + unit_ - 1) / unit_);
  return (all + parts - 1) / parts;
}

int64_t PublicDomain::parts(size_t cell) const {
  const int64_t all = edges_[cell + 1] - edges_[cell], each = width(cell);
  return (all + each - 1) / each;
}

size_t PublicDomain::cell_of(int64_t value) const {
  const auto place = std::upper_bound(edges_.begin(), edges_.end(), value) - edges_.begin();
  return static_cast<size_t>(
      std::clamp<std::ptrdiff_t>(place - 1, 0, static_cast<std::ptrdiff_t>(cells()) - 1));
}

int64_t PublicDomain::part_of(size_t cell, int64_t value) const {
  const int64_t inside = std::clamp(value, edges_[cell], edges_[cell + 1] - 1) - edges_[cell];
  return inside / width(cell);
}

PublicDomain::Range PublicDomain::range(size_t cell, int64_t part) const {
  const int64_t lo = edges_[cell] + part * width(cell);
  return {lo, std::min(lo + width(cell), edges_[cell + 1])};
}

}  // namespace bench
