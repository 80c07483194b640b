#include "usecase/merge_index.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>
#include <utility>

#include "datanet/registry.h"
#include "ngram/index.h"
#include "ngram/manifest.h"
#include "ngram/segment.h"
#include "ngram/segment_writer.h"
#include "usecase/lookup.h"
#include "usecase/manifests.h"
#include "usecase/segment_progress.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

using workspace::Workspace;

// Whether the manifest, which a purge has made, holds all that was live at its log size.
Result<bool> is_complete(sql::Transaction& sql, const ngram::Index& index) {
  const ngram::Manifest& manifest = index.manifest();
  std::set<EntryIndex> live;
  for (const ngram::Segment& segment : index.segments()) {
    for (uint32_t i = 0; i < segment.document_count(); ++i) live.insert(segment.entry_of(DocId(i)));
  }
  for (const EntryIndex entry : manifest.tombstones) live.erase(entry);
  const auto rows = TRY(datanet::live_contributions_at(sql, manifest.datanet, manifest.log_size));
  const auto same = [](const datanet::ContributionRow& row, EntryIndex entry) { return row.entry == entry; };
  return std::ranges::equal(rows, live, same);
}

}  // namespace

Result<IndexMerge> IndexMerge::open(Workspace& workspace, std::string_view datanet_name, std::string_view holder) {
  const auto datanet = [&]() -> Result<datanet::DatanetRow> {
    auto sql = TRY(workspace.database().begin());
    return require_datanet(sql, datanet_name);
  }();
  if (!datanet) return std::unexpected(datanet.error());
  const workspace::Layout& layout = workspace.layout();
  auto lock = workspace.files().lock(layout.merge_lock_file(datanet->entry), holder);
  if (!lock) {
    return fail(lock.error().code,
                "DataNet '" + datanet->datanet.name + "' is being merged already: " + lock.error().message);
  }
  const bool is_public = datanet->datanet.is_public;
  return IndexMerge(workspace.files(), datanet->entry, is_public, layout.index_folder(is_public),
                    layout.merging_folder(is_public, datanet->entry), std::move(*lock));
}

IndexMerge::IndexMerge(io::FileSystem& files, EntryIndex datanet, bool is_public, std::string index_folder,
                       std::string merging_folder, std::unique_ptr<io::FileLock> lock)
    : files_(&files),
      datanet_(datanet),
      is_public_(is_public),
      index_folder_(std::move(index_folder)),
      merging_folder_(std::move(merging_folder)),
      lock_(std::move(lock)) {}

Result<MergeDue> IndexMerge::begin(Workspace& workspace) {
  due_.reset();
  manifest_.reset();
  auto sql = TRY(workspace.database().begin());
  const auto newest = TRY(workspace::newest_manifest(sql, datanet_));
  if (!newest) {
    return fail(ErrorCode::failed_precondition, "the DataNet has no index yet; build it with `tribute index build`");
  }
  auto index = TRY(ngram::Index::open(*files_, index_folder_, newest->manifest_sha256));
  const auto entry = TRY(workspace.entry<record::Manifest>(sql, newest->entry));
  if (entry.succeeds && !TRY(is_complete(sql, index))) return MergeDue::after_build;
  due_ = ngram::DueMerge::of(std::move(index));
  if (!due_) {
    TRY(discard());
    return MergeDue::nothing;
  }
  basis_ = newest->manifest_sha256;
  TRY(io::make_folders(*files_, merging_folder_));
  for (const auto& file : TRY(files_->list(merging_folder_))) {
    if (file.name.ends_with(".segment")) TRY(files_->remove(io::join(merging_folder_, file.name)));
  }
  return MergeDue::yes;
}

Result<void> IndexMerge::write(workspace::Progress& progress, uint64_t memory_bytes) {
  ngram::BuildSize size = due_->size();
  size.held_bytes = kProgramBytes;
  auto writer = TRY(ngram::SegmentWriter::within(memory_bytes, size, *files_, merging_folder_, due_->page_layout()));
  WriterProgress stages(progress);
  TRY(due_->write(std::move(writer), *files_, merging_folder_, stages));
  progress.end();
  const auto basis = TRY(ngram::read_manifest(*files_, index_folder_, basis_));
  const auto outcome = due_->onto(basis);
  if (outcome) manifest_ = TRY(manifest_for(basis, *outcome, false));
  return {};
}

// The manifest of the outcome, with the new segment where it is `in_place` or still in its own folder.
Result<ngram::Manifest> IndexMerge::manifest_for(const ngram::Manifest& newest, const ngram::DueMerge::Outcome& outcome,
                                                 bool in_place) {
  std::vector<ngram::Segment> segments;
  for (const Hash256& name : outcome.segments) {
    const bool is_new = due_->segment() && name == *due_->segment();
    segments.push_back(TRY(ngram::Segment::open(*files_, is_new && !in_place ? merging_folder_ : index_folder_, name)));
  }
  return ngram::make_manifest(head_of(newest), segments, outcome.tombstones);
}

Result<void> IndexMerge::put_in_place() {
  if (!due_->segment()) return {};
  const Hash256& name = *due_->segment();
  TRY(files_->rename(ngram::segment_path(merging_folder_, name), ngram::segment_path(index_folder_, name)));
  return files_->sync_folder(index_folder_);
}

