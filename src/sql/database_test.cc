#include "sql/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <map>

#include "io/memory_file_system.h"

namespace tribute::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::array<Migration, 2> kMigrations = {
    Migration{1,
              "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER);"
              "CREATE TABLE pet (name TEXT PRIMARY KEY, owner INTEGER NOT NULL REFERENCES person (id));"},
    Migration{2, "ALTER TABLE pet ADD COLUMN kind TEXT;\n"}};
const std::array<Schema, 1> kSchemas = {Schema{"people", kMigrations}};

template <typename T>
ErrorCode code_of(const Result<T>& result) {
  return result ? ErrorCode::unknown : result.error().code;
}

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    reopen();
    ASSERT_TRUE(database_->migrate(kSchemas));
  }

  void reopen() {
    database_.reset();
    auto opened = Database::open(files_, "test.db");
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = std::move(*opened);
  }

  // Runs and commits one statement.
  Result<void> commit(std::string_view statement, std::vector<Value> parameters = {}) {
    Transaction transaction = TRY(database_->begin());
    TRY(transaction.execute(statement, std::move(parameters)));
    return std::move(transaction).commit();
  }

  std::vector<Row> select(std::string_view query) { return database_->begin().value().query(query).value(); }

  io::MemoryFileSystem files_;
  std::unique_ptr<Database> database_;
};

TEST_F(DatabaseTest, KeepsIntegersTextsAndNulls) {
  const std::vector<Value> values = {int64_t{0},
                                     int64_t{-1},
                                     INT64_MAX,
                                     INT64_MIN,
                                     "",
                                     std::string("a\0b", 3),
                                     "\xff not UTF-8",
                                     "贡献",
                                     "12",
                                     std::string(3'000'000, 'x'),
                                     std::monostate()};
  ASSERT_TRUE(commit("CREATE TABLE thing (id INTEGER PRIMARY KEY, number INTEGER, word TEXT)"));
  for (const Value& value : values) {
    const bool is_text = std::holds_alternative<std::string>(value);
    ASSERT_TRUE(commit("INSERT INTO thing (number, word) VALUES (?, ?)",
                       {is_text ? Value() : value, is_text ? value : Value()}));
  }
  reopen();
  const auto rows = select("SELECT number, word FROM thing ORDER BY id");
  ASSERT_EQ(rows.size(), values.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool is_text = std::holds_alternative<std::string>(values[i]);
    EXPECT_EQ(rows[i], is_text ? Row({Value(), values[i]}) : Row({values[i], Value()})) << i;
  }
  EXPECT_TRUE(rows.back().is_null(0));
  EXPECT_EQ(rows[2].integer(0), INT64_MAX);
  EXPECT_EQ(rows[7].text(1), "贡献");
  EXPECT_EQ(rows[7].column_count(), 2U);
}

TEST_F(DatabaseTest, ExecuteReturnsTheNumberOfChangedRows) {
  Transaction transaction = database_->begin().value();
  EXPECT_EQ(transaction.execute("INSERT INTO person (name) VALUES ('a'), ('b'), ('c')"), 3);
  EXPECT_EQ(transaction.execute("UPDATE person SET age = 7 WHERE name <> ?", {"b"}), 2);
  EXPECT_EQ(transaction.execute("CREATE TABLE other (a INTEGER)"), 0);
  EXPECT_EQ(transaction.execute("UPDATE person SET age = 7 WHERE name = 'z'"), 0);
  EXPECT_EQ(transaction.execute("DELETE FROM person"), 3);
}

TEST_F(DatabaseTest, QueryOneWantsAtMostOneRow) {
  ASSERT_TRUE(commit("INSERT INTO person (name, age) VALUES ('a', 1), ('b', 1)"));
  Transaction transaction = database_->begin().value();
  EXPECT_EQ(transaction.query_one("SELECT age FROM person WHERE name = ?", {"a"}), Row({int64_t{1}}));
  EXPECT_EQ(transaction.query_one("SELECT age FROM person WHERE name = ?", {"z"}), std::nullopt);
  EXPECT_EQ(code_of(transaction.query_one("SELECT name FROM person")), ErrorCode::internal);
  EXPECT_EQ(code_of(transaction.query_one("SELECT 1")), ErrorCode::internal) << "only to be dropped now";
}

