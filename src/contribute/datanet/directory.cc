#include "datanet/directory.h"

#include <set>

#include "datanet/directory_file.h"
#include "datanet/sql_values.h"

namespace tribute::datanet {
namespace {

// Stands for the contributors' file among the entries of DataNets.
constexpr int64_t kContributors = -1;

Result<void> mark(sql::Transaction& sql, int64_t file_of) {
  TRY(sql.execute("INSERT INTO directory_changes (file_of) VALUES (?) ON CONFLICT (file_of) DO NOTHING", {file_of}));
  return {};
}

Result<std::string> contributors_file(sql::Transaction& sql) {
  std::string bytes;
  for (const sql::Row& row : TRY(sql.query("SELECT entry, name, salt FROM contributors ORDER BY entry"))) {
    bytes += to_line(ContributorName{.entry = entry_at(row, 0), .name = row.text(1), .salt = TRY(hash_at(row, 2))});
  }
  return bytes;
}

Result<std::string> datanet_file(sql::Transaction& sql, int64_t datanet) {
  std::string bytes;
  for (const sql::Row& row : TRY(sql.query("SELECT entry, source_id, title, salt FROM contributions "
                                           "WHERE datanet = ? AND withdrawn_at IS NULL ORDER BY entry",
                                           {datanet}))) {
    bytes += to_line(DatapointSource{
        .entry = entry_at(row, 0), .id = row.text(1), .title = row.text(2), .salt = TRY(hash_at(row, 3))});
  }
  return bytes;
}

std::string file_name(int64_t file_of) {
  return file_of == kContributors ? contributors_file_name()
                                  : datanet_file_name(EntryIndex(static_cast<uint64_t>(file_of)));
}

}  // namespace

Result<void> mark_contributors_changed(sql::Transaction& sql) { return mark(sql, kContributors); }

Result<void> mark_datanet_changed(sql::Transaction& sql, EntryIndex datanet) { return mark(sql, as_sql(datanet)); }

Result<void> publish_directory(io::FileSystem& files, const std::string& folder, sql::Transaction& sql) {
  std::set<int64_t> all = {kContributors};
  for (const sql::Row& row : TRY(sql.query("SELECT entry FROM datanets"))) all.insert(row.integer(0));
  std::set<int64_t> changed;
  for (const sql::Row& row : TRY(sql.query("SELECT file_of FROM directory_changes"))) changed.insert(row.integer(0));

  for (const int64_t file_of : all) {
    const std::string path = io::join(folder, file_name(file_of));
    if (!changed.contains(file_of) && TRY(files.exists(path))) continue;
    const std::string bytes = TRY(file_of == kContributors ? contributors_file(sql) : datanet_file(sql, file_of));
    TRY(io::write_file_atomically(files, path, bytes));
  }
  if (!changed.empty()) TRY(sql.execute("DELETE FROM directory_changes"));
  return {};
}

}  // namespace tribute::datanet