Result<std::optional<EntryIndex>> IndexMerge::commit(Workspace& workspace) {
  auto change = TRY(workspace.begin());
  const auto newest = TRY(workspace::newest_manifest(change.sql(), datanet_));
  if (!newest) return std::nullopt;
  auto unneeded = TRY(unneeded_index_files(workspace, change.sql(), is_public_));
  std::optional<ngram::Manifest> changed;  // the newest, if it is not the one that the merge began with
  if (newest->manifest_sha256 != basis_) {
    const auto entry = TRY(workspace.entry<record::Manifest>(change.sql(), newest->entry));
    if (entry.succeeds) return std::nullopt;  // a purge has made it: begin() decides what may be done with that
    changed = TRY(ngram::read_manifest(*files_, index_folder_, newest->manifest_sha256));
    manifest_.reset();
  }
  const auto outcome = changed ? due_->onto(*changed) : std::nullopt;
  if (!manifest_ && !outcome) return std::nullopt;
  if (auto placed = put_in_place(); !placed) {
    if (placed.error().code == ErrorCode::not_found) return std::nullopt;
    return std::unexpected(placed.error());
  }
  if (outcome) manifest_ = TRY(manifest_for(*changed, *outcome, true));
  const auto logged = TRY(log_made_manifest(workspace, change, is_public_, std::move(*manifest_)));
  manifest_.reset();
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  // The new files may have lain there before, left by a merge that was killed on its way.
  std::erase(unneeded, io::name_of(ngram::manifest_path(index_folder_, logged.name)));
  if (due_->segment()) std::erase(unneeded, io::name_of(ngram::segment_path(index_folder_, *due_->segment())));
  TRY(remove_files(unneeded));
  return logged.entry;
}

Result<void> IndexMerge::remove_files(const std::vector<std::string>& names) {
  bool removed = false;
  for (const std::string& name : names) {
    if (!name.ends_with(".segment") && !name.ends_with(".manifest")) continue;
    TRY(files_->remove(io::join(index_folder_, name)));
    removed = true;
  }
  return removed ? files_->sync_folder(index_folder_) : Result<void>();
}

Result<void> IndexMerge::discard() {
  if (!TRY(files_->exists(merging_folder_))) return {};
  TRY(discard_merging(*files_, merging_folder_));
  TRY(files_->remove(merging_folder_));
  return files_->sync_folder(index_folder_);
}

Result<std::set<std::string>> IndexMerge::manifests_there() const {
  std::set<std::string> names;
  for (const auto& entry : TRY(files_->list(index_folder_))) {
    if (entry.name.ends_with(".manifest")) names.insert(entry.name);
  }
  return names;
}

namespace {

// All that is due, with the lock held already.
Result<void> merge_all(IndexMerge& merge, const MergeRequest& request, const OpenWorkspace& open,
                       workspace::Progress& progress, MergeReport& report) {
  for (;;) {
    uint64_t memory_bytes = 0;
    {
      const auto workspace = TRY(open());
      memory_bytes = request.memory_bytes.value_or(workspace->settings().index_memory_bytes);
      const MergeDue due = TRY(merge.begin(*workspace));
      report.waits_for_build = due == MergeDue::after_build;
      if (due != MergeDue::yes) return {};
    }
    const uint64_t segments = merge.merged_segments();
    if (const auto written = merge.write(progress, memory_bytes); !written) {
      // A purge does not wait for a merge; it takes away what it may have written.
      if (written.error().code != ErrorCode::not_found) return written;
      ++report.in_vain_count;
      continue;
    }
    const auto workspace = TRY(open());
    if (const auto entry = TRY(merge.commit(*workspace))) {
      report.entry = entry;
      report.merged_segment_count += segments;
      ++report.merge_count;
    } else {
      ++report.in_vain_count;
    }
  }
}

Result<IndexMerge> open_merge(const MergeRequest& request, const OpenWorkspace& open) {
  const auto workspace = TRY(open());
  return IndexMerge::open(*workspace, request.datanet, request.holder);
}

}  // namespace

Result<MergeReport> merge_index(const MergeRequest& request, const OpenWorkspace& open, workspace::Progress& progress) {
  auto merge = TRY(open_merge(request, open));
  MergeReport report{.datanet = request.datanet};
  TRY(merge_all(merge, request, open, progress, report));
  return report;
}

Result<MergeReport> watch_index(const MergeRequest& request, const OpenWorkspace& open, workspace::Progress& progress,
                                const std::function<void(const MergeReport&)>& told) {
  constexpr std::chrono::milliseconds kBetweenLooks{250};
  auto merge = TRY(open_merge(request, open));
  MergeReport all{.datanet = request.datanet};
  std::set<std::string> seen;
  while (!progress.stop_requested()) {
    auto there = TRY(merge.manifests_there());
    if (there == seen) {
      std::this_thread::sleep_for(kBetweenLooks);
      continue;
    }
    MergeReport round{.datanet = request.datanet};
    const auto done = merge_all(merge, request, open, progress, round);
    // What can be mended by `index build` only is waited for, as there is nothing to merge before.
    const auto is_waited_for = [](ErrorCode code) {
      return code == ErrorCode::cancelled || code == ErrorCode::failed_precondition;
    };
    if (!done && !is_waited_for(done.error().code)) return std::unexpected(done.error());
    seen = std::move(there);
    all.merge_count += round.merge_count;
    all.merged_segment_count += round.merged_segment_count;
    all.in_vain_count += round.in_vain_count;
    if (round.entry) all.entry = round.entry;
    all.waits_for_build = round.waits_for_build;
    if (round.merge_count > 0) told(round);
  }
  return all;
}

}  // namespace tribute::usecase
