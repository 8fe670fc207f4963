#pragma once
// The datasets by name: six real ones (datasets/catalog/*.json, found in the user's data folder) and their
// six simulated surrogates.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/formats.h"
#include "datasets/split.h"

namespace bench {

struct DatasetEntry {
  std::string name;     ///< "ugr16", "ugr16-surrogate"
  std::string summary;  ///< one line
  TraceKind kind = TraceKind::flows;
  bool surrogate = false;
  std::string origin, window, licence, download;  ///< empty for surrogates
  std::vector<std::string> files;  ///< accepted file names, relative to the data folder, best first
  std::string format = "auto";
  std::vector<std::string> columns;     ///< numeric columns that each of the files has, as in for_each_column
  std::vector<std::string> labels;      ///< names of the label columns
  std::string rules;                    ///< that its records should keep beside the built-in ones, one a line
  SplitOrder split = SplitOrder::file;  ///< how this dataset is split unless the sweep says otherwise
};

/// The twelve entries, in the order of reports.
const std::vector<DatasetEntry>& all_datasets();
/// nullptr if there is none of that name.
const DatasetEntry* find_dataset(std::string_view name);

/// One descriptor of datasets/catalog/; `name` is its file's name without the extension. Throws Error(config)
/// that lists every unknown key, missing field and value that is not allowed.
DatasetEntry parse_dataset_entry(std::string_view name, std::string_view text);

/// The first of a real dataset's file names that exists in `data_folder`. Throws Error(io) that says where it
/// looked, which names would do and where to download the data.
std::filesystem::path find_dataset_file(const DatasetEntry& entry, const std::filesystem::path& data_folder);

}  // namespace bench
