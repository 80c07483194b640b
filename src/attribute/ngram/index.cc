#include "ngram/index.h"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_set>
#include <utility>

#include "base/check.h"
#include "base/checked.h"
#include "ngram/manifest.h"

namespace tribute::ngram {
namespace {

// A document of one of several segments.
struct Place {
  EntryIndex entry;
  const Segment* segment = nullptr;
  DocId document;
};

std::vector<Place> places_of(std::span<const Segment> segments) {
  std::vector<Place> places;
  for (const Segment& segment : segments) {
    for (uint32_t i = 0; i < segment.document_count(); ++i) {
      places.push_back({segment.row(DocId{i}).entry, &segment, DocId{i}});
    }
  }
  std::ranges::sort(places, {}, &Place::entry);
  return places;
}

std::unexpected<Error> damaged(const std::string& what) { return fail(ErrorCode::data_loss, what); }

Result<void> check_parts(const Manifest& manifest, std::span<const Segment> segments,
                         const std::vector<Place>& places) {
  const auto refuse = [](const std::string& what) { return fail(ErrorCode::invalid_argument, "manifest: " + what); };
  if (std::ranges::adjacent_find(manifest.segments) != manifest.segments.end()) return refuse("a segment stands twice");
  for (const Segment& segment : segments) {
    if (segment.vocabulary_size() != manifest.vocabulary_size) {
      return refuse("segment " + segment.name().hex() + " is of another vocabulary size");
    }
  }
  if (const auto twice = std::ranges::adjacent_find(places, {}, &Place::entry); twice != places.end()) {
    return refuse("entry " + std::to_string(twice->entry.value()) + " stands in two segments");
  }
  for (const EntryIndex tombstone : manifest.tombstones) {
    if (!std::ranges::binary_search(places, tombstone, {}, &Place::entry)) {
      return refuse("tombstone " + std::to_string(tombstone.value()) + " stands in no segment");
    }
  }
  return {};
}

// Counts what is live into the manifest, whose tombstones are set.
// Errors: data_loss.
Result<void> count_live(Manifest& manifest, const std::vector<Place>& places) {
  std::unordered_set<Hash256> classes;
  std::map<TokenId, uint64_t> correction;
  for (const Place& place : places) {
    const DocumentRow row = place.segment->row(place.document);
    const bool live = !std::ranges::binary_search(manifest.tombstones, place.entry);
    if (live) {
      ++manifest.live_documents;
      manifest.live_tokens += row.token_count;
    }
    if (live && classes.insert(row.tokens_sha256).second) {
      manifest.first_member_tokens += row.token_count;
    } else {
      for (const TokenId token : TRY(place.segment->tokens(place.document))) ++correction[token];
    }
  }
  for (const auto& [token, count] : correction) manifest.unigram_correction.push_back({token, count});
  return {};
}

}  // namespace

ManifestHead head_of(const Manifest& manifest) {
  return {.datanet = manifest.datanet,
          .role = manifest.role,
          .tokenizer_sha256 = manifest.tokenizer_sha256,
          .vocabulary_size = manifest.vocabulary_size,
          .log_size = manifest.log_size};
}

Result<Manifest> make_manifest(const ManifestHead& head, std::span<const Segment> segments,
                               std::vector<EntryIndex> tombstones) {
  Manifest manifest;
  manifest.datanet = head.datanet;
  manifest.role = head.role;
  manifest.tokenizer_sha256 = head.tokenizer_sha256;
  manifest.vocabulary_size = head.vocabulary_size;
  manifest.log_size = head.log_size;
  for (const Segment& segment : segments) manifest.segments.push_back(segment.name());
  std::ranges::sort(manifest.segments);
  std::ranges::sort(tombstones);
  tombstones.erase(std::unique(tombstones.begin(), tombstones.end()), tombstones.end());
  manifest.tombstones = std::move(tombstones);
  const std::vector<Place> places = places_of(segments);
  TRY(check_parts(manifest, segments, places));
  TRY(count_live(manifest, places));
  return manifest;
}

Index::Index(const Hash256& name, Manifest manifest, std::vector<Segment> segments)
    : name_(name), manifest_(std::move(manifest)), segments_(std::move(segments)) {}

Result<Index> Index::open(io::FileSystem& files, const std::string& folder, const Hash256& name,
                          io::Residence residence) {
  Manifest manifest = TRY(read_manifest(files, folder, name));
  std::vector<Segment> segments;
  for (const Hash256& segment : manifest.segments)
    segments.push_back(TRY(Segment::open(files, folder, segment, residence)));
  Index index(name, std::move(manifest), std::move(segments));
  if (auto checked = index.check_counts(); !checked) {
    return damaged(manifest_path(folder, name) + ": it disagrees with its segments (" + checked.error().message +
                   "); build the index again");
  }
  return index;
}

Result<void> Index::check_counts() const {
  uint64_t documents = 0;
  uint64_t tokens = 0;
  std::vector<const Segment*> segments;
  for (const Segment& segment : segments_) {
    if (segment.vocabulary_size() != manifest_.vocabulary_size) {
      return damaged("segment " + segment.name().hex() + " is of another vocabulary size");
    }
    documents += segment.document_count();
    tokens += segment.token_count();
    segments.push_back(&segment);
  }
  if (const auto twice = find_shared_entry(segments)) {
    return damaged("entry " + std::to_string(twice->value()) + " stands in two segments");
  }
  // What is not counted over first members, the correction takes away.
  uint64_t corrected = manifest_.first_member_tokens;
  for (const TokenCount& correction : manifest_.unigram_correction) {
    corrected = checked_add(corrected, correction.count).value_or(std::numeric_limits<uint64_t>::max());
  }
  if (corrected != tokens) return damaged("the unigram correction does not add up");
  for (const EntryIndex tombstone : manifest_.tombstones) {
    bool found = false;
    for (const Segment& segment : segments_) {
      const auto document = segment.find(tombstone);
      if (!document) continue;
      found = true;
      --documents;
      tokens -= segment.row(*document).token_count;
    }
    if (!found) return damaged("tombstone " + std::to_string(tombstone.value()) + " stands in no segment");
  }
  if (documents != manifest_.live_documents || tokens != manifest_.live_tokens) return damaged("what is live");
  return {};
}

Result<void> Index::verify() const {
  const auto recounted = make_manifest(head_of(manifest_), segments_, manifest_.tombstones);
  if (!recounted) return damaged("manifest " + name_.hex() + ": " + recounted.error().message);
  if (*recounted != manifest_) {
    return damaged("manifest " + name_.hex() +
                   " disagrees with its segments about first members; build the index again");
  }
  return {};
}

std::optional<EntryIndex> find_shared_entry(std::span<const Segment* const> segments) {
  std::vector<const Segment*> sorted;
  for (const Segment* const segment : segments) {
    CHECK(segment != nullptr);
    if (segment->document_count() > 0) sorted.push_back(segment);
  }
  const auto first = [](const Segment* segment) { return segment->row(DocId{0}).entry; };
  const auto last = [](const Segment* segment) { return segment->row(DocId{segment->document_count() - 1}).entry; };
  std::ranges::sort(sorted, {}, first);
  const auto reaches = [&](const Segment* a, const Segment* b) { return last(a) >= first(b); };
  if (std::ranges::adjacent_find(sorted, reaches) == sorted.end()) return std::nullopt;
  std::vector<EntryIndex> entries;
  for (const Segment* const segment : sorted) {
    for (uint32_t i = 0; i < segment->document_count(); ++i) entries.push_back(segment->row(DocId{i}).entry);
  }
  std::ranges::sort(entries);
  const auto twice = std::ranges::adjacent_find(entries);
  return twice == entries.end() ? std::nullopt : std::optional(*twice);
}

Result<std::vector<Document>> live_documents(std::span<const Index* const> indexes, const LiveOptions& options) {
  const std::unordered_set<EntryIndex> withdrawn(options.withdrawn.begin(), options.withdrawn.end());
  std::vector<Document> documents;
  for (const Index* const index : indexes) {
    CHECK(index != nullptr);
    const Manifest& manifest = index->manifest();
    if (manifest.tokenizer_sha256 != indexes.front()->manifest().tokenizer_sha256) {
      return fail(ErrorCode::invalid_argument, "manifests " + indexes.front()->name().hex() + " and " +
                                                   index->name().hex() + " were made by different tokenizers");
    }
    for (const Place& place : places_of(index->segments())) {
      if (std::ranges::binary_search(manifest.tombstones, place.entry) || withdrawn.contains(place.entry)) continue;
      const DocumentRow row = place.segment->row(place.document);
      documents.push_back({.entry = row.entry,
                           .contributor = row.contributor,
                           .role = manifest.role,
                           .tokens_sha256 = row.tokens_sha256,
                           .tokens = TRY(place.segment->tokens(place.document))});
      if (options.verify_tokens && tokens_hash(documents.back().tokens) != row.tokens_sha256) {
        return fail(ErrorCode::data_loss, "the tokens of entry " + std::to_string(row.entry.value()) + " in manifest " +
                                              index->name().hex() + " do not hash to its tokens_sha256");
      }
    }
  }
  std::ranges::sort(documents, {}, &Document::entry);
  if (const auto twice = std::ranges::adjacent_find(documents, {}, &Document::entry); twice != documents.end()) {
    return fail(ErrorCode::invalid_argument,
                "entry " + std::to_string(twice->entry.value()) + " is live in two of the manifests");
  }
  return documents;
}

}  // namespace tribute::ngram
