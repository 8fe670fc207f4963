#include "experiments/parameter_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/files.h"

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class Both : public Params {
 public:
  std::vector<std::string> command, inputs;
  int64_t other = 1;
  void describe(FieldVisitor& v) override {
    v.list({"command", "", "", ""}, command, ListOf::command);
    v.integer({"other", "", "", ""}, other, 0, 2);
    v.list({"inputs", "", "", ""}, inputs, ListOf::files);
  }
};

class ParameterFiles : public ::testing::Test {
 protected:
  ParameterFiles() : folder_(fs::temp_directory_path() / ("parameter_files_" + std::to_string(::getpid()))) {
    make_folder(folder_ / "sub");
    write_text_file(folder_ / "model.py", "1");
    write_text_file(folder_ / "sub" / "run", "2");
    fs::permissions(folder_ / "sub" / "run", fs::perms::owner_exec, fs::perm_options::add);
  }
  ~ParameterFiles() override { fs::remove_all(folder_); }
  std::vector<fs::path> resolve(Both& params) {
    return resolve_files(params, folder_, "/models/0", problems_);
  }
  fs::path folder_;
  Problems problems_;
};

TEST_F(ParameterFiles, WordsThatNameAFileAreMadeAbsolute) {
  Both params;
  params.command = {"sh", "model.py", "--out", "{output}", "sub", "/bin/sh", "no.py"};
  params.inputs = {"sub/run"};
  const std::string model = (folder_ / "model.py").string();
  const auto files = resolve(params);
  EXPECT_TRUE(problems_.empty());
  EXPECT_THAT(params.command, ElementsAre("sh", model, "--out", "{output}", "sub", "/bin/sh", "no.py"))
      << "a folder, and what is not there, stay as they are";
  EXPECT_THAT(params.inputs, ElementsAre((folder_ / "sub/run").string()));
  ASSERT_EQ(files.size(), 4u);
  EXPECT_EQ(files[0].filename(), "sh") << "the program itself, from the PATH";
  EXPECT_THAT(std::vector(files.begin() + 1, files.end()),
              ElementsAre(folder_ / "model.py", "/bin/sh", folder_ / "sub/run"));
}

TEST_F(ParameterFiles, AProgramWithASlashStandsInTheFolder) {
  Both params;
  params.command = {"./sub/run"};
  resolve(params);
  EXPECT_TRUE(problems_.empty());
  EXPECT_EQ(params.command[0], (folder_ / "sub/run").string());
}

TEST_F(ParameterFiles, WhatIsNotThereIsAProblem) {
  for (const char* program : {"no-such-program", "./model.py", "./gone"}) {
    Both params;
    params.command = {program};
    resolve(params);
  }
  Both params;
  params.inputs = {"a.csv", "sub"};
  resolve(params);
  EXPECT_THAT(
      problems_.lines(),
      ElementsAre(HasSubstr("/models/0/command: \"no-such-program\" is not a program on the PATH"),
                  HasSubstr("model.py: is not executable"), HasSubstr("gone: there is no such program"),
                  HasSubstr("/models/0/inputs: " + (folder_ / "a.csv").string() + ": there is no such file"),
                  HasSubstr("sub: there is no such file")));
}

}  // namespace
}  // namespace bench
