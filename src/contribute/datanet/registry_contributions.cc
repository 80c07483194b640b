#include <algorithm>
#include <iterator>
#include <limits>

#include "base/check.h"
#include "datanet/directory.h"
#include "datanet/registry.h"
#include "datanet/sql_values.h"

namespace tribute::datanet {
namespace {

// SQL's integers are signed.
constexpr uint64_t kMaxPage = std::numeric_limits<int64_t>::max();

constexpr std::string_view kColumns =
    "entry, datanet, contributor, source_id, title, salt, license, content_sha256, folded_sha256, tokens_sha256, "
    "token_count, duplicate_of, near_duplicate_of, is_signed, state, decided_at, withdrawn_at, is_erased";

// A query of contributions with what comes after FROM.
std::string select(std::string_view rest) {
  return "SELECT " + std::string(kColumns) + " FROM contributions " + std::string(rest);
}

Result<ContributionRow> read_contribution(const sql::Row& row) {
  return ContributionRow{.entry = entry_at(row, 0),
                         .datanet = entry_at(row, 1),
                         .contributor = entry_at(row, 2),
                         .source_id = row.text(3),
                         .title = row.text(4),
                         .salt = TRY(hash_at(row, 5)),
                         .license = row.text(6),
                         .content_sha256 = TRY(hash_at(row, 7)),
                         .folded_sha256 = TRY(hash_at(row, 8)),
                         .tokens_sha256 = TRY(hash_at(row, 9)),
                         .token_count = number_at(row, 10),
                         .duplicate_of = optional_entry_at(row, 11),
                         .near_duplicate_of = optional_entry_at(row, 12),
                         .is_signed = row.integer(13) != 0,
                         .state = TRY(state_from(row.text(14))),
                         .decided_at = optional_entry_at(row, 15),
                         .withdrawn_at = optional_entry_at(row, 16),
                         .is_erased = row.integer(17) != 0};
}

std::string text_of(ContributionState state) { return std::string(name_of(state)); }

}  // namespace

Result<void> insert_contribution(sql::Transaction& sql, const ContributionRow& row) {
  const bool needs_approval = row.state == ContributionState::pending;
  CHECK(needs_approval || row.state == ContributionState::approved);
  CHECK(!row.decided_at && !row.withdrawn_at && !row.is_erased);
  TRY(sql.execute(
      "INSERT INTO contributions (" + std::string(kColumns) +
          ", needs_approval) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, 0, ?)",
      {as_sql(row.entry), as_sql(row.datanet), as_sql(row.contributor), row.source_id, row.title, row.salt.hex(),
       row.license, row.content_sha256.hex(), row.folded_sha256.hex(), row.tokens_sha256.hex(), as_sql(row.token_count),
       as_sql(row.duplicate_of), as_sql(row.near_duplicate_of), int64_t{row.is_signed}, text_of(row.state),
       int64_t{needs_approval}}));
  return mark_datanet_changed(sql, row.datanet);
}

Result<std::optional<ContributionRow>> find_contribution(sql::Transaction& sql, EntryIndex datanet,
                                                         std::string_view source_id) {
  return read_optional(
      TRY(sql.query_one(select("WHERE datanet = ? AND source_id = ?"), {as_sql(datanet), std::string(source_id)})),
      read_contribution);
}

Result<std::optional<ContributionRow>> find_contribution(sql::Transaction& sql, EntryIndex entry) {
  return read_optional(TRY(sql.query_one(select("WHERE entry = ?"), {as_sql(entry)})), read_contribution);
}

Result<std::optional<ContributionRow>> first_with_folded_hash(sql::Transaction& sql, EntryIndex datanet,
                                                              const Hash256& folded) {
  return read_optional(TRY(sql.query_one(select("WHERE datanet = ? AND folded_sha256 = ? AND "
                                                "state IN ('pending', 'approved') ORDER BY entry LIMIT 1"),
                                         {as_sql(datanet), folded.hex()})),
                       read_contribution);
}

Result<std::vector<ContributionRow>> list_contributions(sql::Transaction& sql, const ContributionQuery& query) {
  std::string condition = "WHERE datanet = ?";
  std::vector<sql::Value> parameters = {as_sql(query.datanet)};
  if (query.contributor) {
    condition += " AND contributor = ?";
    parameters.emplace_back(as_sql(*query.contributor));
  }
  if (query.state) {
    condition += " AND state = ?";
    parameters.emplace_back(text_of(*query.state));
  }
  parameters.emplace_back(as_sql(std::min(query.limit, kMaxPage)));
  parameters.emplace_back(as_sql(std::min(query.offset, kMaxPage)));
  return read_all(TRY(sql.query(select(condition + " ORDER BY entry LIMIT ? OFFSET ?"), std::move(parameters))),
                  read_contribution);
}

Result<std::vector<ContributionRow>> live_contributions(sql::Transaction& sql, EntryIndex datanet) {
  // In parts, since the database's rows take several times as much memory as what is read from them.
  constexpr uint64_t kRowsAtOnce = 4096;
  std::vector<ContributionRow> rows;
  for (EntryIndex begin{0};;) {
    auto part = TRY(
        read_all(TRY(sql.query(select("WHERE datanet = ? AND state = 'approved' AND entry >= ? ORDER BY entry LIMIT ?"),
                               {as_sql(datanet), as_sql(begin), as_sql(kRowsAtOnce)})),
                 read_contribution));
    const bool is_last = part.size() < kRowsAtOnce;
    if (!is_last) begin = EntryIndex{part.back().entry.value() + 1};
    std::ranges::move(part, std::back_inserter(rows));
    if (is_last) return rows;
  }
}

Result<std::vector<ContributionRow>> live_contributions_at(sql::Transaction& sql, EntryIndex datanet,
                                                           uint64_t log_size) {
  return read_all(TRY(sql.query(select("WHERE datanet = ? AND entry < ? AND state <> 'rejected' AND "
                                       "(needs_approval = 0 OR decided_at < ?) AND "
                                       "(withdrawn_at IS NULL OR withdrawn_at >= ?) ORDER BY entry"),
                                {as_sql(datanet), as_sql(log_size), as_sql(log_size), as_sql(log_size)})),
                  read_contribution);
}

Result<void> decide(sql::Transaction& sql, EntryIndex contribution, bool approved, EntryIndex decided_at) {
  const auto state = approved ? ContributionState::approved : ContributionState::rejected;
  const int64_t changed =
      TRY(sql.execute("UPDATE contributions SET state = ?, decided_at = ? WHERE entry = ? AND state = 'pending'",
                      {text_of(state), as_sql(decided_at), as_sql(contribution)}));
  CHECK(changed == 1);
  return {};
}

Result<void> withdraw(sql::Transaction& sql, EntryIndex contribution, EntryIndex withdrawn_at) {
  const auto row = TRY(find_contribution(sql, contribution));
  CHECK(row && !refuse_withdrawal(*row));
  TRY(sql.execute("UPDATE contributions SET state = 'withdrawn', withdrawn_at = ? WHERE entry = ?",
                  {as_sql(withdrawn_at), as_sql(contribution)}));
  return mark_datanet_changed(sql, row->datanet);
}

Result<bool> is_content_needed(sql::Transaction& sql, const Hash256& content) {
  return !TRY(sql.query("SELECT 1 FROM contributions WHERE content_sha256 = ? AND state IN ('pending', 'approved') "
                        "LIMIT 1",
                        {content.hex()}))
              .empty();
}

Result<std::vector<ContributionRow>> unerased_withdrawals(sql::Transaction& sql, EntryIndex datanet) {
  return read_all(TRY(sql.query(select("WHERE datanet = ? AND state = 'withdrawn' AND is_erased = 0 ORDER BY entry"),
                                {as_sql(datanet)})),
                  read_contribution);
}

Result<void> mark_erased(sql::Transaction& sql, EntryIndex contribution) {
  const int64_t changed =
      TRY(sql.execute("UPDATE contributions SET title = '', is_erased = 1 WHERE entry = ? AND state = 'withdrawn'",
                      {as_sql(contribution)}));
  CHECK(changed == 1);
  return {};
}

Result<std::vector<EntryIndex>> withdrawn_below(sql::Transaction& sql, EntryIndex datanet, uint64_t log_size) {
  std::vector<EntryIndex> entries;
  for (const sql::Row& row :
       TRY(sql.query("SELECT entry FROM contributions WHERE datanet = ? AND withdrawn_at < ? ORDER BY entry",
                     {as_sql(datanet), as_sql(log_size)}))) {
    entries.push_back(entry_at(row, 0));
  }
  return entries;
}

}  // namespace tribute::datanet
