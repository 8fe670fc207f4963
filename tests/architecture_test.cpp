// The arrows of ARCHITECTURE.md: core <- datasets <- { models | metrics | downstream } <- experiments.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;
const fs::path kRoot = HEADERBENCH_ROOT;

const std::map<std::string, std::set<std::string>>& allowed() {
  static const std::map<std::string, std::set<std::string>> arrows{
      {"core", {"core"}},
      {"datasets", {"core", "datasets"}},
      {"models", {"core", "datasets", "models"}},
      {"metrics", {"core", "datasets", "metrics"}},
      {"downstream", {"core", "datasets", "downstream"}},
      {"experiments", {"core", "datasets", "models", "metrics", "downstream", "experiments"}}};
  return arrows;
}

template <typename F>
void for_each_include(F&& f) {
  static const std::regex include("^#include [<\"]([^>\"]+)[>\"]");
  for (const auto& [folder, targets] : allowed()) {
    if (!fs::exists(kRoot / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      std::smatch match;
      for (std::string line; std::getline(file, line);) {
        if (std::regex_search(line, match, include)) f(folder, entry.path(), match[1].str());
      }
    }
  }
}

TEST(Architecture, IncludesPointDownOnly) {
  int seen = 0;
  for_each_include([&](const std::string& folder, const fs::path& file, const std::string& included) {
    const std::string target = included.substr(0, included.find('/'));
    if (!allowed().contains(target)) return;
    ++seen;
    EXPECT_TRUE(allowed().at(folder).contains(target)) << file << " includes " << included;
  });
  EXPECT_GT(seen, 100);
}

TEST(Architecture, LibTorchStaysInModels) {
  for_each_include([&](const std::string& folder, const fs::path& file, const std::string& included) {
    if (!included.starts_with("torch/") && !included.starts_with("ATen/") && !included.starts_with("c10/"))
      return;
    EXPECT_EQ(folder, "models") << file;
    const std::string below = fs::relative(file, kRoot / "models").begin()->string();
    EXPECT_NE(below, "encode") << file;
    if (file.extension() == ".h") {
      EXPECT_FALSE(fs::relative(file, kRoot / "models").parent_path().empty())
          << file << ": a LibTorch header costs 17 s";
    }
  });
}

// Two types of one name in one namespace are one type to the linker, and either's functions serve both.
TEST(Architecture, TypesOfHeadersHaveNamesOfTheirOwn) {
  static const std::regex space("^namespace ([a-z:]+) \\{");
  static const std::regex type("^(struct|class|enum class) ([A-Za-z]+)( final)?( :|\\s*\\{)");
  std::map<std::string, fs::path> seen;
  for (const auto& [folder, targets] : allowed()) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream file(entry.path());
      std::string inside;
      std::smatch match;
      for (std::string line; std::getline(file, line);) {
        if (std::regex_search(line, match, space)) inside = match[1].str();
        if (!std::regex_search(line, match, type)) continue;
        const auto [first, fresh] = seen.emplace(inside + "::" + match[2].str(), entry.path());
        EXPECT_TRUE(fresh) << first->first << " is in " << first->second << " and in " << entry.path();
      }
    }
  }
  EXPECT_GT(seen.size(), 100u);
}

TEST(Architecture, EveryTestIsBuilt) {
  std::string lists;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot)) {
    if (entry.path().string().find("/build/") != std::string::npos) continue;
    if (entry.path().filename() != "CMakeLists.txt" && entry.path().extension() != ".cmake") continue;
    std::ifstream file(entry.path());
    lists += std::string(std::istreambuf_iterator<char>(file), {});
  }
  for (const auto& [folder, targets] : allowed()) {
    if (!fs::exists(kRoot / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string name = entry.path().filename();
      if (name.ends_with("_test.cpp")) {
        EXPECT_NE(lists.find(name), std::string::npos) << entry.path() << " is in no CMakeLists.txt";
      }
    }
  }
}

}  // namespace
