#include "models/bayes_net/back_off.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <random>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

constexpr int kShift = 32;

uint64_t key_of(uint64_t context, int32_t code) {
  return (context << kShift) | static_cast<uint32_t>(code + 1);
}
uint64_t context_of(uint64_t key) { return key >> kShift; }
int32_t code_of(uint64_t key) { return static_cast<int32_t>(static_cast<uint32_t>(key)) - 1; }

/// Chances of one x in one context: with every row, and without one row that has it there.
struct Chance {
  double with = 0, without = 0;
};

/// `below` by contexts; `unseen`: the chance without the row where the context would not occur without it.
Chance chance(double n, double total, double distinct, double discount, Chance below, double unseen) {
  Chance out;
  out.with = (n - discount) / total + discount * distinct / total * below.with;
  const bool gone = n == 1;  // then the level below loses one of its counts too
  if (total == 1) {
    out.without = unseen;
  } else {
    const double left = gone ? distinct - 1 : distinct;
    out.without = (gone ? 0 : (n - 1 - discount) / (total - 1)) +
                  discount * left / (total - 1) * (gone ? below.without : below.with);
  }
  return out;
}

}  // namespace

size_t BackOffTable::Level::find(size_t context, int32_t x) const {
  const auto begin = values.begin() + offsets[context], end = values.begin() + offsets[context + 1];
  const auto place = std::lower_bound(begin, end, x);
  return static_cast<size_t>((place != end && *place == x ? place : end) - values.begin());
}

BackOffTable::BackOffTable(Codes x, const std::vector<Codes>& parents, size_t floor)
    : levels_(parents.size() + 1), floor_(floor) {
  assert(!x.empty() && floor <= parents.size());
  std::vector<uint64_t> context(x.size(), 0), keys(x.size()), pairs(x.size()), above;
  for (size_t l = 0; l < levels_.size(); ++l) {
    std::vector<uint64_t>& distinct = levels_[l].keys;
    for (size_t i = 0; i < x.size(); ++i) keys[i] = l == 0 ? 0 : key_of(context[i], parents[l - 1][i]);
    distinct = keys;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    distinct.shrink_to_fit();
    for (size_t i = 0; i < x.size(); ++i) {
      const auto place = std::lower_bound(distinct.begin(), distinct.end(), keys[i]);
      context[i] = static_cast<uint64_t>(place - distinct.begin());
      pairs[i] = key_of(context[i], x[i]);
    }
    if (l >= floor_) above = count(rows, pairs, l);
  }
  for (size_t l = levels_.size() - 1; l-- > floor_;) above = count(contexts_above, std::move(above), l);
}

std::vector<uint64_t> BackOffTable::count(Of of, std::vector<uint64_t> tokens, size_t level) {
  std::sort(tokens.begin(), tokens.end());
  Level& out = levels_[level];
  std::vector<uint64_t> below;
  size_t once = 0, twice = 0;
  uint64_t context = UINT64_MAX;
  uint32_t sum = 0;
  out.offsets.clear();
  out.values.clear();
  for (size_t i = 0, next = 0; i < tokens.size(); i = next) {
    while (next < tokens.size() && tokens[next] == tokens[i]) ++next;
    if (context_of(tokens[i]) != context) {
      context = context_of(tokens[i]);
      out.offsets.push_back(static_cast<uint32_t>(out.values.size()));
      sum = 0;
    }
    sum += static_cast<uint32_t>(next - i);
    once += next - i == 1;
    twice += next - i == 2;
    out.values.push_back(code_of(tokens[i]));
    out.sums[of].push_back(sum);
    below.push_back(key_of(context_of(out.keys[context]), out.values.back()));
  }
  out.offsets.push_back(static_cast<uint32_t>(out.values.size()));
  if (once > 0) out.discount[of] = static_cast<double>(once) / static_cast<double>(once + 2 * twice);
  return below;
}