TEST_F(DatabaseTest, SumsAreIntegers) {
  ASSERT_TRUE(commit("INSERT INTO person (name, age) VALUES ('a', 4611686018427387904), ('b', 5)"));
  EXPECT_EQ(select("SELECT sum(age), count(*), max(name) FROM person"),
            (std::vector<Row>{Row({int64_t{4611686018427387909}, int64_t{2}, "b"})}));
}

TEST_F(DatabaseTest, RealsAndBlobsAreRefused) {
  EXPECT_EQ(code_of(database_->begin().value().query("SELECT 1.5")), ErrorCode::internal);
  EXPECT_EQ(code_of(database_->begin().value().query("SELECT x'00'")), ErrorCode::internal);
}

TEST_F(DatabaseTest, ADroppedTransactionLeavesNothing) {
  {
    Transaction transaction = database_->begin().value();
    ASSERT_TRUE(transaction.execute("INSERT INTO person (name) VALUES ('a')"));
    Transaction moved = std::move(transaction);
    EXPECT_EQ(moved.query("SELECT * FROM person").value().size(), 1U);
  }
  EXPECT_TRUE(select("SELECT * FROM person").empty());
  reopen();
  EXPECT_TRUE(select("SELECT * FROM person").empty());
}

TEST_F(DatabaseTest, AfterAnErrorATransactionCanOnlyBeDropped) {
  ASSERT_TRUE(commit("INSERT INTO person (name) VALUES ('a')"));
  Transaction transaction = database_->begin().value();
  ASSERT_TRUE(transaction.execute("INSERT INTO person (name) VALUES ('b')"));
  const auto refused = transaction.execute("INSERT INTO person (name) VALUES ('a')");
  EXPECT_EQ(code_of(refused), ErrorCode::already_exists);
  EXPECT_THAT(refused.error().message, HasSubstr("person.name"));
  EXPECT_EQ(transaction.query("SELECT 1").error(), refused.error());
  EXPECT_EQ(std::move(transaction).commit().error(), refused.error());
  EXPECT_EQ(select("SELECT name FROM person").size(), 1U);
  EXPECT_TRUE(commit("INSERT INTO person (name) VALUES ('b')")) << "the next transaction works";
}

TEST_F(DatabaseTest, ConstraintsHaveTheirCodes) {
  ASSERT_TRUE(commit("INSERT INTO person (id, name) VALUES (1, 'a')"));
  ASSERT_TRUE(commit("INSERT INTO pet (name, owner) VALUES ('x', 1)"));
  EXPECT_EQ(code_of(commit("INSERT INTO person (id, name) VALUES (1, 'b')")), ErrorCode::already_exists);
  EXPECT_EQ(code_of(commit("INSERT INTO pet (name, owner) VALUES ('x', 1)")), ErrorCode::already_exists);
  EXPECT_EQ(code_of(commit("INSERT INTO pet (name, owner) VALUES ('y', 9)")), ErrorCode::unavailable);
  EXPECT_EQ(code_of(commit("INSERT INTO person (name) VALUES (NULL)")), ErrorCode::unavailable);
  EXPECT_EQ(code_of(commit("SELECT * FROM nowhere")), ErrorCode::unavailable);
}

TEST_F(DatabaseTest, ADeferredConstraintFailsTheCommitAlone) {
  ASSERT_TRUE(commit("CREATE TABLE toy (owner INTEGER REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED)"));
  EXPECT_FALSE(commit("INSERT INTO toy VALUES (9)"));
  EXPECT_TRUE(select("SELECT * FROM toy").empty());
}

TEST_F(DatabaseTest, IsExclusive) {
  const auto second = Database::open(files_, "test.db");
  EXPECT_EQ(code_of(second), ErrorCode::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr("test.db.lock: held by process"));
}

TEST_F(DatabaseTest, TwoDatabasesOnTwoFileSystemsAreIndependent) {
  io::MemoryFileSystem other_files;
  const auto other = Database::open(other_files, "test.db").value();
  ASSERT_TRUE(other->migrate(kSchemas));
  Transaction here = database_->begin().value();
  Transaction there = other->begin().value();
  ASSERT_TRUE(here.execute("INSERT INTO person (name) VALUES ('here')"));
  ASSERT_TRUE(there.execute("INSERT INTO person (name) VALUES ('there')"));
  ASSERT_TRUE(std::move(there).commit());
  ASSERT_TRUE(std::move(here).commit());
  EXPECT_EQ(select("SELECT name FROM person"), (std::vector<Row>{Row({"here"})}));
}

