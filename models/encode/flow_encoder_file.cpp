// Saving and loading of a FlowEncoder: scales as columns, the rest as one JSON attribute.

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/h5.h"
#include "models/encode/flow_encoder.h"

namespace bench {

using nlohmann::json;

void FlowEncoder::save(H5Writer& file) const {
  json labels = json::array();
  for (const auto& label : labels_) labels.push_back({{"name", label.name}, {"names", label.names}});
  json numeric = json::array();
  for (const auto& field : numeric_) numeric.push_back({{"name", field.name}, {"unit", field.unit}});
  json categories = json::array();
  for (const auto& field : categories_)
    categories.push_back({{"name", field.name}, {"values", field.values}});
  const json shape{{"kind", kind_name(kind_)},
                   {"has_time", has_time_},
                   {"window", {window_begin_, window_end_}},
                   {"start_unit", start_.unit},
                   {"labels", labels},
                   {"longest", {longest_sample_, longest_flow_}},
                   {"rules", {length_rule_, bytes_rule_}},
                   {"ports", options_.ports.encoding},
                   {"protocols", protocols_},
                   {"numeric", numeric},
                   {"categories", categories}};
  file.attribute("encoder", shape.dump(-1, ' ', true, json::error_handler_t::replace));
  srcport_->save(file, "encoder:srcport");
  dstport_->save(file, "encoder:dstport");
  const auto save_field = [&](const NumericField& field) {
    field.coder.save(file, "encoder:" + field.name);
    field.calibration.save(file, "encoder:" + field.name + ":calibration");
  };
  save_field(start_);
  for (const auto& field : numeric_) save_field(field);
}

void FlowEncoder::load(const H5Reader& file) {
  double start_unit = 1;
  try {
    const json shape = json::parse(file.attribute("encoder"));
    kind_ = shape.at("kind") == "flows" ? TraceKind::flows : TraceKind::packets;
    has_time_ = shape.at("has_time");
    window_begin_ = shape.at("window").at(0);
    window_end_ = shape.at("window").at(1);
    labels_.clear();
    for (const auto& label : shape.at("labels")) labels_.push_back({label.at("name"), label.at("names"), {}});
    start_unit = shape.at("start_unit");
    longest_sample_ = shape.at("longest").at(0);
    longest_flow_ = shape.at("longest").at(1);
    length_rule_ = shape.at("rules").at(0);
    bytes_rule_ = shape.at("rules").at(1);
    options_ = {};
    options_.ports.encoding = shape.at("ports");
    protocols_ = shape.at("protocols").get<std::vector<int64_t>>();
    numeric_.clear();
    for (const auto& field : shape.at("numeric"))
      numeric_.push_back({field.at("name"), field.at("unit"), {}, {}});
    categories_.clear();
    for (const auto& field : shape.at("categories")) {
      categories_.push_back({field.at("name"), field.at("values").get<std::vector<int64_t>>(), 0});
    }
  } catch (const json::exception& e) {
    fail(Kind::data, "saved encoder: its description is damaged: {}", e.what());
  }
  srcport_ = make_port_encoder(options_.ports);
  dstport_ = make_port_encoder(options_.ports);
  srcport_->load(file, "encoder:srcport");
  dstport_->load(file, "encoder:dstport");
  const auto load_field = [&](NumericField& field) {
    field.coder.load(file, "encoder:" + field.name);
    field.calibration.load(file, "encoder:" + field.name + ":calibration");
  };
  start_ = {"start", start_unit, {}, {}};
  load_field(start_);
  for (auto& field : numeric_) load_field(field);
  lay_out();
}

}  // namespace bench
