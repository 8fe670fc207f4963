// kill -9 at random moments, then the same command again: it completes, redoes no finished stage, and the
// scores are bit-equal to those of an undisturbed run.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "core/process.h"
#include "tests/run_program.h"

namespace bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Resume : public ::testing::Test {
 protected:
  Resume() { write_text_file(folder_.path() / "tiny.json", tiny_sweep()); }

  std::vector<std::string> command(const std::string& run) const {
    return {HEADERBENCH_BIN "/run_experiment",
            (folder_.path() / "tiny.json").string(),
            "--out",
            (folder_.path() / run).string(),
            "--jobs",
            "2"};
  }
  ExitInfo wait(Child& child) const {
    while (true) {
      if (const auto exit = child.poll()) return *exit;
      std::this_thread::sleep_for(2ms);
    }
  }
  ExitInfo run_to_end(const std::string& run) const {
    Child child(command(run), folder_.path() / "log.txt", {});
    return wait(child);
  }
  /// Finished stage -> when it was finished.
  std::map<std::string, fs::file_time_type> finished(const std::string& run) const {
    std::map<std::string, fs::file_time_type> out;
    const fs::path stages = folder_.path() / run / "stages";
    if (!fs::exists(stages)) return out;
    for (const auto& entry : fs::directory_iterator(stages)) {
      const fs::path record = entry.path() / "stage.json";
      if (entry.path().extension().empty() && fs::exists(record))
        out[entry.path().filename()] = fs::last_write_time(record);
    }
    return out;
  }
  static std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> out;
    std::error_code code;
    const fs::path file = "/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children";
    if (!fs::exists(file, code)) return out;
    std::istringstream text(read_text_file(file));
    for (pid_t pid = 0; text >> pid;) out.push_back(pid);
    return out;
  }
  TemporaryFolder folder_;
};

TEST_F(Resume, KillsChangeNothingButTheTime) {
  ASSERT_EQ(run_to_end("undisturbed").status, 0) << read_text_file(folder_.path() / "log.txt");
  const std::string expected = read_text_file(folder_.path() / "undisturbed" / "scores.jsonl");

  std::mt19937 random(11);
  std::map<std::string, fs::file_time_type> before;
  int killed = 0;
  for (int attempt = 0; attempt < 12; ++attempt) {
    Child run(command("killed"), folder_.path() / "log.txt", {});
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution<int>(100, 1500)(random)));
    const auto children = children_of(run.pid());
    const bool kill_parent = attempt % 2 == 0 || children.empty();
    if (kill_parent) {
      ::kill(run.pid(), SIGKILL);
      for (const pid_t child : children) {  // they die with their parent
        for (int i = 0;
             i < 2000 && ::kill(child, 0) == 0 && fs::exists("/proc/" + std::to_string(child) + "/exe");
             ++i) {
          std::this_thread::sleep_for(1ms);
        }
      }
    } else {
      ::kill(children[random() % children.size()], SIGKILL);
    }
    const ExitInfo exit = wait(run);
    const bool whole = exit.signal == 0 && exit.status == 0;
    killed += whole ? 0 : 1;
    const auto now = finished("killed");
    for (const auto& [stage, time] : before) {
      ASSERT_TRUE(now.contains(stage)) << stage << " was finished and is gone";
      EXPECT_EQ(now.at(stage), time) << stage << " was done again";
    }
    before = now;
    if (whole) break;
  }
  EXPECT_GE(killed, 2) << "the kills came too late to test anything";
  ASSERT_EQ(run_to_end("killed").status, 0) << read_text_file(folder_.path() / "log.txt");
  for (const auto& [stage, time] : before)
    EXPECT_EQ(finished("killed").at(stage), time) << stage << " was done again";
  EXPECT_EQ(read_text_file(folder_.path() / "killed" / "scores.jsonl"), expected);
}

TEST_F(Resume, OneJobAndTwoJobsGiveTheSameScores) {
  ASSERT_EQ(run_to_end("two").status, 0);
  std::vector<std::string> one = command("one");
  one.back() = "1";
  Child child(one, folder_.path() / "log.txt", {});
  ASSERT_EQ(wait(child).status, 0);
  EXPECT_EQ(read_text_file(folder_.path() / "one" / "scores.jsonl"),
            read_text_file(folder_.path() / "two" / "scores.jsonl"));
}

TEST_F(Resume, AnInterruptEndsCleanlyAndIsGoneOnFrom) {
  {
    Child child(command("run"), folder_.path() / "log.txt", {});
    const fs::path stages = folder_.path() / "run" / "stages";
    const auto training = [&] {
      if (!fs::exists(stages)) return false;
      for (const auto& entry : fs::directory_iterator(stages)) {
        const std::string name = entry.path().filename();
        if (name.starts_with("train-")) return true;
      }
      return false;
    };
    for (int i = 0; i < 10'000 && !training(); ++i) std::this_thread::sleep_for(2ms);
    ASSERT_TRUE(training());
    ::kill(child.pid(), SIGINT);
    EXPECT_EQ(wait(child).status, 130) << read_text_file(folder_.path() / "log.txt");
  }
  EXPECT_NE(read_text_file(folder_.path() / "run" / "status.jsonl").find("cancelled"), std::string::npos);
  EXPECT_EQ(run_to_end("run").status, 0) << read_text_file(folder_.path() / "log.txt");
}

}  // namespace
}  // namespace bench
