#include "core/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "core/error.h"
#include "core/files.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

class Processes : public ::testing::Test {
 protected:
  void SetUp() override { log_ = fs::temp_directory_path() / ("process_test_" + std::to_string(::getpid())); }
  void TearDown() override { fs::remove(log_); }

  ExitInfo wait(Child& child) {
    while (true) {
      if (const auto exit = child.poll()) return *exit;
      ::usleep(1000);
    }
  }
  ExitInfo run(const std::string& script) {
    Child child({"/bin/sh", "-c", script}, log_, {{"COLOUR", "blue"}});
    return wait(child);
  }
  fs::path log_;
};

TEST_F(Processes, StatusLogAndEnvironment) {
  EXPECT_EQ(run("echo out; echo $COLOUR >&2; exit 7").status, 7);
  EXPECT_EQ(read_text_file(log_), "out\nblue\n");
}

TEST_F(Processes, ASignalIsTold) {
  const ExitInfo exit = run("kill -SEGV $$");
  EXPECT_EQ(exit.signal, SIGSEGV);
  EXPECT_EQ(exit.status, 0);
}

TEST_F(Processes, KillReachesGrandchildren) {
  Child child({"/bin/sh", "-c", "sleep 100 & echo $!; wait"}, log_, {});
  std::string text;
  while ((text = fs::exists(log_) ? read_text_file(log_) : "").find('\n') == std::string::npos)
    ::usleep(1000);
  const pid_t grandchild = std::stoi(text);
  child.kill();
  EXPECT_EQ(wait(child).signal, SIGKILL);
  const auto gone = [&] {
    const fs::path stat = "/proc/" + std::to_string(grandchild) + "/stat";
    return !fs::exists(stat) || read_text_file(stat).find(") Z") != std::string::npos;
  };
  for (int i = 0; i < 1000 && !gone(); ++i) ::usleep(1000);
  EXPECT_TRUE(gone());
}

TEST_F(Processes, KillReachesWhatHasLeftTheSession) {
  Child child({"/bin/sh", "-c", "setsid sh -c 'sleep 100 & echo $!; wait' & wait"}, log_, {});
  std::string text;
  while ((text = fs::exists(log_) ? read_text_file(log_) : "").find('\n') == std::string::npos)
    ::usleep(1000);
  const pid_t away = std::stoi(text);
  ASSERT_NE(::getpgid(away), child.pid()) << "it is in a process group of its own";
  child.kill();
  EXPECT_EQ(wait(child).signal, SIGKILL);
  const auto gone = [&] {
    const fs::path stat = "/proc/" + std::to_string(away) + "/stat";
    return !fs::exists(stat) || read_text_file(stat).find(") Z") != std::string::npos;
  };
  for (int i = 0; i < 1000 && !gone(); ++i) ::usleep(1000);
  EXPECT_TRUE(gone());
}

TEST_F(Processes, DescriptorThreeIsTheProgressPipe) {
  Child child({"/bin/sh", "-c", "echo half >&3"}, log_, {});
  wait(child);
  char buffer[16] = {};
  EXPECT_EQ(::read(child.progress_fd(), buffer, sizeof buffer), 5);
  EXPECT_STREQ(buffer, "half\n");
}

TEST_F(Processes, UsageIsAccounted) {
  const ExitInfo exit = run("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
  EXPECT_GT(exit.usage.cpu_seconds, 0);
  EXPECT_GE(exit.usage.wall_seconds, exit.usage.cpu_seconds * 0.5);
  EXPECT_GT(exit.usage.peak_bytes, 100'000);
}

TEST_F(Processes, AProgramThatIsNotThereIsAnError) {
  EXPECT_THROW(Child({"/no/such/program"}, log_, {}), Error);
}

}  // namespace
}  // namespace bench
