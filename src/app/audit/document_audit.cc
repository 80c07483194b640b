#include "audit/document_audit.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "datanet/fold.h"

namespace tribute::audit {
namespace {

std::string datapoint(EntryIndex entry) { return "datapoint " + std::to_string(entry.value()); }

std::string contributor(EntryIndex entry) { return "contributor " + std::to_string(entry.value()); }

}  // namespace

void DocumentAudit::check_segment(const ngram::Segment& segment, EntryIndex datanet, const std::string& place) {
  bool all_right = true;
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    all_right &= check_document(segment, DocId(i), datanet, place);
  }
  if (!all_right) return;
  // What is left is what the segment makes of its documents: their hashes, the sorted suffixes, the counts.
  if (const Result<void> verified = segment.verify(); !verified) {
    recorder_.wrong_file(Rule::segment, place, {}, verified.error().message);
  }
}

bool DocumentAudit::check_document(const ngram::Segment& segment, DocId document, EntryIndex datanet,
                                   const std::string& place) {
  const ngram::DocumentRow row = segment.row(document);
  const ContributionFacts* contribution = history_.contributions.find(row.entry);
  if (contribution == nullptr) {
    if (history_.is_unreadable(row.entry)) return true;
    recorder_.wrong_file(Rule::document, place, row.entry,
                         "holds entry " + std::to_string(row.entry.value()) + ", which is no contribution");
    return false;
  }
  const auto wrong = [&](const std::string& what) {
    recorder_.wrong_file(Rule::document, place, row.entry, datapoint(row.entry) + " " + what);
    return false;
  };
  recorder_.checked("documents");
  if (contribution->datanet != datanet) {
    return wrong("is of DataNet " + std::to_string(contribution->datanet.value()) + ", the segment of DataNet " +
                 std::to_string(datanet.value()));
  }
  if (contribution->contributor != row.contributor) {
    return wrong("is said to be of " + contributor(row.contributor) + ", its entry says " +
                 contributor(contribution->contributor));
  }
  const Result<std::vector<TokenId>> read = segment.tokens(document);
  if (!read) return wrong("cannot be read: " + read.error().message);
  const std::vector<TokenId>& tokens = *read;
  const Hash256 tokens_sha256 = ngram::tokens_hash(tokens);
  if (tokens_sha256 != contribution->tokens_sha256) {
    return wrong("has tokens that hash to " + tokens_sha256.hex() + ", its entry says " +
                 contribution->tokens_sha256.hex());
  }
  if (tokens.size() != contribution->token_count) {
    return wrong("has " + std::to_string(tokens.size()) + " tokens, its entry says " +
                 std::to_string(contribution->token_count));
  }
  near_duplicates_.add(segment, document, tokens);
  return check_content(*contribution, tokens, place);
}

bool DocumentAudit::check_content(const ContributionFacts& contribution, const std::vector<TokenId>& tokens,
                                  const std::string& place) {
  constexpr std::string_view kUnchecked = "contents, for want of a tokenizer that gives them back";
  const Result<std::string> content =
      tokenizer_ == nullptr ? Result<std::string>(std::unexpected(Error{})) : tokenizer_->decode(tokens);
  if (!content) {
    recorder_.unchecked(kUnchecked);
    return true;
  }
  const Hash256 content_sha256 = sha256(*content);
  if (content_sha256 == contribution.content_sha256) {
    folded_.emplace(contribution.entry, datanet::folded_hash(*content));
    recorder_.checked("contents");
    return true;
  }
  if (!tokenizer_->gives_every_text_back()) {
    recorder_.unchecked(kUnchecked);
    return true;
  }
  recorder_.wrong_file(Rule::document, place, contribution.entry,
                       datapoint(contribution.entry) + " has a content that hashes to " + content_sha256.hex() +
                           ", its entry says " + contribution.content_sha256.hex());
  return false;
}

void DocumentAudit::check_duplicates() {
  // The contributions of one DataNet with one folded text, in order.
  std::map<std::pair<EntryIndex, Hash256>, std::vector<const ContributionFacts*>> classes;
  for (const auto& [entry, folded] : folded_) {
    const ContributionFacts* contribution = history_.contributions.find(entry);
    std::vector<const ContributionFacts*>& earlier = classes[{contribution->datanet, folded}];
    const auto first = std::ranges::find_if(
        earlier, [at = entry](const ContributionFacts* other) { return may_be_repeated_at(*other, at); });
    check_duplicate(*contribution, first == earlier.end() ? std::nullopt : std::optional((*first)->entry));
    earlier.push_back(contribution);
  }
}

void DocumentAudit::check_duplicate(const ContributionFacts& contribution, std::optional<EntryIndex> expected) {
  const std::optional<EntryIndex> named = contribution.duplicate_of;
  const bool is_named_text_known = !named || folded_.contains(*named);
  // A datapoint that stands in no segment, because it was withdrawn or still waits, may have come first.
  if (!is_named_text_known && (!expected || *named < *expected)) {
    recorder_.unchecked("duplicates of datapoints whose text is in no segment");
    return;
  }
  recorder_.checked("duplicates");
  if (named == expected) return;
  const auto spell = [](std::optional<EntryIndex> entry) { return entry ? datapoint(*entry) : std::string("none"); };
  recorder_.wrong_entry(
      Rule::duplicate, contribution.entry,
      "duplicate_of is " + spell(named) + ", the first datapoint with the same folded text is " + spell(expected));
}

}  // namespace tribute::audit
