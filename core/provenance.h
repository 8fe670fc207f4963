#pragma once
// What made a result: program, compiler, machine and the BLAS that was really loaded.

#include <nlohmann/json.hpp>
#include <string>

namespace bench {

struct BlasInfo {
  std::string name;  ///< "OpenBLAS 0.3.21 ...", "reference BLAS", "none", or "unknown"
  std::string path;  ///< resolved path of the library that gives sgemm_; empty if none is loaded
  bool reference = false;
};

/// Asks the loaded program, not the build: which shared library answers sgemm_.
BlasInfo loaded_blas();

/// {"program","version","compiler","blas","blas_path","cpu","cores","system"}
nlohmann::json provenance();

}  // namespace bench
