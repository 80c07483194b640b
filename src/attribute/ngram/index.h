// Indexes: a manifest with its segments, and the live documents that several of them hold.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "ngram/columns.h"
#include "ngram/document.h"
#include "ngram/segment.h"

namespace tribute::ngram {

// What a new manifest says beyond what its segments tell.
struct ManifestHead {
  EntryIndex datanet;
  Role role = Role::paid;
  Hash256 tokenizer_sha256;
  uint32_t vocabulary_size = 0;
  uint64_t log_size = 0;
};

// What that is of a manifest, for the one that follows it.
ManifestHead head_of(const Manifest& manifest);

// The manifest of `segments` (any order) without the `tombstones` (any order): counts what is live.
// Reads the tokens only of documents that are tombstoned or not first in their exact-duplicate class.
// Errors: data_loss where these are damaged; invalid_argument if an entry stands in two segments, a segment is listed
// twice or is of another vocabulary size, or a tombstone stands in no segment.
Result<Manifest> make_manifest(const ManifestHead& head, std::span<const Segment> segments,
                               std::vector<EntryIndex> tombstones);

// An entry that stands in two of the segments, or nullopt. O(segments · log) where their entries do not
// interleave, else O(documents · log).
std::optional<EntryIndex> find_shared_entry(std::span<const Segment* const> segments);

// An opened manifest and its segments. Immutable, thread-safe, movable.
class Index {
 public:
  // Reads `<folder>/<name>.manifest`, opens its segments in the same folder and checks that the
  // manifest's counts can be those of the segments: all but which documents are first members.
  // O(documents).
  // Errors: those of read_manifest(), Segment::open() and the file system; data_loss if they disagree.
  static Result<Index> open(io::FileSystem& files, const std::string& folder, const Hash256& name,
                            io::Residence residence = io::Residence::mapped);

  const Hash256& name() const { return name_; }
  const Manifest& manifest() const { return manifest_; }
  const std::vector<Segment>& segments() const { return segments_; }

  // Recounts everything that the manifest says of its segments, whose columns are believed: see
  // Segment::verify(). Errors: data_loss saying what is wrong. O(documents), and the tokens of those that
  // are tombstoned or not first.
  Result<void> verify() const;

 private:
  Index(const Hash256& name, Manifest manifest, std::vector<Segment> segments);
  Result<void> check_counts() const;

  Hash256 name_;
  Manifest manifest_;
  std::vector<Segment> segments_;
};

struct LiveOptions {
  // Entries that are not live though the manifests say so: withdrawals since then. Any order.
  std::span<const EntryIndex> withdrawn = {};

  // True: every document's tokens are hashed and compared with its tokens_sha256. Costs O(tokens);
  // for whoever does not trust the writer of the segments.
  bool verify_tokens = false;
};

// The documents of all `indexes` (pointers not null: CHECK) that are neither tombstoned nor withdrawn,
// by ascending entry, in memory: what a BruteForceSource and the auditor's recount work on.
// Errors: invalid_argument if two indexes hold one entry or were made by different tokenizers;
// data_loss naming the document whose tokens do not hash to its tokens_sha256.
Result<std::vector<Document>> live_documents(std::span<const Index* const> indexes, const LiveOptions& options = {});

}  // namespace tribute::ngram
