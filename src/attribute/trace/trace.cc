#include "trace/trace.h"

#include "trace/attributor.h"
#include "trace/claims.h"

namespace tribute::trace {

Result<Attribution> attribute(const ngram::SpanSource& source, std::span<const TokenId> answer,
                              const std::vector<bool>& copied, const Policy& policy, const Options& options) {
  const auto attributor = TRY(Attributor::begin(source, policy, options));
  TRY(attributor->append(answer));
  TRY(attributor->settle(maximal_spans(TRY(attributor->longest_matches()))));
  return attributor->finish(copied);
}

}  // namespace tribute::trace
