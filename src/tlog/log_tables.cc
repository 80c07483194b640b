#include "tlog/log_tables.h"

#include <array>
#include <utility>

#include "base/bytes.h"

namespace tribute::tlog {
namespace {

constexpr std::array<sql::Migration, 1> kMigrations = {{{1, R"(
CREATE TABLE tlog_hashes (
  level BIGINT NOT NULL,
  idx BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (level, idx)
);
CREATE TABLE tlog_staged (
  idx BIGINT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);
CREATE TABLE tlog_checkpoints (
  size BIGINT NOT NULL PRIMARY KEY,
  root TEXT NOT NULL,
  note TEXT NOT NULL
);
)"}}};

// A body is text of the database: entries that are text, which is to say all of Tribute's, stand in it as
// they are after a 't', any others in hexadecimal after an 'x'.
std::string encode_body(std::string_view entry) {
  const bool is_text = is_valid_utf8(entry) && !entry.contains('\0');
  return is_text ? "t" + std::string(entry) : "x" + to_hex(entry);
}

Result<std::string> decode_body(std::string_view body) {
  if (body.starts_with('t')) return std::string(body.substr(1));
  if (body.starts_with('x')) return from_hex(body.substr(1));
  return fail(ErrorCode::invalid_argument, "it is in no known encoding");
}

std::unexpected<Error> corrupt(const std::string& what, Error error) {
  error.code = ErrorCode::data_loss;
  return fail_within("the database's " + what, std::move(error));
}

int64_t to_sql(uint64_t value) { return static_cast<int64_t>(value); }

}  // namespace

sql::Schema log_schema() { return {"tlog", kMigrations}; }

Result<uint64_t> LogTables::next_index() {
  const auto row = TRY(transaction_.query_one("SELECT idx FROM tlog_hashes WHERE level = 0 ORDER BY idx DESC LIMIT 1"));
  return row ? static_cast<uint64_t>(row->integer(0)) + 1 : 0;
}

Result<void> LogTables::add_hash(uint32_t level, uint64_t index, const Hash256& hash) {
  TRY(transaction_.execute("INSERT INTO tlog_hashes (level, idx, hash) VALUES (?, ?, ?)",
                           {int64_t{level}, to_sql(index), hash.hex()}));
  return {};
}

Result<std::vector<Hash256>> LogTables::hashes(uint32_t level, uint64_t begin, uint64_t end) {
  const auto rows =
      TRY(transaction_.query("SELECT hash FROM tlog_hashes WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx",
                             {int64_t{level}, to_sql(begin), to_sql(end)}));
  const std::string name =
      "log hashes of level " + std::to_string(level) + " from " + std::to_string(begin) + " to " + std::to_string(end);
  if (rows.size() != end - begin) {
    return corrupt(name, {ErrorCode::data_loss, "only " + std::to_string(rows.size()) + " are there"});
  }
  std::vector<Hash256> hashes;
  hashes.reserve(rows.size());
  for (const sql::Row& row : rows) {
    const auto hash = hash_from_hex(row.text(0));
    if (!hash) return corrupt(name, hash.error());
    hashes.push_back(*hash);
  }
  return hashes;
}

Result<void> LogTables::stage(uint64_t index, std::string_view entry) {
  TRY(transaction_.execute("INSERT INTO tlog_staged (idx, body) VALUES (?, ?)", {to_sql(index), encode_body(entry)}));
  return {};
}

Result<std::vector<LogTables::StagedEntry>> LogTables::staged(uint64_t begin, uint64_t end) {
  const auto rows = TRY(transaction_.query("SELECT idx, body FROM tlog_staged WHERE idx >= ? AND idx < ? ORDER BY idx",
                                           {to_sql(begin), to_sql(end)}));
  std::vector<StagedEntry> entries;
  entries.reserve(rows.size());
  for (const sql::Row& row : rows) {
    auto entry = decode_body(row.text(1));
    if (!entry) return corrupt("staged log entry " + std::to_string(row.integer(0)), std::move(entry).error());
    entries.push_back({static_cast<uint64_t>(row.integer(0)), std::move(entry).value()});
  }
  return entries;
}

Result<void> LogTables::prune_staged_below(uint64_t end) {
  TRY(transaction_.execute("DELETE FROM tlog_staged WHERE idx < ?", {to_sql(end)}));
  return {};
}

Result<void> LogTables::add_checkpoint(const SignedCheckpoint& checkpoint) {
  TRY(transaction_.execute("INSERT INTO tlog_checkpoints (size, root, note) VALUES (?, ?, ?)",
                           {to_sql(checkpoint.checkpoint.size), checkpoint.checkpoint.root.hex(), checkpoint.note}));
  return {};
}

Result<std::optional<SignedCheckpoint>> LogTables::newest_checkpoint(const VerifierKey& key) {
  const auto row =
      TRY(transaction_.query_one("SELECT size, root, note FROM tlog_checkpoints ORDER BY size DESC LIMIT 1"));
  if (!row) return std::nullopt;
  const std::string name = "checkpoint of size " + std::to_string(row->integer(0));
  auto checkpoint = open_checkpoint(row->text(2), key);
  if (!checkpoint && checkpoint.error().code == ErrorCode::failed_precondition) {
    return fail_within("the database's " + name, std::move(checkpoint).error());
  }
  if (!checkpoint) return corrupt(name, std::move(checkpoint).error());
  if (to_sql(checkpoint->size) != row->integer(0) || checkpoint->root.hex() != row->text(1)) {
    return corrupt(name, {ErrorCode::data_loss, "its note signs another size or root"});
  }
  return SignedCheckpoint{std::move(checkpoint).value(), row->text(2)};
}

}  // namespace tribute::tlog
