#include "audit/index_audit.h"

#include <algorithm>
#include <unordered_set>

#include "audit/file_errors.h"
#include "ngram/manifest.h"

namespace tribute::audit {
namespace {

std::string number(uint64_t value) { return std::to_string(value); }

std::string described(const ContributionFacts& contribution) {
  return "datapoint " + number(contribution.entry.value()) + " of contributor " +
         number(contribution.contributor.value());
}

// What a manifest says of its segments, counted anew.
struct SegmentCounts {
  uint64_t live_documents = 0;
  uint64_t live_tokens = 0;
  uint64_t first_member_tokens = 0;
  std::vector<ngram::TokenCount> unigram_correction;
  uint64_t tombstones_found = 0;
  std::optional<EntryIndex> twice;  // an entry that stands in two segments
};

Result<SegmentCounts> count_segments(const std::vector<const ngram::Segment*>& segments,
                                     const std::vector<EntryIndex>& tombstones) {
  std::map<EntryIndex, std::pair<const ngram::Segment*, DocId>> documents;
  SegmentCounts counts;
  for (const ngram::Segment* segment : segments) {
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      const EntryIndex entry = segment->row(DocId(i)).entry;
      if (!documents.emplace(entry, std::pair(segment, DocId(i))).second) counts.twice = entry;
    }
  }
  std::set<Hash256> classes;
  std::map<TokenId, uint64_t> correction;
  for (const auto& [entry, place] : documents) {
    const auto& [segment, document] = place;
    const ngram::DocumentRow row = segment->row(document);
    const bool is_live = !std::ranges::binary_search(tombstones, entry);
    counts.tombstones_found += is_live ? 0 : 1;
    counts.live_documents += is_live ? 1 : 0;
    counts.live_tokens += is_live ? row.token_count : 0;
    if (is_live && classes.insert(row.tokens_sha256).second) {
      counts.first_member_tokens += row.token_count;
    } else {
      for (const TokenId token : TRY(segment->tokens(document))) ++correction[token];
    }
  }
  for (const auto& [token, count] : correction) counts.unigram_correction.push_back({token, count});
  return counts;
}

}  // namespace

Result<void> IndexAudit::run(const ProgressCallback& progress) {
  // By DataNet, so that the segments of one are held at a time.
  uint64_t done = 0;
  for (const DatanetFacts& datanet : history_.datanets.all()) {
    for (const ManifestFacts& facts : history_.manifests.all()) {
      if (facts.manifest.datanet != datanet.entry) continue;
      TRY(check_manifest(facts, datanet));
      if (progress) progress("manifests", ++done, history_.manifests.all().size());
    }
    TRY(near_duplicates_.check(datanet.entry));
    segments_.clear();
    bad_segments_.clear();
  }
  documents_.check_duplicates();
  return {};
}

Result<void> IndexAudit::check_manifest(const ManifestFacts& facts, const DatanetFacts& datanet) {
  const bool is_public = datanet.datanet.is_public;
  if (!folders_.has(is_public)) {
    recorder_.unchecked("manifests of sealed DataNets, for want of the sealed folder");
    check_counts(facts);
    return {};
  }
  const Hash256& name = facts.manifest.manifest_sha256;
  const Result<ngram::Manifest> manifest = ngram::read_manifest(files_, folders_.index(is_public), name);
  if (!manifest) {
    if (!is_finding(manifest.error())) return std::unexpected(manifest.error());
    check_counts(facts);
    if (may_be_gone(facts) && manifest.error().code == ErrorCode::not_found) {
      recorder_.unchecked(facts.succeeded ? "manifests whose content was withdrawn"
                                          : "older manifests that no model pins, removed");
    } else {
      recorder_.wrong_file(Rule::manifest, shown_manifest(is_public, name), facts.entry,
                           reason_of(manifest.error(), ngram::manifest_path(folders_.index(is_public), name)));
    }
    return {};
  }
  Opened opened{facts, is_public, *manifest, {}};
  compare_with_entry(opened, datanet);
  if (TRY(open_segments(opened))) {
    TRY(compare_with_segments(opened));
    compare_with_log(opened);
    recorder_.checked("manifests");
  }
  return {};
}

void IndexAudit::check_counts(const ManifestFacts& facts) {
  uint64_t documents = 0;
  uint64_t tokens = 0;
  for (const ContributionFacts& contribution : history_.contributions.all()) {
    if (!belongs_to(facts, contribution)) continue;
    ++documents;
    tokens += contribution.token_count;
  }
  recorder_.checked("counts of manifests");
  if (documents == facts.manifest.live_documents && tokens == facts.manifest.live_tokens) return;
  recorder_.wrong_entry(Rule::manifest, facts.entry,
                        "says that " + number(facts.manifest.live_documents) + " datapoints with " +
                            number(facts.manifest.live_tokens) + " tokens are live at log size " +
                            number(facts.manifest.log_size) + ", by the log there are " + number(documents) + " with " +
                            number(tokens));
}

void IndexAudit::wrong(const Opened& opened, std::string message) {
  recorder_.wrong_file(Rule::manifest, shown_manifest(opened.is_public, opened.facts.manifest.manifest_sha256),
                       opened.facts.entry, std::move(message));
}

