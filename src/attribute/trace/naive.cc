#include "trace/naive.h"

#include <gmp.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/check.h"

namespace tribute::trace {
namespace {

using ngram::Document;
using ngram::Holder;
using ngram::Role;
using ngram::Run;

// One answer before the rule; the items are those of docs/design/0001-the-rule.md.
class Naive {
 public:
  Naive(std::span<const Document> documents, std::span<const TokenId> answer, const Policy& policy)
      : documents_(documents.begin(), documents.end()), answer_(answer), policy_(policy) {
    std::ranges::sort(documents_, {}, &Document::entry);
    find_first_members();
    for (const Document& document : documents_) matches_.push_back(matches_in(document));
    for (uint32_t i = 0; i < answer_.size(); ++i) lengths_.push_back(longest_match(i));
    find_surprisals();
  }

  // Item 3, of runs.
  uint64_t surprisal(Run run) const { return sums_[run.end] - sums_[run.begin]; }

  // Item 2.
  std::vector<Run> maximal_spans() const {
    std::vector<Run> spans;
    for (uint32_t i = 0; i < answer_.size(); ++i) {
      const Run span{i, i + lengths_[i]};
      bool is_maximal = span.end > span.begin;
      for (uint32_t j = 0; j < i; ++j) is_maximal = is_maximal && span.end > j + lengths_[j];
      if (is_maximal) spans.push_back(span);
    }
    return spans;
  }

  // A span's count: overlapping occurrences too, duplicates and guards included.
  uint64_t count(Run run) const {
    const auto tokens = answer_.subspan(run.begin, run.length());
    uint64_t count = 0;
    for (const Document& document : documents_) {
      for (size_t p = 0; p + tokens.size() <= document.tokens.size(); ++p) {
        if (std::equal(tokens.begin(), tokens.end(), document.tokens.begin() + static_cast<std::ptrdiff_t>(p))) ++count;
      }
    }
    return count;
  }

  std::vector<EntryIndex> holders(Run run) const {
    std::vector<EntryIndex> entries;
    for (size_t d = 0; d < documents_.size(); ++d) {
      if (stands_in(run, d)) entries.push_back(documents_[d].entry);
    }
    return entries;
  }

  // Item 4.
  bool is_evidence(Run run) const {
    return run.length() >= policy_.min_span_tokens && surprisal(run) >= evidence_millibits_;
  }

  // Item 4, for a part of a span that is evidence.
  bool is_claim(Run part, Run span) const {
    return is_evidence(part) && (surprisal(part) * 1000 >= surprisal(span) * policy_.priority_permille ||
                                 surprisal(part) >= uint64_t{1000} * policy_.passage_bits);
  }

  // The documents that contain the tokens from `begin` on as far as any evidence reaches.
  std::vector<size_t> candidates(uint32_t begin) const {
    std::vector<size_t> documents;
    for (size_t d = 0; d < documents_.size(); ++d) {
      if (matches_[d][begin] >= policy_.min_span_tokens) documents.push_back(d);
    }
    return documents;
  }

  // Items 5 and 7, of a claim that stands in none but `candidates`.
  Claim settled(Run run, const std::vector<size_t>& candidates) const {
    Claim claim{.run = run, .owner = std::nullopt, .common = false};
    std::set<EntryIndex> contributors;
    for (const size_t d : candidates) {
      if (!stands_in(run, d)) continue;
      const Document& document = documents_[d];
      if (document.role == Role::guard) {
        claim.common = true;
      } else {
        if (!claim.owner) claim.owner = Holder{document.entry, document.contributor};
        if (is_first_member_[d]) contributors.insert(document.contributor);
      }
    }
    if (contributors.size() > commons_limit_) claim.common = true;
    if (claim.common) claim.owner.reset();
    return claim;
  }

 private:
  void find_first_members() {
    std::set<Hash256> classes;
    std::set<EntryIndex> contributors;
    for (const Document& document : documents_) {
      const bool is_first = classes.insert(document.tokens_sha256).second;
      is_first_member_.push_back(is_first);
      if (!is_first) continue;
      token_count_ += document.tokens.size();
      for (const TokenId token : document.tokens) ++counts_[token];
      if (document.role == Role::paid) contributors.insert(document.contributor);
    }
    const uint64_t twentieth = (contributors.size() + 19) / 20;
    commons_limit_ =
        policy_.commons_contributors ? *policy_.commons_contributors : std::clamp(twentieth, uint64_t{8}, uint64_t{64});
  }

  // Per position of the answer: the longest match that begins there, within one document.
  std::vector<uint32_t> matches_in(const Document& document) const {
    std::vector<uint32_t> longest(answer_.size(), 0);
    std::vector<uint32_t> here(answer_.size() + 1, 0);
    std::vector<uint32_t> right(answer_.size() + 1, 0);  // of the document position one to the right
    for (size_t p = document.tokens.size(); p-- > 0;) {
      for (size_t i = 0; i < answer_.size(); ++i) {
        here[i] = answer_[i] == document.tokens[p] ? right[i + 1] + 1 : 0;
        longest[i] = std::max(longest[i], here[i]);
      }
      std::swap(right, here);
    }
    return longest;
  }

  // Item 3, of tokens.
  void find_surprisals() {
    std::map<uint64_t, uint64_t> of_count;
    for (const TokenId token : answer_) {
      const auto found = counts_.find(token);
      const uint64_t count = found == counts_.end() ? 1 : found->second;
      auto known = of_count.find(count);
      if (known == of_count.end()) {
        known = of_count.emplace(count, naive_surprisal_millibits(count, token_count_)).first;
      }
      sums_.push_back(sums_.back() + known->second);
    }
    evidence_millibits_ = naive_surprisal_millibits(1, token_count_) + uint64_t{1000} * policy_.chance_margin_bits;
  }

