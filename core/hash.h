#pragma once
// Content keys: XXH3-128 as 32 hexadecimal digits.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace bench {

std::string hash_text(std::string_view text);
/// Hash of the canonical text (sorted keys, no spaces) of a JSON value.
std::string hash_json(const nlohmann::json& value);
/// Hash of a file's bytes. Throws Error(io).
std::string hash_file(const std::filesystem::path& path);

}  // namespace bench
