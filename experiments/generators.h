#pragma once
// A generator from what a sweep or a stage's record says about it.

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "models/model.h"

namespace bench {

/// The generator of that registry name with the parameters `params`. Cheap: nothing is trained or read.
/// Throws Error(config) that names `where` if the name or a parameter is wrong.
std::unique_ptr<Generator> make_generator(const std::string& name, const nlohmann::json& params,
                                          const std::string& where);

}  // namespace bench
