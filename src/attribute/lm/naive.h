// The ∞-gram model by walking all documents for every question: what Model and its queries are compared with.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "lm/model.h"
#include "lm/query.h"
#include "lm/sampler.h"
#include "ngram/naive_shard.h"

namespace tribute::lm {

// The documents of each shard. Every function says what its namesake in model.h, query.h or sampler.h says
// of shards with these documents, in a time that grows with all tokens, and with the square of a
// document's for queries.
using NaiveCorpus = std::vector<std::vector<ngram::NaiveDocument>>;

uint64_t naive_count(const NaiveCorpus& corpus, std::span<const TokenId> run);
Distribution naive_distribution(const NaiveCorpus& corpus, std::span<const TokenId> context);
Probability naive_probability(const NaiveCorpus& corpus, std::span<const TokenId> context, std::optional<TokenId> next);
uint32_t naive_longest_suffix(const NaiveCorpus& corpus, std::span<const TokenId> context);
std::vector<uint32_t> naive_longest_matches(const NaiveCorpus& corpus, std::span<const TokenId> text);
std::vector<Span> naive_maximal_spans(const NaiveCorpus& corpus, std::span<const TokenId> text);

// All documents that the query matches, in order; their number and the sum of their windows is the count.
std::vector<Hit> naive_search(const NaiveCorpus& corpus, const Query& query);
QueryCount naive_count(const NaiveCorpus& corpus, const Query& query);

// Looks for the longest suffix before every token, and writes every outcome down as often as it counts: at
// temperatures 0 and 1000 only.
Generated naive_generate(const NaiveCorpus& corpus, std::span<const TokenId> prompt, const SamplerOptions& options);

}  // namespace tribute::lm
