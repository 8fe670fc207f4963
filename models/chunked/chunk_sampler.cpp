#include "models/chunked/chunk_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/error.h"

namespace bench {
namespace {

/// Flows drawn at once: as many as fit so many feature values, within the two limits.
constexpr int64_t kBatchValues = 1 << 24, kLeastBatch = 16, kLargestBatch = 512;
/// Batches in a row without a row that starts; after them rows that do not start are taken as if they did.
constexpr int64_t kMostBarren = 50;
/// Rounds in which a repeated five-tuple of a given structure is drawn again.
constexpr int kRedraws = 10;

}  // namespace

ChunkSampler::ChunkSampler(const FlowEncoder& encoder, const FlowShapes* shapes, ChunkNetwork network,
                           Seed seed, Progress& progress)
    : encoder_(encoder),
      shapes_(shapes),
      network_(std::move(network)),
      seed_(seed),
      progress_(progress),
      decoder_(encoder, seed.child("ports")),
      attribute_width_(encoder.attributes().width),
      feature_width_(encoder.features().width) {}

int64_t ChunkSampler::batch_size() const {
  return std::clamp(kBatchValues / (encoder_.longest_sample() * feature_width_), kLeastBatch, kLargestBatch);
}

float* ChunkSampler::row_of(std::vector<float>& rows, size_t i) const {
  return rows.data() + static_cast<int64_t>(i) * attribute_width_;
}

bool ChunkSampler::starts(const float* row) const {
  const int64_t column = encoder_.starts_column();
  return column < 0 || row[column + 1] >= row[column];
}

void ChunkSampler::report(int64_t records) {
  if (progress_.cancelled()) fail(Kind::cancelled, "sampling stopped at record {}", decoder_.size());
  progress_.report(static_cast<double>(decoder_.size()), static_cast<double>(records), "records", "");
}

Trace ChunkSampler::draw(int64_t records) {
  records_ = records;
  const auto& real = encoder_.chunk_records();
  const size_t chunks = real.size();
  carried_.assign(chunks, {});
  std::vector<FlowShape> shapes;
  std::vector<std::vector<size_t>> members(chunks);  // shapes with records in a chunk
  if (shapes_ != nullptr) {
    Rng rng = seed_.child("shapes").rng();
    shapes = shapes_->draw(records, rng);
    for (size_t i = 0; i < shapes.size(); ++i) {
      for (const auto& [chunk, count] : shapes[i].records) members[chunk].push_back(i);
    }
  }
  int64_t all = 0, seen = 0;
  for (const int64_t n : real) all += n;
  for (size_t c = 0; c < chunks && decoder_.size() < records; ++c) {
    seen += real[c];
    if (real[c] == 0) continue;
    model_ = network_(c);
    model_->start_sampling(seed_.child("chunk", c));
    if (shapes_ != nullptr) {
      draw_by_shapes(c, shapes, members[c]);
    } else {
      const double share = static_cast<double>(seen) / static_cast<double>(all);
      draw_by_flags(c, std::llround(share * static_cast<double>(records)));
    }
    decoder_.end_chunk(c);
  }
  assert(decoder_.size() == records);
  if (made_to_start_ > 0) {
    progress_.log(
        fmt::format("sampling: {} rows that continue a flow taken as new flows, where a chunk made no others",
                    made_to_start_));
  }
  return decoder_.finish(progress_);
}

Trace ChunkSampler::draw_given(const Trace& flows) {
  records_ = static_cast<int64_t>(flows.size());
  const auto& real = encoder_.chunk_records();
  const auto distance = [](size_t a, size_t b) { return a < b ? b - a : a - b; };
  for (size_t c = 0; c < real.size(); ++c) {
    const GivenFlows given = encoder_.encode_given(flows, c);
    if (given.keys.empty()) continue;
    size_t made_by = c;
    for (size_t other = 0; other < real.size(); ++other) {
      if (real[other] > 0 && (real[made_by] == 0 || distance(other, c) < distance(made_by, c)))
        made_by = other;
    }
    model_ = network_(made_by);
    model_->start_sampling(seed_.child("chunk", c));
    for (size_t first = 0; first < given.keys.size();) {
      const size_t last = std::min(given.keys.size(), first + static_cast<size_t>(batch_size()));
      emit_given(given, first, last, made_by);
      report(records_);
      first = last;
    }
  }
  assert(decoder_.size() == records_);
  return decoder_.finish(progress_);
}

void ChunkSampler::emit_given(const GivenFlows& flows, size_t first, size_t last, size_t chunk) {
  const size_t begin = flows.offsets[first], end = flows.offsets[last];
  const float* rows = flows.samples.attributes.data();
  std::vector<int64_t> lengths;
  for (size_t s = begin; s < end; ++s)
    lengths.push_back(static_cast<int64_t>(flows.samples.offsets[s + 1] - flows.samples.offsets[s]));
  const auto width = static_cast<size_t>(attribute_width_);
  const FlowSamples made = model_->features({rows + begin * width, rows + end * width}, lengths);
  for (size_t f = first; f < last; ++f) {
    FlowSamples flow;
    for (size_t s = flows.offsets[f]; s < flows.offsets[f + 1]; ++s)
      flow.append(made, s - begin, attribute_width_, feature_width_);
    const auto start = flows.starts.empty() ? std::optional<int64_t>() : flows.starts[f];
    decoder_.add(flows.keys[f], chunk, flow, records_ - decoder_.size(), start);
  }
}

void ChunkSampler::draw_by_flags(size_t chunk, int64_t up_to) {
  carry_on(chunk, up_to);
  start_flows(chunk, up_to);
  carried_[chunk].clear();
}

void ChunkSampler::carry_on(size_t chunk, int64_t up_to) {
  auto& carried = carried_[chunk];
  const int64_t start = encoder_.start_column(), flag = encoder_.starts_column();
  for (size_t first = 0; first < carried.size() && decoder_.size() < up_to;) {
    const size_t n = std::min(carried.size() - first, static_cast<size_t>(batch_size()));
    // Starts of continuing flows, as this chunk's network makes them; of any flows if it makes none.
    std::vector<float> own = model_->attributes({}, static_cast<int64_t>(n));
    std::vector<size_t> continuing;
    for (size_t i = 0; i < n; ++i) {
      if (!starts(row_of(own, i))) continuing.push_back(i);
    }
    Batch batch;
    for (size_t i = 0; i < n; ++i) {
      Carried& flow = carried[first + i];
      if (start >= 0) {
        const size_t source = continuing.empty() ? i : continuing[i % continuing.size()];
        flow.row[static_cast<size_t>(start)] = row_of(own, source)[start];
      }
      flow.row[static_cast<size_t>(flag)] = 1;
      flow.row[static_cast<size_t>(flag) + 1] = 0;
      batch.keys.push_back(flow.key);
      batch.rows.insert(batch.rows.end(), flow.row.begin(), flow.row.end());
    }
    emit_by_flags(chunk, batch, up_to);
    report(records_);
    first += n;
  }
}

void ChunkSampler::start_flows(size_t chunk, int64_t up_to) {
  const int64_t presence = encoder_.presence_column();
  const auto chunks = static_cast<int64_t>(encoder_.chunk_records().size());
  int64_t barren = 0;
  while (decoder_.size() < up_to) {
    const int64_t n = batch_size();
    std::vector<float> rows = model_->attributes({}, n);
    Batch batch;
    bool starting = false;
    for (size_t i = 0; i < static_cast<size_t>(n); ++i) {
      float* row = row_of(rows, i);
      if (!starts(row) && barren <= kMostBarren) continue;
      if (!starts(row)) {
        std::swap(row[encoder_.starts_column()], row[encoder_.starts_column() + 1]);
        ++made_to_start_;
      }
      starting = true;
      const FiveTuple key = decoder_.key(row);
      if (!decoder_.claim(key)) continue;
      if (presence >= 0) {
        for (int64_t c = 0; c <= static_cast<int64_t>(chunk); ++c) {
          const bool here = c == static_cast<int64_t>(chunk);
          row[presence + 2 * c] = here ? 0 : 1;
          row[presence + 2 * c + 1] = here ? 1 : 0;
        }
      }
      batch.keys.push_back(key);
      batch.rows.insert(batch.rows.end(), row, row + attribute_width_);
    }
    if (!starting) ++barren;
    const size_t taken = emit_by_flags(chunk, batch, up_to);
    for (size_t i = 0; i < taken && presence >= 0; ++i) {
      const float* row = row_of(batch.rows, i);
      for (int64_t c = static_cast<int64_t>(chunk) + 1; c < chunks; ++c) {
        if (row[presence + 2 * c + 1] > row[presence + 2 * c])
          carried_[static_cast<size_t>(c)].push_back({batch.keys[i], {row, row + attribute_width_}});
      }
    }
    report(records_);
  }
}

size_t ChunkSampler::emit_by_flags(size_t chunk, const Batch& batch, int64_t up_to) {
  std::vector<FlowSamples> flows(batch.size());
  std::vector<size_t> open(batch.size());
  for (size_t i = 0; i < open.size(); ++i) open[i] = i;
  std::vector<float> rows = batch.rows;
  const auto longest = static_cast<size_t>(encoder_.longest_sample());
  for (size_t length = longest; !open.empty(); length += longest) {
    const FlowSamples made = model_->features(rows, {});
    std::vector<size_t> still_open;
    rows.clear();
    for (size_t i = 0; i < open.size(); ++i) {
      flows[open[i]].append(made, i, attribute_width_, feature_width_);
      const size_t end = made.offsets[i + 1];
      if (!encoder_.cuts_flows() || end - made.offsets[i] < longest) continue;
      const float* flags = made.features.data() + static_cast<int64_t>(end) * feature_width_ - 2;
      if (flags[0] <= flags[1] || static_cast<int64_t>(length) >= encoder_.longest_flow()) continue;
      still_open.push_back(open[i]);
      const float* row = made.attributes.data() + static_cast<int64_t>(i) * attribute_width_;
      rows.insert(rows.end(), row, row + attribute_width_);
      float* flag =
          rows.data() + static_cast<int64_t>(rows.size()) - attribute_width_ + encoder_.starts_column();
      flag[0] = 1;
      flag[1] = 0;
    }
    open = std::move(still_open);
  }
  size_t taken = 0;
  for (; taken < flows.size() && decoder_.size() < up_to; ++taken)
    decoder_.add(batch.keys[taken], chunk, flows[taken], up_to - decoder_.size());
  return taken;
}

ChunkSampler::Batch ChunkSampler::rows_for_shapes(size_t chunk, const std::vector<FlowShape>& shapes,
                                                  std::span<const size_t> members,
                                                  const std::vector<int64_t>& lengths) {
  const int64_t given = encoder_.attributes().given;
  const size_t n = members.size();
  std::vector<float> structure(n * static_cast<size_t>(given));
  for (size_t i = 0; i < n; ++i) {
    const FlowShape& shape = shapes[members[i]];
    Structure s{shape.service, shape.records.front().first == chunk, {}, lengths[i]};
    for (const auto& [c, count] : shape.records) s.present.push_back(c);
    encoder_.encode_structure(s, structure.data() + static_cast<int64_t>(i) * given);
  }
  Batch batch;
  batch.keys.resize(n);
  batch.rows = model_->attributes(structure, static_cast<int64_t>(n));
  std::vector<size_t> open;  // flows that need a five-tuple
  for (size_t i = 0; i < n; ++i) {
    if (shapes[members[i]].records.front().first == chunk) {
      open.push_back(i);
      continue;
    }
    const Carried& flow = of_shape_.at(members[i]);
    batch.keys[i] = flow.key;
    std::copy_n(flow.row.data(), encoder_.address_columns(),
                row_of(batch.rows, i) + encoder_.address_column());
  }
  for (int round = 0; !open.empty(); ++round) {
    std::vector<size_t> refused;
    for (const size_t i : open) {
      batch.keys[i] = decoder_.key(row_of(batch.rows, i));
      if (!decoder_.claim(batch.keys[i], round == kRedraws)) refused.push_back(i);
    }
    if (!refused.empty()) {
      std::vector<float> again;
      for (const size_t i : refused) {
        const float* columns = structure.data() + static_cast<int64_t>(i) * given;
        again.insert(again.end(), columns, columns + given);
      }
      std::vector<float> rows = model_->attributes(again, static_cast<int64_t>(refused.size()));
      for (size_t k = 0; k < refused.size(); ++k)
        std::copy_n(row_of(rows, k), attribute_width_, row_of(batch.rows, refused[k]));
    }
    open = std::move(refused);
  }
  for (size_t i = 0; i < n; ++i) {
    const auto& parts = shapes[members[i]].records;
    if (parts.size() == 1 || parts.front().first != chunk) continue;
    const float* addresses = row_of(batch.rows, i) + encoder_.address_column();
    of_shape_[members[i]] = {batch.keys[i], {addresses, addresses + encoder_.address_columns()}};
  }
  return batch;
}

void ChunkSampler::draw_by_shapes(size_t chunk, const std::vector<FlowShape>& shapes,
                                  const std::vector<size_t>& members) {
  const int64_t longest = encoder_.longest_sample();
  for (size_t first = 0; first < members.size();) {
    const size_t n = std::min(members.size() - first, static_cast<size_t>(batch_size()));
    const std::span<const size_t> part(members.data() + first, n);
    std::vector<int64_t> left(n), lengths(n);
    for (size_t i = 0; i < n; ++i) {
      for (const auto& [c, count] : shapes[part[i]].records) {
        if (c == chunk) left[i] = count;
      }
      lengths[i] = std::min(left[i], longest);
    }
    Batch batch = rows_for_shapes(chunk, shapes, part, lengths);
    std::vector<FlowSamples> flows(n);
    std::vector<size_t> open(n);
    for (size_t i = 0; i < n; ++i) open[i] = i;
    std::vector<float> rows = batch.rows;
    while (!open.empty()) {
      const FlowSamples made = model_->features(rows, lengths);
      std::vector<size_t> still_open;
      std::vector<int64_t> next;
      rows.clear();
      for (size_t i = 0; i < open.size(); ++i) {
        flows[open[i]].append(made, i, attribute_width_, feature_width_);
        left[open[i]] -= lengths[i];
        if (left[open[i]] == 0) continue;
        still_open.push_back(open[i]);
        next.push_back(std::min(left[open[i]], longest));
        const FlowShape& shape = shapes[part[open[i]]];
        Structure s{shape.service, false, {}, next.back()};
        for (const auto& [c, count] : shape.records) s.present.push_back(c);
        const float* row = made.attributes.data() + static_cast<int64_t>(i) * attribute_width_;
        rows.insert(rows.end(), row, row + attribute_width_);
        encoder_.encode_structure(s, row_of(rows, still_open.size() - 1));
      }
      open = std::move(still_open);
      lengths = std::move(next);
    }
    for (size_t i = 0; i < n; ++i) decoder_.add(batch.keys[i], chunk, flows[i], records_ - decoder_.size());
    report(records_);
    first += n;
  }
}

}  // namespace bench
