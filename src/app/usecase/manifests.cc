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
  const std::string folder = workspace.layout().index_folder(datanet.is_public);
  const ngram::ManifestHead head{.datanet = parts.datanet.entry,
                                 .role = datanet.role,
                                 .tokenizer_sha256 = workspace.tokenizer().hash(),
                                 .vocabulary_size = workspace.tokenizer().vocabulary_size(),
                                 .log_size = TRY(change.log_size())};
  LoggedManifest logged;
  logged.manifest = TRY(ngram::make_manifest(head, parts.segments, std::move(parts.tombstones)));
  logged.name = TRY(ngram::write_manifest(workspace.files(), folder, logged.manifest));
  logged.entry = TRY(change.append(record::Manifest{.datanet = head.datanet,
                                                    .manifest_sha256 = logged.name,
                                                    .tokenizer_sha256 = head.tokenizer_sha256,
                                                    .log_size = head.log_size,
                                                    .live_documents = logged.manifest.live_documents,
                                                    .live_tokens = logged.manifest.live_tokens,
                                                    .succeeds = parts.succeeds}));
  TRY(workspace::insert_manifest(change.sql(), {logged.entry, head.datanet, logged.name, std::nullopt},
                                 parts.succeeds));
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

}  // namespace tribute::usecase
