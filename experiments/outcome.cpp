#include "experiments/outcome.h"

#include "core/error.h"
#include "core/files.h"

namespace bench {

using nlohmann::json;

json to_json(const StageOutcome& o) {
  return {{"outcome", o.outcome},         {"phase", o.phase},
          {"message", o.message},         {"wall_seconds", o.wall_seconds},
          {"cpu_seconds", o.cpu_seconds}, {"peak_bytes", o.peak_bytes}};
}

void add_session(const StageOutcome& o, json& record) {
  record["session"] = {{"id", o.session}, {"started", o.started}, {"ended", o.ended}};
}

StageOutcome read_outcome(const std::filesystem::path& file) {
  const json j = json::parse(read_text_file(file), nullptr, false);
  try {
    StageOutcome out{j.at("outcome"),      j.at("phase"),       j.at("message"),
                     j.at("wall_seconds"), j.at("cpu_seconds"), j.at("peak_bytes")};
    const json session = j.value("session", json::object());
    out.session = session.value("id", "");
    out.started = session.value("started", 0.0);
    out.ended = session.value("ended", 0.0);
    const json report = j.value("report", json::object());
    if (report.is_object()) out.privacy = report.value("privacy", json());
    return out;
  } catch (const json::exception&) {
    fail(Kind::data, "{}: is not the record of a stage", file.string());
  }
}

}  // namespace bench
