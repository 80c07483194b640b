#include "usecase/index.h"

#include <algorithm>
#include <set>
#include <utility>

#include "datanet/content_store.h"
#include "datanet/registry.h"
#include "ngram/build_memory.h"
#include "ngram/index.h"
#include "ngram/segment.h"
#include "ngram/segment_merge.h"
#include "ngram/segment_writer.h"
#include "usecase/lookup.h"
#include "usecase/manifests.h"
#include "usecase/segment_progress.h"
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
    SegmentView part{.sha256 = segment.name(),
                     .document_count = segment.document_count(),
                     .token_count = segment.token_count(),
                     .file_bytes = segment.file_bytes(),
                     .is_for_disk = segment.layout().is_for_disk()};
    for (const EntryIndex dead : manifest.tombstones) {
      const auto document = segment.find(dead);
      if (!document) continue;
      ++part.tombstone_count;
      part.tombstone_token_count += segment.row(*document).token_count;
    }
    result.segments.push_back(part);
  }
  return result;
}

// The segments of a new manifest, while it is made.
class SegmentBuild {
 public:
  // `live` ascends by entry. All must outlive it.
  SegmentBuild(Workspace& workspace, const std::vector<datanet::ContributionRow>& live, std::string folder,
               const IndexBuildOptions& options, workspace::Progress& progress)
      : workspace_(workspace), live_(live), folder_(std::move(folder)), options_(options), progress_(progress) {}

  // Writes what is in no segment yet, and what is merged with it. `old` are the segments so far.
  Result<void> run(sql::Transaction& sql, std::vector<ngram::Segment> old) {
    std::set<EntryIndex> dead = entries_of(old);
    std::vector<const datanet::ContributionRow*> added;
    uint64_t new_tokens = 0;
    for (const auto& row : live_) {
      if (dead.erase(row.entry) > 0) continue;
      added.push_back(&row);
      new_tokens += row.token_count;
    }
    std::vector<const ngram::Segment*> merged;
    if (options_.merge || old.size() >= kMostSegments) {
      const std::vector<EntryIndex> all_dead(dead.begin(), dead.end());
      for (const size_t i : ngram::segments_to_merge(ngram::segment_loads(old, all_dead), new_tokens)) {
        merged.push_back(&old[i]);
      }
    }
    size_ = size_of(added, merged);
    TRY(begin_segment());
    ngram::SegmentMerge merge(merged, {dead.begin(), dead.end()});
    progress_.begin("reading", size_.token_count, "tokens");
    for (const auto* const row : added) {
      progress_.advance(tokens_written_ + writer_->token_count());
      if (progress_.stop_requested()) return fail(ErrorCode::cancelled, "stopped; the index is as it was");
      TRY(merge.add_below(row->entry, *writer_));
      TRY(add(sql, *row));
    }
    TRY(merge.add_rest(*writer_));
    TRY(write());
    progress_.end();
    for (auto& segment : old) {
      if (std::ranges::find(merged, &segment) == merged.end()) segments_.push_back(std::move(segment));
    }
    for (const EntryIndex entry : dead) {
      const auto has = [entry](const ngram::Segment& segment) { return segment.find(entry).has_value(); };
      if (std::ranges::any_of(segments_, has)) tombstones_.push_back(entry);
    }
    return {};
  }

  const std::vector<ngram::Segment>& segments() const { return segments_; }
  const std::vector<EntryIndex>& tombstones() const { return tombstones_; }

 private:
  ngram::BuildSize size_of(const std::vector<const datanet::ContributionRow*>& added,
                           const std::vector<const ngram::Segment*>& merged) const {
    // What it keeps of each datapoint and document.
    constexpr uint64_t kBytesPerRow = 512;
    ngram::BuildSize size{.vocabulary_size = workspace_.tokenizer().vocabulary_size(),
                          .held_bytes = kProgramBytes + kBytesPerRow * live_.size()};
    const auto add = [&](uint64_t tokens) {
      ++size.document_count;
      size.token_count += tokens;
      size.longest_document = std::max(size.longest_document, tokens);
    };
    for (const auto* const row : added) add(row->token_count);
    for (const auto* const segment : merged) {
      for (uint32_t i = 0; i < segment->document_count(); ++i) add(segment->row(DocId(i)).token_count);
    }
    return size;
  }