Fit BackOffTable::fit() const {
  Fit out;
  std::array<std::vector<Chance>, 2> below, here;
  double all = 0;
  for (size_t l = floor_; l < levels_.size(); ++l) {
    const Level& level = levels_[l];
    const bool highest = l + 1 == levels_.size();
    for (auto& chances : here) chances.resize(level.values.size());
    for (size_t c = 0; c + 1 < level.offsets.size(); ++c) {
      const size_t begin = level.offsets[c], end = level.offsets[c + 1];
      const double total = level.total(rows, c), distinct = static_cast<double>(end - begin);
      for (size_t i = begin; i < end; ++i) {
        const double n = level.count(rows, i, c);
        Chance lower{1 / distinct, 1 / distinct}, unseen = lower;
        if (l > floor_) {
          const size_t place = levels_[l - 1].find(context_of(level.keys[c]), level.values[i]);
          lower = below[contexts_above][place];
          unseen = below[rows][place];
        }
        here[rows][i] = chance(n, total, distinct, level.discount[rows], lower, unseen.without);
        if (!highest) {
          here[contexts_above][i] = chance(level.count(contexts_above, i, c), level.total(contexts_above, c),
                                           distinct, level.discount[contexts_above], lower, lower.without);
          continue;
        }
        out.leave_one_out += n * std::log(here[rows][i].without);
        out.likelihood += n * std::log(n / total);
        all += n;
      }
      if (highest) out.parameters += distinct - 1;
    }
    std::swap(below, here);
  }
  out.leave_one_out /= all;
  out.likelihood /= all;
  out.parameters /= all;
  return out;
}

BackOffTable::Urns::Urns(const BackOffTable& table, bool used)
    : used_(used), levels_(2 * table.levels_.size()) {
  for (size_t l = 0; used && l < levels_.size(); ++l) levels_[l].resize(table.levels_[l / 2].keys.size());
}

uint32_t BackOffTable::take(Urns& urns, Of of, size_t level, size_t context, Rng& rng) const {
  const uint32_t total = levels_[level].total(of, context);
  if (!urns.used_) return std::uniform_int_distribution<uint32_t>(0, total - 1)(rng);
  Urns::Urn& urn = urns.levels_[2 * level + of][context];
  if (urn.tokens.empty()) {
    urn.tokens.resize(total);
    std::iota(urn.tokens.begin(), urn.tokens.end(), 0U);
  }
  if (urn.taken == total) urn.taken = 0;
  // One more step of a shuffle: the tokens before `taken` are out.
  std::uniform_int_distribution<size_t> rest(urn.taken, total - 1);
  std::swap(urn.tokens[urn.taken], urn.tokens[rest(rng)]);
  return urn.tokens[urn.taken++];
}

std::vector<size_t> BackOffTable::contexts(Codes parents) const {
  std::vector<size_t> out;
  uint64_t context = 0;
  for (size_t l = 0; l < levels_.size(); ++l) {
    if (l > 0) {
      const auto& keys = levels_[l].keys;
      const uint64_t key = key_of(context, parents[l - 1]);
      const auto place = std::lower_bound(keys.begin(), keys.end(), key);
      if (place == keys.end() || *place != key) break;
      context = static_cast<uint64_t>(place - keys.begin());
    }
    if (l >= floor_) out.push_back(context);
  }
  assert(!out.empty());
  return out;
}

size_t BackOffTable::Level::place_of(Of of, size_t context, uint32_t token) const {
  const auto begin = sums[of].begin() + offsets[context], end = sums[of].begin() + offsets[context + 1];
  return static_cast<size_t>(std::upper_bound(begin, end, token) - sums[of].begin());
}

int32_t BackOffTable::draw(Codes parents, Urns& urns, Rng& rng) const {
  const std::vector<size_t> chain = contexts(parents);
  std::uniform_real_distribution<double> unit(0, 1);
  Of of = rows;
  for (size_t l = floor_ + chain.size() - 1;; --l) {
    const Level& level = levels_[l];
    const size_t context = chain[l - floor_],
                 place = level.place_of(of, context, take(urns, of, l, context, rng));
    if (l == floor_ || unit(rng) * level.count(of, place, context) >= level.discount[of])
      return level.values[place];
    of = contexts_above;
  }
}

