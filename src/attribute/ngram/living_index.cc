#include "ngram/living_index.h"

#include <algorithm>
#include <condition_variable>
#include <set>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "ngram/columns.h"
#include "ngram/manifest.h"
#include "ngram/segment.h"
#include "ngram/segment_merge.h"
#include "ngram/segment_writer.h"

namespace tribute::ngram {
namespace {

constexpr std::string_view kMagic = "tribute living index 1\n";
constexpr std::string_view kManifestEnding = ".manifest";
constexpr std::string_view kSegmentEnding = ".segment";

std::string current_path(const std::string& folder) { return io::join(folder, "current"); }
std::string merging_folder(const std::string& folder) { return io::join(folder, "merging"); }

bool is_index_file(const std::string& name) {
  return name.ends_with(kManifestEnding) || name.ends_with(kSegmentEnding);
}

Result<void> write_current(io::FileSystem& files, const std::string& folder, const Hash256& manifest) {
  return io::write_file_atomically(files, current_path(folder), std::string(kMagic) + manifest.hex() + "\n");
}

Result<Hash256> read_current(io::FileSystem& files, const std::string& folder) {
  constexpr size_t kMostBytes = 1024;
  const std::string path = current_path(folder);
  const std::string text = TRY(io::read_file(files, path, kMostBytes));
  std::string_view rest = text;
  if (rest.starts_with(kMagic) && rest.ends_with('\n')) {
    rest.remove_prefix(kMagic.size());
    rest.remove_suffix(1);
    if (const auto name = hash_from_hex(rest)) return *name;
  }
  return fail(ErrorCode::data_loss, path + ": does not name a manifest; restore it from a backup");
}

// Told whether to go on by a thread that is asked to end.
class StoppedByToken final : public SegmentProgress {
 public:
  explicit StoppedByToken(std::stop_token stop) : stop_(std::move(stop)) {}
  bool stop_requested() override { return stop_.stop_requested(); }

 private:
  std::stop_token stop_;
};

Result<void> remove_files_of(io::FileSystem& files, const std::string& folder) {
  for (const auto& entry : TRY(files.list(folder))) TRY(files.remove(io::join(folder, entry.name)));
  return {};
}

}  // namespace

// What the background is asked for. A snapshot that ends asks too, since its files may go.
struct LivingIndex::Signal {
  std::mutex mutex;
  std::condition_variable_any changed;
  uint64_t asked = 0;
  uint64_t served = 0;

  void ask() {
    {
      const std::scoped_lock lock(mutex);
      ++asked;
    }
    changed.notify_all();
  }
};

// One state of the index. When the last who holds it lets go, its files are closed and then the background is asked.
struct LivingIndex::Published {
  // Asks when it ends, if it ever was the current one: else a change that fails would ask for itself again.
  struct Release {
    std::shared_ptr<Signal> signal;
    bool is_armed = false;
    Release(std::shared_ptr<Signal> of, bool armed) : signal(std::move(of)), is_armed(armed) {}
    Release(const Release&) = delete;
    Release& operator=(const Release&) = delete;
    ~Release() {
      if (is_armed) signal->ask();
    }
  };

  Published(std::shared_ptr<Signal> signal, IndexSource opened)
      : release(std::move(signal), false), source(std::move(opened)) {}

  const Index& index() const { return source.indexes().front(); }
  const Manifest& manifest() const { return index().manifest(); }

  Release release;  // before the source, so that it ends after it
  IndexSource source;
};

// What the next manifest is made of; at first, what the one before is made of.
struct LivingIndex::Change {
  explicit Change(const Manifest& before)
      : head(head_of(before)), segments(before.segments), tombstones(before.tombstones) {}

