// Use case: make an index of infini-gram's ready to be searched.
#pragma once

#include <string>

#include "base/error.h"
#include "infinigram/folder.h"
#include "infinigram/table_files.h"
#include "io/file_system.h"
#include "workspace/progress.h"

namespace tribute::usecase {

// Writes a directory beside each table of the index in `folder` (infinigram::import_folder()), which stays as it
// is. Needs no workspace. Errors: as there; cancelled if `progress` was told to stop.
Result<infinigram::Imported> import_index(io::FileSystem& files, const std::string& folder, infinigram::TokenType type,
                                          workspace::Progress& progress);

}  // namespace tribute::usecase
