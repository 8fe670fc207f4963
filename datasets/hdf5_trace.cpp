#include "datasets/hdf5_trace.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/h5.h"

namespace bench {

void write_hdf5_trace(const Trace& trace, const std::filesystem::path& path, std::string_view role) {
  H5Writer file(path);
  file.attribute("kind", std::string(kind_name(trace.kind)));
  file.attribute("role", std::string(role));
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    if (!column.empty()) file.column(std::string(name), column);
  });
  nlohmann::json labels = nlohmann::json::array();
  for (const auto& label : trace.labels) {
    labels.push_back({{"name", label.name}, {"names", label.names}});
    file.column("label:" + label.name, label.codes);
  }
  file.attribute("labels", labels.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  file.finish();
}

Trace read_hdf5_trace(const std::filesystem::path& path, std::string_view role) {
  const H5Reader file(path);
  if (!role.empty() && file.attribute("role") != role) {
    fail(Kind::data, "{}: is a {} file, not a {} file", path.string(), file.attribute("role"), role);
  }
  Trace trace;
  const std::string kind = file.attribute("kind");
  if (kind != "packets" && kind != "flows")
    fail(Kind::data, "{}: kind is '{}'; packets or flows would be right", path.string(), kind);
  trace.kind = kind == "flows" ? TraceKind::flows : TraceKind::packets;
  for_each_column(trace, [&]<typename Column>(std::string_view name, Column& column) {
    if (file.has_column(std::string(name)))
      column = file.column<typename Column::value_type>(std::string(name));
  });
  const auto labels = nlohmann::json::parse(file.attribute("labels"), nullptr, false);
  if (!labels.is_array()) fail(Kind::data, "{}: attribute labels is damaged", path.string());
  for (const auto& label : labels) {
    if (!label.is_object() || !label.contains("name") || !label.contains("names")) {
      fail(Kind::data, "{}: attribute labels is damaged", path.string());
    }
    LabelColumn column{label["name"], label["names"], {}};
    column.codes = file.column<int32_t>("label:" + column.name);
    trace.labels.push_back(std::move(column));
  }
  check_trace(trace, path.string());
  return trace;
}

}  // namespace bench
