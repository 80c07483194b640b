#include "ngram/index_source.h"

#include <algorithm>
#include <limits>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/check.h"
#include "base/checked.h"
#include "ngram/manifest.h"

namespace tribute::ngram {
namespace {

// From so many occurrences on, one in so many of the documents, a set is cheaper than sorting them.
constexpr uint64_t kDocumentsPerOccurrence = 16;

// So many documents before its turn the class of one is looked for.
constexpr uint32_t kClassesAhead = 16;

// Of so many suffixes of a range, if they are at least so far apart, the contributors are counted before all others.
constexpr uint64_t kSamples = 64;
constexpr uint64_t kLeastPerSample = 16;

std::unexpected<Error> disagrees(const Index& index, const std::string& about) {
  return fail(ErrorCode::data_loss, "manifest " + index.name().hex() + " disagrees with its segments about " + about +
                                        "; restore the files from a backup or build the index again");
}

// The documents of the range that count, ascending, each once; adds their occurrences to `occurrences`.
std::vector<DocId> documents_of(const SegmentSearch& search, RankRange range, uint64_t& occurrences) {
  const uint32_t document_count = search.segment().document_count();
  std::vector<DocId> documents;
  if (range.size() < document_count / kDocumentsPerOccurrence) {
    search.for_each_document(
        range, [&](std::span<const DocId> found) { documents.insert(documents.end(), found.begin(), found.end()); });
    occurrences += documents.size();
    std::ranges::sort(documents);
    documents.erase(std::unique(documents.begin(), documents.end()), documents.end());
    return documents;
  }
  DocumentSet set(document_count);
  search.for_each_document(range, [&](std::span<const DocId> found) {
    for (const DocId document : found) set.insert(document);
    occurrences += found.size();
  });
  set.append_to(documents);
  return documents;
}

// Distinct contributors, up to one more than a limit. Few as a rule.
class Contributors {
 public:
  explicit Contributors(uint64_t limit) : limit_(limit) {}

  void add(EntryIndex contributor) {
    const auto place = std::ranges::lower_bound(known_, contributor);
    if (!is_full() && (place == known_.end() || *place != contributor)) known_.insert(place, contributor);
  }
  bool is_full() const { return known_.size() > limit_; }
  size_t count() const { return known_.size(); }

