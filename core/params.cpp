#include "core/params.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.h"

namespace bench {
namespace {

using nlohmann::json;

class Reader : public FieldVisitor {
 public:
  Reader(const json& object, const std::string& pointer, Problems& problems)
      : object_(object), pointer_(pointer), problems_(problems) {}

  void integer(const FieldInfo& info, int64_t& value, int64_t lo, int64_t hi) override {
    const json* j = find(info);
    if (j == nullptr) return;
    const bool whole =
        j->is_number_integer() || (j->is_number_float() && std::floor(j->get<double>()) == j->get<double>() &&
                                   std::abs(j->get<double>()) < 9e15);
    if (!whole || (j->is_number_unsigned() && j->get<uint64_t>() > INT64_MAX))
      return wrong(info, *j, "an integer");
    const auto v = j->get<int64_t>();
    if (v < lo || v > hi) return wrong(info, *j, fmt::format("an integer from {} to {}", lo, hi));
    value = v;
  }
  void number(const FieldInfo& info, double& value, double lo, double hi) override {
    const json* j = find(info);
    if (j == nullptr) return;
    if (!j->is_number()) return wrong(info, *j, "a number");
    const auto v = j->get<double>();
    if (!(v >= lo && v <= hi)) return wrong(info, *j, fmt::format("a number from {} to {}", lo, hi));
    value = v;
  }
  void flag(const FieldInfo& info, bool& value) override {
    const json* j = find(info);
    if (j == nullptr) return;
    if (!j->is_boolean()) return wrong(info, *j, "true or false");
    value = j->get<bool>();
  }
  void text(const FieldInfo& info, std::string& value, const std::vector<std::string>& allowed) override {
    const json* j = find(info);
    if (j == nullptr) return;
    if (!j->is_string()) return wrong(info, *j, "a string");
    const auto v = j->get<std::string>();
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), v) == allowed.end()) {
      problems_.add(
          join_pointer(pointer_, info.name),
          fmt::format("\"{}\" is not one of {}{}", v, fmt::join(allowed, ", "), did_you_mean(v, allowed)));
      return;
    }
    value = v;
  }
  void list(const FieldInfo& info, std::vector<std::string>& value, ListOf) override {
    const json* j = find(info);
    if (j == nullptr) return;
    const bool good =
        j->is_array() && std::all_of(j->begin(), j->end(), [](const json& item) { return item.is_string(); });
    if (!good) return wrong(info, *j, "a list of strings");
    value = j->get<std::vector<std::string>>();
  }

 private:
  const json* find(const FieldInfo& info) const {
    const auto it = object_.find(std::string(info.name));
    return it == object_.end() ? nullptr : &*it;
  }
  void wrong(const FieldInfo& info, const json& j, std::string_view expected) {
    problems_.add(join_pointer(pointer_, info.name), fmt::format("{} is not {}", j.dump(), expected));
  }
  const json& object_;
  const std::string& pointer_;
  Problems& problems_;
};

class Resolver : public FieldVisitor {
 public:
  json out = json::object();
  void integer(const FieldInfo& info, int64_t& value, int64_t, int64_t) override {
    out[std::string(info.name)] = value;
  }
  void number(const FieldInfo& info, double& value, double, double) override {
    out[std::string(info.name)] = value;
  }
  void flag(const FieldInfo& info, bool& value) override { out[std::string(info.name)] = value; }
  void text(const FieldInfo& info, std::string& value, const std::vector<std::string>&) override {
    out[std::string(info.name)] = value;
  }
  void list(const FieldInfo& info, std::vector<std::string>& value, ListOf) override {
    out[std::string(info.name)] = value;
  }
};

class Helper : public FieldVisitor {
 public:
  std::string out;
  void integer(const FieldInfo& info, int64_t& value, int64_t lo, int64_t hi) override {
    add(info, fmt::format("{}", value), fmt::format("{} .. {}", lo, hi));
  }
  void number(const FieldInfo& info, double& value, double lo, double hi) override {
    add(info, fmt::format("{}", value), fmt::format("{} .. {}", lo, hi));
  }
  void flag(const FieldInfo& info, bool& value) override {
    add(info, value ? "true" : "false", "true | false");
  }
  void text(const FieldInfo& info, std::string& value, const std::vector<std::string>& allowed) override {
    add(info, "\"" + value + "\"", allowed.empty() ? "text" : fmt::format("{}", fmt::join(allowed, " | ")));
  }
  void list(const FieldInfo& info, std::vector<std::string>& value, ListOf of) override {
    add(info, json(value).dump(),
        of == ListOf::files ? "list of files" : "list: a program and its arguments");
  }

 private:
  void add(const FieldInfo& info, const std::string& value, const std::string& range) {
    out += fmt::format("  {} = {}{}{}   [{}]\n      {}", info.name, value, info.unit.empty() ? "" : " ",
                       info.unit, range, info.help);
    if (!info.source.empty()) out += fmt::format(" ({})", info.source);
    out += "\n";
  }
};

