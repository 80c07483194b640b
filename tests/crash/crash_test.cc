// Power is lost at any step of a scripted day: the workspace reopens with everything that was
// acknowledged, once, and log, ledger, registry and auditor agree.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "day.h"
#include "io/memory_file_system.h"

namespace tribute::crash {
namespace {

constexpr const char* kFolder = "/day";

// One day with crashes drawn from a seed.
class Day {
 public:
  Day(uint64_t seed, uint64_t crash_at_most)
      : seeds_(seed), world_random_(seed ^ 0xD1CE), crash_at_most_(crash_at_most) {}

  uint64_t crash_count() const { return crash_count_; }
  uint64_t operation_count() const { return files_.operation_count(); }

  Result<void> run() {
    arm();
    TRY(until_done("init", [&]() -> Result<void> {
      const auto made = workspace::Workspace::init(environment(), kFolder, {.tokenizer = "bytes"});
      if (!made && made.error().code != ErrorCode::already_exists) return made;
      return {};
    }));
    for (const Step& step : scripted_day()) {
      TRY(until_done(step.name, [&]() -> Result<void> {
        Acknowledged next = acknowledged_;
        TRY(step.run(*TRY(opened()), next));
        acknowledged_ = std::move(next);
        return {};
      }));
    }
    files_.set_fault_hook({});
    TRY(check(*TRY(opened()), acknowledged_));
    TRY(check_nothing_else(*TRY(opened()), acknowledged_));
    return check_as_auditor(*TRY(opened()));
  }

 private:
  workspace::Environment environment() { return {files_, clock_, world_random_}; }

  Result<workspace::Workspace*> opened() {
    if (!workspace_) workspace_ = TRY(workspace::Workspace::open(environment(), kFolder, "the day"));
    return workspace_.get();
  }

  // Draws the operation at which power is lost next; sooner or later it is not lost any more.
  void arm() {
    const uint64_t at = files_.operation_count() + 1 + seeds_.next() % crash_at_most_;
    files_.set_fault_hook([at](io::Operation, const std::string&, uint64_t number) {
      return number >= at ? io::Fault::crash : io::Fault::none;
    });
  }

  // Repeats `step` over crashes. After each one everything acknowledged so far is checked.
  Result<void> until_done(const std::string& name, const std::function<Result<void>()>& step) {
    for (;;) {
      const auto result = step();
      if (result) return {};
      if (!files_.crashed()) return fail_within(name, result.error());
      workspace_.reset();
      ++crash_count_;
      files_.restart(seeds_.next(), static_cast<uint32_t>(seeds_.next() % 1001));
      files_.set_fault_hook({});
      if (TRY(files_.exists(std::string(kFolder) + "/tribute.toml"))) {
        const auto found = check_after_crash();
        if (!found) return fail_within("after a crash in '" + name + "'", found.error());
      }
      if (seeds_.next() % 3 != 0) arm();
    }
  }

  Result<void> check_after_crash() { return check(*TRY(opened()), acknowledged_); }

  io::MemoryFileSystem files_;
  io::SteppingClock clock_;
  io::SeededRandom seeds_;
  io::SeededRandom world_random_;
  uint64_t crash_at_most_;
  uint64_t crash_count_ = 0;
  std::unique_ptr<workspace::Workspace> workspace_;
  Acknowledged acknowledged_;
};

TEST(Crash, ADayWithoutCrashesIsRight) {
  Day day(1, uint64_t{1} << 40);
  const auto result = day.run();
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(day.crash_count(), 0U);
}

// TRIBUTE_CRASH_RUNS overrides the number of days; the seed of a failing one is printed.
TEST(Crash, EverythingAcknowledgedSurvives) {
  const char* runs_text = std::getenv("TRIBUTE_CRASH_RUNS");
  const uint64_t runs = runs_text != nullptr ? std::strtoull(runs_text, nullptr, 10) : 1000;
  Day calm(1, uint64_t{1} << 40);
  ASSERT_TRUE(calm.run().has_value());
  const uint64_t operations = calm.operation_count();

  uint64_t crashes = 0;
  for (uint64_t seed = 1; seed <= runs; ++seed) {
    Day day(seed, operations);
    const auto result = day.run();
    ASSERT_TRUE(result.has_value()) << "seed " << seed << ": " << result.error().message;
    crashes += day.crash_count();
  }
  EXPECT_GT(crashes, runs) << "the days must crash more than once on average, or nothing is tested";
}

}  // namespace
}  // namespace tribute::crash
