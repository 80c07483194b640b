#include "ngram/brute_force_source.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/check.h"

namespace tribute::ngram {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

// The positions of each token in a text, ascending. A look-up per token of every document is what a
// question costs at least, so the table is probed in place.
class TextPositions {
 public:
  explicit TextPositions(std::span<const TokenId> text)
      : positions_(text.size()), slots_(std::bit_ceil(2 * text.size() + 1)) {
    std::iota(positions_.begin(), positions_.end(), 0U);
    std::ranges::stable_sort(positions_, {}, [&](uint32_t i) { return text[i]; });
    for (uint32_t i = 0; i < positions_.size(); ++i) {
      Slot& slot = slots_[place_of(text[positions_[i]])];
      if (slot.end == 0) slot = {text[positions_[i]], i, i};
      slot.end = i + 1;
    }
  }

  std::span<const uint32_t> of(TokenId token) const {
    const Slot& slot = slots_[place_of(token)];
    if (slot.end == 0) return {};
    return std::span(positions_).subspan(slot.begin, slot.end - slot.begin);
  }

 private:
  struct Slot {
    TokenId token;
    uint32_t begin = 0;
    uint32_t end = 0;  // 0: empty
  };

  // The slot of the token, or the empty one where it would stand. Less than half of the slots are in use.
  size_t place_of(TokenId token) const {
    const size_t mask = slots_.size() - 1;
    size_t place = (token.value() * uint64_t{0x9E3779B97F4A7C15} >> 32) & mask;
    while (slots_[place].end != 0 && slots_[place].token != token) place = (place + 1) & mask;
    return place;
  }

  std::vector<uint32_t> positions_;
  std::vector<Slot> slots_;
};

// Calls visit(i, length) for every pair of a text position i and a document position whose tokens are
// equal, with the length of the longest match that begins there.
template <typename Visit>
void for_each_match(const TextPositions& positions, std::span<const TokenId> document, std::vector<uint32_t>& lengths,
                    Visit visit) {
  // `lengths[i]` is the longest match at text position i and the document position one to the right
  // of the one at hand; it is nonzero only at `last`, the text positions of that one's token.
  std::span<const uint32_t> last;
  for (size_t p = document.size(); p-- > 0;) {
    const std::span<const uint32_t> here = positions.of(document[p]);
    for (const uint32_t i : here) {
      lengths[i] = lengths[i + 1] + 1;  // ascending i: lengths[i + 1] is still the one to the right
      visit(i, lengths[i]);
    }
    if (last.data() != here.data()) {
      for (const uint32_t i : last) lengths[i] = 0;
    }
    last = here;
  }
  for (const uint32_t i : last) lengths[i] = 0;
}

// The runs that begin at each text position, shortest first.
class RunsByBegin {
 public:
  RunsByBegin(std::span<const Run> runs, size_t text_size) : order_(runs.size()), begins_(text_size + 1, 0) {
    std::iota(order_.begin(), order_.end(), 0U);
    std::ranges::sort(order_, {}, [&](uint32_t run) { return runs[run]; });
    for (const Run& run : runs) ++begins_[run.begin + size_t{1}];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    for (const uint32_t run : order_) lengths_.push_back(runs[run].length());
    for (size_t i = 0; i < text_size; ++i) {
      shortest_.push_back(begins_[i] < begins_[i + 1] ? lengths_[begins_[i]] : kNone);
    }
  }

  // Calls visit(run) for each run that begins at i and is at most `length` long.
  template <typename Visit>
  void for_each(uint32_t i, uint32_t length, Visit visit) const {
    if (length < shortest_[i]) return;  // nearly always
    for (size_t k = begins_[i]; k < begins_[i + size_t{1}] && lengths_[k] <= length; ++k) visit(order_[k]);
  }