  Result<void> begin_segment() {
    const auto page_layout = options_.for_disk ? ngram::PageLayout::disk : ngram::PageLayout::standard;
    writer_.emplace(
        TRY(ngram::SegmentWriter::within(options_.memory_bytes, size_, workspace_.files(), folder_, page_layout)));
    return {};
  }

  Result<void> add(sql::Transaction& sql, const datanet::ContributionRow& row) {
    const auto text =
        TRY(datanet::read_content(workspace_.files(), workspace_.layout().content_folder(), sql, row.content_sha256));
    const auto tokens = TRY(workspace_.tokenizer().encode(text));
    if (ngram::tokens_hash(tokens) != row.tokens_sha256) {
      return fail(ErrorCode::data_loss, "contribution '" + row.source_id +
                                            "' has other tokens than its log entry says; run `tribute doctor`");
    }
    auto added = writer_->add(row.entry, row.contributor, tokens);
    if (!added && added.error().code == ErrorCode::resource_exhausted && writer_->document_count() > 0) {
      TRY(write());
      added = writer_->add(row.entry, row.contributor, tokens);
    }
    return added;
  }

  // Writes what was added so far as a segment, and begins another.
  Result<void> write() {
    if (writer_->document_count() == 0) return {};
    tokens_written_ += writer_->token_count();
    WriterProgress progress(progress_);
    const Hash256 name = TRY(std::move(*writer_).write(workspace_.files(), folder_, progress));
    segments_.push_back(TRY(ngram::Segment::open(workspace_.files(), folder_, name)));
    return begin_segment();
  }

  Workspace& workspace_;
  const std::vector<datanet::ContributionRow>& live_;
  std::string folder_;
  IndexBuildOptions options_;
  workspace::Progress& progress_;
  ngram::BuildSize size_;
  std::optional<ngram::SegmentWriter> writer_;
  uint64_t tokens_written_ = 0;
  std::vector<ngram::Segment> segments_;
  std::vector<EntryIndex> tombstones_;
};

// The index of the newest manifest; nullopt where there is none, or none that can be built upon.
Result<std::optional<ngram::Index>> open_previous(Workspace& workspace, const std::string& folder,
                                                  const std::optional<workspace::ManifestRow>& manifest) {
  if (!manifest) return std::nullopt;
  auto index = ngram::Index::open(workspace.files(), folder, manifest->manifest_sha256);
  if (index) return std::move(*index);
  switch (index.error().code) {
    case ErrorCode::not_found:
    case ErrorCode::data_loss:
    case ErrorCode::failed_precondition: return std::nullopt;
    default: return std::unexpected(std::move(index.error()));
  }
}

}  // namespace

Result<IndexView> build_index(Workspace& workspace, std::string_view datanet_name, workspace::Progress& progress,
                              const IndexBuildOptions& options) {
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

  const auto previous = TRY(workspace::newest_manifest(change.sql(), datanet.entry));
  const auto index = TRY(open_previous(workspace, folder, previous));
  std::vector<ngram::Segment> old;
  if (index) {
    const auto same = [](const datanet::ContributionRow& row, EntryIndex entry) { return row.entry == entry; };
    if (std::ranges::equal(live, live_entries_of(*index), same)) {
      return view(datanet, previous->entry, previous->manifest_sha256, index->manifest(), index->segments());
    }
    for (const Hash256& name : index->manifest().segments) {
      old.push_back(TRY(ngram::Segment::open(workspace.files(), folder, name)));
    }
  }
  SegmentBuild build(workspace, live, folder, options, progress);
  TRY(build.run(change.sql(), std::move(old)));
  const auto logged = TRY(log_manifest(
      workspace, change, {.datanet = datanet, .segments = build.segments(), .tombstones = build.tombstones()}));
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  IndexView result = view(datanet, logged.entry, logged.name, logged.manifest, build.segments());
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
