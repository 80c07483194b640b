// A Database under loss of power, full disks, failing disks and damaged files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "io/memory_file_system.h"
#include "sql/database.h"

namespace tribute::sql {
namespace {

using io::Fault;
using io::MemoryFileSystem;
using io::Operation;
using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr const char* kPath = "test.db";
constexpr std::array<Migration, 1> kMigrations = {
    Migration{1,
              "CREATE TABLE payment (batch INTEGER NOT NULL, number INTEGER NOT NULL, memo TEXT NOT NULL,"
              " PRIMARY KEY (batch, number));"
              "CREATE INDEX payment_by_memo ON payment (memo);"}};
const std::array<Schema, 1> kSchemas = {Schema{"payments", kMigrations}};
constexpr int64_t kBatchSize = 3;

Result<std::unique_ptr<Database>> open_migrated(io::FileSystem& files) {
  auto database = TRY(Database::open(files, kPath));
  TRY(database->migrate(kSchemas));
  return database;
}

std::string memo(int64_t batch, int64_t number) {
  return std::to_string(batch) + "/" + std::to_string(number) + std::string(700, 'm');
}

// One transaction: a batch of payments, whole or not at all.
Result<void> pay(Database& database, int64_t batch) {
  Transaction transaction = TRY(database.begin());
  for (int64_t number = 0; number < kBatchSize; ++number) {
    TRY(transaction.execute("INSERT INTO payment (batch, number, memo) VALUES (?, ?, ?)",
                            {batch, number, memo(batch, number)}));
  }
  return std::move(transaction).commit();
}

// The number of batches if the database holds batches 0, 1, … whole and nothing else.
std::optional<int64_t> batches_in(Database& database) {
  auto transaction = database.begin();
  if (!transaction) return std::nullopt;
  const auto rows = transaction->query("SELECT batch, number, memo FROM payment ORDER BY batch, number");
  if (!rows || rows->size() % kBatchSize != 0) return std::nullopt;
  for (size_t i = 0; i < rows->size(); ++i) {
    const auto position = static_cast<int64_t>(i);
    const int64_t batch = position / kBatchSize;
    const int64_t number = position % kBatchSize;
    if ((*rows)[i] != Row({batch, number, memo(batch, number)})) return std::nullopt;
  }
  return static_cast<int64_t>(rows->size()) / kBatchSize;
}

// A day of batches with the database closed and opened in between, until something fails.
struct Day {
  int64_t acknowledged = 0;
  std::optional<Error> error;
};
Day live_a_day(io::FileSystem& files) {
  Day day;
  const auto live = [&]() -> Result<void> {
    for (int session = 0; session < 3; ++session) {
      const auto database = TRY(open_migrated(files));
      for (int i = 0; i < 4; ++i) {
        TRY(pay(*database, day.acknowledged));
        ++day.acknowledged;
      }
    }
    return {};
  };
  const auto lived = live();
  if (!lived) day.error = lived.error();
  return day;
}

bool changes_the_disk(Operation operation) { return operation != Operation::read && operation != Operation::lock; }

// Does `fault` to the `number`-th operation that changes the disk (and to all later ones, if so asked).
MemoryFileSystem::FaultHook at_change(uint64_t number, Fault fault, bool and_all_later = false) {
  return [=, change = uint64_t{0}](Operation operation, const std::string&, uint64_t) mutable {
    if (!changes_the_disk(operation)) return Fault::none;
    const uint64_t current = change++;
    return current == number || (and_all_later && current > number) ? fault : Fault::none;
  };
}

uint64_t changes_in_a_day() {
  MemoryFileSystem files;
  uint64_t changes = 0;
  files.set_fault_hook([&](Operation operation, const std::string&, uint64_t) {
    changes += changes_the_disk(operation) ? 1 : 0;
    return Fault::none;
  });
  EXPECT_EQ(live_a_day(files).acknowledged, 12);
  files.set_fault_hook({});
  return changes;
}

// Everything acknowledged is there, once and whole; perhaps also the batch that was under way.
void expect_acknowledged(io::FileSystem& files, const Day& day, const std::string& when) {
  const auto database = open_migrated(files);
  ASSERT_TRUE(database) << when << database.error().message;
  const auto found = batches_in(**database);
  ASSERT_TRUE(found) << when;
  EXPECT_THAT(*found, AnyOf(day.acknowledged, day.acknowledged + 1)) << when;
  EXPECT_TRUE((*database)->check_integrity()) << when;
  EXPECT_TRUE(pay(**database, *found)) << when << "and it goes on";
}

TEST(DatabaseFaults, ALossOfPowerLosesNothingAcknowledged) {
  const uint64_t changes = changes_in_a_day();
  ASSERT_GT(changes, 100U);
  for (uint64_t number = 0; number < changes; ++number) {
    MemoryFileSystem files;
    files.set_fault_hook(at_change(number, Fault::crash));
    const Day day = live_a_day(files);
    EXPECT_TRUE(day.error || day.acknowledged == 12);
    files.set_fault_hook({});
    for (const uint32_t keep_permille : {0U, 300U, 500U, 900U, 1000U}) {
      const auto after = files.clone();
      after->restart(number, keep_permille);
      expect_acknowledged(*after, day,
                          "change " + std::to_string(number) + ", " + std::to_string(keep_permille) + ": ");
    }
  }
}

TEST(DatabaseFaults, ALossOfPowerInRecoveryLosesNothingEither) {
  MemoryFileSystem before;
  auto database = open_migrated(before).value();
  for (int64_t batch = 0; batch < 5; ++batch) ASSERT_TRUE(pay(*database, batch));
  before.crash();
  database.reset();
  before.restart(1);
  const Day day{.acknowledged = 5, .error = {}};
  for (uint64_t number = 0; number < 25; ++number) {
    const auto files = before.clone();
    files->set_fault_hook(at_change(number, Fault::crash));
    (void)open_migrated(*files);
    files->set_fault_hook({});
    files->restart(number);
    expect_acknowledged(*files, day, "change " + std::to_string(number) + ": ");
  }
}

TEST(DatabaseFaults, AFullDiskLosesNothingAcknowledged) {
  const uint64_t changes = changes_in_a_day();
  for (const bool and_all_later : {false, true}) {
    for (uint64_t number = 0; number < changes; ++number) {
      MemoryFileSystem files;
      files.set_fault_hook(at_change(number, Fault::disk_full, and_all_later));
      const Day day = live_a_day(files);
      EXPECT_EQ(day.error ? day.error->code : ErrorCode::resource_exhausted, ErrorCode::resource_exhausted) << number;
      files.set_fault_hook({});
      const auto crashed = files.clone();
      crashed->restart(number);
      expect_acknowledged(files, day, "full at change " + std::to_string(number) + ": ");
      expect_acknowledged(*crashed, day, "full, then power lost, at change " + std::to_string(number) + ": ");
    }
  }
}

TEST(DatabaseFaults, AFailingDiskLosesNothingAcknowledged) {
  const uint64_t changes = changes_in_a_day();
  for (uint64_t number = 0; number < changes; ++number) {
    MemoryFileSystem files;
    files.set_fault_hook(at_change(number, Fault::error));
    const Day day = live_a_day(files);
    EXPECT_EQ(day.error ? day.error->code : ErrorCode::unavailable, ErrorCode::unavailable) << number;
    files.set_fault_hook({});
    const auto crashed = files.clone();
    crashed->restart(number);
    expect_acknowledged(files, day, "error at change " + std::to_string(number) + ": ");
    expect_acknowledged(*crashed, day, "error, then power lost, at change " + std::to_string(number) + ": ");
  }
}

TEST(DatabaseFaults, AfterAFailedCommitOnlyReopeningTells) {
  MemoryFileSystem files;
  auto database = open_migrated(files).value();
  files.set_fault_hook([](Operation operation, const std::string&, uint64_t) {
    return operation == Operation::sync ? Fault::error : Fault::none;
  });
  const auto paid = pay(*database, 0);
  EXPECT_EQ(paid.error().code, ErrorCode::unavailable);
  EXPECT_THAT(paid.error().message, HasSubstr("test.db-wal: input/output error"));
  files.set_fault_hook({});
  const auto begun = database->begin();
  ASSERT_FALSE(begun);
  EXPECT_THAT(begun.error().message, HasSubstr("after opening the database again"));
  database.reset();
  expect_acknowledged(files, {}, "");
}

// The write-ahead log of a database that lost power: one that SQLite would take for a new database's own.
std::string left_over_log() {
  MemoryFileSystem files;
  auto database = open_migrated(files).value();
  EXPECT_TRUE(pay(*database, 99));
  files.crash();
  database.reset();
  files.restart(1);
  return io::read_file(files, std::string(kPath) + "-wal").value();
}

TEST(DatabaseFaults, ABackupIsWholeOrNotThere) {
  MemoryFileSystem before;
  ASSERT_EQ(live_a_day(before).acknowledged, 12);
  ASSERT_TRUE(io::write_file_atomically(before, "copy.db-wal", left_over_log()));
  bool finished = false;
  for (uint64_t number = 0; !finished; ++number) {
    const auto lost = before.clone();
    auto database = open_migrated(*lost).value();
    lost->set_fault_hook(at_change(number, Fault::crash));
    finished = database->backup_to("copy.db").has_value();
    database.reset();
    for (uint64_t seed = 0; seed < 8; ++seed) {
      const auto files = lost->clone();
      files->restart(seed);
      if (!files->exists("copy.db").value()) {
        EXPECT_FALSE(finished);
        continue;
      }
      const auto copy = Database::open(*files, "copy.db");
      ASSERT_TRUE(copy) << number << copy.error().message;
      EXPECT_EQ(batches_in(**copy), 12) << number;
    }
  }
}

class DamagedDatabase : public testing::Test {
 protected:
  void SetUp() override {
    MemoryFileSystem files;
    ASSERT_EQ(live_a_day(files).acknowledged, 12);
    // Pages that were freed and used again are among them.
    auto database = open_migrated(files).value();
    Transaction transaction = database->begin().value();
    ASSERT_TRUE(transaction.execute("DELETE FROM payment WHERE batch >= 7"));
    ASSERT_TRUE(std::move(transaction).commit());
    database.reset();
    sound_ = io::read_file(files, kPath).value();
    ASSERT_EQ(sound_.size() % kPage, 0U);
    ASSERT_GT(sound_.size() / kPage, 5U);
  }

