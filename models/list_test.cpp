#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "models/model.h"
#include "models/presets.h"

namespace bench {
namespace {

TEST(ModelList, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const ModelEntry& entry : all_models()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_EQ(find_model(entry.name), &entry);
    EXPECT_GE(entry.version, 1);
    const auto params = entry.params();
    EXPECT_NE(entry.make(*params), nullptr);
  }
  EXPECT_EQ(find_model("nobody"), nullptr);
}

TEST(Presets, EveryPresetIsAValidParameterSetOfItsModel) {
  std::set<std::string> names;
  for (const Preset& preset : all_presets()) {
    EXPECT_TRUE(names.insert(preset.name).second);
    const ModelEntry* entry = find_model(preset.model);
    ASSERT_NE(entry, nullptr) << preset.name;
    const auto params = entry->params();
    Problems problems;
    read_params(*params, preset.params, "/params", problems);
    EXPECT_THAT(problems.lines(), ::testing::IsEmpty()) << preset.name;
  }
  EXPECT_TRUE(names.contains("netshare-paper") && names.contains("netshare-cpu") &&
              names.contains("netshare-smoke"));
}

}  // namespace
}  // namespace bench
