#include "trace/shared_passages.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace tribute::trace {
namespace {

// So many windows are asked about at once, which bounds the memory for the answers.
constexpr uint32_t kWindowsAtOnce = 4'096;

// Finds which runs of a text stand in an earlier datapoint. A part of such a run does too, in the same one
// or one before it.
class EarlierRuns {
 public:
  EarlierRuns(const ngram::SpanSource& source, std::span<const TokenId> text, EntryIndex before)
      : source_(source), text_(text), before_(before) {}

  uint32_t text_size() const { return static_cast<uint32_t>(text_.size()); }

  // Per run the first datapoint that contains it, if that is an earlier one.
  Result<std::vector<std::optional<ngram::Holder>>> first(std::span<const ngram::Run> runs) const {
    constexpr ngram::RunQuestion kFirstAlone{
        .contributor_limit = 0, .datapoint_limit = 0, .counted = ngram::Counted::nothing};
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

 private:
  const ngram::SpanSource& source_;
  std::span<const TokenId> text_;
  EntryIndex before_;
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
  const uint32_t window_count = earlier.text_size() - question.min_tokens + 1;
  uint32_t last_end = 0;  // of the passage before: where a run that is held ends at least
  for (uint32_t batch = 0; batch < window_count && last_end < text.size(); batch += kWindowsAtOnce) {
    std::vector<ngram::Run> windows;
    for (uint32_t i = batch; i < std::min(window_count, batch + kWindowsAtOnce); ++i) {
      windows.push_back({i, i + question.min_tokens});
    }
    const auto holders = TRY(earlier.first(windows));
    for (size_t i = 0; i < windows.size() && last_end < text.size(); ++i) {
      if (!holders[i]) continue;
      // What ends where the passage before ends lies within it; its holder is not asked for again.
      const ngram::Run held{windows[i].begin, std::max(windows[i].end, last_end)};
      const SharedPassage passage = TRY(earlier.grown({held, *holders[i]}));
      if (passage.run.end <= last_end) continue;
      result.covered_token_count += passage.run.end - std::max(passage.run.begin, last_end);
      result.longest.push_back(passage);
      last_end = passage.run.end;
    }
  }
  result.count = result.longest.size();
  std::ranges::stable_sort(result.longest, std::ranges::greater(), [](const auto& one) { return one.run.length(); });
  result.longest.resize(std::min<size_t>(result.longest.size(), question.limit));
  return result;
}

}  // namespace tribute::trace
