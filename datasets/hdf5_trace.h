#pragma once
// A Trace as an HDF5 file: one dataset per column, attributes for kind, role and label names.

#include <filesystem>
#include <string_view>

#include "datasets/trace.h"

namespace bench {

/// `role` is "trace" or "training". Throws Error(io).
void write_hdf5_trace(const Trace& trace, const std::filesystem::path& path, std::string_view role = "trace");
/// Throws Error(data) if the file is damaged, or its role is not `role` (any role where `role` is empty).
Trace read_hdf5_trace(const std::filesystem::path& path, std::string_view role = "");

}  // namespace bench
