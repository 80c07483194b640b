#include "io/memory_file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "io/random.h"

namespace tribute::io {
namespace {

using ::testing::HasSubstr;

constexpr size_t kSector = 512;
constexpr std::array<const char*, 3> kNames = {"a", "b", "c"};

MemoryFileSystem::FaultHook at_operation(uint64_t number, Fault fault) {
  return [number, fault](Operation, const std::string&, uint64_t current) {
    return current == number ? fault : Fault::none;
  };
}

MemoryFileSystem::FaultHook at_every(Operation operation, Fault fault) {
  return [operation, fault](Operation current, const std::string&, uint64_t) {
    return current == operation ? fault : Fault::none;
  };
}

TEST(MemoryFileSystem, FailsAsTheHookSays) {
  MemoryFileSystem files;
  files.set_fault_hook(at_every(Operation::sync, Fault::error));
  const auto file = files.open("a", OpenMode::create).value();
  EXPECT_TRUE(file->write_at(0, "x"));
  EXPECT_EQ(file->sync().error(), (Error{ErrorCode::unavailable, "a: input/output error"}));
  files.set_fault_hook(at_every(Operation::write, Fault::disk_full));
  EXPECT_EQ(file->write_at(0, "1234").error().code, ErrorCode::resource_exhausted);
  EXPECT_EQ(file->read_at(0, 9), "12") << "a part of the bytes is there";
  files.set_fault_hook({});
  EXPECT_TRUE(file->write_at(0, "1234"));
}

TEST(MemoryFileSystem, CountsAndNamesOperations) {
  MemoryFileSystem files;
  std::vector<std::string> seen;
  files.set_fault_hook([&](Operation operation, const std::string& path, uint64_t number) {
    seen.push_back(std::to_string(number) + " " + std::to_string(static_cast<int>(operation)) + " " + path);
    return Fault::none;
  });
  ASSERT_TRUE(write_file_atomically(files, "a", "x"));
  EXPECT_EQ(seen, (std::vector<std::string>{"0 0 a.tmp", "1 3 a.tmp", "2 2 a.tmp", "3 4 a.tmp", "4 5 a.tmp", "5 8 ."}));
  EXPECT_EQ(files.operation_count(), 6U);
}

TEST(MemoryFileSystem, NothingWorksWithoutPowerAndOldFilesStayDead) {
  MemoryFileSystem files;
  const auto file = files.open("a", OpenMode::create).value();
  const auto lock = files.lock("lock", "me");
  ASSERT_TRUE(lock);
  ASSERT_TRUE(files.sync_folder("."));
  files.crash();
  EXPECT_TRUE(files.crashed());
  EXPECT_EQ(files.exists("a").error().code, ErrorCode::aborted);
  EXPECT_EQ(files.open("a", OpenMode::read).error().code, ErrorCode::aborted);
  EXPECT_EQ(file->sync().error().code, ErrorCode::aborted);
  files.restart(1);
  EXPECT_FALSE(files.crashed());
  EXPECT_EQ(files.exists("a"), true);
  EXPECT_EQ(file->write_at(0, "x").error().code, ErrorCode::aborted);
  EXPECT_EQ(file->size().error().code, ErrorCode::aborted);
  EXPECT_TRUE(files.lock("lock", "another")) << "locks do not survive";
}

TEST(MemoryFileSystem, ACrashByFaultHappensBeforeTheOperation) {
  MemoryFileSystem files;
  files.set_fault_hook(at_every(Operation::rename, Fault::crash));
  EXPECT_EQ(write_file_atomically(files, "a", "x").error().code, ErrorCode::aborted);
  files.set_fault_hook({});
  files.restart(1, 1000);
  EXPECT_EQ(files.exists("a"), false);
  EXPECT_EQ(read_file(files, "a.tmp"), "x");
}

TEST(MemoryFileSystem, ALateLockOfAnEarlierLifeReleasesNothing) {
  MemoryFileSystem files;
  auto old_lock = files.lock("lock", "old").value();
  ASSERT_TRUE(files.sync_folder("."));
  files.restart(1);
  const auto new_lock = files.lock("lock", "new").value();
  old_lock.reset();
  EXPECT_THAT(files.lock("lock", "third").error().message, HasSubstr("held by new"));
}

TEST(MemoryFileSystem, AFileIsLostWithItsUnsyncedName) {
  MemoryFileSystem files;
  const auto file = files.open("a", OpenMode::create).value();
  ASSERT_TRUE(file->write_at(0, "x"));
  ASSERT_TRUE(file->sync());
  const auto lost = files.clone();
  lost->restart(1, 0);
  EXPECT_EQ(lost->exists("a"), false);
  ASSERT_TRUE(files.sync_folder("."));
  files.restart(1, 0);
  EXPECT_EQ(read_file(files, "a"), "x");
}

TEST(MemoryFileSystem, AFolderIsLostWithAllThatIsInIt) {
  MemoryFileSystem files;
  ASSERT_TRUE(files.make_folder("folder"));
  ASSERT_TRUE(write_file_atomically(files, "folder/a", "x"));
  files.restart(1, 0);
  EXPECT_EQ(files.exists("folder"), false);
  ASSERT_TRUE(make_folders(files, "folder/below"));
  ASSERT_TRUE(write_file_atomically(files, "folder/below/a", "x"));
  files.restart(1, 0);
  EXPECT_EQ(read_file(files, "folder/below/a"), "x");
}

TEST(MemoryFileSystem, ARenameHappensWhollyOrNot) {
  MemoryFileSystem before;
  ASSERT_TRUE(before.make_folder("left"));
  ASSERT_TRUE(before.make_folder("right"));
  ASSERT_TRUE(before.sync_folder("."));
  ASSERT_TRUE(write_file_atomically(before, "left/a", "new"));
  ASSERT_TRUE(write_file_atomically(before, "right/a", "old"));
  ASSERT_TRUE(before.rename("left/a", "right/a"));
  std::set<std::string> outcomes;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto files = before.clone();
    files->restart(seed);
    const bool moved = !files->exists("left/a").value();
    EXPECT_EQ(read_file(*files, "right/a"), moved ? "new" : "old");
    outcomes.insert(moved ? "moved" : "not moved");
  }
  EXPECT_EQ(outcomes.size(), 2U);
  ASSERT_TRUE(before.sync_folder("left"));
  before.restart(1, 0);
  EXPECT_EQ(read_file(before, "right/a"), "new") << "one rename is in both folders";
}

TEST(MemoryFileSystem, AChangeOfTwoFoldersTakesAlongWhatCameBefore) {
  MemoryFileSystem files;
  ASSERT_TRUE(make_folders(files, "left"));
  ASSERT_TRUE(make_folders(files, "right"));
  ASSERT_TRUE(files.open("left/made", OpenMode::create));
  ASSERT_TRUE(files.rename("left/made", "right/moved"));
  ASSERT_TRUE(files.open("left/later", OpenMode::create));
  ASSERT_TRUE(files.sync_folder("right"));
  files.restart(1, 1000);
  EXPECT_EQ(files.exists("left/made"), false);
  EXPECT_EQ(files.exists("right/moved"), true);
  EXPECT_EQ(files.exists("left/later"), true);
}

TEST(MemoryFileSystem, UnsyncedSectorsTearIndependently) {
  MemoryFileSystem before;
  const auto file = before.open("a", OpenMode::create).value();
  ASSERT_TRUE(file->write_at(0, std::string(4 * kSector, 'a')));
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(before.sync_folder("."));
  ASSERT_TRUE(file->write_at(0, std::string(4 * kSector, 'b')));
  std::set<std::string> outcomes;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const auto files = before.clone();
    files->restart(seed);
    const std::string content = read_file(*files, "a").value();
    std::string letters;
    for (size_t sector = 0; sector < 4; ++sector) {
      letters += content[sector * kSector];
      EXPECT_EQ(content.substr(sector * kSector, kSector), std::string(kSector, letters.back()));
    }
    outcomes.insert(letters);
  }
  EXPECT_EQ(outcomes.size(), 16U) << "every subset of four sectors";
}