  bool stands_in(Run run, size_t d) const { return matches_[d][run.begin] >= run.length(); }

  // Item 1.
  uint32_t longest_match(uint32_t i) const {
    uint32_t longest = 0;
    for (const auto& match : matches_) longest = std::max(longest, match[i]);
    return longest;
  }

  std::vector<Document> documents_;
  std::span<const TokenId> answer_;
  Policy policy_;
  std::vector<bool> is_first_member_;
  uint64_t token_count_ = 0;
  std::map<TokenId, uint64_t> counts_;
  uint64_t commons_limit_ = 0;
  std::vector<std::vector<uint32_t>> matches_;  // per document
  std::vector<uint32_t> lengths_;
  std::vector<uint64_t> sums_ = {0};  // of the surprisals of the first i tokens
  uint64_t evidence_millibits_ = 0;
};

// What the claims that cover a token say of it.
struct Coverage {
  bool covered = false;
  bool common = false;
  std::optional<Holder> first;  // of all their paid holders

  void add(const Coverage& other) {
    covered = covered || other.covered;
    common = common || other.common;
    if (other.first && (!first || *other.first < *first)) first = other.first;
  }
};

// Adds every claim within `span` to the tokens that it covers, and the shortest from each begin and to
// each end to `minimal`.
void settle_span(const Naive& naive, Run span, std::vector<Coverage>& tokens, std::map<Run, Claim>& minimal) {
  if (!naive.is_evidence(span)) return;
  std::map<uint32_t, Claim> shortest_to;  // by end
  for (uint32_t begin = span.begin; begin < span.end; ++begin) {
    const std::vector<size_t> candidates = naive.candidates(begin);
    std::optional<Claim> shortest_from;
    Coverage longer;  // of the claims from `begin` that reach beyond the token at hand: they all cover it
    for (uint32_t end = span.end; end > begin; --end) {
      if (naive.is_claim({begin, end}, span)) {
        const Claim claim = naive.settled({begin, end}, candidates);
        longer.add({.covered = true, .common = claim.common, .first = claim.owner});
        shortest_from = claim;
        shortest_to[end] = claim;  // begins ascend: the last one is the shortest
      }
      tokens[end - 1].add(longer);
    }
    if (shortest_from) minimal.emplace(shortest_from->run, *shortest_from);
  }
  for (const auto& [end, claim] : shortest_to) minimal.emplace(claim.run, claim);
}

// Item 7, of one token.
TokenFate settled_token(const Coverage& coverage, bool copied, uint64_t surprisal) {
  TokenFate token{.fate = Fate::none, .owner = std::nullopt, .surprisal_millibits = surprisal};
  if (copied) {
    token.fate = Fate::copied;
  } else if (coverage.common) {
    token.fate = Fate::common;
  } else if (coverage.covered) {
    token.fate = Fate::owned;
    token.owner = coverage.first;
  }
  return token;
}

}  // namespace

uint64_t naive_surprisal_millibits(uint64_t count, uint64_t token_count) {
  if (token_count == 0) return 0;
  CHECK(count >= 1 && count <= token_count);
  mpz_t numerator;
  mpz_t denominator;
  mpz_init(numerator);
  mpz_init(denominator);
  mpz_ui_pow_ui(numerator, token_count, 1000);
  mpz_ui_pow_ui(denominator, count, 1000);
  // 2^m ≤ N^1000 / c^1000 for the same m as 2^m ≤ floor(N^1000 / c^1000): the highest bit of that.
  mpz_fdiv_q(numerator, numerator, denominator);
  const uint64_t m = mpz_sizeinbase(numerator, 2) - 1;
  mpz_clear(numerator);
  mpz_clear(denominator);
  return m;
}

Attribution naive_attribute(std::span<const ngram::Document> documents, std::span<const TokenId> answer,
                            const std::vector<bool>& copied, const Policy& policy, const Options& options) {
  CHECK(validate(policy).has_value() && copied.size() == answer.size());
  const Naive naive(documents, answer, policy);
  Attribution attribution;
  std::vector<Coverage> tokens(answer.size());
  std::map<Run, Claim> minimal;
  for (const Run run : naive.maximal_spans()) {
    Span span{.run = run,
              .count = naive.count(run),
              .surprisal_millibits = naive.surprisal(run),
              .evidence = naive.is_evidence(run),
              .datapoint_count = 0,
              .datapoints = {}};
    if (span.evidence) {
      span.datapoints = naive.holders(run);
      span.datapoint_count = span.datapoints.size();
      span.datapoints.resize(std::min<size_t>(span.datapoints.size(), options.datapoint_limit));
    }
    attribution.spans.push_back(std::move(span));
    settle_span(naive, run, tokens, minimal);
  }
  for (const auto& [run, claim] : minimal) attribution.claims.push_back(claim);
  for (uint32_t i = 0; i < answer.size(); ++i) {
    const uint64_t surprisal = naive.surprisal({i, i + 1});
    attribution.tokens.push_back(settled_token(tokens[i], copied[i], surprisal));
    attribution.total_millibits += surprisal;
    if (attribution.tokens.back().fate == Fate::owned) attribution.credited_millibits += surprisal;
  }
  return attribution;
}

}  // namespace tribute::trace
