#include "lm/naive.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "lm/draw.h"

namespace tribute::lm {
namespace {

using Tokens = std::span<const TokenId>;

bool stands_at(Tokens document, uint64_t at, Tokens run) {
  return at + run.size() <= document.size() && std::ranges::equal(document.subspan(at, run.size()), run);
}

// Calls visit(shard, index, document) for the live documents.
template <typename Visit>
void for_each_document(const NaiveCorpus& corpus, Visit visit) {
  for (uint32_t shard = 0; shard < corpus.size(); ++shard) {
    for (uint64_t index = 0; index < corpus[shard].size(); ++index) {
      if (corpus[shard][index].is_live) visit(DocumentPlace{shard, index}, corpus[shard][index]);
    }
  }
}

// Calls visit(document, at) where the run stands; at the document's end too if it is empty.
template <typename Visit>
void for_each_occurrence(const NaiveCorpus& corpus, Tokens run, Visit visit) {
  for_each_document(corpus, [&](DocumentPlace, const ngram::NaiveDocument& document) {
    for (uint64_t at = 0; at <= document.tokens.size(); ++at) {
      if (stands_at(document.tokens, at, run)) visit(Tokens(document.tokens), at);
    }
  });
}

bool matches_at(Tokens document, uint64_t at, const std::vector<std::vector<TokenId>>& clause) {
  return std::ranges::any_of(clause, [&](const auto& run) { return stands_at(document, at, run); });
}

// Whether every clause matches at some position of [begin, last].
bool has_all(Tokens document, uint64_t begin, uint64_t last, const Query& query) {
  return std::ranges::all_of(query.clauses, [&](const auto& clause) {
    for (uint64_t at = begin; at <= last; ++at) {
      if (matches_at(document, at, clause)) return true;
    }
    return false;
  });
}

bool is_minimal_window(Tokens document, uint64_t begin, uint64_t last, const Query& query) {
  if (last - begin > query.max_distance || !has_all(document, begin, last, query)) return false;
  return begin == last || (!has_all(document, begin + 1, last, query) && !has_all(document, begin, last - 1, query));
}

}  // namespace

uint64_t naive_count(const NaiveCorpus& corpus, Tokens run) {
  uint64_t count = 0;
  for_each_occurrence(corpus, run, [&](Tokens, uint64_t) { ++count; });
  return count;
}

Distribution naive_distribution(const NaiveCorpus& corpus, Tokens context) {
  Distribution distribution{.context_length = static_cast<uint32_t>(context.size())};
  std::map<TokenId, uint64_t> counts;
  for_each_occurrence(corpus, context, [&](Tokens document, uint64_t at) {
    ++distribution.count;
    if (at + context.size() == document.size()) {
      ++distribution.end_of_document;
    } else {
      ++counts[document[at + context.size()]];
    }
  });
  for (const auto& [token, count] : counts) distribution.tokens.push_back({token, count});
  return distribution;
}

Probability naive_probability(const NaiveCorpus& corpus, Tokens context, std::optional<TokenId> next) {
  Probability probability{.context_length = static_cast<uint32_t>(context.size())};
  for_each_occurrence(corpus, context, [&](Tokens document, uint64_t at) {
    ++probability.denominator;
    const uint64_t end = at + context.size();
    const bool is_next = next ? end < document.size() && document[end] == *next : end == document.size();
    if (is_next) ++probability.numerator;
  });
  return probability;
}

uint32_t naive_longest_suffix(const NaiveCorpus& corpus, Tokens context) {
  size_t length = context.size();
  while (length > 0 && naive_count(corpus, context.last(length)) == 0) --length;
  return static_cast<uint32_t>(length);
}

std::vector<uint32_t> naive_longest_matches(const NaiveCorpus& corpus, Tokens text) {
  std::vector<uint32_t> longest;
  for (size_t i = 0; i < text.size(); ++i) {
    size_t length = text.size() - i;
    while (length > 0 && naive_count(corpus, text.subspan(i, length)) == 0) --length;
    longest.push_back(static_cast<uint32_t>(length));
  }
  return longest;
}

std::vector<Span> naive_maximal_spans(const NaiveCorpus& corpus, Tokens text) {
  const std::vector<uint32_t> longest = naive_longest_matches(corpus, text);
  std::vector<Span> spans;
  for (uint32_t i = 0; i < longest.size(); ++i) {
    bool is_maximal = longest[i] > 0;
    for (uint32_t k = 0; k < i; ++k) is_maximal = is_maximal && i + longest[i] > k + longest[k];
    if (is_maximal) spans.push_back({{i, i + longest[i]}, naive_count(corpus, text.subspan(i, longest[i]))});
  }
  return spans;
}

std::vector<Hit> naive_search(const NaiveCorpus& corpus, const Query& query) {
  std::vector<Hit> hits;
  for_each_document(corpus, [&](DocumentPlace place, const ngram::NaiveDocument& document) {
    Hit hit{.place = place, .id = document.id};
    for (uint64_t begin = 0; begin < document.tokens.size(); ++begin) {
      for (uint64_t last = begin; last < document.tokens.size(); ++last) {
        if (!is_minimal_window(document.tokens, begin, last, query)) continue;
        if (hit.windows++ > 0) continue;
        hit.first_begin = begin;
        hit.first_end = last;
      }
    }
    if (hit.windows > 0) hits.push_back(hit);
  });
  return hits;
}

QueryCount naive_count(const NaiveCorpus& corpus, const Query& query) {
  QueryCount count;
  for (const Hit& hit : naive_search(corpus, query)) {
    count.windows += hit.windows;
    ++count.documents;
  }
  return count;
}

Generated naive_generate(const NaiveCorpus& corpus, Tokens prompt, const SamplerOptions& options) {
  CHECK(options.temperature_permille == 0 || options.temperature_permille == 1000);
  Generated generated;
  Generator generator(options.seed);
  std::vector<TokenId> text(prompt.begin(), prompt.end());
  while (generated.steps.size() < options.max_tokens) {
    Tokens context = text;
    if (options.max_context > 0 && context.size() > options.max_context) context = context.last(options.max_context);
    context = context.last(naive_longest_suffix(corpus, context));
    const Distribution distribution = naive_distribution(corpus, context);
    // Outcomes from the most frequent on; the end has the highest number.
    std::vector<std::pair<uint64_t, uint64_t>> outcomes;  // number, count
    for (const auto& [token, count] : distribution.tokens) outcomes.emplace_back(token.value(), count);
    if (distribution.end_of_document > 0) outcomes.emplace_back(~uint64_t{0}, distribution.end_of_document);
    std::ranges::stable_sort(outcomes, [](const auto& a, const auto& b) { return a.second > b.second; });
    if (options.top_k > 0 && outcomes.size() > options.top_k) outcomes.resize(options.top_k);
    uint64_t next = outcomes.front().first;
    if (options.temperature_permille != 0) {
      std::ranges::sort(outcomes);
      std::vector<uint64_t> tickets;
      for (const auto& [number, count] : outcomes) tickets.insert(tickets.end(), count, number);
      next = tickets[generator.below(tickets.size())];
    }
    generated.has_ended = next == ~uint64_t{0};
    if (generated.has_ended) break;
    const auto count = std::ranges::find(outcomes, next, [](const auto& one) { return one.first; })->second;
    text.emplace_back(static_cast<uint32_t>(next));
    generated.steps.push_back({text.back(), distribution.context_length, count, distribution.count});
  }
  return generated;
}

}  // namespace tribute::lm
