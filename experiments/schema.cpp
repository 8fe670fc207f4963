#include "experiments/schema.h"

#include "experiments/cards.h"
#include "experiments/generators.h"
#include "experiments/sweep_params.h"
#include "models/presets.h"

namespace bench {
namespace {

using nlohmann::json;

constexpr auto kDraft = "http://json-schema.org/draft-07/schema#";

json list_of(const json& items) { return {{"type", "array"}, {"items", items}}; }
json either(const json& one, const json& other) { return {{"anyOf", {one, other}}}; }
json text() { return {{"type", "string"}}; }

json object_of(const json& properties, const std::vector<std::string>& required = {}) {
  json out{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = required;
  return out;
}

/// A parameter object whose fields may be axes.
json with_axes(const json& schema) {
  json properties = json::object();
  for (const auto& [key, field] : schema.at("properties").items()) {
    json wrapped = object_of({{"value", field}}, {"value"});
    properties[key] = {{"anyOf", {field, list_of(field), wrapped}}};
    if (field.contains("description")) properties[key]["description"] = field["description"];
  }
  return object_of(properties);
}

json datasets() {
  json names = json::array();
  json forms = json::array();
  for (const bool surrogate : {false, true}) {
    json of_this_form = json::array();
    DatasetSpec spec;
    for (const auto& entry : all_datasets()) {
      if (entry.surrogate != surrogate) continue;
      of_this_form.push_back(entry.name);
      names.push_back(entry.name);
      spec.entry = &entry;
    }
    DatasetParams params(spec);
    json fields = with_axes(params_schema(params));
    fields["properties"]["name"] = {{"enum", of_this_form}};
    fields["properties"]["columns"] = {{"type", "object"}, {"additionalProperties", text()}};
    fields["properties"]["otherwise"] = {{"$ref", "#/definitions/dataset"}};
    fields["required"] = {"name"};
    forms.push_back(fields);
  }
  forms.push_back({{"enum", names}});
  return {{"anyOf", forms}};
}

json models() {
  json names = json::array();
  json forms = json::array();
  for (const auto& entry : all_models()) {
    json own = json::array({entry.name});
    json presets = json::array();
    for (const auto& preset : all_presets()) {
      if (preset.model == entry.name) presets.push_back(preset.name);
    }
    own.insert(own.end(), presets.begin(), presets.end());
    names.insert(names.end(), own.begin(), own.end());
    const auto params = entry.params();
    const json fields = with_axes(params_schema(*params));
    json properties{{"name", {{"enum", own}}}, {"label", text()}, {"params", fields}};
    if (entry.make(*params)->takes_flows()) properties["flows"] = text();
    properties["public"] = text();
    if (!presets.empty()) properties["preset"] = {{"enum", presets}};
    for (const auto& key : direct_parameters(std::string(entry.name)))
      properties[key] = fields["properties"][key];
    forms.push_back(object_of(properties, {"name"}));
  }
  forms.push_back({{"enum", names}});
  return {{"anyOf", forms}};
}

json metrics() { return {{"enum", metric_names()}}; }

json tasks() {
  json names = json::array();
  json forms = json::array();
  for (const auto& task : all_tasks()) {
    names.push_back(task.id);
    forms.push_back(object_of(
        {{"name", {{"const", task.id}}}, {"params", with_axes(params_schema(*task.params()))}}, {"name"}));
  }
  forms.push_back({{"enum", names}});
  return {{"anyOf", forms}};
}

json count_from_one(int64_t most) { return {{"type", "integer"}, {"minimum", 1}, {"maximum", most}}; }

}  // namespace

json generator_schema(const std::string& name) {
  json out = params_schema(*preset_params(name));
  out["$schema"] = kDraft;
  out["title"] = name;
  return out;
}

json sweep_schema() {
  Sweep sweep;
  TopParams top(sweep);
  LimitParams limits(sweep.limits);
  json out = params_schema(top);
  json& properties = out["properties"];
  properties["limits"] = params_schema(limits);
  properties["datasets"] = list_of({{"$ref", "#/definitions/dataset"}});
  properties["public_data"] = properties["datasets"];
  properties["models"] = list_of(models());
  for (const char* key : {"datasets", "models"}) properties[key]["minItems"] = 1;
  properties["sampling"] = object_of({{"count", either({{"const", "train"}}, count_from_one(INT64_MAX))},
                                      {"repeats", count_from_one(kMostSampleRepeats)}});
  properties["metrics"] = list_of(metrics());
  properties["tasks"] = list_of(tasks());
  const json rule = object_of({{"dataset", text()}, {"model", text()}, {"because", text()}});
  for (const char* key : {"exclude", "include"}) properties[key] = list_of(rule);
  properties["workers"] = list_of(count_from_one(kMostWorkers));
  properties["baselines"] = {{"const", "auto"}};
  out["required"] = {"datasets", "models"};
  out["definitions"] = {{"dataset", datasets()}};
  out["$schema"] = kDraft;
  out["title"] = "A sweep of HeaderBench";
  return out;
}

}  // namespace bench
