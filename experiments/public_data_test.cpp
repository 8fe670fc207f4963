#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/error.h"
#include "experiments/plan.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json document() {
  const json budgets = {{"epsilon", {"1", "4", "inf"}}};
  const auto row = [&](const char* label, const char* open, int64_t iterations) {
    json params = budgets;
    params["public_iterations"] = iterations;
    return json{{"name", "netshare"},
                {"label", label},
                {"preset", "netshare-dp-cpu"},
                {"public", open},
                {"params", params}};
  };
  return {{"datasets", {{{"name", "ugr16-surrogate"}, {"records", 200}}}},
          {"public_data",
           {{{"name", "ugr16-surrogate"}, {"label", "same"}, {"records", 300}},
            {{"name", "cidds-surrogate"}, {"label", "different"}, {"records", 300}}}},
          {"models", {row("naive", "same", 0), row("same", "same", 50), row("different", "different", 50)}}};
}

Plan plan_of(const json& d) { return make_plan(parse_sweep(d, "s.json", "")); }

std::set<std::string> units(const Plan& plan, const std::string& name) {
  std::set<std::string> out;
  for (const Stage& stage : plan.stages)
    if (stage.kind == StageKind::train && stage.unit_name() == name) out.insert(stage.key);
  return out;
}

std::string problems_of(const json& d) {
  try {
    parse_sweep(d, "s.json", "");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(PublicData, OnePreTrainingServesAllBudgets) {
  const Plan plan = plan_of(document());
  EXPECT_EQ(units(plan, "public").size(), 3u) << "one for each regime";
  EXPECT_EQ(units(plan, "training 0").size(), 9u) << "one for each regime and budget";
  json more = document();
  more["models"][1]["params"]["noise_multiplier"] = {0, 2};
  more["models"][1]["params"]["iterations"] = 10;
  EXPECT_EQ(units(plan_of(more), "public"), units(plan, "public"))
      << "budget and length are not its business";
  more["models"][1]["params"]["batch"] = 20;
  EXPECT_NE(units(plan_of(more), "public"), units(plan, "public"));
}

TEST(PublicData, OnlyUnitsOnPublicDataReadIt) {
  const Plan plan = plan_of(document());
  std::set<std::string> open, secret;  // keys of what the units read
  for (const Stage& stage : plan.stages) {
    for (const size_t input : stage.inputs) {
      if (stage.kind != StageKind::train || plan.stages[input].kind != StageKind::prepare) continue;
      (stage.unit_name() == "public" ? open : secret).insert(plan.stages[input].key);
    }
  }
  EXPECT_EQ(open.size(), 2u);
  EXPECT_EQ(secret.size(), 1u) << "also the reference rows'";
  EXPECT_FALSE(open.contains(*secret.begin()));
  json other = document();
  other["datasets"][0]["records"] = 400;
  EXPECT_EQ(units(plan_of(other), "public"), units(plan, "public")) << "nothing of the private part is in it";
  EXPECT_NE(units(plan_of(other), "training 0"), units(plan, "training 0"));
}

TEST(PublicData, MistakesAreNamed) {
  json d = document();
  d["models"][0].erase("public");
  EXPECT_THAT(problems_of(d),
              HasSubstr("/models/0: netshare[naive,epsilon=1] trains privately and needs \"public\""));
  d = document();
  d["models"][0]["public"] = "sane";
  EXPECT_THAT(problems_of(d),
              HasSubstr("/models/0/public: \"sane\" is not the label of an entry of public_data"));
  d = document();
  d["models"].push_back({{"name", "bayes_net"}, {"public", "same"}});
  EXPECT_THAT(problems_of(d), HasSubstr("/models/3/public: bayes_net does not learn from public data"));
  d = document();
  d["models"][0]["params"]["ranges"] = "learned";
  EXPECT_THAT(problems_of(d), HasSubstr("ranges \"learned\" touches the training part outside the budget"));
  d = document();
  d["models"][0]["params"]["epsilon"] = {"1", "-1"};
  EXPECT_THAT(problems_of(d), HasSubstr("epsilon \"-1\""));
}

}  // namespace
}  // namespace bench
