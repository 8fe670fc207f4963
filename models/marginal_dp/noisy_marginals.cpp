#include "models/marginal_dp/noisy_marginals.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/h5.h"
#include "models/encode/fields.h"
#include "models/marginal_dp/public_domain.h"

namespace bench {
namespace {

constexpr auto kFile = "marginal_dp.h5";

}  // namespace

std::vector<NoisyTable::Codes> CodedRecords::bins_of(const std::vector<size_t>& columns) const {
  std::vector<NoisyTable::Codes> out;
  for (const size_t c : columns) out.emplace_back(bins[c]);
  return out;
}

std::vector<NoisyTable::Codes> CodedRecords::leaves_of(size_t own, const std::vector<size_t>& columns) const {
  std::vector<NoisyTable::Codes> out{bins[own]};
  for (const size_t c : columns) out.emplace_back(leaves[c]);
  return out;
}

void NoisyMarginals::add_column(const std::string& name) {
  size_t names = 0;
  for (const LabelColumn& label : like.labels)
    if (name == "label:" + label.name) names = label.names.size();
  columns.push_back({name, ColumnLeaves(PublicDomain::of(name, window, names)), {}, {}, {}});
}

void NoisyMarginals::draw(size_t c, size_t count, CodedRecords& coded, Rng& rng) const {
  const MarginalColumn& column = columns[c];
  coded.bins[c] = column.bins.draw(count, coded.bins_of(column.parents), rng);
  coded.leaves[c] = column.has_inside() ? column.inside.draw(count, coded.leaves_of(c, column.parents), rng)
                                        : coded.bins[c];
}

Trace NoisyMarginals::sample(int64_t count, SampleContext& context) const {
  const auto n = static_cast<size_t>(count);
  CodedRecords coded(columns.size());
  Trace out = like;
  for (const size_t c : order) {
    const MarginalColumn& column = columns[c];
    Rng rng = context.seed.child("sampling", c).rng();
    draw(c, n, coded, rng);
    std::vector<int64_t> values(n);
    for (size_t i = 0; i < n; ++i)
      values[i] = column.leaves.draw(coded.leaves[c][i], rng) + offset_of(column.name);
    if (column.name == "time") {
      for (int64_t& value : values) value = std::min(value, window.end);
    }
    put_column(out, column.name, values);
    if (context.progress.cancelled()) fail(Kind::cancelled, "marginal_dp: sampling was stopped");
  }
  std::map<std::string, int64_t> changes;
  make_legal(out, rules, changes);
  for (const auto& [column, changed] : changes)
    context.progress.log(fmt::format("{} of {} values of {} were made legal", changed, count, column));
  out = select(out, time_order(out));
  // A window that the training part gave begins with a record.
  if (own_window && !out.time.empty()) out.time.front() = window.begin;
  return out;
}

void NoisyMarginals::save(const std::filesystem::path& folder) const {
  nlohmann::json head{{"flows", like.kind == TraceKind::flows},
                      {"window", {window.begin, window.end}},
                      {"own_window", own_window},
                      {"rules", {rules.header, rules.ports}},
                      {"records", records},
                      {"labels", nlohmann::json::array()},
                      {"columns", nlohmann::json::array()},
                      {"order", order}};
  for (const auto& label : like.labels)
    head["labels"].push_back({{"name", label.name}, {"names", label.names}});
  H5Writer file(folder / kFile);
  for (const MarginalColumn& column : columns) {
    head["columns"].push_back({{"name", column.name}, {"parents", column.parents}});
    column.leaves.save(file, column.name + ":leaves");
    column.bins.save(file, column.name + ":bins");
    if (column.has_inside()) column.inside.save(file, column.name + ":inside");
  }
  file.attribute("marginals", head.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  file.finish();
}

void NoisyMarginals::load(const std::filesystem::path& folder) {
  const H5Reader file(folder / kFile);
  try {
    const auto head = nlohmann::json::parse(file.attribute("marginals"));
    like = {};
    like.kind = head.at("flows").get<bool>() ? TraceKind::flows : TraceKind::packets;
    for (const auto& label : head.at("labels"))
      like.labels.push_back({label.at("name"), label.at("names"), {}});
    window = {head.at("window").at(0), head.at("window").at(1)};
    own_window = head.at("own_window");
    rules = {head.at("rules").at(0), head.at("rules").at(1)};
    records = head.at("records");
    order = head.at("order").get<std::vector<size_t>>();
    columns.clear();
    for (const auto& item : head.at("columns")) {
      add_column(item.at("name"));
      MarginalColumn& column = columns.back();
      column.parents = item.at("parents").get<std::vector<size_t>>();
      column.leaves.load(file, column.name + ":leaves");
      column.bins.load(file, column.name + ":bins");
      if (column.has_inside()) column.inside.load(file, column.name + ":inside");
    }
  } catch (const nlohmann::json::exception& e) {
    fail(Kind::data, "saved noisy marginals: attribute marginals is damaged: {}", e.what());
  }
}

}  // namespace bench
