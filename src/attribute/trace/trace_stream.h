// Proof of Attribution while the answer is written: token by token, as a model emits them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/span_source.h"
#include "trace/trace.h"

namespace tribute::trace {

class Attributor;

// attribute() of an answer that grows. Which datapoints a passage stands in is known as soon as no token that follows
// can change it, and its claims are settled then, so that little is left at the end. All together costs what one
// attribute() of the whole answer does, within a small factor: a token that goes on a match takes one read, one that
// ends a match takes O(log of the match) searches. Movable, not thread-safe; the source must outlive it.
class TraceStream {
 public:
  // Errors: invalid_argument for a policy out of its ranges.
  static Result<TraceStream> begin(const ngram::SpanSource& source, const Policy& policy, const Options& options = {});
  TraceStream(TraceStream&& other) noexcept;
  TraceStream& operator=(TraceStream&& other) noexcept;
  ~TraceStream();

  // Adds tokens to the answer. Returns the maximal spans that are final since, by begin: those that end before the
  // answer's last token. Valid until the next call. After an error nothing more may be pushed.
  // Errors: those of attribute().
  Result<std::span<const Span>> push(std::span<const TokenId> tokens);

  // The answer is whole: what attribute() says of it. Nothing may be asked afterwards. Errors: those of attribute().
  Result<Attribution> finish(const std::vector<bool>& copied) &&;

 private:
  explicit TraceStream(std::unique_ptr<Attributor> attributor);

  std::unique_ptr<Attributor> attributor_;
  uint32_t final_count_ = 0;  // positions whose matches are final and were looked at
  uint32_t last_end_ = 0;     // of the maximal spans so far
};

}  // namespace tribute::trace
