// A database and a log in it, opened together: what the tests of Log work on.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/file_system.h"
#include "sql/database.h"
#include "tlog/log.h"

namespace tribute::tlog {

inline constexpr const char* kTestDatabase = "tribute.db";
inline constexpr const char* kTestFolder = "public/log";

inline LogOptions test_options(char seed = 's') {
  return {"log.example", *private_key_from_seed(KeyKind::ed25519, std::string(32, seed))};
}

inline VerifierKey test_key() { return NoteSigner::create("log.example", test_options().key)->verifier(); }

inline Result<std::unique_ptr<sql::Database>> open_test_database(io::FileSystem& files) {
  auto database = TRY(sql::Database::open(files, kTestDatabase));
  const std::array<sql::Schema, 1> schemas = {Log::schema()};
  TRY(database->migrate(schemas));
  return database;
}

struct LogSession {
  std::unique_ptr<sql::Database> database;
  std::unique_ptr<Log> log;

  static Result<LogSession> open(io::FileSystem& files, LogOptions options = test_options()) {
    auto database = TRY(open_test_database(files));
    auto log = TRY(Log::open(*database, files, kTestFolder, std::move(options)));
    return LogSession{std::move(database), std::move(log)};
  }

  // Appends the entries in one transaction and commits it.
  Result<void> append(const std::vector<std::string>& entries) const {
    auto transaction = TRY(database->begin());
    for (const std::string& entry : entries) TRY(log->append(transaction, entry));
    return std::move(transaction).commit();
  }

  Result<int64_t> count(const std::string& table) const {
    auto transaction = TRY(database->begin());
    return TRY(transaction.query_one("SELECT COUNT(*) FROM " + table))->integer(0);
  }
};

}  // namespace tribute::tlog
