// The rule's steps over one answer, which may still be written.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/span_source.h"
#include "trace/claims.h"
#include "trace/surprisal.h"
#include "trace/trace.h"

namespace tribute::trace {

// Takes the answer's tokens and its maximal spans as they become known, and settles the claims of each. Not
// thread-safe; the source must outlive it. Errors are those of attribute().
class Attributor {
 public:
  static Result<std::unique_ptr<Attributor>> begin(const ngram::SpanSource& source, const Policy& policy,
                                                   const Options& options);

  Result<void> append(std::span<const TokenId> tokens);
  uint32_t token_count() const { return surprisals_.token_count(); }

  // The matches from all positions; from those that are final, see ngram::TextQuery.
  Result<std::vector<uint32_t>> longest_matches();
  Result<std::span<const uint32_t>> final_matches();

  // Describes maximal spans of the answer that are known now, after all before them, and settles their claims.
  Result<void> settle(std::span<const ngram::Run> spans);
  const std::vector<Span>& spans() const { return spans_; }

  // After all maximal spans. `copied` has a flag per token. Nothing may be asked of it afterwards.
  Result<Attribution> finish(const std::vector<bool>& copied);

 private:
  Attributor(const ngram::SpanSource& source, const Policy& policy, const Options& options);

  Result<void> describe(std::span<const ngram::Run> runs);
  Result<void> settle_claims(std::span<const ngram::Run> runs);
  Result<std::vector<ngram::RunFacts>> facts_of(std::span<const ngram::Run> runs, const ngram::RunQuestion& question);

  const ngram::SpanSource& source_;
  Policy policy_;
  Options options_;
  uint32_t commons_;
  Surprisals surprisals_;
  ClaimRule rule_;  // keeps pointers to two of these
  std::unique_ptr<ngram::TextQuery> query_;
  std::vector<Span> spans_;
  std::vector<Claim> claims_;
};

}  // namespace tribute::trace
