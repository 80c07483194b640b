#include "trace/trace_stream.h"

#include <utility>

#include "trace/attributor.h"
#include "trace/claims.h"

namespace tribute::trace {

Result<TraceStream> TraceStream::begin(const ngram::SpanSource& source, const Policy& policy, const Options& options) {
  return TraceStream(TRY(Attributor::begin(source, policy, options)));
}

TraceStream::TraceStream(std::unique_ptr<Attributor> attributor) : attributor_(std::move(attributor)) {}
TraceStream::TraceStream(TraceStream&& other) noexcept = default;
TraceStream& TraceStream::operator=(TraceStream&& other) noexcept = default;
TraceStream::~TraceStream() = default;

Result<std::span<const Span>> TraceStream::push(std::span<const TokenId> tokens) {
  TRY(attributor_->append(tokens));
  const std::span<const uint32_t> matches = TRY(attributor_->final_matches());
  const std::vector<ngram::Run> spans = maximal_spans(matches, final_count_, last_end_);
  final_count_ = static_cast<uint32_t>(matches.size());
  if (!spans.empty()) last_end_ = spans.back().end;
  const size_t known = attributor_->spans().size();
  TRY(attributor_->settle(spans));
  return std::span(attributor_->spans()).subspan(known);
}

Result<Attribution> TraceStream::finish(const std::vector<bool>& copied) && {
  // What is not final ends with the answer.
  const ngram::Run rest{.begin = final_count_, .end = attributor_->token_count()};
  if (rest.end > rest.begin) TRY(attributor_->settle({&rest, 1}));
  return attributor_->finish(copied);
}

}  // namespace tribute::trace
