// The program itself is killed (SIGKILL) at any moment of its work, again and again: what it
// acknowledged is there, once, and a rerun goes on where it ended.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "io/random.h"

namespace tribute::crash {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;

constexpr int kKilled = -1;

// What a test tells the program on its standard input, which does not end before the pipe does.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    for (const int end : ends_) close(end);
  }

  int read_end() const { return ends_[0]; }

  // Returns once the program has taken all but what the pipe and its reader hold.
  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(ends_[1], text.data(), text.size());
      ASSERT_GT(written, 0);
      text.remove_prefix(static_cast<size_t>(written));
    }
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

std::string rows_text(uint64_t count, size_t padding = 400) {
  std::string rows;
  for (uint64_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    rows += R"({"id":"row-)" + number + R"(","contributor":"c)" + std::to_string(i % 7) +
            R"(","license":"CC0-1.0","text":"text number )" + number + " of many " + std::string(padding, 'x') +
            "\"}\n";
  }
  return rows;
}

// A workspace in a temporary folder and the program at work in it.
class Killed : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tribute-kill-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    signal(SIGPIPE, SIG_IGN);  // a program that is gone is told by its exit code
    ASSERT_EQ(run({"init", "--tokenizer", "bytes"}), 0);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Starts the program; its output goes to a file. Its input comes from `input`, if that is given.
  pid_t start(const std::vector<std::string>& words, int input = -1) { return start_into(output(), words, input); }
  pid_t start_into(const fs::path& file, const std::vector<std::string>& words, int input = -1) {
    std::vector<std::string> all = {TRIBUTE_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--workspace", (folder_ / "w").string()});
    std::vector<char*> arguments;
    for (std::string& word : all) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, file.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    pid_t child = 0;
    EXPECT_EQ(posix_spawn(&child, TRIBUTE_PROGRAM, &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    return child;
  }

  // The exit code, or kKilled.
  static int wait_for(pid_t child) {
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : kKilled;
  }

  int run(const std::vector<std::string>& words) { return wait_for(start(words)); }

  void sleep_below(microseconds limit) {
    std::this_thread::sleep_for(limit * static_cast<int64_t>(random_.next() % 1000) / 1000);
  }

  // How long the program takes where nobody kills it.
  microseconds time_of(const std::vector<std::string>& words) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(run(words), 0) << said();
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);
  }

  // The packs of documents that are written whole.
  uint64_t packs() const {
    constexpr size_t kPackNameSize = 5 + 64;  // docs/formats/content_pack.md; others are being written
    uint64_t count = 0;
    for (const auto& file : fs::directory_iterator(folder_ / "w" / "content")) {
      const std::string name = file.path().filename();
      count += name.starts_with("pack-") && name.size() == kPackNameSize ? 1 : 0;
    }
    return count;
  }

  uint64_t rows_there() {
    EXPECT_EQ(run({"contribution", "list", "d", "--limit", "100000", "--json"}), 0) << said();
    return count_of(said(), R"("id": "row-)");
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

// The program cannot end before it was told all rows, so every kill finds it at work, however fast the
// machine is: with any part of the rows told, and anywhere in what it does with them.
TEST_F(Killed, ContributingGoesOnWhereItEnded) {
  constexpr uint64_t kRows = 3'000;
  constexpr int kKills = 12;
  const std::string rows = rows_text(kRows);
  ASSERT_EQ(run({"datanet", "create", "d", "--open"}), 0);
  std::ofstream(folder_ / "w" / "tribute.toml") << "batch_documents = 100\n";
  uint64_t kept = 0;
  for (int i = 0; i < kKills; ++i) {
    const Pipe pipe;
    const pid_t child = start({"contribute", "d", "-"}, pipe.read_end());
    if (i == 0) {
      // The first one is killed after it acknowledged something: a batch's pack is written before it,
      // and the next pack after it.
      pipe.write(rows);
      while (packs() < 2) std::this_thread::sleep_for(microseconds(100));
    } else {
      pipe.write(std::string_view(rows).substr(0, random_.next() % rows.size()));
      sleep_below(microseconds(30'000));
    }
    kill(child, SIGKILL);
    ASSERT_EQ(wait_for(child), kKilled) << said();
    ASSERT_EQ(run({"doctor"}), 0) << said();
    const uint64_t now = rows_there();
    EXPECT_GE(now, kept) << "what was acknowledged stays";
    kept = now;
    EXPECT_GT(kept, 0U);
  }
  const fs::path file = folder_ / "rows.jsonl";
  std::ofstream(file) << rows;
  ASSERT_EQ(run({"contribute", "d", file.string(), "--json"}), 0) << said();
  EXPECT_NE(said().find("\"skipped_count\": " + std::to_string(kept)), std::string::npos) << said();
  EXPECT_EQ(rows_there(), kRows) << "each row is there once";
  EXPECT_EQ(run({"doctor"}), 0) << said();
  EXPECT_EQ(run({"verify"}), 0) << said();
}

// An index that is built in runs, with the least memory that it takes: whenever the builds before were killed, it is
// the one that is built in memory, and nothing else is left beside it.
TEST_F(Killed, BuildingInRunsGoesOnWhereItEnded) {
  const fs::path file = folder_ / "rows.jsonl";
  std::ofstream(file) << rows_text(500, 2'600);
  ASSERT_EQ(run({"datanet", "create", "d", "--open"}), 0);
  ASSERT_EQ(run({"contribute", "d", file.string()}), 0) << said();
  ASSERT_EQ(run({"index", "build", "d", "--memory", "1"}), 2);
  const std::string refused = said();
  const size_t give = refused.find("; give ");
  ASSERT_NE(give, std::string::npos) << refused;
  const std::string megabytes = refused.substr(give + 7, refused.find(" MB or more") - give - 7);
  const std::vector<std::string> build = {"index", "build", "d", "--memory", megabytes + "M"};
  const fs::path index = folder_ / "w" / "sealed" / "index";
  const auto runs = [&] {
    uint64_t count = 0;
    for (const auto& entry : fs::directory_iterator(index)) {
      count += entry.path().filename().string().starts_with("building.run-") ? 1 : 0;
    }
    return count;
  };
  // The first one is killed when it has runs to leave, the others anywhere up to the usual time.
  pid_t child = start(build);
  for (int i = 0; i < 100'000 && (!fs::exists(index) || runs() < 3); ++i) {
    std::this_thread::sleep_for(microseconds(100));
  }
  kill(child, SIGKILL);
  ASSERT_EQ(wait_for(child), kKilled) << said();
  EXPECT_GE(runs(), 2U);
  constexpr int kKills = 15;
  for (int i = 0; i < kKills; ++i) {
    child = start(build);
    sleep_below(microseconds(300'000));
    kill(child, SIGKILL);
    if (wait_for(child) != kKilled) break;  // a fast machine is done
  }
  ASSERT_EQ(run(build), 0) << said();
  EXPECT_EQ(runs(), 0U);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(index)) names.push_back(entry.path().filename());
  EXPECT_EQ(names.size(), 2U) << "the segment and the manifest";
  EXPECT_EQ(run({"verify"}), 0) << said();  // builds each segment again, in memory
}

// Questions about an index whose segments are merged beside them.
class KilledMerge : public Killed {
 protected:
  // A DataNet with a segment for each of some batches, and a model on it.
  void SetUp() override {
    Killed::SetUp();
    ASSERT_EQ(run({"datanet", "create", "d", "--open"}), 0);
    for (int i = 0; i < 5; ++i) add_segment();
    std::ofstream(folder_ / "answer.txt")
        << "As they say, a segment that is merged holds what its parts held: batch 3, "
           "row 17, and then another thing, batch 2, row 4, and then another thing";
    ASSERT_EQ(run({"model", "register", "m", "--datanet", "d", "--parameters", "7e9", "--rate-in", "0", "--rate-out",
                   "0", "--platform-fee", "1000", "--split", "model=3000,stakers=1000,contributors=6000"}),
              0)
        << said();
    ASSERT_EQ(run({"account", "deposit", "alice", "1000000000"}), 0) << said();
  }

  void add_segment() {
    const fs::path file = folder_ / "rows.jsonl";
    std::ofstream rows(file);
    const std::string batch = std::to_string(batches_++);
    for (int i = 0; i < 60; ++i) {
      std::string text;
      while (text.size() < 2'000) {
        text += "batch " + batch + ", row " + std::to_string(i) + ", and then another thing " +
                std::to_string(random_.next()) + "; ";
      }
      rows << R"({"id":"row-)" << batch << "-" << i << R"(","contributor":"c)" << i % 7
           << R"(","license":"CC0-1.0","text":")" << text << "\"}\n";
    }
    rows.close();
    ASSERT_EQ(run({"contribute", "d", file.string()}), 0) << said();
    ASSERT_EQ(run({"index", "build", "d"}), 0) << said();
  }

  // What the programs say of the newest index and of the model's.
  std::string answers() {
    std::string all;
    for (const std::string text : {"batch 2, row 4,", "another thing", "nowhere"}) {
      EXPECT_EQ(run({"ngram", "count", text, "--datanet", "d", "--json"}), 0) << said();
      all += said();
    }
    EXPECT_EQ(run({"trace", "--model", "m", (folder_ / "answer.txt").string(), "--json"}), 0) << said();
    return all + said();
  }

  fs::path index() const { return folder_ / "w" / "sealed" / "index"; }
  // The folder of a merge; empty: there is none.
  fs::path merging() const {
    for (const auto& entry : fs::directory_iterator(index())) {
      if (entry.path().filename().string().starts_with("merging-")) return entry.path();
    }
    return {};
  }
  bool is_sorting() const { return !merging().empty() && fs::exists(merging() / "building.segment.tmp"); }

  pid_t start_merge() { return start_into(folder_ / "merge", {"index", "merge", "d"}); }
  // Starts a merge and stops it in the middle of its work.
  pid_t stopped_merge() {
    const pid_t child = start_merge();
    for (int i = 0; i < 100'000 && !is_sorting(); ++i) std::this_thread::sleep_for(microseconds(100));
    kill(child, SIGSTOP);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
    EXPECT_TRUE(WIFSTOPPED(status));
    EXPECT_TRUE(is_sorting());
    return child;
  }

  int batches_ = 0;
};

// A merge that is stopped in the middle keeps nobody from anything but from another merge.
TEST_F(KilledMerge, OthersWorkMeanwhile) {
  const std::string before = answers();
  const pid_t merge = stopped_merge();
  EXPECT_TRUE(answers() == before) << said();
  EXPECT_EQ(run({"index", "merge", "d"}), 2);
  EXPECT_NE(said().find("DataNet 'd' is being merged already: "), std::string::npos) << said();
  EXPECT_NE(said().find("tribute index merge, process " + std::to_string(merge)), std::string::npos) << said();
  add_segment();
  ASSERT_EQ(run({"withdraw", "d", "row-1-1"}), 0) << said();
  EXPECT_EQ(run({"charge", "--model", "m", "--payer", "alice", "--output", (folder_ / "answer.txt").string()}), 0)
      << said();
  ASSERT_EQ(run({"index", "build", "d"}), 0) << said();
  const std::string changed = answers();
  EXPECT_TRUE(changed != before);
  kill(merge, SIGCONT);
  ASSERT_EQ(wait_for(merge), 0) << said();
  EXPECT_TRUE(answers() == changed) << said();
  ASSERT_EQ(run({"index", "show", "d", "--json"}), 0) << said();
  EXPECT_LT(count_of(said(), "\"sha256\""), 6U) << said();
  EXPECT_TRUE(merging().empty());
  EXPECT_EQ(run({"doctor"}), 0) << said();
  EXPECT_EQ(run({"verify"}), 0) << said();
}

// Asked while a merge is at work and after it was killed, at any moment; whatever is answered is what was answered
// before.
TEST_F(KilledMerge, QuestionsAreRightBesideItAndAfterIt) {
  constexpr int kKills = 25;
  std::string right = answers();
  // Where a merge ends before its kill, something is added for the next.
  microseconds longest(400'000);
  for (int i = 0; i < kKills; ++i) {
    const pid_t merge = start_merge();
    const bool asks = i % 3 == 0;
    if (asks) {
      EXPECT_TRUE(answers() == right) << said();
    } else {
      sleep_below(longest);
    }
    kill(merge, SIGKILL);
    const int code = wait_for(merge);
    EXPECT_TRUE(answers() == right) << said();
    if (code == kKilled) continue;
    ASSERT_EQ(code, 0) << said();
    if (!asks) longest = longest * 3 / 4;
    add_segment();
    right = answers();
  }
  ASSERT_EQ(run({"index", "merge", "d"}), 0) << said();
  EXPECT_TRUE(answers() == right) << said();
  EXPECT_TRUE(merging().empty()) << "what the killed have left is gone";
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
  constexpr uint64_t kDeposit = 1'000'000'000;
  ASSERT_EQ(run({"account", "deposit", "alice", std::to_string(kDeposit)}), 0);
  const auto charge = [&](uint64_t i) {
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
  // Times up to the usual one, so that some kills find the charge done and not yet told. A charge that
  // ends before its kill shortens them: sooner or later enough kills happen on a machine of any speed.
  constexpr int kKills = 40;
  constexpr int kKillsOfACharge = 10;
  uint64_t charges = 0;
  microseconds longest = time_of(charge(charges++));
  for (int kills = 0; kills < kKills; ++charges) {
    for (int killed = 0; killed < kKillsOfACharge; ++killed, ++kills) {
      const pid_t child = start(charge(charges));
      sleep_below(longest);
      kill(child, SIGKILL);
      const int code = wait_for(child);
      if (code != kKilled) {
        ASSERT_EQ(code, 0) << said();
        longest = longest * 3 / 4;
        break;
      }
      ASSERT_EQ(run({"doctor"}), 0) << said();
    }
    ASSERT_EQ(run(charge(charges)), 0) << said();
  }
  ASSERT_EQ(run({"receipt", "list", "--limit", "100000", "--json"}), 0);
  EXPECT_EQ(count_of(said(), "\"payer\": \"alice\""), charges);
  ASSERT_EQ(run({"account", "list", "--json"}), 0);
  EXPECT_NE(said().find(std::to_string(kDeposit - charges * 1'000)), std::string::npos) << said();
  EXPECT_EQ(run({"verify"}), 0) << said();
}

}  // namespace
}  // namespace tribute::crash
