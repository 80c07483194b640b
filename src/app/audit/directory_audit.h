// Compares the directory's rows with the salted hashes of their entries.
#pragma once

#include "audit/folders.h"
#include "audit/history.h"
#include "audit/report.h"
#include "base/error.h"
#include "io/file_system.h"

namespace tribute::audit {

// Every row that the directory has: names of contributors hash to their registration's `name_hash`
// and are unique, ids and titles to their contribution's `source_hash`, and ids are unique in their
// DataNet. Rows that are not there were erased, which is allowed, and are counted.
// Errors: those of the file system for files that are there and cannot be read.
Result<void> check_directory(io::FileSystem& files, const Folders& folders, const History& history, Recorder& recorder);

}  // namespace tribute::audit
