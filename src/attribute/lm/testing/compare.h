// Comparing a model with its naive twin: for the tests of every kind of shard.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/testing/stride.h"
#include "lm/documents.h"
#include "lm/model.h"
#include "lm/naive.h"
#include "lm/query.h"
#include "lm/sampler.h"
#include "ngram/testing/documents.h"

namespace tribute::lm::testing {

using Tokens = std::vector<TokenId>;

// Documents of `shards` shards over tokens from `first_token` on, some empty, some sharing passages, some
// dead (`dead_permille` of a thousand). Ids ascend.
struct CorpusShape {
  uint32_t shards = 1;
  uint32_t documents = 6;  // at most, per shard
  uint32_t size = 30;      // of a document, about
  uint32_t first_token = 0;
  uint32_t alphabet = 3;
  uint32_t dead_permille = 0;
};

inline NaiveCorpus random_corpus(ngram::testing::Random& random, const CorpusShape& shape) {
  NaiveCorpus corpus;
  std::vector<ngram::Document> others;
  uint64_t id = 0;
  for (uint32_t i = 0; i < shape.shards; ++i) {
    auto& documents = corpus.emplace_back();
    for (uint32_t k = random.below(shape.documents + 1); k > 0; --k) {
      const uint32_t end = shape.first_token + shape.alphabet;
      const Tokens tokens = random.text(end, shape.alphabet, shape.size, others);
      others.push_back(ngram::testing::document_of(id, 1, tokens));
      documents.push_back({id, tokens, !random.chance(shape.dead_permille)});
      id += 1 + random.below(3);
    }
  }
  return corpus;
}

inline std::vector<ngram::Document> all_documents(const NaiveCorpus& corpus) {
  std::vector<ngram::Document> all;
  for (const auto& documents : corpus) {
    for (const auto& one : documents) all.push_back(ngram::testing::document_of(one.id, 1, one.tokens));
  }
  return all;
}

inline void compare_counts(const Model& model, const NaiveCorpus& corpus, const std::vector<Tokens>& texts) {
  const std::vector<std::span<const TokenId>> runs(texts.begin(), texts.end());
  const auto counts = model.count(runs);
  RC_ASSERT(counts.has_value());
  for (size_t i = 0; i < texts.size(); ++i) {
    const Tokens& text = texts[i];
    RC_ASSERT((*counts)[i] == naive_count(corpus, std::span(text)));
    RC_ASSERT((model.distribution(text) == naive_distribution(corpus, text)));
    const uint32_t suffix = naive_longest_suffix(corpus, text);
    RC_ASSERT((model.longest_suffix(text) == suffix));
    const std::span<const TokenId> used = std::span(text).last(suffix);
    RC_ASSERT((model.infinity_distribution(text) == naive_distribution(corpus, used)));
    const std::optional<TokenId> next =
        i == 0 ? std::nullopt : std::optional(texts[i - 1].empty() ? TokenId{0} : texts[i - 1][0]);
    RC_ASSERT((model.probability(text, next) == naive_probability(corpus, text, next)));
    RC_ASSERT((model.infinity_probability(text, next) == naive_probability(corpus, used, next)));
    RC_ASSERT((model.longest_matches(text) == naive_longest_matches(corpus, text)));
    RC_ASSERT((model.maximal_spans(text) == naive_maximal_spans(corpus, text)));
    const auto sum = model.infinity_distribution(text);
    uint64_t total = sum->end_of_document;
    for (const auto& one : sum->tokens) total += one.count;
    RC_ASSERT(total == sum->count);
  }
}

inline Query random_query(ngram::testing::Random& random, const std::vector<Tokens>& texts) {
  Query query{.clauses = {}, .max_distance = random.chance(200) ? ~uint64_t{0} : random.below(12)};
  for (uint32_t i = 1 + random.below(3); i > 0; --i) {
    auto& clause = query.clauses.emplace_back();
    for (uint32_t k = 1 + random.below(3); k > 0; --k) {
      const Tokens& text = texts[random.below(static_cast<uint32_t>(texts.size()))];
      if (text.empty()) continue;
      const uint32_t begin = random.below(static_cast<uint32_t>(text.size()));
      const auto length = std::min<ptrdiff_t>(static_cast<ptrdiff_t>(text.size()) - begin, 1 + random.below(3));
      clause.emplace_back(text.begin() + begin, text.begin() + begin + length);
    }
    if (clause.empty()) clause.push_back({TokenId{0}});
  }
  return query;
}

inline void compare_queries(const Model& model, const NaiveCorpus& corpus, const Query& query,
                            const QueryOptions& options, uint32_t limit) {
  RC_ASSERT((count(model, query, options) == naive_count(corpus, query)));
  const std::vector<Hit> expected = naive_search(corpus, query);
  std::vector<Hit> hits;
  std::optional<DocumentPlace> from = DocumentPlace{};
  while (from) {
    const auto page = search(model, query, limit, *from, options);
    RC_ASSERT(page.has_value());
    RC_ASSERT(page->hits.size() == std::min<size_t>(limit, expected.size() - hits.size()));
    hits.insert(hits.end(), page->hits.begin(), page->hits.end());
    from = page->next;
  }
  RC_ASSERT(hits == expected);
}

inline void compare_samples(const Model& model, const NaiveCorpus& corpus, const Tokens& prompt,
                            const SamplerOptions& options) {
  const auto generated = generate(model, prompt, options);
  if (model.live().documents == 0) {
    RC_ASSERT(generated.error().code == ErrorCode::failed_precondition);
    return;
  }
  RC_ASSERT(generated.has_value());
  if (options.temperature_permille == 0 || options.temperature_permille == 1000) {
    RC_ASSERT(*generated == naive_generate(corpus, prompt, options));
  }
  // Whatever the temperature, every token has followed its context as often as it says.
  Tokens text = prompt;
  for (const Step& step : generated->steps) {
    const auto context = std::span(text).last(step.context_length);
    RC_ASSERT(naive_probability(corpus, context, step.token) ==
              (Probability{step.context_length, step.count, step.context_count}));
    text.push_back(step.token);
  }
}

inline void compare_documents(const Model& model, const NaiveCorpus& corpus) {
  const Around around{.before = 2, .after = 3};
  for (uint32_t i = 0; i < corpus.size(); ++i) {
    const ngram::Shard& shard = *model.shards()[i];
    RC_ASSERT(shard.document_count() == corpus[i].size());
    uint64_t tokens = 0;
    for (uint64_t k = 0; k < corpus[i].size(); ++k) {
      const Tokens& all = corpus[i][k].tokens;
      const auto found = document_by_place(model, {i, k});
      if (!corpus[i][k].is_live) {
        RC_ASSERT(found.error().code == ErrorCode::not_found);
        continue;
      }
      RC_ASSERT(found.has_value());
      RC_ASSERT(found->tokens == all);
      RC_ASSERT((document_by_id(model, found->document.id) == found));
      for (uint64_t at = 0; at < all.size(); ++at) {
        const auto part = document_by_position(model, i, found->document.begin + at, around);
        RC_ASSERT(part.has_value());
        RC_ASSERT(part->document == found->document);
        RC_ASSERT(part->at == at);
        RC_ASSERT(part->begin == at - std::min<uint64_t>(at, 2));
        const auto first = all.begin() + static_cast<ptrdiff_t>(part->begin);
        const auto last = all.begin() + static_cast<ptrdiff_t>(std::min<uint64_t>(all.size(), at + 3));
        RC_ASSERT(part->tokens == Tokens(first, last));
      }
      tokens += all.size();
    }
    const ngram::RankRange ranks = shard.suffixes();
    uint64_t live = 0;
    for (uint64_t rank = ranks.begin; rank < ranks.end; ++rank) {
      const auto part = document_by_rank(model, i, rank, around);
      uint64_t position = 0;
      shard.positions({rank, rank + 1}, {&position, 1});
      RC_ASSERT((part == document_by_position(model, i, position, around)));
      if (part.has_value()) ++live;
    }
    RC_ASSERT(live == tokens);
    RC_ASSERT(document_by_rank(model, i, ranks.end).error().code == ErrorCode::out_of_range);
    RC_ASSERT(document_by_position(model, i, shard.position_end()).error().code == ErrorCode::out_of_range);
    RC_ASSERT(document_by_place(model, {i, corpus[i].size()}).error().code == ErrorCode::out_of_range);
  }
  RC_ASSERT(document_by_id(model, 1'000'000'000).error().code == ErrorCode::not_found);
  RC_ASSERT(document_by_place(model, {static_cast<uint32_t>(corpus.size()), 0}).error().code ==
            ErrorCode::out_of_range);
}

// Everything, with texts drawn from the corpus and from nowhere. The model's shards must have the corpus's
// documents, tokens below `shape.first_token + shape.alphabet`.
inline void compare_all(const Model& model, const NaiveCorpus& corpus, ngram::testing::Random& random,
                        const CorpusShape& shape) {
  const std::vector<ngram::Document> others = all_documents(corpus);
  std::vector<Tokens> texts = {{}, {TokenId{shape.first_token}}};
  for (uint32_t i = 0; i < 6; i += kTestStride) {
    texts.push_back(random.text(shape.first_token + shape.alphabet, shape.alphabet, 12, others));
  }
  compare_counts(model, corpus, texts);
  for (uint32_t i = 0; i < 6; i += kTestStride) {
    compare_queries(model, corpus, random_query(random, texts), {.matches_at_once = 1 + random.below(40)},
                    1 + random.below(4));
    const SamplerOptions options{.temperature_permille = std::vector<uint32_t>{0, 1000, 300, 1000}[random.below(4)],
                                 .top_k = random.below(3),
                                 .seed = random.below(1000),
                                 .max_tokens = random.below(20),
                                 .max_context = random.below(4)};
    compare_samples(model, corpus, texts[random.below(static_cast<uint32_t>(texts.size()))], options);
  }
  compare_documents(model, corpus);
}

}  // namespace tribute::lm::testing