 private:
  std::vector<uint32_t> order_;     // indexes of runs by (begin, end)
  std::vector<uint32_t> lengths_;   // of these
  std::vector<uint32_t> shortest_;  // per text position, kNone without a run
  std::vector<size_t> begins_;      // where the runs of each text position begin in `order_`
};

// Adds to a run's facts that `document` contains it, once per document.
void add_document(RunFacts& facts, std::vector<EntryIndex>& contributors, const Document& document,
                  bool is_first_member, const RunQuestion& question) {
  ++facts.datapoint_count;
  if (facts.datapoints.size() < question.datapoint_limit) facts.datapoints.push_back(document.entry);
  if (!facts.first) facts.first = Holder{document.entry, document.contributor};
  if (document.role == Role::guard) {
    facts.in_guard = true;
    return;
  }
  if (!facts.first_paid) facts.first_paid = Holder{document.entry, document.contributor};
  if (is_first_member && question.contributor_limit && !facts.exceeds_contributor_limit &&
      std::ranges::find(contributors, document.contributor) == contributors.end()) {
    contributors.push_back(document.contributor);
    facts.exceeds_contributor_limit = contributors.size() > *question.contributor_limit;
  }
}

}  // namespace

BruteForceSource::BruteForceSource(std::vector<Document> documents) : documents_(std::move(documents)) {
  CHECK(std::ranges::adjacent_find(documents_, std::ranges::greater_equal{}, &Document::entry) == documents_.end());
  std::unordered_set<Hash256> classes;
  std::unordered_set<EntryIndex> contributors;
  for (const Document& document : documents_) {
    const bool is_first = classes.insert(document.tokens_sha256).second;
    is_first_member_.push_back(is_first);
    if (!is_first) continue;
    facts_.token_count += document.tokens.size();
    for (const TokenId token : document.tokens) ++counts_[token];
    if (document.role == Role::paid) contributors.insert(document.contributor);
  }
  facts_.contributor_count = contributors.size();
}

Result<std::vector<uint64_t>> BruteForceSource::token_counts(std::span<const TokenId> tokens) const {
  std::vector<uint64_t> counts;
  counts.reserve(tokens.size());
  for (const TokenId token : tokens) {
    const auto found = counts_.find(token);
    counts.push_back(found == counts_.end() ? 0 : found->second);
  }
  return counts;
}

Result<std::vector<uint32_t>> BruteForceSource::longest_matches(std::span<const TokenId> text) const {
  CHECK(text.size() < kNone);
  const TextPositions positions(text);
  std::vector<uint32_t> lengths(text.size() + 1, 0);
  std::vector<uint32_t> longest(text.size(), 0);
  for (const Document& document : documents_) {
    for_each_match(positions, document.tokens, lengths,
                   [&](uint32_t i, uint32_t length) { longest[i] = std::max(longest[i], length); });
  }
  return longest;
}

Result<std::vector<RunFacts>> BruteForceSource::find(std::span<const TokenId> text, std::span<const Run> runs,
                                                     const RunQuestion& question) const {
  CHECK(text.size() < kNone);
  for (const Run& run : runs) CHECK(run.begin < run.end && run.end <= text.size());
  const TextPositions positions(text);
  const RunsByBegin runs_by_begin(runs, text.size());
  std::vector<uint32_t> lengths(text.size() + 1, 0);
  std::vector<RunFacts> facts(runs.size());
  std::vector<std::vector<EntryIndex>> contributors(runs.size());
  std::vector<std::map<EntryIndex, uint64_t>> histograms(runs.size());
  std::vector<uint32_t> last_document(runs.size(), kNone);
  for (uint32_t d = 0; d < documents_.size(); ++d) {
    for_each_match(positions, documents_[d].tokens, lengths, [&](uint32_t i, uint32_t length) {
      runs_by_begin.for_each(i, length, [&](uint32_t run) {
        ++facts[run].occurrence_count;
        if (question.histogram) ++histograms[run][documents_[d].contributor];
        if (std::exchange(last_document[run], d) == d) return;
        add_document(facts[run], contributors[run], documents_[d], is_first_member_[d], question);
      });
    });
  }
  for (size_t run = 0; run < runs.size(); ++run) {
    RunFacts& of_run = facts[run];
    for (const auto& [contributor, count] : histograms[run]) of_run.histogram.push_back({contributor, count});
    if (!asks_for_holders(question, of_run)) {
      of_run.in_guard = false;
      of_run.first.reset();
      of_run.first_paid.reset();
    }
    if (question.counted == Counted::nothing) of_run.occurrence_count = 0;
    if (question.counted != Counted::occurrences_and_datapoints) of_run.datapoint_count = 0;
  }
  return facts;
}

}  // namespace tribute::ngram
