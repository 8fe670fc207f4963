#include "experiments/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/error.h"
#include "core/params.h"
#include "experiments/generators.h"
#include "models/model.h"
#include "models/presets.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// The part of JSON Schema that our schemas use. A keyword that it does not know fails the test.
class Validator {
 public:
  explicit Validator(const json& root) : root_(root) {}
  bool fits(const json& value) const { return fits(value, root_); }

 private:
  static bool has_type(const json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "number") return value.is_number();
    EXPECT_EQ(type, "integer");
    return value.is_number_integer() || (value.is_number_float() && std::floor(value.get<double>()) == value);
  }

  bool fits(const json& value, const json& schema) const {
    for (const auto& [keyword, rule] : schema.items()) {
      if (!keyword_fits(value, schema, keyword, rule)) return false;
    }
    return true;
  }

  bool keyword_fits(const json& value, const json& schema, const std::string& keyword,
                    const json& rule) const {
    if (keyword == "type") return has_type(value, rule);
    if (keyword == "const") return value == rule;
    if (keyword == "enum") return std::find(rule.begin(), rule.end(), value) != rule.end();
    if (keyword == "anyOf")
      return std::any_of(rule.begin(), rule.end(), [&](const json& s) { return fits(value, s); });
    if (keyword == "$ref")
      return fits(value, root_.at(json::json_pointer(rule.get<std::string>().substr(1))));
    if (keyword == "minimum") return !value.is_number() || value.get<double>() >= rule.get<double>();
    if (keyword == "maximum") return !value.is_number() || value.get<double>() <= rule.get<double>();
    if (keyword == "minItems") return !value.is_array() || value.size() >= rule.get<size_t>();
    if (keyword == "items")
      return !value.is_array() ||
             std::all_of(value.begin(), value.end(), [&](const json& item) { return fits(item, rule); });
    if (keyword == "required")
      return !value.is_object() ||
             std::all_of(rule.begin(), rule.end(), [&](const json& key) { return value.contains(key); });
    if (keyword == "properties") {
      for (const auto& [key, part] : rule.items()) {
        if (value.is_object() && value.contains(key) && !fits(value[key], part)) return false;
      }
      return true;
    }
    if (keyword == "additionalProperties") {
      if (!value.is_object()) return true;
      for (const auto& [key, part] : value.items()) {
        if (schema.value("properties", json::object()).contains(key)) continue;
        if (rule.is_boolean() ? !rule.get<bool>() : !fits(part, rule)) return false;
      }
      return true;
    }
    EXPECT_THAT((std::vector<std::string>{"default", "description", "title", "$schema", "definitions"}),
                ::testing::Contains(keyword));
    return true;
  }

  const json& root_;
};

TEST(Schema, EveryGeneratorIsDescribedByItsParametersOnly) {
  for (const auto& entry : all_models()) {
    const json schema = generator_schema(std::string(entry.name));
    const auto params = entry.params();
    std::vector<std::string> names;
    for (const auto& [key, field] : schema["properties"].items()) {
      names.push_back(key);
      EXPECT_NE(field.value("description", ""), "") << entry.name << "/" << key;
    }
    EXPECT_THAT(names, ::testing::UnorderedElementsAreArray(param_names(*params)));
    const json defaults = resolved_params(*params);
    EXPECT_TRUE(Validator(schema).fits(defaults)) << entry.name;
    for (const auto& name : names) {
      EXPECT_EQ(schema["properties"][name]["default"], defaults[name]);
      EXPECT_THAT(params_help(*params), ::testing::HasSubstr("  " + name + " = "));
    }
    json wrong = defaults;
    wrong["no_such_parameter"] = 1;
    EXPECT_FALSE(Validator(schema).fits(wrong));
  }
  EXPECT_THROW(generator_schema("nobody"), Error);
  for (const auto& preset : all_presets())
    EXPECT_TRUE(Validator(generator_schema(preset.name)).fits(preset.params)) << preset.name;
}

TEST(Schema, ShippedSweepsFitAndMistakesDoNot) {
  const json schema = sweep_schema();
  const Validator validator(schema);
  int seen = 0;
  for (const char* folder : {"experiments/sweeps", "examples"}) {
    for (const auto& file : fs::directory_iterator(fs::path(HEADERBENCH_ROOT) / folder)) {
      if (file.path().extension() != ".json") continue;
      ++seen;
      EXPECT_TRUE(validator.fits(read_json_file(file.path()))) << file.path();
    }
  }
  EXPECT_GE(seen, 10);

  const json good{{"datasets", {"ugr16-surrogate", {{"name", "caida-surrogate"}, {"records", {100, 200}}}}},
                  {"models",
                   {"netshare-smoke",
                    {{"name", "netshare"}, {"params", {{"lr", {0.1, 0.2}}}}},
                    {{"name", "external"}, {"command", {"cp", "{train}", "{output}"}}}}},
                  {"sampling", {{"count", 10}}}};
  EXPECT_TRUE(validator.fits(good));
  const auto wrong = [&](const char* pointer, const json& value) {
    json document = good;
    document[json::json_pointer(pointer)] = value;
    EXPECT_FALSE(validator.fits(document)) << pointer;
  };
  wrong("/datasets/0", "ugr61");
  wrong("/datasets/1/recods", 1);
  wrong("/datasets/1/records/0", 1);
  wrong("/datasets/1/canaries", -1);
  wrong("/models", json::array());
  wrong("/models/1/name", "netshaer");
  wrong("/models/1/params/lr/0", "fast");
  wrong("/models/1/command", {"cp"});
  wrong("/models/2/command", "cp");
  wrong("/sampling/count", "all");
  wrong("/limits", {{"memory_gb", -1}});
  wrong("/nam", "x");
}

}  // namespace
}  // namespace bench