TEST(MemoryFileSystem, ACloneIsIndependent) {
  MemoryFileSystem files;
  ASSERT_TRUE(write_file_atomically(files, "a", "old"));
  const auto copy = files.clone();
  ASSERT_TRUE(write_file_atomically(files, "a", "new"));
  ASSERT_TRUE(write_file_atomically(*copy, "b", "x"));
  EXPECT_EQ(read_file(*copy, "a"), "old");
  EXPECT_EQ(files.exists("b"), false);
}

// write_file_atomically() under a loss of power at every operation: wholly old or wholly new, and
// after success always new.
TEST(WriteFileAtomically, IsAllOrNothing) {
  const std::string old_bytes(3000, 'o');
  const std::string new_bytes(5000, 'n');
  for (uint64_t number = 0; number < 10; ++number) {
    for (uint64_t seed = 0; seed < 50; ++seed) {
      MemoryFileSystem files;
      ASSERT_TRUE(write_file_atomically(files, "a", old_bytes));
      files.set_fault_hook(at_operation(files.operation_count() + number, Fault::crash));
      const auto written = write_file_atomically(files, "a", new_bytes);
      EXPECT_EQ(written.has_value(), number >= 6);
      files.set_fault_hook({});
      files.restart(seed);
      const std::string found = read_file(files, "a").value();
      EXPECT_TRUE(found == new_bytes || (!written && found == old_bytes)) << number << " " << seed;
    }
  }
}

