#include "experiments/generators.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/params.h"
#include "experiments/parameter_files.h"
#include "models/presets.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

struct Made {
  const ModelEntry* entry;
  std::unique_ptr<Params> params;
  std::vector<fs::path> files;
};

Made read(const std::string& name, const json& params, const std::string& where, const fs::path& folder) {
  Made out{find_model(name), nullptr, {}};
  if (out.entry == nullptr) fail(Kind::config, "{}: \"{}\" is not a generator", where, name);
  out.params = out.entry->params();
  Problems problems;
  read_params(*out.params, params, "/params", problems);
  if (!folder.empty()) out.files = resolve_files(*out.params, folder, "/params", problems);
  problems.raise(where);
  return out;
}

}  // namespace

std::unique_ptr<Generator> make_generator(const std::string& name, const json& params,
                                          const std::string& where, const fs::path& folder) {
  const Made made = read(name, params, where, folder);
  return made.entry->make(*made.params);
}

std::vector<fs::path> generator_files(const std::string& name, const json& params, const std::string& where,
                                      const fs::path& folder) {
  return read(name, params, where, folder).files;
}

std::unique_ptr<Params> preset_params(const std::string& name) {
  const Preset* preset = find_preset(name);
  const ModelEntry* entry = find_model(preset == nullptr ? name : preset->model);
  if (entry == nullptr) {
    std::vector<std::string> known;
    for (const auto& m : all_models()) known.emplace_back(m.name);
    fail(Kind::config, "\"{}\" is not a generator{}; known: {}", name, did_you_mean(name, known),
         fmt::join(known, ", "));
  }
  auto params = entry->params();
  Problems problems;
  if (preset != nullptr) read_params(*params, preset->params, "", problems);
  problems.raise("preset " + name);
  return params;
}

std::vector<std::string> direct_parameters(const std::string& name) {
  const auto params = find_model(name)->params();
  return list_names(*params).empty() ? std::vector<std::string>{} : param_names(*params);
}

}  // namespace bench
