// Which manifests are needed, and which files of an index folder they are made of.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "datanet/registry.h"
#include "ngram/columns.h"
#include "ngram/segment.h"
#include "workspace/catalog.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// Of a DataNet, by ascending entry: its newest manifest, and for each that a model version pins the one in
// force. Only their files are kept. Errors: those of the stores.
Result<std::vector<workspace::ManifestRow>> needed_manifests(workspace::Workspace& workspace, sql::Transaction& sql,
                                                             EntryIndex datanet);

// A model version as its entry says, with each pinned manifest replaced by the one in force: what its answers
// are traced by, and what receipts cite. Errors: those of the stores.
Result<record::Model> model_in_force(workspace::Workspace& workspace, sql::Transaction& sql, EntryIndex version);

// What a new manifest is made of.
struct NewManifest {
  const datanet::DatanetRow& datanet;
  std::span<const ngram::Segment> segments;
  std::vector<EntryIndex> tombstones = {};
  std::optional<EntryIndex> succeeds = {};
};

struct LoggedManifest {
  EntryIndex entry;
  Hash256 name;
  ngram::Manifest manifest;
};

// Writes the manifest as of the log's size with what the change has appended, appends its entry and its row.
// Errors: those of ngram::make_manifest() and the stores.
Result<LoggedManifest> log_manifest(workspace::Workspace& workspace, workspace::Change& change, NewManifest parts);

// The same for a manifest that is made already, whose counts and log size are believed. It repeats no manifest that is
// logged. Errors: those of ngram::write_manifest() and the stores.
Result<LoggedManifest> log_made_manifest(workspace::Workspace& workspace, workspace::Change& change, bool is_public,
                                         ngram::Manifest manifest, std::optional<EntryIndex> succeeds = {});

// The files of an index folder (`is_public`: of which) that no needed manifest of any DataNet uses, by name:
// indexes that none pins any more, and what interrupted builds left.
// Errors: those of ngram::read_manifest() and the stores.
Result<std::vector<std::string>> unneeded_index_files(workspace::Workspace& workspace, sql::Transaction& sql,
                                                      bool is_public);

// Removes what merges of a DataNet have in their folder, whoever is at it: a merge that goes on will find that it was
// in vain. Errors: those of the file system.
Result<void> discard_merging(io::FileSystem& files, const std::string& merging_folder);

}  // namespace tribute::usecase
