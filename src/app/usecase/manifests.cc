#include "usecase/manifests.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "ngram/index.h"
#include "ngram/manifest.h"

namespace tribute::usecase {

Result<std::vector<workspace::ManifestRow>> needed_manifests(workspace::Workspace& workspace, sql::Transaction& sql,
                                                             EntryIndex datanet) {
  std::map<EntryIndex, workspace::ManifestRow> needed;
  if (const auto newest = TRY(workspace::newest_manifest(sql, datanet))) needed.emplace(newest->entry, *newest);
  for (const auto& version : TRY(workspace::list_models(sql))) {
    const auto model = TRY(workspace.entry<record::Model>(sql, version.entry));
    for (const auto& pinned : model.datanets) {
      if (pinned.datanet != datanet) continue;
      const auto in_force = TRY(workspace::manifest_in_force(sql, pinned.manifest));
      needed.emplace(in_force.entry, in_force);
    }
  }
  std::vector<workspace::ManifestRow> rows;
  for (auto& [entry, row] : needed) rows.push_back(row);
  return rows;
}

Result<record::Model> model_in_force(workspace::Workspace& workspace, sql::Transaction& sql, EntryIndex version) {
  auto model = TRY(workspace.entry<record::Model>(sql, version));
  for (auto& pinned : model.datanets) pinned.manifest = TRY(workspace::manifest_in_force(sql, pinned.manifest)).entry;
  return model;
}

Result<LoggedManifest> log_manifest(workspace::Workspace& workspace, workspace::Change& change, NewManifest parts) {
  const record::Datanet& datanet = parts.datanet.datanet;
  const ngram::ManifestHead head{.datanet = parts.datanet.entry,
                                 .role = datanet.role,
                                 .tokenizer_sha256 = workspace.tokenizer().hash(),
                                 .vocabulary_size = workspace.tokenizer().vocabulary_size(),
                                 .log_size = TRY(change.log_size())};
  auto manifest = TRY(ngram::make_manifest(head, parts.segments, std::move(parts.tombstones)));
  return log_made_manifest(workspace, change, datanet.is_public, std::move(manifest), parts.succeeds);
}

Result<LoggedManifest> log_made_manifest(workspace::Workspace& workspace, workspace::Change& change, bool is_public,
                                         ngram::Manifest manifest, std::optional<EntryIndex> succeeds) {
  const std::string folder = workspace.layout().index_folder(is_public);
  LoggedManifest logged;
  logged.manifest = std::move(manifest);
  logged.name = TRY(ngram::write_manifest(workspace.files(), folder, logged.manifest));
  logged.entry = TRY(change.append(record::Manifest{.datanet = logged.manifest.datanet,
                                                    .manifest_sha256 = logged.name,
                                                    .tokenizer_sha256 = logged.manifest.tokenizer_sha256,
                                                    .log_size = logged.manifest.log_size,
                                                    .live_documents = logged.manifest.live_documents,
                                                    .live_tokens = logged.manifest.live_tokens,
                                                    .succeeds = succeeds}));
  TRY(workspace::insert_manifest(change.sql(), {logged.entry, logged.manifest.datanet, logged.name, std::nullopt},
                                 succeeds));
  return logged;
}

Result<std::vector<std::string>> unneeded_index_files(workspace::Workspace& workspace, sql::Transaction& sql,
                                                      bool is_public) {
  const std::string folder = workspace.layout().index_folder(is_public);
  if (!TRY(workspace.files().exists(folder))) return std::vector<std::string>{};
  std::set<std::string> used;
  for (const auto& datanet : TRY(datanet::list_datanets(sql))) {
    if (datanet.datanet.is_public != is_public) continue;
    for (const auto& row : TRY(needed_manifests(workspace, sql, datanet.entry))) {
      used.insert(io::name_of(ngram::manifest_path(folder, row.manifest_sha256)));
      const auto manifest = TRY(ngram::read_manifest(workspace.files(), folder, row.manifest_sha256));
      for (const Hash256& segment : manifest.segments) used.insert(io::name_of(ngram::segment_path(folder, segment)));
    }
  }
  std::vector<std::string> unneeded;
  for (const auto& entry : TRY(workspace.files().list(folder))) {
    if (entry.kind == io::EntryKind::file && !used.contains(entry.name)) unneeded.push_back(entry.name);
  }
  return unneeded;
}

Result<void> discard_merging(io::FileSystem& files, const std::string& merging_folder) {
  if (!TRY(files.exists(merging_folder))) return {};
  // A file that a merge renames meanwhile is found by its new name.
  for (bool empty = false; !empty;) {
    empty = true;
    for (const auto& entry : TRY(files.list(merging_folder))) {
      empty = false;
      const auto removed = files.remove(io::join(merging_folder, entry.name));
      if (!removed && removed.error().code != ErrorCode::not_found) return removed;
    }
  }
  return files.sync_folder(merging_folder);
}

}  // namespace tribute::usecase
