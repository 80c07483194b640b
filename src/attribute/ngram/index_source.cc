#include "ngram/index_source.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/check.h"
#include "ngram/index_query.h"
#include "ngram/manifest.h"

namespace tribute::ngram {
namespace {

// So many documents before its turn the class of one is looked for.
constexpr uint32_t kClassesAhead = 16;

std::unexpected<Error> disagrees(const Index& index, const std::string& about) {
  return fail(ErrorCode::data_loss, "manifest " + index.name().hex() + " disagrees with its segments about " + about +
                                        "; restore the files from a backup or build the index again");
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
      IndexPart& part = parts_.emplace_back();
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
  for (const IndexPart& part : parts_) segments.push_back(part.segment);
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
  for (const IndexPart& part : parts_) document_count += part.segment->document_count();
  DuplicateClasses classes(document_count, [this](DocumentPlace place) {
    return parts_[place.part].segment->row(place.document).tokens_sha256;
  });
  std::vector<uint64_t> first_member_tokens(indexes_.size());
  for (uint32_t i = 0; i < parts_.size(); ++i) {
    const IndexPart& part = parts_[i];
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
  std::unordered_map<TokenId, uint64_t> excess_tokens;
  for (const Index& index : indexes_) {
    facts_.token_count += index.manifest().first_member_tokens;
    for (const auto& [token, count] : index.manifest().unigram_correction) excess_tokens[token] += count;
  }
  for (const DuplicateClass& of : classes.classes()) {
    if (of.has_live()) parts_[of.first.part].first_members.insert(of.first.document);
    // Every manifest counted the class once; it counts once if anything of it is live.
    const uint64_t excess = of.manifest_count - (of.has_live() ? 1 : 0);
    if (excess == 0) continue;
    facts_.token_count -= excess * of.token_count;
    for (const TokenId token : TRY(parts_[of.any.part].segment->tokens(of.any.document))) {
      excess_tokens[token] += excess;
    }
  }
  find_contributors();
  return count_tokens(excess_tokens);
}

// What the segments hold, less `excess`.
Result<void> IndexSource::count_tokens(const std::unordered_map<TokenId, uint64_t>& excess) {
  for (const IndexPart& part : parts_) {
    token_counts_.resize(std::max<size_t>(token_counts_.size(), part.segment->vocabulary_size()));
    for (const auto& [token, count] : part.segment->unigrams()) {
      if (token.value() < part.segment->vocabulary_size()) token_counts_[token.value()] += count;
    }
  }
  TRY(status());
  for (const auto& [token, count] : excess) {
    const uint64_t held = token.value() < token_counts_.size() ? token_counts_[token.value()] : 0;
    if (count > held) {
      return fail(ErrorCode::data_loss, "the manifests take away more of token " + std::to_string(token.value()) +
                                            " than their segments hold; build the index again");
    }
    token_counts_[token.value()] -= count;
  }
  return {};
}

void IndexSource::find_contributors() {
  std::unordered_set<EntryIndex> all;
  for (IndexPart& part : parts_) {
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
  for (const IndexPart& part : parts_) TRY(part.segment->status());
  return {};
}

Result<std::vector<uint64_t>> IndexSource::token_counts(std::span<const TokenId> tokens) const {
  std::vector<uint64_t> counts;
  counts.reserve(tokens.size());
  for (const TokenId token : tokens) {
    counts.push_back(token.value() < token_counts_.size() ? token_counts_[token.value()] : 0);
  }
  return counts;
}

Result<std::vector<uint32_t>> IndexSource::longest_matches(std::span<const TokenId> text) const {
  return IndexQuery(*this, text).longest_matches();
}

Result<std::vector<RunFacts>> IndexSource::find(std::span<const TokenId> text, std::span<const Run> runs,
                                                const RunQuestion& question) const {
  return IndexQuery(*this, text).find(runs, question);
}

std::unique_ptr<TextQuery> IndexSource::query(std::span<const TokenId> text) const {
  return std::make_unique<IndexQuery>(*this, text);
}

}  // namespace tribute::ngram
