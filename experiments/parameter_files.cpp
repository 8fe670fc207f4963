#include "experiments/parameter_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace bench {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

/// A program on the PATH, empty if there is none.
fs::path on_path(const std::string& name) {
  const char* variable = std::getenv("PATH");
  std::istringstream folders(variable == nullptr ? "/usr/bin:/bin" : variable);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path program = fs::path(folder.empty() ? "." : folder) / name;
    if (is_file(program) && ::access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

class Resolver : public FieldVisitor {
 public:
  Resolver(const fs::path& folder, const std::string& pointer, Problems& problems)
      : folder_(folder), pointer_(pointer), problems_(problems) {}
  std::vector<fs::path> files;

  void integer(const FieldInfo&, int64_t&, int64_t, int64_t) override {}
  void number(const FieldInfo&, double&, double, double) override {}
  void flag(const FieldInfo&, bool&) override {}
  void text(const FieldInfo&, std::string&, const std::vector<std::string>&) override {}
  void list(const FieldInfo& info, std::vector<std::string>& value, ListOf of) override {
    const std::string at = join_pointer(pointer_, info.name);
    for (size_t i = 0; i < value.size(); ++i) {
      if (of == ListOf::command && i == 0) {
        program(at, value[i]);
        continue;
      }
      const fs::path path = folder_ / value[i];
      if (is_file(path)) {
        files.push_back(path);
        value[i] = path.string();
      } else if (of == ListOf::files) {
        problems_.add(at, fmt::format("{}: there is no such file", path.string()));
      }
    }
  }

 private:
  void program(const std::string& at, std::string& name) {
    if (name.find('/') == std::string::npos) {
      const fs::path path = on_path(name);
      if (path.empty()) {
        problems_.add(
            at, fmt::format("\"{}\" is not a program on the PATH; one in the sweep's folder is \"./{}\"",
                            name, name));
      } else {
        files.push_back(path);
      }
      return;
    }
    const fs::path path = (folder_ / name).lexically_normal();
    if (!is_file(path)) {
      problems_.add(at, fmt::format("{}: there is no such program", path.string()));
    } else if (::access(path.c_str(), X_OK) != 0) {
      problems_.add(at, fmt::format("{}: is not executable", path.string()));
    }
    files.push_back(path);
    name = path.string();
  }

  const fs::path& folder_;
  const std::string& pointer_;
  Problems& problems_;
};

}  // namespace

std::vector<fs::path> resolve_files(Params& params, const fs::path& folder, const std::string& pointer,
                                    Problems& problems) {
  Resolver resolver(folder, pointer, problems);
  params.describe(resolver);
  return resolver.files;
}

}  // namespace bench
