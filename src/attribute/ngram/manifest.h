// Manifests as files: canonical JSON, named by their SHA-256. docs/formats/manifest.md.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"
#include "io/file_system.h"
#include "ngram/columns.h"

namespace tribute::ngram {

// The manifest's one spelling.
// Errors: invalid_argument naming the list that is out of order or the value that is out of its range.
Result<std::string> to_canonical_json(const Manifest& manifest);

// Errors: data_loss for anything that to_canonical_json() would not have written, naming the field;
// failed_precondition for a version that is not known.
Result<Manifest> manifest_from_canonical_json(std::string_view json);

// `<folder>/<name>.manifest`
std::string manifest_path(std::string_view folder, const Hash256& name);

// Writes the manifest atomically under its name and returns that. The folder must be there.
// Errors: those of to_canonical_json() and of the file system.
Result<Hash256> write_manifest(io::FileSystem& files, const std::string& folder, const Manifest& manifest);

// Errors: those of the file system; data_loss naming the file if its bytes do not hash to its name or
// are no manifest; failed_precondition for a version that is not known.
Result<Manifest> read_manifest(io::FileSystem& files, const std::string& folder, const Hash256& name);

}  // namespace tribute::ngram