TEST(WriteFileAtomically, KeepsTheOldFileOnEveryErrorButTheLastSync) {
  for (const Fault fault : {Fault::error, Fault::disk_full}) {
    for (uint64_t number = 0; number < 6; ++number) {
      MemoryFileSystem files;
      ASSERT_TRUE(write_file_atomically(files, "a", "old"));
      files.set_fault_hook(at_operation(files.operation_count() + number, fault));
      const auto written = write_file_atomically(files, "a", "newer");
      const bool last_sync = number == 5;
      EXPECT_EQ(read_file(files, "a"), written || last_sync ? "newer" : "old") << number;
      EXPECT_EQ(files.exists("a.tmp"), false) << "the space is given back";
    }
  }
}

template <typename T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::ranges::find(values, value) != values.end();
}

template <typename T>
void keep_last(std::vector<T>& values) {
  values.erase(values.begin(), values.end() - 1);
}

// The naive twin of durability. It knows, for each name and each sector, every value that a loss of
// power may leave: the last synced one and all since. Files are told apart by what they hold: every
// write fills whole sectors with a letter of its own file and a number of its own.
class NaiveDurability {
 public:
  static constexpr int kAbsent = -1;

  NaiveDurability() {
    for (const char* name : kNames) names_[name] = {kAbsent};
  }

  int current(const std::string& name) const { return names_.at(name).back(); }
  void name(const std::string& name, int file) { names_[name].push_back(file); }
  void sync_names() {
    for (auto& [name, possible] : names_) keep_last(possible);
  }
  void write(int file, size_t sector, const std::string& bytes) {
    auto& possible = sectors_[{file, sector}];
    if (possible.empty()) possible.push_back(std::string(kSector, '\0'));
    possible.push_back(bytes);
    resize(file, std::max(sizes_[file].back(), (sector + 1) * kSector));
  }
  void resize(int file, size_t size) {
    auto& sizes = sizes_[file];
    if (size == sizes.back()) return;
    for (auto& [key, possible] : sectors_) {
      if (key.first == file && key.second * kSector >= size) possible.push_back(std::string(kSector, '\0'));
    }
    sizes.push_back(size);
  }
  void make(int file) { sizes_[file] = {0}; }
  void sync(int file) {
    keep_last(sizes_[file]);
    for (auto& [key, possible] : sectors_) {
      if (key.first == file) keep_last(possible);
    }
  }

  // True if some file that `name` may lead to may hold `content` (nullopt: the name is not there).
  bool allows(const std::string& name, const std::optional<std::string>& content) const {
    return std::ranges::any_of(names_.at(name), [&](int file) {
      return file == kAbsent ? !content.has_value() : content.has_value() && allows(file, *content);
    });
  }

 private:
  bool allows(int file, const std::string& content) const {
    if (!contains(sizes_.at(file), content.size())) return false;
    for (size_t sector = 0; sector * kSector < content.size(); ++sector) {
      const auto found = sectors_.find({file, sector});
      const std::string bytes = content.substr(sector * kSector, kSector);
      const bool allowed =
          found == sectors_.end() ? bytes == std::string(kSector, '\0') : contains(found->second, bytes);
      if (!allowed) return false;
    }
    return true;
  }

  std::map<std::string, std::vector<int>> names_;  // possible files, the current one last
  std::map<int, std::vector<size_t>> sizes_;       // likewise
  std::map<std::pair<int, size_t>, std::vector<std::string>> sectors_;
};

