// Saving and loading of a FlowEncoder: scales as columns, the rest as one JSON attribute.

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/h5.h"
#include "models/encode/flow_encoder.h"

namespace bench {

using nlohmann::json;

namespace {

std::string chunk_name(size_t chunk) { return "encoder:chunk" + std::to_string(chunk); }

}  // namespace

void FlowEncoder::save(H5Writer& file) const {
  json labels = json::array();
  for (const auto& label : labels_) labels.push_back({{"name", label.name}, {"names", label.names}});
  json numeric = json::array();
  for (const auto& field : numeric_) numeric.push_back({{"name", field.name}, {"unit", field.unit}});
  json categories = json::array();
  for (const auto& field : categories_)
    categories.push_back({{"name", field.name}, {"values", field.values}});
  json windows = json::array();
  for (const auto& scale : time_scales_) windows.push_back({scale.window.begin, scale.window.end});
  const json shape{{"kind", kind_name(kind_)},
                   {"has_time", has_time_},
                   {"has_gaps", has_gaps_},
                   {"windows", windows},
                   {"chunk_records", chunk_records_},
                   {"labels", labels},
                   {"longest", {longest_sample_, longest_flow_}},
                   {"rules", {length_rule_, bytes_rule_}},
                   {"addresses", options_.addresses},
                   {"switches", {options_.self_norm, options_.truncate, options_.tags, options_.given}},
                   {"split", static_cast<int>(options_.split)},
                   {"quantile", options_.quantile},
                   {"record_times", options_.record_times},
                   {"clipped", clipped_},
                   {"numeric", numeric},
                   {"categories", categories}};
  file.attribute("encoder", shape.dump(-1, ' ', true, json::error_handler_t::replace));
  services_.save(file);
  for (size_t c = 0; c < time_scales_.size(); ++c) {
    time_scales_[c].start.save(file, chunk_name(c) + ":start");
    time_scales_[c].gap.save(file, chunk_name(c) + ":gap");
    time_scales_[c].records.save(file, chunk_name(c) + ":records");
  }
  for (const auto& field : numeric_) field.coder.save(file, "encoder:" + field.name);
}

void FlowEncoder::load(const H5Reader& file) {
  *this = {};
  try {
    const json shape = json::parse(file.attribute("encoder"));
    kind_ = shape.at("kind") == "flows" ? TraceKind::flows : TraceKind::packets;
    has_time_ = shape.at("has_time");
    has_gaps_ = shape.at("has_gaps");
    for (const auto& window : shape.at("windows"))
      time_scales_.push_back({{window.at(0), window.at(1)}, {}, {}, {}, {}});
    chunk_records_ = shape.at("chunk_records").get<std::vector<int64_t>>();
    for (const auto& label : shape.at("labels")) labels_.push_back({label.at("name"), label.at("names"), {}});
    longest_sample_ = shape.at("longest").at(0);
    longest_flow_ = shape.at("longest").at(1);
    length_rule_ = shape.at("rules").at(0);
    bytes_rule_ = shape.at("rules").at(1);
    options_.addresses = shape.at("addresses");
    options_.self_norm = shape.at("switches").at(0);
    options_.truncate = shape.at("switches").at(1);
    options_.tags = shape.at("switches").at(2);
    options_.given = shape.at("switches").at(3);
    options_.split = shape.at("split") == 0 ? ChunkSplit::fixed_time : ChunkSplit::fixed_size;
    options_.quantile = shape.at("quantile");
    options_.record_times = shape.at("record_times");
    options_.chunks = static_cast<int64_t>(time_scales_.size());
    clipped_ = shape.at("clipped").get<std::map<std::string, int64_t>>();
    for (const auto& field : shape.at("numeric"))
      numeric_.push_back({field.at("name"), field.at("unit"), {}});
    for (const auto& field : shape.at("categories")) {
      categories_.push_back({field.at("name"), field.at("values").get<std::vector<int64_t>>(), 0});
    }
  } catch (const json::exception& e) {
    fail(Kind::data, "saved encoder: its description is damaged: {}", e.what());
  }
  if (time_scales_.empty() || chunk_records_.size() != time_scales_.size() || longest_sample_ < 1)
    fail(Kind::data, "saved encoder: its description is damaged: chunks and lengths do not fit");
  services_.load(file);
  for (size_t c = 0; c < time_scales_.size(); ++c) {
    time_scales_[c].start.load(file, chunk_name(c) + ":start");
    time_scales_[c].gap.load(file, chunk_name(c) + ":gap");
    time_scales_[c].records.load(file, chunk_name(c) + ":records");
  }
  for (auto& field : numeric_) field.coder.load(file, "encoder:" + field.name);
  lay_out();
}

void FlowEncoder::save_calibration(H5Writer& file, size_t chunk, const std::string& name) const {
  const auto& calibration = time_scales_[chunk].calibration;
  for (size_t k = 0; k < calibration.size(); ++k) calibration[k].save(file, name + std::to_string(k));
}

void FlowEncoder::load_calibration(const H5Reader& file, size_t chunk, const std::string& name) {
  auto& calibration = time_scales_[chunk].calibration;
  calibration.assign(2 + numeric_.size(), {});
  for (size_t k = 0; k < calibration.size(); ++k) calibration[k].load(file, name + std::to_string(k));
}

}  // namespace bench
