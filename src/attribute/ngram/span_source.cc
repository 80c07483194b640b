#include "ngram/span_source.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace tribute::ngram {
namespace {

// Asks the source about the whole text each time.
class ForgetfulQuery final : public TextQuery {
 public:
  explicit ForgetfulQuery(const SpanSource& source) : source_(source) {}

  void append(std::span<const TokenId> tokens) override {
    text_.insert(text_.end(), tokens.begin(), tokens.end());
    CHECK(text_.size() < std::numeric_limits<uint32_t>::max());
  }

  Result<std::vector<uint32_t>> longest_matches() override { return source_.longest_matches(text_); }

  Result<std::span<const uint32_t>> final_matches() override {
    matches_ = TRY(source_.longest_matches(text_));
    size_t count = 0;
    while (count < matches_.size() && count + matches_[count] < text_.size()) ++count;
    return std::span<const uint32_t>(matches_).first(count);
  }

  Result<std::vector<RunFacts>> find(std::span<const Run> runs, const RunQuestion& question) override {
    return source_.find(text_, runs, question);
  }

 private:
  const SpanSource& source_;
  std::vector<TokenId> text_;
  std::vector<uint32_t> matches_;
};

}  // namespace

std::unique_ptr<TextQuery> SpanSource::query(std::span<const TokenId> text) const {
  auto query = std::make_unique<ForgetfulQuery>(*this);
  query->append(text);
  return query;
}

}  // namespace tribute::ngram