double BackOffTable::probability(int32_t x, Codes parents) const {
  const std::vector<size_t> chain = contexts(parents);
  double out = 0;
  for (size_t l = floor_; l < floor_ + chain.size(); ++l) {
    const Of of = l + 1 == floor_ + chain.size() ? rows : contexts_above;
    const Level& level = levels_[l];
    const size_t context = chain[l - floor_], place = level.find(context, x);
    const double total = level.total(of, context), discount = l == floor_ ? 0 : level.discount[of];
    const double distinct = level.offsets[context + 1] - level.offsets[context];
    const double n = place == level.offsets[context + 1] ? 0 : level.count(of, place, context);
    out = std::max(n - discount, 0.0) / total + discount * distinct / total * out;
  }
  return out;
}

void BackOffTable::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":shape",
              std::vector<int64_t>{static_cast<int64_t>(levels_.size()), static_cast<int64_t>(floor_)});
  for (size_t l = 0; l < levels_.size(); ++l) {
    const Level& level = levels_[l];
    const std::string prefix = name + ":" + std::to_string(l) + ":";
    std::vector<uint32_t> contexts;
    std::vector<int32_t> codes;
    for (const uint64_t key : level.keys) {
      contexts.push_back(static_cast<uint32_t>(context_of(key)));
      codes.push_back(code_of(key));
    }
    file.column(prefix + "contexts", contexts);
    file.column(prefix + "codes", codes);
    if (l < floor_) continue;
    file.column(prefix + "offsets", level.offsets);
    file.column(prefix + "values", level.values);
    file.column(prefix + "rows", level.sums[rows]);
    file.column(prefix + "contexts_above", level.sums[contexts_above]);
    file.column(prefix + "discount",
                std::vector<double>{level.discount[rows], level.discount[contexts_above]});
  }
}

void BackOffTable::load(const H5Reader& file, const std::string& name) {
  const auto shape = file.column<int64_t>(name + ":shape");
  const auto damaged = [&](const std::string& what) {
    fail(Kind::data, "saved table {}: {} is damaged; the columns as save() wrote them would be right", name,
         what);
  };
  if (shape.size() != 2 || shape[1] < 0 || shape[0] <= shape[1] || shape[0] > 1000) damaged("shape");
  floor_ = static_cast<size_t>(shape[1]);
  levels_.assign(static_cast<size_t>(shape[0]), {});
  for (size_t l = 0; l < levels_.size(); ++l) {
    Level& level = levels_[l];
    const std::string prefix = name + ":" + std::to_string(l) + ":";
    const auto contexts = file.column<uint32_t>(prefix + "contexts");
    const auto codes = file.column<int32_t>(prefix + "codes");
    if (contexts.empty() || contexts.size() != codes.size()) damaged(prefix + "codes");
    for (size_t c = 0; c < contexts.size(); ++c) level.keys.push_back(key_of(contexts[c], codes[c]));
    if (!std::is_sorted(level.keys.begin(), level.keys.end())) damaged(prefix + "codes");
    if (l < floor_) continue;
    level.offsets = file.column<uint32_t>(prefix + "offsets");
    level.values = file.column<int32_t>(prefix + "values");
    level.sums = {file.column<uint32_t>(prefix + "rows"), file.column<uint32_t>(prefix + "contexts_above")};
    const auto discount = file.column<double>(prefix + "discount");
    // Every context has a value: offsets rise from 0 to the number of values.
    const auto rises = [](uint32_t a, uint32_t b) { return a >= b; };
    if (level.offsets.size() != contexts.size() + 1 || level.offsets.front() != 0 ||
        level.offsets.back() != level.values.size() || level.sums[rows].size() != level.values.size() ||
        level.sums[contexts_above].size() != (l + 1 == levels_.size() ? 0 : level.values.size()) ||
        std::adjacent_find(level.offsets.begin(), level.offsets.end(), rises) != level.offsets.end() ||
        discount.size() != 2) {
      damaged(prefix + "offsets");
    }
    level.discount = {discount[0], discount[1]};
  }
}

}  // namespace bench
