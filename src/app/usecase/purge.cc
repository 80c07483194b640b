#include "usecase/purge.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>
#include <vector>

#include "datanet/content_store.h"
#include "datanet/registry.h"
#include "neardup/near_index.h"
#include "ngram/index.h"
#include "ngram/segment.h"
#include "ngram/segment_merge.h"
#include "ngram/segment_runs.h"
#include "ngram/segment_writer.h"
#include "usecase/lookup.h"
#include "usecase/manifests.h"

namespace tribute::usecase {
namespace {

using workspace::Workspace;

constexpr uint64_t kDayMs = uint64_t{24} * 3600 * 1000;

// One DataNet's purge, as one change.
class Purge {
 public:
  Purge(Workspace& workspace, workspace::Change change, datanet::DatanetRow datanet)
      : workspace_(workspace),
        change_(std::move(change)),
        datanet_(std::move(datanet)),
        folder_(workspace.layout().index_folder(datanet_.datanet.is_public)) {
    report_.datanet = datanet_.datanet.name;
  }

  Result<PurgeReport> run(workspace::Progress& progress) && {
    withdrawn_ = TRY(datanet::unerased_withdrawals(change_.sql(), datanet_.entry));
    for (const auto& row : withdrawn_) entries_.push_back(row.entry);
    const auto manifests = TRY(needed_manifests(workspace_, change_.sql(), datanet_.entry));
    progress.begin("erasing", manifests.size(), "manifests");
    // In ascending order, so that the successor of the newest is the newest.
    for (size_t i = 0; i < manifests.size(); ++i) {
      TRY(succeed(manifests[i]));
      progress.advance(i + 1);
    }
    TRY(erase());
    if (!withdrawn_.empty() || report_.successor_count > 0) {
      TRY(std::move(change_).commit());
      TRY(workspace_.publish());
    }
    progress.end();
    return std::move(report_);
  }

 private:
  // Puts a manifest without the withdrawn datapoints in the place of one whose segments hold some.
  Result<void> succeed(const workspace::ManifestRow& row) {
    const auto index = TRY(ngram::Index::open(workspace_.files(), folder_, row.manifest_sha256));
    std::vector<ngram::Segment> segments;
    bool differs = false;
    for (const ngram::Segment& segment : index.segments()) {
      const auto rewritten = TRY(without_withdrawn(segment));
      differs |= rewritten != segment.name();
      if (rewritten) segments.push_back(TRY(ngram::Segment::open(workspace_.files(), folder_, *rewritten)));
    }
    if (!differs) return {};
    TRY(log_manifest(workspace_, change_, {.datanet = datanet_, .segments = segments, .succeeds = row.entry}));
    ++report_.successor_count;
    return {};
  }

  // The name of the segment that holds what of this one is not withdrawn: its own, another's that is
  // written, or nullopt where nothing is left. Manifests share segments, so each is written once.
  Result<std::optional<Hash256>> without_withdrawn(const ngram::Segment& segment) {
    if (const auto known = rewritten_.find(segment.name()); known != rewritten_.end()) return known->second;
    std::vector<EntryIndex> dropped;
    for (const EntryIndex entry : entries_) {
      if (segment.find(entry)) dropped.push_back(entry);
    }
    std::optional<Hash256> name = segment.name();
    if (dropped.size() == segment.document_count()) {
      name = std::nullopt;
    } else if (!dropped.empty()) {
      ngram::SegmentWriter writer(segment.vocabulary_size(), segment.layout().shape().page_layout);
      const ngram::Segment* const source = &segment;
      TRY(ngram::SegmentMerge(std::span(&source, 1), dropped).add_rest(writer));
      name = TRY(std::move(writer).write(workspace_.files(), folder_));
      ++report_.rewritten_segment_count;
    }
    rewritten_[segment.name()] = name;
    return name;
  }

  // The texts, sketches and titles of the withdrawn.
  Result<void> erase() {
    auto& sql = change_.sql();
    const std::string content = workspace_.layout().content_folder();
    std::unordered_set<Hash256> unneeded;
    for (const auto& row : withdrawn_) {
      const auto text = datanet::read_content(workspace_.files(), content, sql, row.content_sha256);
      if (!text && text.error().code != ErrorCode::not_found) return std::unexpected(text.error());
      if (text) {
        const auto tokens = TRY(workspace_.tokenizer().encode(*text));
        TRY(neardup::erase(sql, datanet_.entry, row.entry, neardup::sketch_of(tokens)));
      }
      if (!TRY(datanet::is_content_needed(sql, row.content_sha256))) unneeded.insert(row.content_sha256);
      TRY(datanet::mark_erased(sql, row.entry));
      ++report_.erased_count;
    }
    if (unneeded.empty()) return {};
    return datanet::erase_content(workspace_.files(), content, sql, unneeded);
  }

  Workspace& workspace_;
  workspace::Change change_;
  datanet::DatanetRow datanet_;
  std::string folder_;
  std::vector<datanet::ContributionRow> withdrawn_;
  std::vector<EntryIndex> entries_;  // of these
  std::map<Hash256, std::optional<Hash256>> rewritten_;
  PurgeReport report_;
};

Result<void> remove_files(Workspace& workspace, const std::string& folder, const std::vector<std::string>& names,
                          PurgeReport& report) {
  if (names.empty()) return {};
  const auto entries = TRY(workspace.files().list(folder));
  for (const std::string& name : names) {
    const auto entry = std::ranges::find(entries, name, &io::FolderEntry::name);
    if (entry != entries.end()) report.removed_bytes += entry->size_bytes;
    TRY(workspace.files().remove(io::join(folder, name)));
    ++report.removed_file_count;
  }
  return workspace.files().sync_folder(folder);
}

}  // namespace

Result<PurgeReport> purge_index(Workspace& workspace, std::string_view datanet, workspace::Progress& progress) {
  auto change = TRY(workspace.begin());
  auto row = TRY(require_datanet(change.sql(), datanet));
  const bool is_public = row.datanet.is_public;
  const EntryIndex entry = row.entry;
  auto report = TRY(Purge(workspace, std::move(change), std::move(row)).run(progress));
  auto sql = TRY(workspace.database().begin());
  // A build that was killed may have left what is now erased, and a merge may hold it.
  TRY(ngram::SegmentRuns::discard(workspace.files(), workspace.layout().index_folder(is_public)));
  TRY(discard_merging(workspace.files(), workspace.layout().merging_folder(is_public, entry)));
  TRY(remove_files(workspace, workspace.layout().index_folder(is_public),
                   TRY(unneeded_index_files(workspace, sql, is_public)), report));
  const std::string content = workspace.layout().content_folder();
  TRY(remove_files(workspace, content, TRY(datanet::unreferenced_packs(workspace.files(), content, sql)), report));
  return report;
}

Result<void> purge_if_due(Workspace& workspace, std::string_view datanet, workspace::Progress& progress) {
  const uint64_t days = workspace.settings().erase_days;
  if (days == 0) return {};
  {
    auto sql = TRY(workspace.database().begin());
    const auto withdrawn = TRY(datanet::unerased_withdrawals(sql, TRY(require_datanet(sql, datanet)).entry));
    const auto oldest = std::ranges::min_element(withdrawn, {}, &datanet::ContributionRow::withdrawn_at);
    if (oldest == withdrawn.end()) return {};
    if (workspace.clock().now_ms() < TRY(workspace.time_of(sql, *oldest->withdrawn_at)) + days * kDayMs) return {};
  }
  TRY(purge_index(workspace, datanet, progress));
  return {};
}

}  // namespace tribute::usecase
