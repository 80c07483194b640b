// A damaged byte anywhere in a workspace is reported, or harmless: never a crash, never a wrong answer.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "day.h"
#include "io/memory_file_system.h"
#include "usecase/accounts.h"
#include "usecase/charge.h"
#include "usecase/contributions.h"
#include "usecase/trace_answer.h"

namespace tribute::crash {
namespace {

constexpr const char* kFolder = "/day";
constexpr const char* kQuestion =
    "a bowline holds under any load and comes undone with two fingers. And never trust a lamp.";

struct World {
  std::unique_ptr<io::MemoryFileSystem> files = std::make_unique<io::MemoryFileSystem>();
  io::SteppingClock clock;
  io::SeededRandom random{1};
  workspace::Environment environment() { return {*files, clock, random}; }
};

void list_files(io::FileSystem& files, const std::string& folder, std::vector<std::string>& paths) {
  const auto entries = files.list(folder);
  ASSERT_TRUE(entries.has_value());
  for (const auto& entry : *entries) {
    const std::string path = io::join(folder, entry.name);
    if (entry.kind == io::EntryKind::folder) {
      list_files(files, path, paths);
    } else {
      paths.push_back(path);
    }
  }
}

// Everything that a person can ask the workspace, as one text. The first error ends it.
Result<std::string> answers(World& world) {
  const auto workspace = TRY(workspace::Workspace::open(world.environment(), kFolder, "a test"));
  std::string text;
  const auto add = [&](const auto&... values) { ((text += values, text += '\n'), ...); };
  for (const auto& account : TRY(usecase::list_accounts(*workspace))) {
    add(account.account, account.name, std::to_string(account.balance.millionths()));
  }
  for (const auto& view : TRY(usecase::list_contributions(*workspace, {.datanet = "harbour"}))) {
    add(view.id, view.title, view.contributor, view.state, view.content_sha256.hex());
  }
  const auto traced = TRY(usecase::trace_answer(*workspace, "m", {.prompts = {}, .output = kQuestion}, {}));
  add(std::to_string(traced.total_millibits), std::to_string(traced.credited_millibits));
  for (const auto& share : traced.contributors) add(share.name, std::to_string(share.millibits));
  for (const auto& row : TRY(usecase::list_receipts(*workspace, {}))) {
    const auto receipt = TRY(usecase::show_receipt(*workspace, row.id, 10));
    add(receipt.id, receipt.payer, std::to_string(receipt.fee.millionths()));
    for (const auto& payout : receipt.payouts) add(payout.account, std::to_string(payout.amount.millionths()));
    for (const auto& credit : receipt.attribution.credits) add(credit.text, credit.contributor_name);
  }
  return text;
}

class Corruption : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(workspace::Workspace::init(sound_.environment(), kFolder, {.tokenizer = "bytes"}).has_value());
    auto workspace = workspace::Workspace::open(sound_.environment(), kFolder, "a test");
    ASSERT_TRUE(workspace.has_value());
    Acknowledged acknowledged;
    for (const Step& step : scripted_day()) {
      const auto done = step.run(**workspace, acknowledged);
      ASSERT_TRUE(done.has_value()) << step.name << ": " << done.error().message;
    }
    workspace->reset();
    list_files(*sound_.files, kFolder, paths_);
    const auto expected = answers(sound_);
    ASSERT_TRUE(expected.has_value()) << expected.error().message;
    expected_ = *expected;
  }

  // What a workspace answers after `damage` to one file of a copy.
  template <typename Damage>
  void expect_told_or_harmless(const std::string& path, const std::string& what, Damage damage) {
    World damaged;
    damaged.files = sound_.files->clone();
    auto file = damaged.files->open(path, io::OpenMode::read_write);
    ASSERT_TRUE(file.has_value()) << path;
    damage(**file);
    file->reset();
    const auto found = answers(damaged);
    if (found) {
      EXPECT_EQ(*found, expected_) << path << " " << what;
    } else {
      ++told_;
      EXPECT_FALSE(found.error().message.empty());
      EXPECT_EQ(found.error().message.find('\n'), std::string::npos) << "one line: " << found.error().message;
    }
  }

  World sound_;
  std::vector<std::string> paths_;
  std::string expected_;
  uint64_t told_ = 0;
};

TEST_F(Corruption, AFlippedByteIsToldOrHarmless) {
  constexpr uint64_t kPlacesPerFile = 40;
  io::SeededRandom random(3);
  for (const std::string& path : paths_) {
    const std::string bytes = *io::read_file(*sound_.files, path);
    for (uint64_t i = 0; i < std::min<uint64_t>(kPlacesPerFile, bytes.size()); ++i) {
      const uint64_t place = random.next() % bytes.size();
      const auto mask = static_cast<uint8_t>(1 + random.next() % 255);
      expect_told_or_harmless(path, "byte " + std::to_string(place), [&](io::File& file) {
        const std::string flipped(1, static_cast<char>(static_cast<uint8_t>(bytes[place]) ^ mask));
        ASSERT_TRUE(file.write_at(place, flipped).has_value());
      });
    }
  }
  EXPECT_GT(told_, paths_.size()) << "most damage must be noticed, or nothing was read";
}

// The likeliest lie: one digit of an amount, in an otherwise sound file.
TEST_F(Corruption, AChangedDigitOfAPayoutIsTold) {
  constexpr std::string_view kAmount = "\"amount\":";
  uint64_t digits = 0;
  for (const std::string& path : paths_) {
    if (path.find("/receipts/") == std::string::npos) continue;
    const std::string bytes = *io::read_file(*sound_.files, path);
    for (size_t at = bytes.find(kAmount); at != std::string::npos; at = bytes.find(kAmount, at + 1)) {
      const uint64_t place = at + kAmount.size();
      expect_told_or_harmless(path, "digit at " + std::to_string(place), [&](io::File& file) {
        ASSERT_TRUE(file.write_at(place, bytes[place] == '1' ? "2" : "1").has_value());
      });
      ++digits;
    }
  }
  EXPECT_GT(digits, 0U);
  EXPECT_EQ(told_, digits);
}

TEST_F(Corruption, AShortenedFileIsToldOrHarmless) {
  io::SeededRandom random(4);
  for (const std::string& path : paths_) {
    const uint64_t size = io::read_file(*sound_.files, path)->size();
    for (const uint64_t kept :
         {uint64_t{0}, size / 2, size - std::min<uint64_t>(size, 1), random.next() % (size + 1)}) {
      expect_told_or_harmless(path, "cut to " + std::to_string(kept),
                              [&](io::File& file) { ASSERT_TRUE(file.truncate(kept).has_value()); });
    }
  }
}

}  // namespace
}  // namespace tribute::crash