class Schema : public FieldVisitor {
 public:
  json properties = json::object();
  void integer(const FieldInfo& info, int64_t& value, int64_t lo, int64_t hi) override {
    add(info, {{"type", "integer"}, {"default", value}, {"minimum", lo}, {"maximum", hi}});
  }
  void number(const FieldInfo& info, double& value, double lo, double hi) override {
    add(info, {{"type", "number"}, {"default", value}, {"minimum", lo}, {"maximum", hi}});
  }
  void flag(const FieldInfo& info, bool& value) override {
    add(info, {{"type", "boolean"}, {"default", value}});
  }
  void text(const FieldInfo& info, std::string& value, const std::vector<std::string>& allowed) override {
    json entry{{"type", "string"}, {"default", value}};
    if (!allowed.empty()) entry["enum"] = allowed;
    add(info, entry);
  }
  void list(const FieldInfo& info, std::vector<std::string>& value, ListOf) override {
    add(info, {{"type", "array"}, {"items", {{"type", "string"}}}, {"default", value}});
  }

 private:
  void add(const FieldInfo& info, json entry) {
    std::string text(info.help);
    if (!info.unit.empty()) text += fmt::format(" [{}]", info.unit);
    if (!info.source.empty()) text += fmt::format(" ({})", info.source);
    entry["description"] = text;
    properties[std::string(info.name)] = entry;
  }
};

/// Names of the fields in order.
class Names : public FieldVisitor {
 public:
  std::vector<std::string> all, lists;
  void integer(const FieldInfo& info, int64_t&, int64_t, int64_t) override { all.emplace_back(info.name); }
  void number(const FieldInfo& info, double&, double, double) override { all.emplace_back(info.name); }
  void flag(const FieldInfo& info, bool&) override { all.emplace_back(info.name); }
  void text(const FieldInfo& info, std::string&, const std::vector<std::string>&) override {
    all.emplace_back(info.name);
  }
  void list(const FieldInfo& info, std::vector<std::string>&, ListOf) override {
    all.emplace_back(info.name);
    lists.emplace_back(info.name);
  }
};

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t next = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = row[j];
      row[j] = next;
    }
  }
  return row[b.size()];
}

}  // namespace

void Problems::add(std::string_view pointer, std::string_view message) {
  lines_.push_back(fmt::format("{}: {}", pointer.empty() ? "/" : pointer, message));
}

void Problems::raise(std::string_view file) const {
  if (lines_.empty()) return;
  if (lines_.size() == 1) fail(Kind::config, "{}: {}", file, lines_[0]);
  fail(Kind::config, "{}: {} problems\n  {}", file, lines_.size(), fmt::join(lines_, "\n  "));
}

void read_params(Params& params, const json& object, const std::string& pointer, Problems& problems) {
  check_keys(object, pointer, param_names(params), problems);
  if (!object.is_object()) return;
  Reader reader(object, pointer, problems);
  const bool sound = problems.empty();
  params.describe(reader);
  const std::string contradiction = sound && problems.empty() ? params.contradiction() : "";
  if (!contradiction.empty()) problems.add(pointer, contradiction);
}

json resolved_params(Params& params) {
  Resolver resolver;
  params.describe(resolver);
  return resolver.out;
}

std::string params_help(Params& params) {
  Helper helper;
  params.describe(helper);
  return helper.out;
}

json params_schema(Params& params) {
  Schema schema;
  params.describe(schema);
  return {{"type", "object"}, {"properties", schema.properties}, {"additionalProperties", false}};
}

std::vector<std::string> param_names(Params& params) {
  Names names;
  params.describe(names);
  return names.all;
}

std::vector<std::string> list_names(Params& params) {
  Names names;
  params.describe(names);
  return names.lists;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  size_t best = std::max<size_t>(2, word.size() / 3) + 1;
  const std::string* nearest = nullptr;
  for (const auto& c : candidates) {
    const size_t d = edit_distance(word, c);
    if (d < best) {
      best = d;
      nearest = &c;
    }
  }
  return nearest == nullptr ? "" : fmt::format(" (did you mean \"{}\"?)", *nearest);
}

void check_keys(const json& object, const std::string& pointer, const std::vector<std::string>& allowed,
                Problems& problems) {
  if (!object.is_object()) {
    problems.add(pointer, fmt::format("{} is not an object", object.dump()));
    return;
  }
  for (const auto& [key, value] : object.items()) {
    if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
    problems.add(join_pointer(pointer, key),
                 allowed.empty() ? "unknown key; none is taken here"
                                 : fmt::format("unknown key{}; known: {}", did_you_mean(key, allowed),
                                               fmt::join(allowed, ", ")));
  }
}

std::string_view json_type(const json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  if (value.is_string()) return "a string";
  if (value.is_boolean()) return "a boolean";
  if (value.is_number()) return "a number";
  return "null";
}

std::string join_pointer(const std::string& pointer, std::string_view key) {
  std::string out = pointer + "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace bench