struct RandomDay {
  MemoryFileSystem files;
  NaiveDurability model;
  int file_count = 0;
  int write_count = 0;

  void open_or_make(const std::string& name) {
    if (model.current(name) != NaiveDurability::kAbsent) return;
    ASSERT_TRUE(files.open(name, OpenMode::create_new));
    model.make(file_count);
    model.name(name, file_count++);
  }

  void step(SeededRandom& random) {
    const std::string name = kNames[random.next() % kNames.size()];
    const std::string other = kNames[random.next() % kNames.size()];
    const uint64_t sector = random.next() % 6;
    switch (random.next() % 8) {
      case 0: ASSERT_TRUE(files.sync_folder(".")); return model.sync_names();
      case 1:
        if (model.current(name) == NaiveDurability::kAbsent) return;
        ASSERT_TRUE(files.remove(name));
        return model.name(name, NaiveDurability::kAbsent);
      case 2:
        if (model.current(name) == NaiveDurability::kAbsent || name == other) return;
        ASSERT_TRUE(files.rename(name, other));
        model.name(other, model.current(name));
        return model.name(name, NaiveDurability::kAbsent);
      default: break;
    }
    open_or_make(name);
    const int id = model.current(name);
    const auto file = files.open(name, OpenMode::read_write).value();
    switch (random.next() % 4) {
      case 0: ASSERT_TRUE(file->sync()); return model.sync(id);
      case 1: ASSERT_TRUE(file->truncate(sector * kSector)); return model.resize(id, sector * kSector);
      default: {
        std::string bytes = "file " + std::to_string(id) + " write " + std::to_string(write_count++);
        bytes.resize(kSector, '.');
        ASSERT_TRUE(file->write_at(sector * kSector, bytes));
        return model.write(id, sector, bytes);
      }
    }
  }
};

TEST(MemoryFileSystem, LosesOnlyWhatWasNotSynced) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    SeededRandom random(seed);
    RandomDay day;
    const auto steps = 1 + random.next() % 40;
    for (uint64_t i = 0; i < steps; ++i) day.step(random);
    for (const uint32_t keep_permille : {0U, 500U, 900U, 1000U}) {
      const auto after = day.files.clone();
      after->restart(random.next(), keep_permille);
      const auto again = after->clone();
      for (const char* name : kNames) {
        std::optional<std::string> content;
        if (after->exists(name).value()) content = read_file(*after, name).value();
        RC_ASSERT(day.model.allows(name, content));
      }
      again->restart(random.next(), 0);
      const auto entries = after->list(".").value();
      for (const auto& entry : entries) {
        RC_ASSERT(read_file(*again, entry.name).value() == read_file(*after, entry.name).value());
      }
    }
  }));
}

TEST(MemoryFileSystem, KeepsEverythingOrNothingAtTheExtremes) {
  MemoryFileSystem files;
  ASSERT_TRUE(write_file_atomically(files, "a", "synced"));
  const auto file = files.open("a", OpenMode::read_write).value();
  ASSERT_TRUE(file->write_at(0, "unsynced and longer"));
  ASSERT_TRUE(files.open("b", OpenMode::create));
  const auto nothing = files.clone();
  nothing->restart(9, 0);
  EXPECT_EQ(read_file(*nothing, "a"), "synced");
  EXPECT_EQ(nothing->exists("b"), false);
  files.restart(9, 1000);
  EXPECT_EQ(read_file(files, "a"), "unsynced and longer");
  EXPECT_EQ(files.exists("b"), true);
}

TEST(MemoryFileSystem, TheSameSeedLeavesTheSame) {
  EXPECT_TRUE(rc::check([](uint64_t seed) {
    SeededRandom random(seed);
    RandomDay day;
    for (int i = 0; i < 30; ++i) day.step(random);
    const auto first = day.files.clone();
    const auto second = day.files.clone();
    first->restart(seed);
    second->restart(seed);
    const auto entries = first->list(".").value();
    RC_ASSERT(entries.size() == second->list(".").value().size());
    for (const auto& entry : entries) {
      RC_ASSERT(read_file(*first, entry.name).value() == read_file(*second, entry.name).value());
    }
  }));
}

}  // namespace
}  // namespace tribute::io
