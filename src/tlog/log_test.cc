#include "tlog/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "io/memory_file_system.h"
#include "tlog/reader.h"
#include "tlog/testing/log_session.h"
#include "tlog/testing/naive_log.h"
#include "tlog/tile.h"

namespace tribute::tlog {
namespace {

using io::MemoryFileSystem;
using testing::AllOf;
using testing::HasSubstr;

std::string contents(MemoryFileSystem& files, const std::string& path) {
  const auto bytes = io::read_file(files, path);
  return bytes ? *bytes : bytes.error().message;
}

// The folder has every file that a log of these entries has, with the bytes of the definition, and an
// audit agrees.
void expect_published(MemoryFileSystem& files, const std::vector<std::string>& entries) {
  for (const auto& [path, bytes] : naive::files_of(entries)) {
    ASSERT_EQ(contents(files, io::join(kTestFolder, path)), bytes) << path;
  }
  auto reader = LogReader::open(files, kTestFolder, test_key());
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  EXPECT_EQ(reader->checkpoint().size, entries.size());
  EXPECT_EQ(reader->checkpoint().root, naive::root(naive::leaves_of(entries)));
  const auto counts = reader->audit();
  EXPECT_TRUE(counts.has_value()) << counts.error().message;
}

std::vector<std::string> slice(const std::vector<std::string>& entries, size_t begin, size_t end) {
  return {entries.begin() + static_cast<std::ptrdiff_t>(begin), entries.begin() + static_cast<std::ptrdiff_t>(end)};
}

TEST(Log, BeginsWithACheckpointOfSizeZeroAndItsKey) {
  MemoryFileSystem files;
  const auto session = LogSession::open(files);
  ASSERT_TRUE(session.has_value()) << session.error().message;
  EXPECT_EQ(session->log->size(), 0U);
  EXPECT_EQ(session->log->published(), (Checkpoint{"log.example", 0, naive::root({}), {}}));
  EXPECT_EQ(contents(files, "public/log/vkey"), test_key().text() + "\n");
  EXPECT_EQ(contents(files, "public/log/checkpoint"), session->log->published_note());
  expect_published(files, {});
}

TEST(Log, DefaultOriginIsMadeFromTheKey) {
  const PublicKey key = public_key_of(test_options().key);
  EXPECT_EQ(default_origin(key), "tribute/" + sha256(key.bytes).hex().substr(0, 16));
}

// Every way to cut the entries into transactions, publications and sessions gives the same log.
TEST(Log, IsAFunctionOfItsEntries) {
  EXPECT_TRUE(rc::check("whatever the batches", [] {
    const std::vector<std::string> entries = naive::some_entries(*rc::gen::inRange<size_t>(0, 800));
    MemoryFileSystem files;
    auto session = *LogSession::open(files);
    for (size_t begin = 0; begin < entries.size();) {
      const size_t most = *rc::gen::element<size_t>(2, 20, 300);
      const size_t end = std::min(entries.size(), begin + *rc::gen::inRange<size_t>(1, most));
      RC_ASSERT(session.append(slice(entries, begin, end)));
      begin = end;
      if (*rc::gen::inRange(0, 2) == 0) {
        const auto checkpoint = session.log->publish();
        RC_ASSERT(checkpoint.has_value());
        RC_ASSERT(checkpoint->size == begin);
        RC_ASSERT(*session.count("tlog_staged") == 0);
      }
      if (*rc::gen::inRange(0, 4) == 0) {
        session = {};
        session = *LogSession::open(files);
        RC_ASSERT(session.log->published().size == begin);
      }
    }
    RC_ASSERT(session.log->publish());
    expect_published(files, entries);
    RC_ASSERT(!testing::Test::HasFailure());
  }));
}

TEST(Log, ARolledBackTransactionLeavesNoTrace) {
  MemoryFileSystem files;
  auto session = *LogSession::open(files);
  {
    auto transaction = *session.database->begin();
    EXPECT_EQ(session.log->append(transaction, "gone"), EntryIndex(0));
    EXPECT_EQ(session.log->append(transaction, "gone too"), EntryIndex(1));
    EXPECT_EQ(session.log->size(transaction), 2U);
    EXPECT_EQ(session.log->read(transaction, EntryIndex(1)), "gone too");
  }
  EXPECT_EQ(session.log->size(), 0U);
  {
    auto transaction = *session.database->begin();
    EXPECT_EQ(session.log->append(transaction, "stays"), EntryIndex(0));
    ASSERT_TRUE(std::move(transaction).commit());
  }
  EXPECT_EQ(session.log->publish()->size, 1U);
  expect_published(files, {"stays"});
}

TEST(Log, ReadsWhatIsStagedAndWhatIsPublished) {
  MemoryFileSystem files;
  auto session = *LogSession::open(files);
  const std::vector<std::string> entries = {
      "text", "", std::string("n\0l", 3), "\xFF\xFE", "\xC3\xA9", std::string(kMaxEntryBytes, 'x'), "t", "x"};
  ASSERT_TRUE(session.append(entries));
  for (const bool published : {false, true}) {
    if (published) {
      ASSERT_TRUE(session.log->publish());
    }
    for (uint64_t i = 0; i < entries.size(); ++i) EXPECT_EQ(session.log->read(EntryIndex(i)), entries[i]);
    EXPECT_EQ(session.log->read(EntryIndex(entries.size())).error().code, ErrorCode::not_found);
  }
  expect_published(files, entries);

  auto transaction = *session.database->begin();
  const auto refused = session.log->append(transaction, std::string(kMaxEntryBytes + 1, 'x'));
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
}

TEST(Log, DoesNothingWhereNothingIsNew) {
  MemoryFileSystem files;
  std::vector<std::string> written;  // outlives the session, which writes when it ends
  auto session = *LogSession::open(files);
  ASSERT_TRUE(session.append({"one"}));
  ASSERT_TRUE(session.log->publish());
  files.set_fault_hook([&](io::Operation operation, const std::string& path, uint64_t) {
    if (operation == io::Operation::write) written.push_back(path);
    return io::Fault::none;
  });
  EXPECT_EQ(session.log->publish()->size, 1U);
  EXPECT_TRUE(written.empty()) << written.front();
}

TEST(Log, RemovesPartialFilesOnceTheyAreFull) {
  MemoryFileSystem files;
  auto session = *LogSession::open(files);
  const auto entries = naive::some_entries(300);
  ASSERT_TRUE(session.append(slice(entries, 0, 100)));
  ASSERT_TRUE(session.log->publish());
  EXPECT_TRUE(*files.exists("public/log/tile/entries/000.p/100"));
  ASSERT_TRUE(session.append(slice(entries, 100, 300)));
  ASSERT_TRUE(session.log->publish());
  EXPECT_FALSE(*files.exists("public/log/tile/entries/000.p/100"));
  EXPECT_FALSE(*files.exists("public/log/tile/0/000.p/100"));
  expect_published(files, entries);
}

// So many files that threads share the syncing, some of which fail at first.
TEST(Log, PublishesManyTilesAtOnce) {
  MemoryFileSystem files;
  auto session = *LogSession::open(files);
  const auto entries = naive::some_entries(20'000);
  ASSERT_TRUE(session.append(entries));
  files.set_fault_hook([](io::Operation operation, const std::string& path, uint64_t) {
    return operation == io::Operation::sync && path.contains("/05") ? io::Fault::error : io::Fault::none;
  });
  EXPECT_EQ(session.log->publish().error().code, ErrorCode::unavailable);
  files.set_fault_hook({});
  ASSERT_TRUE(session.log->publish());
  expect_published(files, entries);
}

// A log of 300 published entries, and its database as it was at 200.
struct WithBackup {
  MemoryFileSystem files;
  std::vector<std::string> entries = naive::some_entries(300);
  std::string backup;

  explicit WithBackup(bool backup_is_published) {
    auto session = *LogSession::open(files);
    EXPECT_TRUE(session.append(slice(entries, 0, 200)));
    if (backup_is_published) {
      EXPECT_TRUE(session.log->publish());
    }
    EXPECT_TRUE(session.database->backup_to("backup.db"));
    backup = contents(files, "backup.db");
    EXPECT_TRUE(session.log->publish());
    if (!backup_is_published) return;
    EXPECT_TRUE(session.append(slice(entries, 200, 300)));
    EXPECT_TRUE(session.log->publish());
  }
  void put_backup_back() {
    for (const char* file : {"tribute.db", "tribute.db-wal", "tribute.db-journal", "tribute.db-shm"}) {
      if (*files.exists(file)) {
        EXPECT_TRUE(files.remove(file));
      }
    }
    naive::write_file(files, "tribute.db", backup);
  }
};

TEST(LogRecovery, AnOlderBackupOfTheDatabaseIsRefused) {
  WithBackup test(true);
  test.put_backup_back();
  const auto session = LogSession::open(test.files);
  ASSERT_FALSE(session.has_value());
  EXPECT_EQ(session.error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(session.error().message,
            "public/log/checkpoint: the published log has 300 entries, the database only 200: the database is an "
            "older backup; rebuild it with `tribute recover --from-log`");
  expect_published(test.files, test.entries);
}

TEST(LogRecovery, AnOlderBackupThatWentAnotherWayIsRefused) {
  WithBackup test(true);
  test.put_backup_back();
  {
    // Somebody appends to the backup where the log cannot be seen.
    const auto database = *open_test_database(test.files);
    auto transaction = *database->begin();
    LogTables tables(transaction);
    for (uint64_t i = 200; i < 310; ++i) {
      ASSERT_TRUE(tables.add_hash(0, i, leaf_hash("other")));
      ASSERT_TRUE(tables.stage(i, "other"));
    }
    ASSERT_TRUE(std::move(transaction).commit());
  }
  const auto session = LogSession::open(test.files);
  ASSERT_FALSE(session.has_value());
  EXPECT_EQ(session.error().code, ErrorCode::data_loss);
  auto forked = naive::leaves_of(test.entries);
  std::fill(forked.begin() + 200, forked.end(), leaf_hash("other"));
  EXPECT_THAT(session.error().message, AllOf(HasSubstr(naive::root(naive::leaves_of(test.entries)).hex()),
                                             HasSubstr(naive::root(forked).hex())));
  expect_published(test.files, test.entries);
}

TEST(LogRecovery, ABackupThatHasEveryPublishedEntryLearnsTheCheckpoint) {
  WithBackup test(false);
  test.put_backup_back();
  auto session = LogSession::open(test.files);
  ASSERT_TRUE(session.has_value()) << session.error().message;
  EXPECT_EQ(session->count("tlog_checkpoints"), 2);  // of size 0 and 200
  EXPECT_EQ(session->count("tlog_staged"), 0);
  ASSERT_TRUE(session->append(slice(test.entries, 200, 300)));
  ASSERT_TRUE(session->log->publish());
  expect_published(test.files, test.entries);
}

TEST(LogRecovery, AnOlderOrMissingCheckpointFileIsReplacedByTheSignedOne) {
  MemoryFileSystem files;
  const auto entries = naive::some_entries(600);
  std::vector<std::string> notes;
  {
    auto session = *LogSession::open(files);
    for (const size_t size : {100U, 250U, 600U}) {
      ASSERT_TRUE(session.append(slice(entries, notes.empty() ? 0 : session.log->published().size, size)));
      ASSERT_TRUE(session.log->publish());
      notes.push_back(session.log->published_note());
    }
  }
  for (const std::string& old : {notes[0], notes[1], std::string()}) {
    if (old.empty()) {
      ASSERT_TRUE(files.remove("public/log/checkpoint"));
    } else {
      naive::write_file(files, "public/log/checkpoint", old);
    }
    const auto session = LogSession::open(files);
    ASSERT_TRUE(session.has_value()) << session.error().message;
    EXPECT_EQ(session->log->published_note(), notes[2]);
    EXPECT_EQ(contents(files, "public/log/checkpoint"), notes[2]);
    expect_published(files, entries);
  }
}

TEST(LogRecovery, RestoresTheDatabaseFromTheLog) {
  WithBackup test(true);
  ASSERT_TRUE(test.files.remove("tribute.db"));
  for (const char* file : {"tribute.db-wal", "tribute.db-journal"}) {
    if (*test.files.exists(file)) {
      ASSERT_TRUE(test.files.remove(file));
    }
  }
  {
    auto database = *open_test_database(test.files);
    auto reader = *LogReader::open(test.files, kTestFolder, test_key());
    auto transaction = *database->begin();
    const auto restored = Log::restore(transaction, reader);
    ASSERT_TRUE(restored.has_value()) << restored.error().message;
    EXPECT_EQ(Log::restore(transaction, reader).error().code, ErrorCode::failed_precondition);
    ASSERT_TRUE(std::move(transaction).commit());
  }
  auto session = LogSession::open(test.files);
  ASSERT_TRUE(session.has_value()) << session.error().message;
  EXPECT_EQ(session->log->size(), 300U);
  test.entries.push_back("after");
  ASSERT_TRUE(session->append({"after"}));
  ASSERT_TRUE(session->log->publish());
  expect_published(test.files, test.entries);
}

TEST(LogRecovery, AnotherKeysLogIsRefused) {
  MemoryFileSystem files;
  ASSERT_TRUE(LogSession::open(files));
  const auto other = LogSession::open(files, test_options('o'));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::failed_precondition);
  EXPECT_THAT(other.error().message, HasSubstr("public/log/vkey: the log has another key"));
  LogOptions bad = test_options();
  bad.origin = "two words";
  EXPECT_EQ(LogSession::open(files, bad).error().code, ErrorCode::invalid_argument);
}

TEST(LogRecovery, ADamagedFileIsNamed) {
  MemoryFileSystem original;
  const auto entries = naive::some_entries(300);
  ASSERT_TRUE((*LogSession::open(original)).append(entries));
  ASSERT_TRUE(LogSession::open(original));  // publishes
  const auto damage = [&](const std::string& path) {
    auto files = original.clone();
    std::string bytes = contents(*files, path);
    bytes[bytes.size() - 2] = static_cast<char>(bytes[bytes.size() - 2] ^ 1);
    naive::write_file(*files, path, bytes);
    auto session = LogSession::open(*files);
    if (!session) return session.error();
    EXPECT_TRUE(session->append(naive::some_entries(300)));
    const auto published = session->log->publish();
    EXPECT_FALSE(published.has_value()) << path;
    return published ? Error{} : published.error();
  };
  EXPECT_EQ(damage("public/log/checkpoint").code, ErrorCode::data_loss);
  EXPECT_THAT(damage("public/log/checkpoint").message, HasSubstr("public/log/checkpoint: "));
  const Error bundle = damage("public/log/tile/entries/001.p/44");
  EXPECT_EQ(bundle.code, ErrorCode::data_loss);
  EXPECT_THAT(bundle.message, HasSubstr("public/log/tile/entries/001.p/44: entry 299 hashes to"));

  // A full tile that nobody wrote yet, with other bytes than it must have.
  naive::write_file(original, "public/log/tile/0/001", std::string(kMaxTileBytes, 'x'));
  auto session = *LogSession::open(original);
  ASSERT_TRUE(session.append(naive::some_entries(300)));
  const auto published = session.log->publish();
  ASSERT_FALSE(published.has_value());
  EXPECT_EQ(published.error().code, ErrorCode::data_loss);
  EXPECT_THAT(published.error().message, HasSubstr("public/log/tile/0/001: it is there, with other bytes"));
}

TEST(LogRecovery, PublishingMayBeTriedAgainAfterAnyErrorOfTheFolder) {
  const auto entries = naive::some_entries(300);
  bool failed = true;
  for (uint64_t countdown = 0; failed; ++countdown) {
    MemoryFileSystem files;
    auto session = *LogSession::open(files);
    ASSERT_TRUE(session.append(entries));
    uint64_t seen = 0;
    files.set_fault_hook([&](io::Operation, const std::string& path, uint64_t) {
      return path.starts_with(kTestFolder) && seen++ == countdown ? io::Fault::error : io::Fault::none;
    });
    failed = !session.log->publish().has_value();
    files.set_fault_hook({});
    const auto again = session.log->publish();
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(again->size, entries.size());
    expect_published(files, entries);
    EXPECT_EQ(session.count("tlog_checkpoints"), 2);
  }
}

}  // namespace
}  // namespace tribute::tlog
