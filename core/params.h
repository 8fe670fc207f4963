#pragma once
// Parameters are described once: a struct's describe() walks its fields with a visitor, and the JSON reader,
// the help text, the resolved JSON of a cell and the JSON schema all come from that walk.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct FieldInfo {
  std::string_view name;
  std::string_view unit;    ///< e.g. "records"; empty for a pure number or a name
  std::string_view help;    ///< one line, what the parameter does
  std::string_view source;  ///< where the default comes from (paper, equation); may be empty
};

/// What the texts of a list are.
enum class ListOf {
  files,   ///< names of files
  command  ///< a program and its arguments, some of which may be names of files
};

class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;
  /// lo <= value <= hi.
  virtual void integer(const FieldInfo& info, int64_t& value, int64_t lo, int64_t hi) = 0;
  /// lo <= value <= hi.
  virtual void number(const FieldInfo& info, double& value, double lo, double hi) = 0;
  virtual void flag(const FieldInfo& info, bool& value) = 0;
  /// One of `allowed`; any text where `allowed` is empty.
  virtual void text(const FieldInfo& info, std::string& value, const std::vector<std::string>& allowed) = 0;
  /// In a sweep a list is the value of such a field, and a list of lists an axis.
  virtual void list(const FieldInfo& info, std::vector<std::string>& value, ListOf of) = 0;
};

/// Base of every parameter struct: members with their defaults, and the one walk over them.
class Params {
 public:
  virtual ~Params() = default;
  virtual void describe(FieldVisitor& visitor) = 0;
  /// What is wrong with the fields together, as a sentence, or empty. read_params() reports it.
  virtual std::string contradiction() const { return {}; }
};

/// For a generator or metric without parameters.
class NoParams : public Params {
 public:
  void describe(FieldVisitor&) override {}
};

/// Mistakes found in a JSON document; all of them are reported together.
class Problems {
 public:
  /// `pointer` is a JSON pointer such as "/models/1/params/batch".
  void add(std::string_view pointer, std::string_view message);
  bool empty() const { return lines_.empty(); }
  size_t size() const { return lines_.size(); }
  const std::vector<std::string>& lines() const { return lines_; }
  /// Throws Error(config) that lists every problem; does nothing if there is none.
  void raise(std::string_view file) const;

 private:
  std::vector<std::string> lines_;
};

/// Sets the fields of `params` that occur in `object`; unknown keys, wrong types and values out of range are
/// added to `problems` under `pointer`.
void read_params(Params& params, const nlohmann::json& object, const std::string& pointer,
                 Problems& problems);
/// Every field with its present value.
nlohmann::json resolved_params(Params& params);
/// One paragraph per field: name, default, range, unit, help, source.
std::string params_help(Params& params);
/// JSON Schema (draft 7) of the parameter object.
nlohmann::json params_schema(Params& params);
/// Names of the fields in order.
std::vector<std::string> param_names(Params& params);
/// Names of those whose value is a list.
std::vector<std::string> list_names(Params& params);

/// Parses JSON text; duplicate keys and syntax errors end in Error(config) that names `file` and the place.
nlohmann::json parse_json(std::string_view text, const std::string& file);
/// The same for a file. Throws Error(io) if it cannot be read.
nlohmann::json read_json_file(const std::string& path);

/// " (did you mean 'x'?)" for the nearest candidate within two edits or a third of the length, else "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);
/// Reports every key of `object` that is not in `allowed`. Adds a problem if `object` is not an object.
void check_keys(const nlohmann::json& object, const std::string& pointer,
                const std::vector<std::string>& allowed, Problems& problems);
/// "a JSON type in words", e.g. "a string".
std::string_view json_type(const nlohmann::json& value);
/// Appends a key to a JSON pointer with the escapes of RFC 6901.
std::string join_pointer(const std::string& pointer, std::string_view key);

}  // namespace bench