  ManifestHead head;
  std::vector<Hash256> segments;
  std::vector<EntryIndex> tombstones;
};

LivingIndex::LivingIndex(io::FileSystem& files, std::string folder, const LivingOptions& options,
                         std::unique_ptr<io::FileLock> lock)
    : files_(files),
      folder_(std::move(folder)),
      options_(options),
      lock_(std::move(lock)),
      signal_(std::make_shared<Signal>()) {}

LivingIndex::~LivingIndex() = default;

Result<std::unique_ptr<LivingIndex>> LivingIndex::open(io::FileSystem& files, const std::string& folder,
                                                       const LivingOptions& options) {
  TRY(io::make_folders(files, folder));
  auto lock = TRY(files.lock(io::join(folder, "lock"), "a living index"));
  std::unique_ptr<LivingIndex> index(new LivingIndex(files, folder, options, std::move(lock)));
  TRY(index->load());
  if (options.merge_in_background) {
    index->background_ = std::jthread([living = index.get()](const std::stop_token& stop) { living->serve(stop); });
    index->signal_->ask();
  }
  return index;
}

Result<Manifest> LivingIndex::empty_manifest() const {
  if (options_.head.vocabulary_size == 0 || options_.head.vocabulary_size > kMaxVocabularySize) {
    return fail(ErrorCode::invalid_argument,
                folder_ + ": a new index needs a vocabulary of 1 to " + std::to_string(kMaxVocabularySize) + " tokens");
  }
  ManifestHead head = options_.head;
  head.log_size = 0;
  return make_manifest(head, {}, {});
}

Result<void> LivingIndex::load() {
  if (!TRY(files_.exists(current_path(folder_)))) {
    const Manifest empty = TRY(empty_manifest());
    const std::string own = io::name_of(manifest_path(folder_, sha256(TRY(to_canonical_json(empty)))));
    for (const auto& entry : TRY(files_.list(folder_))) {
      // Its own first manifest may be left by a process that was stopped while it made the index.
      if (!is_index_file(entry.name) || entry.name == own) continue;
      return fail(ErrorCode::failed_precondition,
                  folder_ + ": has index files and is no living index; choose an empty or new folder");
    }
    TRY(write_current(files_, folder_, TRY(write_manifest(files_, folder_, empty))));
  }
  current_ = TRY(open_published(TRY(read_current(files_, folder_))));
  current_->release.is_armed = true;
  held_.push_back(current_);
  const uint32_t vocabulary_size = current_->manifest().vocabulary_size;
  if (options_.head.vocabulary_size != 0 && options_.head.vocabulary_size != vocabulary_size) {
    return fail(ErrorCode::failed_precondition, folder_ + ": is an index over a vocabulary of " +
                                                    std::to_string(vocabulary_size) + " tokens, not of " +
                                                    std::to_string(options_.head.vocabulary_size));
  }
  TRY(io::make_folders(files_, merging_folder(folder_)));
  TRY(remove_files_of(files_, merging_folder(folder_)));
  for (const auto& entry : TRY(files_.list(folder_))) {
    if (entry.name.ends_with(".tmp")) TRY(files_.remove(io::join(folder_, entry.name)));
  }
  return remove_unneeded();
}

std::shared_ptr<LivingIndex::Published> LivingIndex::current() const {
  const std::scoped_lock lock(state_);
  return current_;
}

std::shared_ptr<const IndexSource> LivingIndex::snapshot() const {
  auto published = current();
  const IndexSource* const source = &published->source;
  return {std::move(published), source};
}

Result<std::shared_ptr<LivingIndex::Published>> LivingIndex::open_published(const Hash256& name) const {
  std::vector<Index> indexes;
  indexes.push_back(TRY(Index::open(files_, folder_, name, options_.residence)));
  return std::make_shared<Published>(signal_, TRY(IndexSource::open(std::move(indexes))));
}

// After a change whose end is not known, `current` is made to name again what everybody here sees, before anything
// builds upon it: else a file might be removed that `current` leads to after a loss of power.
Result<void> LivingIndex::settle() {
  if (!uncertain_) return {};
  TRY(write_current(files_, folder_, current()->index().name()));
  uncertain_ = false;
  return {};
}

Result<void> LivingIndex::publish(const Change& change) {
  std::vector<Segment> segments;
  for (const Hash256& name : change.segments) segments.push_back(TRY(Segment::open(files_, folder_, name)));
  const Hash256 name =
      TRY(write_manifest(files_, folder_, TRY(make_manifest(change.head, segments, change.tombstones))));
  auto published = TRY(open_published(name));
  if (auto written = write_current(files_, folder_, name); !written) {
    uncertain_ = true;
    return written;
  }
  published->release.is_armed = true;
  held_.push_back(published);
  std::shared_ptr<Published> old;  // which may end here, outside of the lock
  {
    const std::scoped_lock lock(state_);
    old = std::exchange(current_, std::move(published));
  }
  old.reset();
  collect();
  signal_->ask();
  return {};
}

void LivingIndex::collect() {
  const auto removed = remove_unneeded();
  const std::scoped_lock lock(state_);
  removal_error_ = removed ? std::nullopt : std::optional(removed.error());
}

Result<void> LivingIndex::remove_unneeded() {
  if (uncertain_) return {};
  std::set<std::string> needed;
  std::erase_if(held_, [&](const std::weak_ptr<Published>& held) {
    const auto published = held.lock();
    if (!published) return true;
    needed.insert(io::name_of(manifest_path(folder_, published->index().name())));
    for (const Hash256& name : published->manifest().segments) {
      needed.insert(io::name_of(segment_path(folder_, name)));
    }
    return false;
  });
  bool removed = false;
  for (const auto& entry : TRY(files_.list(folder_))) {
    if (!is_index_file(entry.name) || needed.contains(entry.name)) continue;
    TRY(files_.remove(io::join(folder_, entry.name)));
    removed = true;
  }
  return removed ? files_.sync_folder(folder_) : Result<void>();
}

// A change holds no snapshot while it is published, so that the files of the one before can go at once.
Result<EntryIndex> LivingIndex::add(std::span<const NewDocument> documents) {
  const std::scoped_lock lock(changing_);
  Change change(current()->manifest());
  const EntryIndex first{change.head.log_size};
  if (documents.empty()) return first;
  TRY(settle());
  SegmentWriter writer(change.head.vocabulary_size, options_.page_layout);
  for (const NewDocument& document : documents) {
    TRY(writer.add(EntryIndex{change.head.log_size++}, document.contributor, document.tokens));
  }
  change.segments.push_back(TRY(std::move(writer).write(files_, folder_)));
  TRY(publish(change));
  return first;
}

Result<void> LivingIndex::withdraw(std::span<const EntryIndex> entries) {
  const std::scoped_lock lock(changing_);
  Change change(current()->manifest());
  for (const EntryIndex entry : entries) {
    if (!is_live(entry)) {
      return fail(ErrorCode::not_found, folder_ + ": has no live document " + std::to_string(entry.value()));
    }
  }
  if (entries.empty()) return {};
  TRY(settle());
  change.tombstones.insert(change.tombstones.end(), entries.begin(), entries.end());
  return publish(change);
}

bool LivingIndex::is_live(EntryIndex entry) const {
  const auto now = current();
  const auto has = [entry](const Segment& segment) { return segment.find(entry).has_value(); };
  return std::ranges::any_of(now->index().segments(), has) &&
         !std::ranges::binary_search(now->manifest().tombstones, entry);
}

Result<bool> LivingIndex::merge() { return merge(std::stop_token()); }

Result<bool> LivingIndex::merge(std::stop_token stop) {
  const std::scoped_lock one_at_a_time(merging_);
  const std::string folder = merging_folder(folder_);
  auto basis = current();  // held, so that its files stay
  const auto loads = segment_loads(basis->index().segments(), basis->manifest().tombstones);
  if (segments_to_merge(loads, 0).empty()) return false;  // so that looking costs no opening
  // What a merge that failed has left; sorted runs are taken up.
  for (const auto& entry : TRY(files_.list(folder))) {
    if (entry.name.ends_with(kSegmentEnding)) TRY(files_.remove(io::join(folder, entry.name)));
  }
  auto due = DueMerge::of(TRY(Index::open(files_, folder_, basis->index().name())));
  if (!due) return false;
  SegmentWriter writer =
      TRY(SegmentWriter::within(options_.memory_bytes, due->size(), files_, folder, due->page_layout()));
  StoppedByToken progress(std::move(stop));
  TRY(due->write(std::move(writer), files_, folder, progress));

  const std::scoped_lock lock(changing_);
  TRY(settle());
  Change change(current()->manifest());
  auto outcome = due->onto(current()->manifest());
  CHECK(outcome.has_value());  // only a merge takes segments and tombstones away
  if (due->segment()) {
    TRY(files_.rename(segment_path(folder, *due->segment()), segment_path(folder_, *due->segment())));
    TRY(files_.sync_folder(folder_));
  }
  change.segments = std::move(outcome->segments);
  change.tombstones = std::move(outcome->tombstones);
  basis.reset();
  TRY(publish(change));
  const std::scoped_lock counting(state_);
  ++merge_count_;
  return true;
}

void LivingIndex::serve(const std::stop_token& stop) {
  for (;;) {
    uint64_t asked = 0;
    {
      std::unique_lock lock(signal_->mutex);
      if (!signal_->changed.wait(lock, stop, [this] { return signal_->asked != signal_->served; })) return;
      asked = signal_->asked;
    }
    Result<bool> merged = true;
    while (merged && *merged && !stop.stop_requested()) merged = merge(stop);
    if (stop.stop_requested()) return;
    {
      const std::scoped_lock lock(changing_);
      collect();
    }
    {
      const std::scoped_lock lock(state_);
      merge_error_ = merged ? std::nullopt : std::optional(merged.error());
    }
    {
      const std::scoped_lock lock(signal_->mutex);
      signal_->served = asked;
    }
    signal_->changed.notify_all();
  }
}

Result<void> LivingIndex::wait() {
  if (!background_.joinable()) {
    while (TRY(merge())) {
    }
    return {};
  }
  {
    std::unique_lock lock(signal_->mutex);
    const uint64_t target = ++signal_->asked;
    signal_->changed.notify_all();
    signal_->changed.wait(lock, [&] { return signal_->served >= target; });
  }
  const std::scoped_lock lock(state_);
  if (merge_error_) return std::unexpected(*merge_error_);
  return {};
}

LivingStatus LivingIndex::status() const {
  const std::scoped_lock lock(state_);
  const Manifest& manifest = current_->manifest();
  return {.manifest = current_->index().name(),
          .segment_count = manifest.segments.size(),
          .tombstone_count = manifest.tombstones.size(),
          .live_documents = manifest.live_documents,
          .live_tokens = manifest.live_tokens,
          .merge_count = merge_count_,
          .merge_error = merge_error_,
          .removal_error = removal_error_};
}

}  // namespace tribute::ngram
