#include "datasets/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "core/error.h"
#include "core/params.h"
#include "core/temporary_folder.h"
#include "datasets/surrogate/surrogate.h"

namespace bench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A folder of data that goes away with the test.
class Folder {
 public:
  void put(const std::string& name) const {
    fs::create_directories((path() / name).parent_path());
    std::ofstream(path() / name) << "x";
  }
  const fs::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

std::string io_error(const DatasetEntry& entry, const fs::path& folder) {
  try {
    find_dataset_file(entry, folder);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, Kind::io);
    return error.what();
  }
  ADD_FAILURE() << "no error for " << entry.name;
  return {};
}

std::string descriptor(const std::string& key, const nlohmann::json& value) {
  nlohmann::json object{{"name", "x"},
                        {"kind", "flows"},
                        {"summary", "s"},
                        {"origin", "o"},
                        {"window", "w"},
                        {"columns", {"srcip"}},
                        {"labels", nlohmann::json::array()},
                        {"licence", "l"},
                        {"download", "https://example.org"},
                        {"files", {"x/a.csv"}},
                        {"format", "auto"},
                        {"split", "time"}};
  if (value.is_null())
    object.erase(key);
  else
    object[key] = value;
  return object.dump();
}

TEST(Catalog, HasSixDatasetsAndTheirSurrogatesInOrder) {
  std::vector<std::string> names;
  for (const DatasetEntry& entry : all_datasets()) names.push_back(entry.name);
  EXPECT_THAT(names, testing::ElementsAre("ugr16", "cidds", "ton", "caida", "dc", "ca", "ugr16-surrogate",
                                          "cidds-surrogate", "ton-surrogate", "caida-surrogate",
                                          "dc-surrogate", "ca-surrogate"));
}

TEST(Catalog, RealEntriesAreCompleteAndSurrogatesMatchThem) {
  for (size_t i = 0; i < 6; ++i) {
    const DatasetEntry &real = all_datasets()[i], &simulated = all_datasets()[i + 6];
    EXPECT_FALSE(real.surrogate);
    EXPECT_TRUE(simulated.surrogate);
    EXPECT_EQ(simulated.name, real.name + "-surrogate");
    EXPECT_EQ(simulated.kind, real.kind);
    EXPECT_EQ(simulated.labels, real.labels);
    EXPECT_EQ(simulated.split, real.split);
    EXPECT_TRUE(simulated.files.empty());
    EXPECT_THAT(real.download, testing::StartsWith("https://"));
    EXPECT_THAT(simulated.columns, testing::IsSupersetOf(real.columns)) << real.name;
    EXPECT_EQ(real.split == SplitOrder::random, real.name == "ton");
    for (const std::string& file : real.files) EXPECT_THAT(file, testing::StartsWith(real.name + "/"));
  }
}

TEST(Catalog, ColumnsOfSurrogatesAreThoseOfTheTrace) {
  for (const DatasetEntry& entry : all_datasets()) {
    std::set<std::string> known;
    const Trace trace = entry.surrogate ? simulate(entry.name, 50, Seed(1)) : Trace{};
    std::vector<std::string> filled;
    for_each_column(trace, [&](const char* name, const auto& column) {
      known.insert(name);
      if (!column.empty()) filled.emplace_back(name);
    });
    for (const std::string& column : entry.columns)
      EXPECT_TRUE(known.contains(column)) << entry.name << ": " << column;
    if (entry.surrogate) {
      EXPECT_THAT(entry.columns, testing::UnorderedElementsAreArray(filled)) << entry.name;
    }
  }
}

TEST(Catalog, FindsByName) {
  ASSERT_NE(find_dataset("caida"), nullptr);
  EXPECT_EQ(find_dataset("caida")->format, "pcap");
  EXPECT_EQ(find_dataset("caida-surrogate")->kind, TraceKind::packets);
  EXPECT_EQ(find_dataset("CAIDA"), nullptr);
  EXPECT_EQ(find_dataset(""), nullptr);
}

TEST(CatalogFiles, TheBestFileThatIsThereIsTaken) {
  const Folder folder;
  const DatasetEntry& ton = *find_dataset("ton");
  folder.put("ton/Train_Test_Network.dev.csv");
  EXPECT_EQ(find_dataset_file(ton, folder.path()), folder.path() / "ton/Train_Test_Network.dev.csv");
  folder.put("ton/Train_Test_Network.csv");
  EXPECT_EQ(find_dataset_file(ton, folder.path()), folder.path() / "ton/Train_Test_Network.csv");
}

TEST(CatalogFiles, AFolderOfThatNameIsNoFile) {
  const Folder folder;
  fs::create_directories(folder.path() / "dc/univ1_pt1");
  EXPECT_THAT(io_error(*find_dataset("dc"), folder.path()), HasSubstr("was not found"));
}

TEST(CatalogFiles, ErrorsSayWhereWhatAndHowToGetIt) {
  const Folder folder;
  for (const DatasetEntry& entry : all_datasets()) {
    if (entry.surrogate) continue;
    for (const fs::path& where : {folder.path(), folder.path() / "missing", fs::path()}) {
      const std::string message = io_error(entry, where);
      EXPECT_THAT(message, HasSubstr(where.string()));
      for (const std::string& file : entry.files) EXPECT_THAT(message, HasSubstr(file));
      EXPECT_THAT(message, HasSubstr(entry.download));
      EXPECT_THAT(message, HasSubstr("'" + entry.name + "-surrogate' needs no data"));
      EXPECT_EQ(message.find('\n'), std::string::npos);
    }
  }
  const std::string message = io_error(*find_dataset("ugr16"), {});
  EXPECT_THAT(message, HasSubstr("--data DIR"));
  EXPECT_THAT(message, HasSubstr("HEADERBENCH_DATA"));
}

TEST(CatalogParsing, TakesAWholeDescriptor) {
  const DatasetEntry entry = parse_dataset_entry("x", descriptor("split", "time"));
  EXPECT_EQ(entry.split, SplitOrder::time);
  EXPECT_EQ(entry.kind, TraceKind::flows);
  EXPECT_THAT(entry.files, testing::ElementsAre("x/a.csv"));
}

TEST(CatalogParsing, RefusesEveryWrongOrMissingField) {
  const std::vector<std::pair<std::string, nlohmann::json>> wrong{{"name", "y"},
                                                                  {"name", nullptr},
                                                                  {"kind", "packet"},
                                                                  {"summary", ""},
                                                                  {"origin", 3},
                                                                  {"window", nullptr},
                                                                  {"columns", "srcip"},
                                                                  {"labels", {1, 2}},
                                                                  {"licence", nullptr},
                                                                  {"download", false},
                                                                  {"files", nlohmann::json::array()},
                                                                  {"files", nullptr},
                                                                  {"format", "cvs"},
                                                                  {"split", "order"},
                                                                  {"colour", "red"}};
  for (const auto& [key, value] : wrong) {
    try {
      parse_dataset_entry("x", descriptor(key, value));
      ADD_FAILURE() << key << " = " << value << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, Kind::config);
      EXPECT_THAT(error.what(), HasSubstr("/" + key));
      EXPECT_THAT(error.what(), HasSubstr("datasets/catalog/x.json"));
    }
  }
}

}  // namespace
}  // namespace bench