  // True if the damage was told; otherwise every answer must be right.
  static bool is_told(const std::string& bytes, const std::string& what) {
    MemoryFileSystem files;
    EXPECT_TRUE(io::write_file_atomically(files, kPath, bytes));
    const auto check = [&]() -> Result<void> {
      const auto database = TRY(open_migrated(files));
      const auto rows = TRY(TRY(database->begin()).query("SELECT memo FROM payment ORDER BY memo"));
      const auto found = batches_in(*database);
      TRY(database->check_integrity());
      EXPECT_EQ(found, 7) << what;
      EXPECT_EQ(rows.size(), 21U) << what;
      return pay(*database, 7);
    };
    const auto checked = check();
    if (checked) return false;
    EXPECT_EQ(checked.error().code, ErrorCode::data_loss) << what << checked.error().message;
    EXPECT_THAT(checked.error().message, HasSubstr("test.db"));
    EXPECT_THAT(checked.error().message, HasSubstr("tribute restore"));
    return true;
  }

  static constexpr size_t kPage = 4096;
  std::string sound_;
};

TEST_F(DamagedDatabase, TheSoundOneIsSound) { EXPECT_FALSE(is_told(sound_, "nothing")); }

TEST_F(DamagedDatabase, AFlippedBitIsToldOrHarmless) {
  size_t told = 0;
  size_t tried = 0;
  for (size_t position = 0; position < sound_.size(); position += position < 120 ? 1 : 61) {
    std::string damaged = sound_;
    damaged[position] = static_cast<char>(damaged[position] ^ (1 << position % 8));
    told += is_told(damaged, "byte " + std::to_string(position) + ": ") ? 1 : 0;
    ++tried;
  }
  EXPECT_GT(told * 2, tried) << "unused pages alone are not read";
}

TEST_F(DamagedDatabase, MisplacedZeroedAndMissingPagesAreToldOrHarmless) {
  const size_t pages = sound_.size() / kPage;
  for (size_t page = 0; page < pages; ++page) {
    const std::string which = "page " + std::to_string(page + 1);
    std::string zeroed = sound_;
    zeroed.replace(page * kPage, kPage, kPage, '\0');
    is_told(zeroed, which + " zeroed: ");
    std::string misplaced = sound_;
    misplaced.replace(page * kPage, kPage, sound_, (page + 1) % pages * kPage, kPage);
    is_told(misplaced, which + " misplaced: ");
    is_told(sound_.substr(0, page * kPage + 1000), which + " torn: ");
    // An empty file is a new database.
    if (page == 0) continue;
    EXPECT_TRUE(is_told(sound_.substr(0, page * kPage), which + " and all later ones missing: "));
  }
}

}  // namespace
}  // namespace tribute::sql