 private:
  uint64_t limit_;
  std::vector<EntryIndex> known_;  // ascending
};

// Ascending by contributor, each once.
void merge_counts(std::vector<ContributorCount>& histogram) {
  std::ranges::sort(histogram, {}, &ContributorCount::contributor);
  size_t size = 0;
  for (const ContributorCount& count : histogram) {
    if (size > 0 && histogram[size - 1].contributor == count.contributor) {
      histogram[size - 1].occurrences += count.occurrences;
    } else {
      histogram[size++] = count;
    }
  }
  histogram.resize(size);
}

}  // namespace

Result<IndexSource> IndexSource::open(std::vector<Index> indexes, std::span<const EntryIndex> withdrawn) {
  IndexSource source(std::move(indexes));
  TRY(source.prepare(withdrawn));
  return source;
}

Result<void> IndexSource::prepare(std::span<const EntryIndex> withdrawn) {
  add_parts(withdrawn);
  TRY(check_parts());
  TRY(count_corpus(TRY(find_classes())));
  return status();
}

void IndexSource::add_parts(std::span<const EntryIndex> withdrawn) {
  for (uint32_t i = 0; i < indexes_.size(); ++i) {
    for (const Segment& segment : indexes_[i].segments()) {
      Part& part = parts_.emplace_back();
      part.segment = &segment;
      part.manifest = i;
      part.role = indexes_[i].manifest().role;
      part.tombstones = DocumentSet(segment.document_count());
      part.dead = DocumentSet(segment.document_count());
      part.first_members = DocumentSet(segment.document_count());
      for (const EntryIndex entry : indexes_[i].manifest().tombstones) {
        if (const auto document = segment.find(entry)) part.tombstones.insert(*document);
      }
      part.dead = part.tombstones;
      for (const EntryIndex entry : withdrawn) {
        if (const auto document = segment.find(entry)) part.dead.insert(*document);
      }
      part.has_dead = part.dead.size() > 0;
    }
  }
}

Result<void> IndexSource::check_parts() const {
  std::vector<const Segment*> segments;
  for (const Part& part : parts_) segments.push_back(part.segment);
  if (const auto twice = find_shared_entry(segments)) {
    return fail(ErrorCode::invalid_argument,
                "entry " + std::to_string(twice->value()) + " stands in two of the manifests");
  }
  for (const Index& index : indexes_) {
    if (index.manifest().tokenizer_sha256 != indexes_.front().manifest().tokenizer_sha256) {
      return fail(ErrorCode::invalid_argument, "manifests " + indexes_.front().name().hex() + " and " +
                                                   index.name().hex() + " were made by different tokenizers");
    }
  }
  return {};
}

Result<DuplicateClasses> IndexSource::find_classes() const {
  uint64_t document_count = 0;
  for (const Part& part : parts_) document_count += part.segment->document_count();
  DuplicateClasses classes(document_count, [this](DocumentPlace place) {
    return parts_[place.part].segment->row(place.document).tokens_sha256;
  });
  std::vector<uint64_t> first_member_tokens(indexes_.size());
  for (uint32_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    const uint32_t count = part.segment->document_count();
    for (DocId document; document.value() < count; document = DocId{document.value() + 1}) {
      const DocId ahead{document.value() + kClassesAhead};
      if (ahead.value() < count) classes.fetch(part.segment->row(ahead).tokens_sha256);
      if (part.tombstones.contains(document)) continue;
      const DocumentRow row = part.segment->row(document);
      if (classes.add(row, {i, document}, part.manifest, !part.dead.contains(document))) {
        first_member_tokens[part.manifest] += row.token_count;
      }
    }
  }
  for (size_t i = 0; i < indexes_.size(); ++i) {
    if (first_member_tokens[i] != indexes_[i].manifest().first_member_tokens) {
      return disagrees(indexes_[i], "first_member_tokens");
    }
  }
  return classes;
}

Result<void> IndexSource::count_corpus(const DuplicateClasses& classes) {
  for (const Index& index : indexes_) {
    facts_.token_count += index.manifest().first_member_tokens;
    for (const auto& [token, count] : index.manifest().unigram_correction) corrections_[token] += count;
  }
  for (const DuplicateClass& of : classes.classes()) {
    if (of.has_live()) parts_[of.first.part].first_members.insert(of.first.document);
    // Every manifest counted the class once; it counts once if anything of it is live.
    const uint64_t excess = of.manifest_count - (of.has_live() ? 1 : 0);
    if (excess == 0) continue;
    facts_.token_count -= excess * of.token_count;
    for (const TokenId token : TRY(parts_[of.any.part].segment->tokens(of.any.document))) corrections_[token] += excess;
  }
  find_contributors();
  return {};
}

void IndexSource::find_contributors() {
  std::unordered_set<EntryIndex> all;
  for (Part& part : parts_) {
    for (DocId document; document.value() < part.segment->document_count(); document = DocId{document.value() + 1}) {
      part.runs.append(part.segment->text_begin(document),
                       {.contributor = part.segment->contributor_of(document),
                        .is_live = !part.dead.contains(document),
                        .is_earner = part.role == Role::paid && part.first_members.contains(document)});
    }
    part.runs.finish(part.segment->layout().symbol_count());
    for (const auto& stretch : part.runs.stretches()) {
      if (stretch.is_earner) all.insert(stretch.contributor);
    }
  }
  facts_.contributor_count = all.size();
}

Result<void> IndexSource::status() const {
  for (const Part& part : parts_) TRY(part.segment->status());
  return {};
}

Result<std::vector<uint64_t>> IndexSource::token_counts(std::span<const TokenId> tokens) const {
  std::vector<uint64_t> counts;
  counts.reserve(tokens.size());
  for (const TokenId token : tokens) {
    uint64_t count = 0;
    for (const Part& part : parts_) count += part.segment->count_of(token);
    const auto found = corrections_.find(token);
    const auto corrected = checked_sub(count, found == corrections_.end() ? 0 : found->second);
    if (!corrected) {
      return fail(ErrorCode::data_loss, "the manifests take away more of token " + std::to_string(token.value()) +
                                            " than their segments hold; build the index again");
    }
    counts.push_back(*corrected);
  }
  TRY(status());
  return counts;
}

Result<std::vector<uint32_t>> IndexSource::longest_matches(std::span<const TokenId> text) const {
  CHECK(text.size() < std::numeric_limits<uint32_t>::max());
  std::vector<uint32_t> longest(text.size(), 0);
  for (const Part& part : parts_) {
    const std::vector<uint32_t> lengths = part.search().longest_matches(text);
    std::ranges::transform(longest, lengths, longest.begin(), [](uint32_t a, uint32_t b) { return std::max(a, b); });
  }
  TRY(status());
  return longest;
}

Result<std::vector<RunFacts>> IndexSource::find(std::span<const TokenId> text, std::span<const Run> runs,
                                                const RunQuestion& question) const {
  std::vector<std::vector<RankRange>> ranges;  // by part
  for (const Part& part : parts_) ranges.push_back(part.search().find(text, runs));
  std::vector<RunFacts> facts(runs.size());
  std::vector<Found> found;
  for (size_t i = 0; i < runs.size(); ++i) {
    found.clear();
    for (size_t k = 0; k < parts_.size(); ++k) {
      if (!ranges[k][i].is_empty()) found.push_back({&parts_[k], ranges[k][i]});
    }
    describe(facts[i], found, question);
  }
  TRY(status());
  return facts;
}

void IndexSource::describe(RunFacts& facts, std::span<const Found> found, const RunQuestion& question) const {
  if (question.holders) find_first(facts, found);
  if (question.counted == Counted::occurrences_and_datapoints || question.datapoint_limit > 0) {
    list_datapoints(facts, found, question);
  } else if (question.counted == Counted::occurrences) {
    for (const auto& [part, range] : found) facts.occurrence_count += part->search().count(range);
  }
  count_contributors(facts, found, question.contributor_limit);
  if (question.histogram) draw_histogram(facts, found);
}

void IndexSource::find_first(RunFacts& facts, std::span<const Found> found) {
  for (const auto& [part, range] : found) {
    const auto position = part->search().first_position(range);
    if (!position) continue;
    const DocId document = part->segment->document_at(*position);
    const Holder holder{part->segment->entry_of(document), part->segment->contributor_of(document)};
    if (!facts.first || holder < *facts.first) facts.first = holder;
    if (part->role == Role::guard) {
      facts.in_guard = true;
    } else if (!facts.first_paid || holder < *facts.first_paid) {
      facts.first_paid = holder;
    }
  }
}

void IndexSource::list_datapoints(RunFacts& facts, std::span<const Found> found, const RunQuestion& question) {
  uint64_t occurrences = 0;
  uint64_t datapoints = 0;
  for (const auto& [part, range] : found) {
    const std::vector<DocId> documents = documents_of(part->search(), range, occurrences);
    datapoints += documents.size();
    const size_t listed = std::min<size_t>(documents.size(), question.datapoint_limit);
    for (size_t i = 0; i < listed; ++i) facts.datapoints.push_back(part->segment->entry_of(documents[i]));
  }
  std::ranges::sort(facts.datapoints);
  facts.datapoints.resize(std::min<size_t>(facts.datapoints.size(), question.datapoint_limit));
  if (question.counted != Counted::nothing) facts.occurrence_count = occurrences;
  if (question.counted == Counted::occurrences_and_datapoints) facts.datapoint_count = datapoints;
}

void IndexSource::count_contributors(RunFacts& facts, std::span<const Found> found, uint32_t limit) const {
  Contributors contributors(limit);
  const auto is_done = [&] { return contributors.is_full() || contributors.count() == facts_.contributor_count; };
  for (const Found& one : found) {
    const Part& part = *one.part;
    const RankRange range = one.range;
    if (part.role != Role::paid || is_done()) continue;
    const auto stretches = part.runs.stretches();
    std::vector<bool> is_known(stretches.size());
    const auto goes_on_after = [&](uint64_t position) {
      const uint32_t i = part.runs.at(position);
      if (is_known[i]) return true;
      is_known[i] = true;
      if (stretches[i].is_earner) contributors.add(stretches[i].contributor);
      return !is_done();
    };
    // Neighbours in the order are of the same contributors: suffixes from everywhere in a large range name more of
    // them.
    bool goes_on = true;
    if (range.size() >= kSamples * kLeastPerSample) {
      for (uint64_t i = 0; i < kSamples && goes_on; ++i) {
        goes_on = goes_on_after(part.segment->position_of(range.begin + range.size() / kSamples * i));
      }
    }
    if (goes_on) part.search().for_each_position(range, goes_on_after);
  }
  facts.contributor_count = static_cast<uint32_t>(contributors.count());
}

void IndexSource::draw_histogram(RunFacts& facts, std::span<const Found> found) {
  for (const Found& one : found) {
    const Part& part = *one.part;
    const auto stretches = part.runs.stretches();
    std::vector<uint64_t> counts(stretches.size());
    part.search().for_each_position(one.range, [&](uint64_t position) {
      ++counts[part.runs.at(position)];
      return true;
    });
    for (size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0 && stretches[i].is_live) facts.histogram.push_back({stretches[i].contributor, counts[i]});
    }
  }
  merge_counts(facts.histogram);
}

}  // namespace tribute::ngram
