// The rule of attribution written out, word for word, over plain documents: the twin of attribute()
// and the auditor's own. It shares no search, no counting and no logarithm with it.
#pragma once

#include <span>
#include <vector>

#include "base/ids.h"
#include "ngram/document.h"
#include "trace/policy.h"
#include "trace/trace.h"

namespace tribute::trace {

// What attribute() must say of `answer` where `documents` (in any order, each entry once) are the live
// ones. `policy` must be valid and `copied` have one flag per token of the answer (CHECK).
//
// It looks at every part of every maximal span: O(m²) for a span of m tokens, times the documents that
// share its beginning, besides the matches, O(total tokens · n) for n tokens of the answer. A hundred
// documents of a thousand tokens and an answer of 500 take a second at worst.
Attribution naive_attribute(std::span<const ngram::Document> documents, std::span<const TokenId> answer,
                            const std::vector<bool>& copied, const Policy& policy, const Options& options = {});

// The largest m with 2^m · count^1000 ≤ token_count^1000, by big integers alone; 0 if `token_count` is
// 0. `count` is from 1 to `token_count` otherwise (CHECK).
uint64_t naive_surprisal_millibits(uint64_t count, uint64_t token_count);

}  // namespace tribute::trace