TEST_F(DatabaseTest, PathsAreOnlyPaths) {
  for (const char* path : {":memory:", "file:x?mode=memory", "plain"}) {
    auto database = Database::open(files_, path);
    ASSERT_TRUE(database) << path;
    ASSERT_TRUE((*database)->migrate(kSchemas));
    EXPECT_EQ(files_.exists(path), true) << path;
  }
}

TEST_F(DatabaseTest, OpeningNamesWhatIsInTheWay) {
  EXPECT_EQ(code_of(Database::open(files_, "no/such.db")), ErrorCode::not_found);
  ASSERT_TRUE(io::write_file_atomically(files_, "text.db", std::string(10'000, 'x')));
  const auto no_database = Database::open(files_, "text.db");
  EXPECT_EQ(code_of(no_database), ErrorCode::data_loss);
  EXPECT_THAT(no_database.error().message, HasSubstr("text.db: is no Tribute database"));
  EXPECT_THAT(no_database.error().message, HasSubstr("tribute restore"));
  ASSERT_TRUE(io::write_file_atomically(files_, "short.db", "x"));
  EXPECT_EQ(code_of(Database::open(files_, "short.db")), ErrorCode::data_loss);
}

TEST_F(DatabaseTest, MigratesStepByStepAndOnlyOnce) {
  EXPECT_EQ(select("SELECT module, version FROM schema_version"), (std::vector<Row>{Row({"people", int64_t{2}})}));
  ASSERT_TRUE(database_->migrate(kSchemas));
  io::MemoryFileSystem old_files;
  auto old = Database::open(old_files, "old.db").value();
  const std::array<Schema, 1> first = {Schema{"people", std::span(kMigrations).first(1)}};
  ASSERT_TRUE(old->migrate(first));
  EXPECT_FALSE(old->begin().value().query("SELECT kind FROM pet"));
  ASSERT_TRUE(old->migrate(kSchemas));
  EXPECT_TRUE(old->begin().value().query("SELECT kind FROM pet"));
}

TEST_F(DatabaseTest, ANewerSchemaIsRefused) {
  const std::array<Schema, 1> older = {Schema{"people", std::span(kMigrations).first(1)}};
  const auto refused = database_->migrate(older);
  EXPECT_EQ(code_of(refused), ErrorCode::failed_precondition);
  EXPECT_THAT(refused.error().message, StartsWith("test.db: has version 2 of the tables of people"));
}

TEST_F(DatabaseTest, AFailedMigrationChangesNothing) {
  const std::array<Migration, 2> broken = {Migration{1, "CREATE TABLE fine (a TEXT);"},
                                           Migration{2, "CREATE TABLE fine (a TEXT);"}};
  const std::array<Schema, 2> schemas = {Schema{"good", std::span(broken).first(1)}, Schema{"bad", broken}};
  EXPECT_FALSE(database_->migrate(schemas));
  EXPECT_EQ(select("SELECT module FROM schema_version").size(), 1U);
  EXPECT_FALSE(database_->begin().value().query("SELECT * FROM fine"));
}

TEST_F(DatabaseTest, ABackupHoldsWhatWasCommitted) {
  ASSERT_TRUE(commit("INSERT INTO person (name) VALUES ('a')"));
  ASSERT_TRUE(io::write_file_atomically(files_, "copy.db-wal", "a log of some other database"));
  ASSERT_TRUE(database_->backup_to("copy.db"));
  EXPECT_EQ(code_of(database_->backup_to("copy.db")), ErrorCode::already_exists);
  ASSERT_TRUE(commit("INSERT INTO person (name) VALUES ('b')"));
  files_.restart(1, 0);
  EXPECT_EQ(files_.exists("copy.db-wal"), false);
  const auto copy = Database::open(files_, "copy.db").value();
  EXPECT_TRUE(copy->check_integrity());
  EXPECT_EQ(copy->begin().value().query("SELECT name FROM person"), (std::vector<Row>{Row({"a"})}));
}

// Sorting, grouping and undoing more than fits SQLite's buffers: what it spills goes into memory.
TEST_F(DatabaseTest, LargeStatementsMakeNoTemporaryFiles) {
  {
    Transaction transaction = database_->begin().value();
    for (int64_t i = 0; i < 20'000; ++i) {
      ASSERT_TRUE(transaction.execute("INSERT INTO person (id, name, age) VALUES (?, ?, ?)",
                                      {i, "person " + std::to_string(i * 7919 % 20'000), i % 7}));
    }
    ASSERT_TRUE(std::move(transaction).commit());
  }
  EXPECT_EQ(select("SELECT age, name || name FROM person ORDER BY 2 DESC, age").size(), 20'000U);
  EXPECT_EQ(select("SELECT name || age, count(*) FROM person GROUP BY name || age").size(), 20'000U);
  EXPECT_EQ(code_of(commit("UPDATE person SET age = 8, name = CASE WHEN id < 19999 THEN 'p' || id ELSE 'p1' END")),
            ErrorCode::already_exists);
  EXPECT_TRUE(select("SELECT id FROM person WHERE age = 8").empty());
  const auto entries = files_.list(".").value();
  for (const auto& entry : entries) EXPECT_THAT(entry.name, StartsWith("test.db"));
}

TEST_F(DatabaseTest, IntegrityCheckFindsAnOrphan) {
  EXPECT_TRUE(database_->check_integrity());
  ASSERT_TRUE(commit("CREATE TABLE toy (owner INTEGER)"));
  ASSERT_TRUE(commit("INSERT INTO toy VALUES (9)"));
  EXPECT_TRUE(database_->check_integrity());
  // The reference is written into the schema behind SQLite's back, as no statement makes an orphan.
  ASSERT_TRUE(commit("PRAGMA writable_schema = ON"));
  ASSERT_TRUE(
      commit("UPDATE sqlite_schema SET sql = 'CREATE TABLE toy (owner INTEGER REFERENCES person (id))' "
             "WHERE name = 'toy'"));
  reopen();
  const auto checked = database_->check_integrity();
  EXPECT_EQ(code_of(checked), ErrorCode::data_loss);
  EXPECT_THAT(checked.error().message, StartsWith("test.db: a row of toy refers to one of person"));
}

// A database of one table beside a map: the same after any transactions, kept or dropped, and reopening.
TEST(Database, HoldsWhatANaiveMapHolds) {
  EXPECT_TRUE(rc::check([] {
    io::MemoryFileSystem files;
    auto database = Database::open(files, "map.db").value();
    constexpr std::array<Migration, 1> migrations = {
        Migration{1, "CREATE TABLE map (key INTEGER PRIMARY KEY, value TEXT NOT NULL);"}};
    const std::array<Schema, 1> schemas = {Schema{"map", migrations}};
    RC_ASSERT(database->migrate(schemas).has_value());
    std::map<int64_t, std::string> expected;
    const auto transactions = *rc::gen::inRange(1, 12);
    for (int i = 0; i < transactions; ++i) {
      auto changed = expected;
      {
        Transaction transaction = database->begin().value();
        const auto statements = *rc::gen::inRange(1, 8);
        for (int k = 0; k < statements; ++k) {
          const auto key = *rc::gen::inRange<int64_t>(0, 20);
          if (*rc::gen::arbitrary<bool>()) {
            const std::string value(*rc::gen::inRange<size_t>(0, 9000), *rc::gen::inRange('a', 'z'));
            RC_ASSERT(transaction
                          .execute("INSERT INTO map (key, value) VALUES (?, ?) "
                                   "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                                   {key, value})
                          .value() == 1);
            changed[key] = value;
          } else {
            const auto removed = static_cast<int64_t>(changed.erase(key));
            RC_ASSERT(transaction.execute("DELETE FROM map WHERE key = ?", {key}).value() == removed);
          }
        }
        if (*rc::gen::arbitrary<bool>()) {
          RC_ASSERT(std::move(transaction).commit().has_value());
          expected = changed;
        }
      }
      if (*rc::gen::inRange(0, 4) == 0) {
        database.reset();
        database = Database::open(files, "map.db").value();
      }
    }
    std::map<int64_t, std::string> found;
    const auto rows = database->begin().value().query("SELECT key, value FROM map").value();
    for (const Row& row : rows) found[row.integer(0)] = row.text(1);
    RC_ASSERT(found == expected);
    RC_ASSERT(database->check_integrity().has_value());
  }));
}

}  // namespace
}  // namespace tribute::sql
