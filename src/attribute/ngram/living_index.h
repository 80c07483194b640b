// An index that lives: documents come and go, segments are merged in the background, and who asks sees one state of it,
// whole. For programs that have no workspace. docs/formats/living_index.md, docs/design/0015-living-indexes.md.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "io/resident_file.h"
#include "ngram/index.h"
#include "ngram/index_source.h"

namespace tribute::ngram {

struct LivingOptions {
  // What a new index says of itself; `log_size` is not looked at. Of an index that is there, `vocabulary_size` must be
  // the same, or 0.
  ManifestHead head;

  // Whether a thread of its own merges what is due. Else merge() does, when it is called.
  bool merge_in_background = true;

  // What a merge takes at most beside what the process has already; 0: what it needs to have all in memory
  // (ngram/build_memory.h).
  uint64_t memory_bytes = 0;

  // Of the segments that documents are added in. A merged one has that of the newest it is made of.
  PageLayout page_layout = PageLayout::standard;

  io::Residence residence = io::Residence::mapped;
};

struct NewDocument {
  EntryIndex contributor;  // below 2^63
  std::vector<TokenId> tokens;
};

struct LivingStatus {
  Hash256 manifest;  // the current one
  uint64_t segment_count = 0;
  uint64_t tombstone_count = 0;
  uint64_t live_documents = 0;
  uint64_t live_tokens = 0;
  uint64_t merge_count = 0;  // since it was opened
  // Of the last merge, and of the last removal of files that nobody needs, if they failed. Neither spoils an answer;
  // both are tried again when something changes.
  std::optional<Error> merge_error;
  std::optional<Error> removal_error;
};

// A folder with segments, manifests, and a file `current` that names the manifest in force. One LivingIndex at a time
// holds a folder, in whatever process. Every change makes a new manifest, whose name replaces the old one in `current`
// in one step; it is durable when the call returns, and a process or machine that stops at any moment leaves the index
// as it was before or after the change.
//
// Thread-safe: changes wait for each other, but not for a merge's long part; snapshots wait for nobody. The file system
// must outlive it. Snapshots may outlive it.
class LivingIndex {
 public:
  // Opens the index in `folder`, or makes an empty one where the folder is absent or empty; removes what a process that
  // was stopped has left. O(documents). Errors: unavailable where another has it; failed_precondition for a folder with
  // index files and no `current`, or an index of another vocabulary; invalid_argument for a new one without a
  // vocabulary; data_loss naming the damaged file; those of the file system.
  static Result<std::unique_ptr<LivingIndex>> open(io::FileSystem& files, const std::string& folder,
                                                   const LivingOptions& options);
  LivingIndex(const LivingIndex&) = delete;
  LivingIndex& operator=(const LivingIndex&) = delete;
  // Stops a merge that is at work; what it has written so far is lost.
  ~LivingIndex();

  // Adds the documents as one segment and returns the entry of the first: entries are numbers from 0 on in the order of
  // adding, and never used again. Many documents at once are much cheaper than one by one. Sorts them, and takes
  // O(documents of the whole index) besides.
  // Errors: those of SegmentWriter::add() and the file system. After an error nothing was added, unless it was the last
  // sync that failed: then whoever opens the index after a loss of power may find the documents or not, until another
  // change succeeds.
  Result<EntryIndex> add(std::span<const NewDocument> documents);

  // Withdraws documents at once: no snapshot from now on has them. All of them or none. O(documents of the whole
  // index). Errors: not_found naming an entry that is not live; as add().
  Result<void> withdraw(std::span<const EntryIndex> entries);

  // The index as it is now. It stays as it is as long as it is held, and so do its files. Never null. O(1).
  std::shared_ptr<const IndexSource> snapshot() const;

  // Makes one merge that is due by segments_to_merge(), in this thread; false: none is. Waits for one that is at work.
  // Errors: those of SegmentWriter and the file system; data_loss for a damaged segment. After an error all is as
  // before.
  Result<bool> merge();

  // Waits until all that is due now is merged, or makes these merges where nothing happens in the background.
  // Errors: that of the merge which failed.
  Result<void> wait();

  LivingStatus status() const;

 private:
  struct Published;
  struct Signal;
  struct Change;

  LivingIndex(io::FileSystem& files, std::string folder, const LivingOptions& options,
              std::unique_ptr<io::FileLock> lock);
  Result<void> load();
  Result<Manifest> empty_manifest() const;
  std::shared_ptr<Published> current() const;
  Result<std::shared_ptr<Published>> open_published(const Hash256& name) const;
  bool is_live(EntryIndex entry) const;
  Result<void> settle();
  Result<void> publish(const Change& change);
  void collect();
  Result<void> remove_unneeded();
  Result<bool> merge(std::stop_token stop);
  void serve(const std::stop_token& stop);

  io::FileSystem& files_;
  std::string folder_;
  LivingOptions options_;
  std::unique_ptr<io::FileLock> lock_;
  std::shared_ptr<Signal> signal_;  // shared with the snapshots, which tell it when they end

  std::mutex merging_;                          // one merge at a time; taken before `changing_`
  std::mutex changing_;                         // one change at a time
  bool uncertain_ = false;                      // by `changing_`: whether `current` names what this has
  std::vector<std::weak_ptr<Published>> held_;  // by `changing_`: all that may still be held

  mutable std::mutex state_;  // of what follows; held for moments
  std::shared_ptr<Published> current_;
  uint64_t merge_count_ = 0;
  std::optional<Error> merge_error_;
  std::optional<Error> removal_error_;

  std::jthread background_;  // last, so that it ends first
};

}  // namespace tribute::ngram
