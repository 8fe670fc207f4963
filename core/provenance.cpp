#include "core/provenance.h"

#include <dlfcn.h>
#include <sys/utsname.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace bench {

BlasInfo loaded_blas() {
  void* sgemm = ::dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info where{};
  if (sgemm == nullptr || ::dladdr(sgemm, &where) == 0 || where.dli_fname == nullptr)
    return {"none", "", false};
  std::error_code code;
  const auto real = std::filesystem::canonical(where.dli_fname, code);
  BlasInfo info{"unknown", code ? where.dli_fname : real.string(), false};
  void* self = ::dlopen(info.path.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  using Config = char* (*)();
  const auto config =
      reinterpret_cast<Config>(::dlsym(self == nullptr ? RTLD_DEFAULT : self, "openblas_get_config"));
  if (config != nullptr) {
    info.name = config();
  } else if (info.path.find("mkl") != std::string::npos || info.path.find("blis") != std::string::npos ||
             info.path.find("atlas") != std::string::npos) {
    info.name = std::filesystem::path(info.path).filename();
  } else {
    info.name = "reference BLAS";
    info.reference = true;
  }
  if (self != nullptr) ::dlclose(self);
  return info;
}

nlohmann::json provenance() {
  std::string cpu = "unknown";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) {
      cpu = line.substr(line.find(':') + 2);
      break;
    }
  }
  utsname system{};
  ::uname(&system);
  const BlasInfo blas = loaded_blas();
  return {{"program", "HeaderBench"},
          {"version", HEADERBENCH_VERSION},
          {"compiler", "g++ " __VERSION__},
          {"blas", blas.name},
          {"blas_path", blas.path},
          {"cpu", cpu},
          {"cores", std::thread::hardware_concurrency()},
          {"system", std::string(system.sysname) + " " + system.release}};
}

}  // namespace bench
