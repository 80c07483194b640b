#include "extremes/scan.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace tribute::extremes {
namespace {

using ngram::Document;
using ngram::RunFacts;

// Knows how much of a pattern, from its first token on, ends at the token that was seen last.
class Automaton {
 public:
  explicit Automaton(std::span<const TokenId> pattern) : pattern_(pattern), borders_(pattern.size() + 1, 0) {
    for (uint32_t i = 1; i < pattern.size(); ++i) borders_[i + 1] = next(borders_[i], pattern[i]);
  }

  uint32_t next(uint32_t matched, TokenId token) const {
    if (matched == pattern_.size()) matched = borders_[matched];
    while (matched > 0 && pattern_[matched] != token) matched = borders_[matched];
    return pattern_[matched] == token ? matched + 1 : 0;
  }

 private:
  std::span<const TokenId> pattern_;
  std::vector<uint32_t> borders_;  // of its beginnings, by length: how much of it is its end too
};

uint64_t occurrences_in(const Document& document, const Automaton& automaton, size_t size) {
  uint64_t count = 0;
  uint32_t matched = 0;
  for (const TokenId token : document.tokens) {
    matched = automaton.next(matched, token);
    if (matched == size) ++count;
  }
  return count;
}

}  // namespace

Scan::Scan(std::span<const Document> documents) : documents_(documents) {
  std::unordered_set<Hash256> classes;
  for (const Document& document : documents) is_first_member_.push_back(classes.insert(document.tokens_sha256).second);
}

uint32_t Scan::longest_match(std::span<const TokenId> text) const {
  if (text.empty()) return 0;
  const Automaton automaton(text);
  uint32_t longest = 0;
  for (const Document& document : documents_) {
    uint32_t matched = 0;
    for (const TokenId token : document.tokens) {
      matched = automaton.next(matched, token);
      longest = std::max(longest, matched);
    }
  }
  return longest;
}

RunFacts Scan::find(std::span<const TokenId> run, const ngram::RunQuestion& question) const {
  const Automaton automaton(run);
  RunFacts facts;
  std::set<EntryIndex> contributors;  // of the first members
  std::map<EntryIndex, uint64_t> histogram;
  for (size_t i = 0; i < documents_.size(); ++i) {
    const Document& document = documents_[i];
    const uint64_t count = occurrences_in(document, automaton, run.size());
    if (count == 0) continue;
    if (!facts.first) facts.first = facts.first_paid = ngram::Holder{document.entry, document.contributor};
    if (facts.datapoints.size() < question.datapoint_limit) facts.datapoints.push_back(document.entry);
    ++facts.datapoint_count;
    facts.occurrence_count += count;
    histogram[document.contributor] += count;
    if (is_first_member_[i]) contributors.insert(document.contributor);
  }
  if (question.contributor_limit) facts.exceeds_contributor_limit = contributors.size() > *question.contributor_limit;
  if (question.histogram) {
    for (const auto& [contributor, count] : histogram) facts.histogram.push_back({contributor, count});
  }
  if (question.counted == ngram::Counted::nothing) facts.occurrence_count = 0;
  if (question.counted != ngram::Counted::occurrences_and_datapoints) facts.datapoint_count = 0;
  if (!asks_for_holders(question, facts)) facts.first = facts.first_paid = std::nullopt;
  return facts;
}

std::vector<uint32_t> longest_matches(const Periodic& periodic, std::span<const TokenId> text) {
  const size_t period = periodic.pattern.size();
  // By phase: what stands from here on where the pattern's token of that phase does, in a text without an end.
  std::vector<uint64_t> here(period, 0);
  std::vector<uint64_t> behind;
  std::vector<uint32_t> longest(text.size(), 0);
  for (size_t i = text.size(); i-- > 0;) {
    behind = here;
    for (size_t phase = 0; phase < period; ++phase) {
      here[phase] = text[i] == periodic.pattern[phase] ? behind[(phase + 1) % period] + 1 : 0;
      const uint64_t rest = periodic.size - std::min<uint64_t>(phase, periodic.size);
      longest[i] = std::max(longest[i], static_cast<uint32_t>(std::min(here[phase], rest)));
    }
  }
  return longest;
}

uint64_t occurrences(const Periodic& periodic, std::span<const TokenId> run) {
  const size_t period = periodic.pattern.size();
  const auto first = std::ranges::find(periodic.pattern, run.front());
  const auto phase = static_cast<uint64_t>(first - periodic.pattern.begin());
  for (size_t i = 0; i < run.size(); ++i) {
    if (phase == period || run[i] != periodic.pattern[(phase + i) % period]) return 0;
  }
  return phase + run.size() > periodic.size ? 0 : (periodic.size - phase - run.size()) / period + 1;
}

}  // namespace tribute::extremes