void IndexAudit::compare_with_entry(const Opened& opened, const DatanetFacts& datanet) {
  const record::Manifest& entry = opened.facts.manifest;
  const ngram::Manifest& file = opened.manifest;
  const std::string whose = ", its entry " + number(opened.facts.entry.value()) + " says ";
  const auto compare = [&](std::string_view field, uint64_t in_file, uint64_t in_entry) {
    if (in_file != in_entry) wrong(opened, std::string(field) + " is " + number(in_file) + whose + number(in_entry));
  };
  compare("datanet", file.datanet.value(), entry.datanet.value());
  compare("log_size", file.log_size, entry.log_size);
  compare("live_documents", file.live_documents, entry.live_documents);
  compare("live_tokens", file.live_tokens, entry.live_tokens);
  if (file.tokenizer_sha256 != entry.tokenizer_sha256) {
    wrong(opened, "tokenizer_sha256 is " + file.tokenizer_sha256.hex() + whose + entry.tokenizer_sha256.hex());
  }
  if (file.role != datanet.datanet.role) {
    wrong(opened, "role is " + std::string(record::name_of(file.role)) + ", the DataNet's is " +
                      std::string(record::name_of(datanet.datanet.role)));
  }
}

Result<bool> IndexAudit::open_segments(Opened& opened) {
  for (const Hash256& name : opened.manifest.segments) {
    const ngram::Segment* segment = TRY(open_segment(opened, name));
    if (segment != nullptr) opened.segments.push_back(segment);
  }
  return opened.segments.size() == opened.manifest.segments.size();
}

Result<const ngram::Segment*> IndexAudit::open_segment(const Opened& opened, const Hash256& name) {
  if (const auto known = segments_.find(name); known != segments_.end()) return &known->second;
  if (bad_segments_.contains(name)) return nullptr;
  const std::string place = shown_segment(opened.is_public, name);
  const std::string folder = folders_.index(opened.is_public);
  Result<ngram::Segment> segment = ngram::Segment::open(files_, folder, name);
  if (segment) {
    if (Result<void> blocks = segment->check_blocks(); !blocks) segment = std::unexpected(std::move(blocks.error()));
  }
  if (segment) {
    const ngram::Segment& kept = segments_.emplace(name, std::move(*segment)).first->second;
    documents_.check_segment(kept, opened.facts.manifest.datanet, place);
    recorder_.checked("segments");
    return &kept;
  }
  if (!is_finding(segment.error())) return std::unexpected(segment.error());
  bad_segments_.insert(name);
  if (may_be_gone(opened.facts) && segment.error().code == ErrorCode::not_found) {
    recorder_.unchecked("segments of manifests that nothing needs any more, removed");
  } else {
    recorder_.wrong_file(Rule::segment, place, opened.facts.entry,
                         reason_of(segment.error(), ngram::segment_path(folder, name)));
  }
  return nullptr;
}

Result<void> IndexAudit::compare_with_segments(const Opened& opened) {
  const ngram::Manifest& file = opened.manifest;
  const SegmentCounts derived = TRY(count_segments(opened.segments, file.tombstones));
  if (derived.twice) wrong(opened, "holds entry " + number(derived.twice->value()) + " in two segments");
  if (derived.tombstones_found != file.tombstones.size()) {
    wrong(opened, "has a tombstone for a datapoint that is in none of its segments");
  }
  bool counts_right = true;
  const auto compare = [&](std::string_view field, uint64_t in_file, uint64_t by_segments) {
    if (in_file == by_segments) return;
    wrong(opened, std::string(field) + " is " + number(in_file) + ", by its segments it is " + number(by_segments));
    counts_right = false;
  };
  compare("live_documents", file.live_documents, derived.live_documents);
  compare("live_tokens", file.live_tokens, derived.live_tokens);
  compare("first_member_tokens", file.first_member_tokens, derived.first_member_tokens);
  if (counts_right && file.unigram_correction != derived.unigram_correction) {
    wrong(opened, "unigram_correction is not what its segments and tombstones make it");
  }
  return {};
}

void IndexAudit::compare_with_log(const Opened& opened) {
  std::unordered_set<EntryIndex> live;
  for (const ngram::Segment* segment : opened.segments) {
    for (uint32_t i = 0; i < segment->document_count(); ++i) live.insert(segment->row(DocId(i)).entry);
  }
  for (const EntryIndex tombstone : opened.manifest.tombstones) live.erase(tombstone);
  for (const ContributionFacts& contribution : history_.contributions.all()) {
    if (contribution.datanet != opened.facts.manifest.datanet) continue;
    const bool is_there = live.contains(contribution.entry);
    const bool belongs = belongs_to(opened.facts, contribution);
    if (belongs && !is_there) report_missing(opened, contribution);
    if (!belongs && is_there) report_surplus(opened, contribution);
  }
}

void IndexAudit::report_missing(const Opened& opened, const ContributionFacts& contribution) {
  wrong(opened,
        "lacks " + described(contribution) + ", which is live at log size " + number(opened.facts.manifest.log_size));
}

void IndexAudit::report_surplus(const Opened& opened, const ContributionFacts& contribution) {
  const uint64_t log_size = opened.facts.manifest.log_size;
  std::string why;
  if (contribution.entry.value() >= opened.facts.base_log_size) {
    why = "was contributed after log size " + number(opened.facts.base_log_size);
  } else if (is_withdrawn_below(contribution, log_size)) {
    why = "was withdrawn by entry " + number(contribution.withdrawn_at->value());
  } else if (contribution.decided_at && !contribution.approved) {
    why = "was rejected by entry " + number(contribution.decided_at->value());
  } else {
    why = "was not approved by log size " + number(opened.facts.base_log_size);
  }
  wrong(opened, "holds " + described(contribution) + ", which " + why);
}

}  // namespace tribute::audit
