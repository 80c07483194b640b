#include "trace/shared_passages.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace tribute::trace {
namespace {

// Finds which runs of a text stand in an earlier datapoint. A part of such a run does too, in the same one
// or one before it.
class EarlierRuns {
 public:
  EarlierRuns(const ngram::SpanSource& source, std::span<const TokenId> text, EntryIndex before)
      : source_(source), text_(text), before_(before) {}

  uint32_t text_size() const { return static_cast<uint32_t>(text_.size()); }

  // Per run the first datapoint that contains it, if that is an earlier one.
  Result<std::vector<std::optional<ngram::Holder>>> first(std::span<const ngram::Run> runs) const {
    constexpr ngram::RunQuestion kFirstAlone{.counted = ngram::Counted::nothing};
    const std::vector<ngram::RunFacts> facts = TRY(source_.find(text_, runs, kFirstAlone));
    if (facts.size() != runs.size()) {
      return fail(ErrorCode::data_loss,
                  "the index contradicts itself: it answered another number of questions than asked; build it again");
    }
    std::vector<std::optional<ngram::Holder>> holders;
    for (const ngram::RunFacts& fact : facts) {
      holders.push_back(fact.first && fact.first->datapoint < before_ ? fact.first : std::nullopt);
    }
    return holders;
  }

  // The longest run from `held.run.begin` on, where `held.run` stands in an earlier datapoint: in steps that
  // double, and back by halves. O(log of what it grows by) questions.
  Result<SharedPassage> grown(SharedPassage held) const {
    uint32_t too_long = text_size() + 1;  // no run that ends here is found
    for (uint32_t step = 1; held.run.end + 1 < too_long;) {
      const uint32_t end = held.run.end + std::min(step, too_long - held.run.end - 1);
      const ngram::Run run{held.run.begin, end};
      if (const auto holder = TRY(first({&run, 1})).front()) {
        held = {run, *holder};
        // Twice as far while nothing was too long; afterwards half of what is left.
        step = too_long > text_size() ? step * 2 : (too_long - end) / 2;
      } else {
        too_long = end;
        step = (too_long - held.run.end) / 2;
      }
      step = std::max(step, 1U);
    }
    return held;
  }

  // The longest run to `held.run.end` from `low` on, where `held.run` stands in an earlier datapoint.
  // O(log of what may be added) questions.
  Result<SharedPassage> grown_to_the_left(SharedPassage held, uint32_t low) const {
    while (low < held.run.begin) {
      const ngram::Run run{low + (held.run.begin - low) / 2, held.run.end};
      if (const auto holder = TRY(first({&run, 1})).front()) {
        held = {run, *holder};
      } else {
        low = run.begin + 1;
      }
    }
    return held;
  }

 private:
  const ngram::SpanSource& source_;
  std::span<const TokenId> text_;
  EntryIndex before_;
};

// The windows of so many tokens, asked about in batches, from the left to the right.
class Windows {
 public:
  Windows(const EarlierRuns& earlier, uint32_t tokens) : earlier_(earlier), tokens_(tokens) {}

  uint32_t count() const { return earlier_.text_size() - tokens_ + 1; }

  // The first earlier holder of window `i`, which is not before that of an earlier call.
  Result<std::optional<ngram::Holder>> first(uint32_t i) {
    const auto end = static_cast<uint32_t>(begin_ + holders_.size());
    if (i >= end) {
      // Few after a leap, for often another follows.
      batch_ = i == end ? std::min(batch_ * 2, kLargestBatch) : kSmallestBatch;
      std::vector<ngram::Run> runs;
      for (uint32_t k = i; k < count() && k - i < batch_; ++k) runs.push_back({k, k + tokens_});
      holders_ = TRY(earlier_.first(runs));
      begin_ = i;
    }
    return holders_[i - begin_];
  }

 private:
  static constexpr uint32_t kSmallestBatch = 16;
  static constexpr uint32_t kLargestBatch = 4'096;  // bounds the memory for the answers

  const EarlierRuns& earlier_;
  uint32_t tokens_;
  uint32_t begin_ = 0;  // of the windows in `holders_`
  uint32_t batch_ = kSmallestBatch;
  std::vector<std::optional<ngram::Holder>> holders_;
};

}  // namespace

Result<SharedPassages> shared_passages(const ngram::SpanSource& source, std::span<const TokenId> text,
                                       const PassageQuestion& question) {
  if (question.min_tokens == 0) return fail(ErrorCode::invalid_argument, "a passage has at least 1 token, not 0");
  if (text.size() >= std::numeric_limits<uint32_t>::max()) {
    return fail(ErrorCode::invalid_argument, "the text has 2^32 - 1 tokens or more");
  }
  SharedPassages result;
  if (text.size() < question.min_tokens) return result;
  const EarlierRuns earlier(source, text, question.before);
  Windows windows(earlier, question.min_tokens);
  ngram::Run last;  // the passage before
  for (uint32_t i = 0; i < windows.count();) {
    const auto holder = TRY(windows.first(i));
    if (!holder) {
      ++i;
      continue;
    }
    SharedPassage passage{{i, i + question.min_tokens}, *holder};
    // All windows of the passage before are held, so that this passage may begin within it. Any other has a
    // window before it that is not held.
    if (passage.run.end == last.end + 1) passage = TRY(earlier.grown_to_the_left(passage, last.begin + 1));
    passage = TRY(earlier.grown(passage));
    result.covered_token_count += passage.run.end - std::max(passage.run.begin, last.end);
    result.longest.push_back(passage);
    last = passage.run;
    i = last.end + 1 - question.min_tokens;  // the first window that no passage so far contains
  }
  result.count = result.longest.size();
  std::ranges::stable_sort(result.longest, std::ranges::greater(), [](const auto& one) { return one.run.length(); });
  result.longest.resize(std::min<size_t>(result.longest.size(), question.limit));
  return result;
}

}  // namespace tribute::trace
