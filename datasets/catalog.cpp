#include "datasets/catalog.h"

#include <fmt/ranges.h>

#include <cassert>

#include "core/error.h"
#include "core/params.h"
#include "datasets/surrogate/profile.h"

namespace bench {

/// Defined by the build: catalog/*.json as (name, text), in the order of reports.
const std::vector<std::pair<std::string_view, std::string_view>>& embedded_catalog();

namespace {

namespace fs = std::filesystem;

/// Reads the fields of one descriptor and collects what is wrong with it.
class Reader {
 public:
  Reader(const nlohmann::json& object, Problems& problems) : object_(object), problems_(problems) {}

  std::string text(const char* key) {
    const auto at = object_.find(key);
    if (at != object_.end() && at->is_string() && !at->get<std::string>().empty())
      return at->get<std::string>();
    problem(key, "must be a text that is not empty");
    return {};
  }

  std::vector<std::string> texts(const char* key) {
    const auto at = object_.find(key);
    std::vector<std::string> values;
    bool good = at != object_.end() && at->is_array();
    for (size_t i = 0; good && i < at->size(); ++i) {
      good = (*at)[i].is_string();
      if (good) values.push_back((*at)[i].get<std::string>());
    }
    if (!good) problem(key, "must be a list of texts");
    return values;
  }

  /// Index of the key's value in `allowed`, 0 with a problem if it is none of them.
  size_t one_of(const char* key, const std::vector<std::string>& allowed) {
    const std::string value = text(key);
    for (size_t i = 0; i < allowed.size(); ++i)
      if (allowed[i] == value) return i;
    problem(key, fmt::format("must be one of {}, not '{}'", fmt::join(allowed, ", "), value));
    return 0;
  }

  void problem(const char* key, std::string_view message) { problems_.add(join_pointer("", key), message); }

 private:
  const nlohmann::json& object_;
  Problems& problems_;
};

std::vector<std::string> format_ids() {
  std::vector<std::string> ids{"auto"};
  for (const FormatEntry& format : all_formats()) ids.emplace_back(format.id);
  return ids;
}

/// The columns that simulate() fills for a profile.
std::vector<std::string> simulated_columns(const surrogate::Profile& profile) {
  std::vector<std::string> columns{"srcip", "dstip", "srcport", "dstport", "proto"};
  const auto add = [&](std::initializer_list<const char*> names) {
    columns.insert(columns.end(), names.begin(), names.end());
  };
  if (profile.has_time) add({"time"});
  if (profile.kind == TraceKind::packets) add({"length"});
  if (profile.has_header) add({"tos", "id", "ip_flags", "fragment_offset", "ttl"});
  if (profile.kind == TraceKind::flows) add({"duration", "packets", "bytes"});
  if (profile.has_tcp_flags) add({"tcp_flags"});
  return columns;
}

DatasetEntry surrogate_entry(const surrogate::Profile& profile) {
  DatasetEntry entry;
  entry.name = profile.name;
  entry.summary = profile.summary;
  entry.kind = profile.kind;
  entry.surrogate = true;
  entry.columns = simulated_columns(profile);
  entry.labels = profile.label_columns;
  // Without a time column the order of the records says nothing, as in TON_IoT itself.
  entry.split = profile.has_time ? SplitOrder::file : SplitOrder::random;
  return entry;
}

std::vector<DatasetEntry> load_catalog() {
  std::vector<DatasetEntry> entries;
  for (const auto& [name, text] : embedded_catalog()) entries.push_back(parse_dataset_entry(name, text));
  const size_t real = entries.size();
  for (const surrogate::Profile& profile : surrogate::all_profiles()) {
    entries.push_back(surrogate_entry(profile));
    for (size_t i = 0; i < real; ++i) {
      if (entries.back().name == entries[i].name + "-surrogate") entries.back().rules = entries[i].rules;
    }
  }
  return entries;
}

}  // namespace

DatasetEntry parse_dataset_entry(std::string_view name, std::string_view text) {
  const std::string file = fmt::format("datasets/catalog/{}.json", name);
  const nlohmann::json object = parse_json(text, file);
  Problems problems;
  check_keys(object, "",
             {"name", "kind", "summary", "origin", "window", "columns", "labels", "licence", "download",
              "files", "format", "split", "rules"},
             problems);
  problems.raise(file);
  Reader reader(object, problems);
  DatasetEntry entry;
  entry.name = reader.text("name");
  if (entry.name != name) reader.problem("name", fmt::format("must be the file's name '{}'", name));
  entry.kind = reader.one_of("kind", {"packets", "flows"}) == 0 ? TraceKind::packets : TraceKind::flows;
  entry.summary = reader.text("summary");
  entry.origin = reader.text("origin");
  entry.window = reader.text("window");
  entry.columns = reader.texts("columns");
  entry.labels = reader.texts("labels");
  if (object.contains("rules")) entry.rules = fmt::format("{}\n", fmt::join(reader.texts("rules"), "\n"));
  entry.licence = reader.text("licence");
  entry.download = reader.text("download");
  entry.files = reader.texts("files");
  if (entry.files.empty()) reader.problem("files", "must name at least one file");
  const std::vector<std::string> formats = format_ids();
  entry.format = formats[reader.one_of("format", formats)];
  constexpr SplitOrder orders[] = {SplitOrder::file, SplitOrder::time, SplitOrder::random};
  entry.split = orders[reader.one_of("split", {"file", "time", "random"})];
  problems.raise(file);
  return entry;
}

const std::vector<DatasetEntry>& all_datasets() {
  static const std::vector<DatasetEntry> list = load_catalog();
  return list;
}

const DatasetEntry* find_dataset(std::string_view name) {
  for (const DatasetEntry& entry : all_datasets())
    if (entry.name == name) return &entry;
  return nullptr;
}

fs::path find_dataset_file(const DatasetEntry& entry, const fs::path& data_folder) {
  assert(!entry.surrogate && "a surrogate is simulated, it has no file");
  if (data_folder.empty())
    fail(Kind::io,
         "Dataset '{0}' needs the folder with the real data: give --data DIR or set HEADERBENCH_DATA and put "
         "one of "
         "{1} there (download: {2}); '{0}-surrogate' needs no data.",
         entry.name, fmt::join(entry.files, ", "), entry.download);
  std::error_code ignored;
  for (const std::string& file : entry.files)
    if (fs::is_regular_file(data_folder / file, ignored)) return data_folder / file;
  fail(Kind::io,
       "Dataset '{0}' was not found in {1}: one of {2} is expected there (download: {3}); '{0}-surrogate' "
       "needs no "
       "data.",
       entry.name, fs::absolute(data_folder).lexically_normal().string(), fmt::join(entry.files, ", "),
       entry.download);
}

}  // namespace bench
