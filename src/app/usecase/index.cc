#include "usecase/index.h"

#include <algorithm>
#include <set>

#include "datanet/content_store.h"
#include "datanet/registry.h"
#include "ngram/index.h"
#include "ngram/manifest.h"
#include "ngram/segment.h"
#include "usecase/lookup.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

using workspace::Workspace;

// The entries that stand in the segments, tombstoned or not.
std::set<EntryIndex> entries_of(const std::vector<ngram::Segment>& segments) {
  std::set<EntryIndex> entries;
  for (const auto& segment : segments) {
    for (uint32_t i = 0; i < segment.document_count(); ++i) entries.insert(segment.row(DocId(i)).entry);
  }
  return entries;
}

std::set<EntryIndex> live_entries_of(const ngram::Index& index) {
  std::set<EntryIndex> entries = entries_of(index.segments());
  for (const EntryIndex entry : index.manifest().tombstones) entries.erase(entry);
  return entries;
}

ngram::Role role_of(const record::Datanet& datanet) {
  return datanet.role == record::Role::guard ? ngram::Role::guard : ngram::Role::paid;
}

IndexView view(const datanet::DatanetRow& datanet, EntryIndex entry, const Hash256& name,
               const ngram::Manifest& manifest, const std::vector<ngram::Segment>& segments) {
  IndexView result{.datanet = datanet.datanet.name,
                   .entry = entry,
                   .manifest_sha256 = name,
                   .log_size = manifest.log_size,
                   .live_documents = manifest.live_documents,
                   .live_tokens = manifest.live_tokens,
                   .segments = {},
                   .built = false,
                   .behind = 0};
  for (const auto& segment : segments) {
    SegmentView part{segment.name(), segment.document_count(), segment.token_count(), segment.file_bytes(), 0};
    for (const EntryIndex dead : manifest.tombstones) part.tombstone_count += segment.find(dead) ? 1 : 0;
    result.segments.push_back(part);
  }
  return result;
}

// Writes a segment of the live contributions that no segment has yet; nullopt where there are none.
Result<std::optional<Hash256>> write_new_segment(Workspace& workspace, sql::Transaction& sql, const std::string& folder,
                                                 const std::vector<datanet::ContributionRow>& live,
                                                 const std::set<EntryIndex>& indexed, workspace::Progress& progress) {
  ngram::SegmentWriter writer(workspace.tokenizer().vocabulary_size());
  progress.begin("indexing", live.size(), "documents");
  for (size_t i = 0; i < live.size(); ++i) {
    progress.advance(i);
    if (progress.stop_requested()) return fail(ErrorCode::cancelled, "stopped; the index is as it was");
    const auto& row = live[i];
    if (indexed.contains(row.entry)) continue;
    const auto text =
        TRY(datanet::read_content(workspace.files(), workspace.layout().content_folder(), sql, row.content_sha256));
    const auto tokens = TRY(workspace.tokenizer().encode(text));
    if (ngram::tokens_hash(tokens) != row.tokens_sha256) {
      return fail(ErrorCode::data_loss, "contribution '" + row.source_id +
                                            "' has other tokens than its log entry says; run `tribute doctor`");
    }
    TRY(writer.add(row.entry, row.contributor, tokens));
  }
  progress.advance(live.size());
  progress.end();
  if (writer.document_count() == 0) return std::nullopt;
  return TRY(std::move(writer).write(workspace.files(), folder));
}

}  // namespace

Result<IndexView> build_index(Workspace& workspace, std::string_view datanet_name, workspace::Progress& progress) {
  auto change = TRY(workspace.begin());
  const auto datanet = TRY(require_datanet(change.sql(), datanet_name));
  const auto live = TRY(datanet::live_contributions(change.sql(), datanet.entry));
  if (live.empty()) {
    return fail(
        ErrorCode::failed_precondition,
        "DataNet '" + datanet.datanet.name + "' has no live datapoint; contribute documents (and approve them) first");
  }
  const std::string folder = workspace.layout().index_folder(datanet.datanet.is_public);
  TRY(io::make_folders(workspace.files(), folder));

  std::vector<ngram::Segment> segments;
  const auto previous = TRY(workspace::newest_manifest(change.sql(), datanet.entry));
  std::set<EntryIndex> live_before;
  if (previous) {
    const auto index = TRY(ngram::Index::open(workspace.files(), folder, previous->manifest_sha256));
    live_before = live_entries_of(index);
    for (const Hash256& name : index.manifest().segments) {
      segments.push_back(TRY(ngram::Segment::open(workspace.files(), folder, name)));
    }
    const auto same = [](const datanet::ContributionRow& row, EntryIndex entry) { return row.entry == entry; };
    if (std::ranges::equal(live, live_before, same)) {
      return view(datanet, previous->entry, previous->manifest_sha256, index.manifest(), index.segments());
    }
  }

  std::set<EntryIndex> indexed = entries_of(segments);
  const auto added = TRY(write_new_segment(workspace, change.sql(), folder, live, indexed, progress));
  if (added) segments.push_back(TRY(ngram::Segment::open(workspace.files(), folder, *added)));
  for (const auto& row : live) indexed.erase(row.entry);
  const ngram::ManifestHead head{.datanet = datanet.entry,
                                 .role = role_of(datanet.datanet),
                                 .tokenizer_sha256 = workspace.tokenizer().hash(),
                                 .vocabulary_size = workspace.tokenizer().vocabulary_size(),
                                 .log_size = TRY(change.log_size())};
  const auto manifest = TRY(ngram::make_manifest(head, segments, {indexed.begin(), indexed.end()}));
  const Hash256 name = TRY(ngram::write_manifest(workspace.files(), folder, manifest));
  const EntryIndex entry = TRY(change.append(record::Manifest{.datanet = datanet.entry,
                                                              .manifest_sha256 = name,
                                                              .tokenizer_sha256 = head.tokenizer_sha256,
                                                              .log_size = head.log_size,
                                                              .live_documents = manifest.live_documents,
                                                              .live_tokens = manifest.live_tokens,
                                                              .succeeds = std::nullopt}));
  TRY(workspace::insert_manifest(change.sql(), {entry, datanet.entry, name}));
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  IndexView result = view(datanet, entry, name, manifest, segments);
  result.built = true;
  return result;
}

Result<IndexView> show_index(Workspace& workspace, std::string_view datanet_name) {
  auto sql = TRY(workspace.database().begin());
  const auto datanet = TRY(require_datanet(sql, datanet_name));
  const auto newest = TRY(workspace::newest_manifest(sql, datanet.entry));
  if (!newest) {
    return fail(ErrorCode::failed_precondition, "DataNet '" + datanet.datanet.name +
                                                    "' has no index yet; build it with `tribute index build " +
                                                    datanet.datanet.name + "`");
  }
  const auto index = TRY(ngram::Index::open(
      workspace.files(), workspace.layout().index_folder(datanet.datanet.is_public), newest->manifest_sha256));
  IndexView result = view(datanet, newest->entry, newest->manifest_sha256, index.manifest(), index.segments());
  std::set<EntryIndex> live_now;
  for (const auto& row : TRY(datanet::live_contributions(sql, datanet.entry))) live_now.insert(row.entry);
  std::vector<EntryIndex> difference;
  std::ranges::set_symmetric_difference(live_now, live_entries_of(index), std::back_inserter(difference));
  result.behind = difference.size();
  return result;
}

}  // namespace tribute::usecase
