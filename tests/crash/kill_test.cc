// The program itself is killed (SIGKILL) at any moment of its work, again and again: what it
// acknowledged is there, once, and a rerun goes on where it ended.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "io/random.h"

namespace tribute::crash {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;

// A workspace in a temporary folder and the program at work in it.
class Killed : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tribute-kill-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    ASSERT_EQ(run({"init", "--tokenizer", "bytes"}), 0);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Starts the program; its output goes to a file.
  pid_t start(const std::vector<std::string>& words) {
    std::vector<std::string> all = {TRIBUTE_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--workspace", (folder_ / "w").string()});
    std::vector<char*> arguments;
    for (std::string& word : all) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output().c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t child = 0;
    EXPECT_EQ(posix_spawn(&child, TRIBUTE_PROGRAM, &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    return child;
  }

  // The exit code, or -1 if the program was killed.
  static int wait_for(pid_t child) {
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  int run(const std::vector<std::string>& words) { return wait_for(start(words)); }

  // Runs the program and kills it after a time drawn from [0, usual), until it ends by itself.
  // Returns how often it was killed.
  int run_until_done(const std::vector<std::string>& words, microseconds usual) {
    for (int kills = 0;; ++kills) {
      const pid_t child = start(words);
      std::this_thread::sleep_for(usual * static_cast<int64_t>(random_.next() % 1000) / 1000);
      // Enough kills: let it finish.
      if (kills < 12) kill(child, SIGKILL);
      const int code = wait_for(child);
      if (code >= 0) {
        EXPECT_EQ(code, 0) << said();
        return kills;
      }
      EXPECT_EQ(run({"doctor"}), 0) << said();
    }
  }

  // How long the program takes where nobody kills it.
  microseconds time_of(const std::vector<std::string>& words) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(run(words), 0) << said();
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);
  }

  fs::path output() const { return folder_ / "output"; }
  std::string said() const {
    std::ostringstream text;
    text << std::ifstream(output()).rdbuf();
    return text.str();
  }

  static uint64_t count_of(const std::string& text, const std::string& part) {
    uint64_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }

  fs::path folder_;
  io::SeededRandom random_{11};
};

TEST_F(Killed, ContributingGoesOnWhereItEnded) {
  constexpr int kRows = 3'000;
  std::ofstream rows(folder_ / "rows.jsonl");
  for (int i = 0; i < kRows; ++i) {
    rows << R"({"id":"row-)" << i << R"(","contributor":"c)" << i % 7 << R"(","license":"CC0-1.0","text":"text number )"
         << i << R"( of many"})" << "\n";
  }
  rows.close();
  ASSERT_EQ(run({"datanet", "create", "d", "--open"}), 0);
  std::ofstream(folder_ / "w" / "tribute.toml") << "batch_documents = 100\n";
  const int kills = run_until_done({"contribute", "d", (folder_ / "rows.jsonl").string()}, microseconds(400'000));
  EXPECT_GT(kills, 0);
  ASSERT_EQ(run({"contribution", "list", "d", "--limit", "100000", "--json"}), 0);
  EXPECT_EQ(count_of(said(), "\"id\": \"row-"), kRows) << "each row is there once";
  EXPECT_EQ(run({"doctor"}), 0) << said();
  EXPECT_EQ(run({"verify"}), 0) << said();
}

TEST_F(Killed, AChargeHappensOnce) {
  std::ofstream(folder_ / "text.txt")
      << "A bowline holds under any load and comes undone with two fingers when the load is gone.";
  ASSERT_EQ(run({"datanet", "create", "d", "--open"}), 0);
  ASSERT_EQ(run({"contribute", "d", (folder_ / "text.txt").string(), "--contributor", "jonas", "--license", "CC0-1.0"}),
            0);
  ASSERT_EQ(run({"index", "build", "d"}), 0);
  ASSERT_EQ(run({"model", "register", "m", "--datanet", "d", "--parameters", "7e9", "--rate-in", "0", "--rate-out", "0",
                 "--platform-fee", "1000", "--split", "model=3000,stakers=1000,contributors=6000"}),
            0);
  ASSERT_EQ(run({"account", "deposit", "alice", "100000"}), 0);
  const auto charge = [&](int i) {
    return std::vector<std::string>{"charge",
                                    "--model",
                                    "m",
                                    "--payer",
                                    "alice",
                                    "--output",
                                    (folder_ / "text.txt").string(),
                                    "--idempotency-key",
                                    "key-" + std::to_string(i)};
  };
  // Times up to the usual one: some kills find the charge done and not yet told.
  constexpr int kCharges = 8;
  const microseconds usual = time_of(charge(0));
  for (int i = 1; i < kCharges; ++i) run_until_done(charge(i), usual);
  ASSERT_EQ(run({"receipt", "list", "--json"}), 0);
  EXPECT_EQ(count_of(said(), "\"payer\": \"alice\""), kCharges);
  ASSERT_EQ(run({"account", "list", "--json"}), 0);
  EXPECT_NE(said().find(std::to_string(100'000 - kCharges * 1'000)), std::string::npos) << said();
  EXPECT_EQ(run({"verify"}), 0) << said();
}

}  // namespace
}  // namespace tribute::crash
