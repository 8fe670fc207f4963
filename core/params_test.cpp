#include "core/params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace bench {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Sample : public Params {
 public:
  int64_t batch = 100;
  double rate = 1e-4;
  bool packing = false;
  std::string mask = "position";
  std::vector<std::string> inputs;
  void describe(FieldVisitor& v) override {
    v.integer({"batch", "flows", "flows per step", "paper 3.1"}, batch, 1, 1000);
    v.number({"rate", "", "learning rate", ""}, rate, 0, 1);
    v.flag({"packing", "", "critic sees pairs", ""}, packing);
    v.text({"mask", "", "what is masked", ""}, mask, {"position", "block"});
    v.list({"inputs", "", "what is read", ""}, inputs, ListOf::files);
  }
};

std::vector<std::string> problems_of(const json& object) {
  Sample params;
  Problems problems;
  read_params(params, object, "/models/0/params", problems);
  return problems.lines();
}

TEST(Params, ReadsEveryType) {
  Sample params;
  Problems problems;
  read_params(params,
              {{"batch", 7}, {"rate", 1}, {"packing", true}, {"mask", "block"}, {"inputs", {"a", "b"}}}, "",
              problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(params.batch, 7);
  EXPECT_EQ(params.rate, 1.0);
  EXPECT_TRUE(params.packing);
  EXPECT_EQ(params.mask, "block");
  EXPECT_THAT(params.inputs, ElementsAre("a", "b"));
  EXPECT_EQ(
      resolved_params(params),
      json({{"batch", 7}, {"rate", 1.0}, {"packing", true}, {"mask", "block"}, {"inputs", {"a", "b"}}}));
}

TEST(Params, AllMistakesAreReportedTogether) {
  const auto lines =
      problems_of({{"batch", 0}, {"rate", "fast"}, {"packing", 1}, {"mask", "blocks"}, {"bach", 3}});
  EXPECT_EQ(lines.size(), 5u);
  EXPECT_THAT(lines,
              ::testing::Contains(HasSubstr("/models/0/params/batch: 0 is not an integer from 1 to 1000")));
  EXPECT_THAT(lines, ::testing::Contains(HasSubstr("/models/0/params/rate: \"fast\" is not a number")));
  EXPECT_THAT(lines, ::testing::Contains(HasSubstr("/models/0/params/packing: 1 is not true or false")));
  EXPECT_THAT(lines, ::testing::Contains(HasSubstr("did you mean \"block\"?")));
  EXPECT_THAT(lines,
              ::testing::Contains(HasSubstr("/models/0/params/bach: unknown key (did you mean \"batch\"?)")));
}

TEST(Params, AListTakesStringsOnly) {
  EXPECT_TRUE(problems_of({{"inputs", json::array()}}).empty());
  EXPECT_THAT(problems_of({{"inputs", "a"}}), ElementsAre(HasSubstr("\"a\" is not a list of strings")));
  EXPECT_THAT(problems_of({{"inputs", {"a", 1}}}),
              ElementsAre(HasSubstr("[\"a\",1] is not a list of strings")));
}

TEST(Params, IntegersMayBeWrittenAsWholeFloatsOnly) {
  EXPECT_TRUE(problems_of({{"batch", 20.0}}).empty());
  EXPECT_THAT(problems_of({{"batch", 20.5}}), ElementsAre(HasSubstr("20.5 is not an integer")));
  EXPECT_EQ(problems_of({{"batch", 1e300}}).size(), 1u);
  EXPECT_EQ(problems_of({{"batch", UINT64_MAX}}).size(), 1u);
}

TEST(Params, HelpAndSchemaComeFromTheSameWalk) {
  Sample params;
  EXPECT_THAT(params_help(params),
              HasSubstr("batch = 100 flows   [1 .. 1000]\n      flows per step (paper 3.1)"));
  const json schema = params_schema(params);
  EXPECT_EQ(schema["properties"]["mask"]["enum"], json({"position", "block"}));
  EXPECT_EQ(schema["properties"]["batch"]["maximum"], 1000);
  EXPECT_EQ(schema["properties"]["batch"]["description"], "flows per step [flows] (paper 3.1)");
  EXPECT_EQ(schema["properties"]["inputs"]["items"]["type"], "string");
  EXPECT_THAT(params_help(params), HasSubstr("inputs = []   [list of files]"));
  EXPECT_THAT(param_names(params), ElementsAre("batch", "rate", "packing", "mask", "inputs"));
  EXPECT_THAT(list_names(params), ElementsAre("inputs"));
}

TEST(Json, DuplicateKeysAndSyntaxErrorsNameThePlace) {
  EXPECT_EQ(parse_json(R"({"a": {"x": 1}, "b": {"x": 2}})", "f")["b"]["x"], 2);
  const auto message = [](const char* text) {
    try {
      parse_json(text, "f.json");
    } catch (const Error& e) {
      EXPECT_EQ(e.kind, Kind::config);
      return std::string(e.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(message(R"({"a": 1, "a": 2})"), HasSubstr("f.json: key \"a\" occurs twice"));
  EXPECT_THAT(message("{\"a\": 1,\n  b}"), HasSubstr("f.json:2:3: not valid JSON"));
  EXPECT_THAT(message(""), HasSubstr("not valid JSON"));
}

TEST(Json, PointersAreEscaped) { EXPECT_EQ(join_pointer("/a", "b/c~d"), "/a/b~1c~0d"); }

TEST(DidYouMean, OnlyNearWords) {
  EXPECT_EQ(did_you_mean("netshaer", {"ctgan", "netshare"}), " (did you mean \"netshare\"?)");
  EXPECT_EQ(did_you_mean("zzz", {"ctgan", "netshare"}), "");
}

TEST(Problems, RaiseListsAll) {
  Problems problems;
  problems.raise("f");  // nothing to say
  problems.add("/a", "one");
  problems.add("", "two");
  try {
    problems.raise("f.json");
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "f.json: 2 problems\n  /a: one\n  /: two");
  }
}

}  // namespace
}  // namespace bench
