#include "core/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <sstream>

#include "core/error.h"
#include "core/files.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

bool alive(pid_t process) {
  const fs::path stat = "/proc/" + std::to_string(process) + "/stat";
  return fs::exists(stat) && read_text_file(stat).find(") Z") == std::string::npos;
}

class Commands : public ::testing::Test {
 protected:
  Commands() : folder_(fs::temp_directory_path() / ("command_test_" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    make_folder(folder_);
  }
  ~Commands() override { fs::remove_all(folder_); }
  ExitInfo run(const std::string& script) {
    return run_command({"sh", "-c", script}, folder_, folder_ / "out", folder_ / "err");
  }
  fs::path folder_;
};

TEST_F(Commands, ThePathTheFolderAndTheTwoOutputs) {
  EXPECT_EQ(run("pwd; echo bad >&2; cat; exit 5").status, 5);
  EXPECT_EQ(read_text_file(folder_ / "out"), fs::canonical(folder_).string() + "\n");
  EXPECT_EQ(read_text_file(folder_ / "err"), "bad\n");
  EXPECT_EQ(run("kill -SEGV $$").signal, SIGSEGV);
}

TEST_F(Commands, OurOwnDescriptorsAreNotHandedOn) {
  const int before = ::dup(STDIN_FILENO);  // without close-on-exec
  run("ls /proc/self/fd | wc -l");
  ::close(before);
  EXPECT_EQ(std::stoi(read_text_file(folder_ / "out")), 4)
      << "three, and the one that ls reads the folder with";
}

TEST_F(Commands, WhatItLeavesRunningIsKilledAndWhatRanBeforeIsNot) {
  Child other({"/bin/sh", "-c", "sleep 100"}, folder_ / "log", {});
  EXPECT_EQ(
      run("sleep 100 & setsid sleep 100 & sh -c 'setsid sleep 100 & echo $!' & echo $!; sleep 0.1").status,
      0);
  std::istringstream text(read_text_file(folder_ / "out"));
  int seen = 0;
  for (pid_t process = 0; text >> process; ++seen) EXPECT_FALSE(alive(process)) << process;
  EXPECT_EQ(seen, 2);
  EXPECT_TRUE(alive(other.pid()));
  EXPECT_THAT(descendants(::getpid()), ::testing::Contains(other.pid()));
}

TEST_F(Commands, AProgramThatCannotBeStartedIsAnError) {
  try {
    run_command({"no-such-program"}, folder_, folder_ / "out", folder_ / "err");
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::crashed);
    EXPECT_STREQ(e.what(), "no-such-program: cannot be started: No such file or directory");
  }
}

TEST_F(Commands, UsageIsThatOfTheProgram) {
  const ExitInfo exit = run("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
  EXPECT_GT(exit.usage.cpu_seconds, 0);
  EXPECT_GE(own_usage().cpu_seconds, exit.usage.cpu_seconds) << "it is counted as ours, too";
}

}  // namespace
}  // namespace bench
