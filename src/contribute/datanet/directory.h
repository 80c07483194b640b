// Publishes the directory: the erasable personal data, whose salted hashes stand in the log.
#pragma once

#include <string>

#include "base/error.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "sql/database.h"

namespace tribute::datanet {

// Remembers, in the caller's transaction, that a file of the directory is no longer what the registry
// says. The registry's functions call these.
Result<void> mark_contributors_changed(sql::Transaction& sql);
Result<void> mark_datanet_changed(sql::Transaction& sql, EntryIndex datanet);

// Writes every file of the directory that is absent or marked as changed, each at once or not at all,
// from what the transaction sees, and takes the marks away. `folder` must exist. If the transaction is
// then not committed, the marks stay, and the files are written again the next time.
//
// A withdrawn datapoint stands in no file; every other one and every contributor does.
// O(rows of the files that are written) time and memory.
Result<void> publish_directory(io::FileSystem& files, const std::string& folder, sql::Transaction& sql);

}  // namespace tribute::datanet
