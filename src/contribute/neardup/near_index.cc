#include "neardup/near_index.h"

#include <algorithm>
#include <bit>

namespace tribute::neardup {
namespace {

constexpr sql::Migration kMigrations[] = {{.version = 1, .script = R"sql(
CREATE TABLE near_bands (
  datanet BIGINT NOT NULL,
  band BIGINT NOT NULL,
  entry BIGINT NOT NULL,
  PRIMARY KEY (datanet, band, entry)
);
CREATE TABLE near_signatures (
  entry BIGINT NOT NULL PRIMARY KEY,
  signature TEXT NOT NULL
);
)sql"}};

// How many entries of a band are read at once.
constexpr int64_t kPage = 16;

int64_t as_sql(EntryIndex entry) { return static_cast<int64_t>(entry.value()); }
int64_t as_sql(uint64_t hash) { return std::bit_cast<int64_t>(hash); }

}  // namespace

const sql::Schema& near_schema() {
  static constexpr sql::Schema schema = {.module = "neardup", .migrations = kMigrations};
  return schema;
}

Result<void> insert(sql::Transaction& sql, EntryIndex datanet, EntryIndex entry, const Sketch& sketch) {
  TRY(sql.execute("INSERT INTO near_signatures (entry, signature) VALUES (?, ?)",
                  {as_sql(entry), signature_text(sketch)}));
  for (const uint64_t band : sketch.bands) {
    TRY(sql.execute("INSERT INTO near_bands (datanet, band, entry) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    {as_sql(datanet), as_sql(band), as_sql(entry)}));
  }
  return {};
}

Result<void> erase(sql::Transaction& sql, EntryIndex datanet, EntryIndex entry, const Sketch& sketch) {
  TRY(sql.execute("DELETE FROM near_signatures WHERE entry = ?", {as_sql(entry)}));
  for (const uint64_t band : sketch.bands) {
    TRY(sql.execute("DELETE FROM near_bands WHERE datanet = ? AND band = ? AND entry = ?",
                    {as_sql(datanet), as_sql(band), as_sql(entry)}));
  }
  return {};
}

Result<bool> contains(sql::Transaction& sql, EntryIndex entry) {
  return TRY(sql.query_one("SELECT 1 FROM near_signatures WHERE entry = ?", {as_sql(entry)})).has_value();
}

Candidates::Candidates(sql::Transaction& sql, EntryIndex datanet, const Sketch& sketch)
    : sql_(sql), datanet_(datanet), sketch_(sketch) {}

Result<std::optional<EntryIndex>> Candidates::next() {
  while (const auto entry = TRY(lowest())) {
    if (TRY(agrees(*entry))) return entry;
  }
  return std::nullopt;
}

// The lowest entry that no band has given yet; taken from every band that has it.
Result<std::optional<EntryIndex>> Candidates::lowest() {
  std::optional<EntryIndex> lowest;
  for (size_t band = 0; band < kBands; ++band) {
    Band& rows = bands_[band];
    if (rows.used == rows.page.size() && !rows.is_exhausted) TRY(read_on(band));
    if (rows.used < rows.page.size() && (!lowest || rows.page[rows.used] < *lowest)) lowest = rows.page[rows.used];
  }
  for (Band& rows : bands_) {
    if (rows.used < rows.page.size() && rows.page[rows.used] == lowest) ++rows.used;
  }
  return lowest;
}

Result<void> Candidates::read_on(size_t band) {
  Band& rows = bands_[band];
  rows.page.clear();
  rows.used = 0;
  const int64_t after = rows.last ? as_sql(*rows.last) : -1;
  for (const sql::Row& row : TRY(sql_.query(
           "SELECT entry FROM near_bands WHERE datanet = ? AND band = ? AND entry > ? ORDER BY entry LIMIT ?",
           {as_sql(datanet_), as_sql(sketch_.bands[band]), after, kPage}))) {
    rows.page.emplace_back(static_cast<uint64_t>(row.integer(0)));
  }
  if (!rows.page.empty()) rows.last = rows.page.back();
  rows.is_exhausted = rows.page.size() < static_cast<size_t>(kPage);
  return {};
}

Result<bool> Candidates::agrees(EntryIndex entry) {
  const auto row = TRY(sql_.query_one("SELECT signature FROM near_signatures WHERE entry = ?", {as_sql(entry)}));
  const auto signature = signature_from_text(row ? row->text(0) : "");
  if (!signature) {
    return fail(ErrorCode::data_loss, "the database has no signature of datapoint " + std::to_string(entry.value()) +
                                          ", which its near-duplicate index names; run `tribute doctor`");
  }
  Sketch other;
  other.signature = *signature;
  return agreement(sketch_, other) >= kLeastAgreement;
}

}  // namespace tribute::neardup
