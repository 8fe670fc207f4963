#include "models/encode/shapes.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "core/h5.h"

namespace bench {

void FlowShapes::learn(const Trace& trace, const FlowEncoder& encoder) {
  const FlowIndex flows = group_flows(trace);
  const EncodeOptions& options = encoder.options();
  const Chunks chunks = split_chunks(trace, options.chunks, options.split);
  shapes_.clear();
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto rows = flows.flow(f);
    const size_t first = rows.front();
    FlowShape shape;
    shape.service =
        encoder.services().classes({trace.srcport[first], trace.dstport[first], trace.proto[first]});
    for (const size_t row : rows) {
      const uint16_t chunk = chunks.of_row[row];
      if (shape.records.empty() || shape.records.back().first != chunk) shape.records.emplace_back(chunk, 0);
      int64_t& count = shape.records.back().second;
      if (!options.truncate || count < encoder.longest_sample()) ++count;
    }
    shapes_.push_back(std::move(shape));
  }
}

std::vector<FlowShape> FlowShapes::draw(int64_t records, Rng& rng) const {
  std::vector<FlowShape> out;
  std::vector<size_t> order(shapes_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  size_t next = order.size();
  while (records > 0) {
    if (next == order.size()) {
      std::shuffle(order.begin(), order.end(), rng);
      next = 0;
    }
    FlowShape shape = shapes_[order[next++]];
    for (size_t i = 0; i < shape.records.size(); ++i) {
      auto& count = shape.records[i].second;
      count = std::min(count, records);
      records -= count;
      if (records == 0) shape.records.resize(i + 1);
    }
    out.push_back(std::move(shape));
  }
  return out;
}

void FlowShapes::save(H5Writer& file) const {
  std::vector<uint16_t> services, chunks;
  std::vector<int64_t> parts, records;
  for (const FlowShape& shape : shapes_) {
    services.insert(services.end(), shape.service.begin(), shape.service.end());
    parts.push_back(static_cast<int64_t>(shape.records.size()));
    for (const auto& [chunk, count] : shape.records) {
      chunks.push_back(chunk);
      records.push_back(count);
    }
  }
  file.column("shapes:services", services);
  file.column("shapes:parts", parts);
  file.column("shapes:chunks", chunks);
  file.column("shapes:records", records);
}

void FlowShapes::load(const H5Reader& file) {
  const auto services = file.column<uint16_t>("shapes:services"),
             chunks = file.column<uint16_t>("shapes:chunks");
  const auto parts = file.column<int64_t>("shapes:parts"), records = file.column<int64_t>("shapes:records");
  const auto legal = [](const std::vector<int64_t>& counts) {
    return std::all_of(counts.begin(), counts.end(), [](int64_t n) { return n >= 1; });
  };
  const bool whole =
      services.size() == 3 * parts.size() && legal(parts) && legal(records) && !parts.empty() &&
      chunks.size() == records.size() &&
      std::accumulate(parts.begin(), parts.end(), int64_t{0}) == static_cast<int64_t>(records.size());
  if (!whole) fail(Kind::data, "saved encoder: the table of flow shapes is damaged");
  shapes_.clear();
  size_t at = 0;
  for (size_t f = 0; f < parts.size(); ++f) {
    FlowShape shape;
    std::copy_n(services.begin() + static_cast<std::ptrdiff_t>(3 * f), 3, shape.service.begin());
    for (int64_t i = 0; i < parts[f]; ++i, ++at) shape.records.emplace_back(chunks[at], records[at]);
    shapes_.push_back(std::move(shape));
  }
}

}  // namespace bench
