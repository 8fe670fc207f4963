#include "experiments/generators.h"

#include "core/error.h"
#include "core/params.h"

namespace bench {

std::unique_ptr<Generator> make_generator(const std::string& name, const nlohmann::json& params,
                                          const std::string& where) {
  const ModelEntry* entry = find_model(name);
  if (entry == nullptr) fail(Kind::config, "{}: \"{}\" is not a generator", where, name);
  const auto resolved = entry->params();
  Problems problems;
  read_params(*resolved, params, "/params", problems);
  problems.raise(where);
  return entry->make(*resolved);
}

}  // namespace bench
