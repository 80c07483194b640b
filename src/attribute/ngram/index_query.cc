#include "ngram/index_query.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "ngram/packed_ints.h"
#include "ngram/run_facts.h"

namespace tribute::ngram {
namespace {

// So many begins are looked for together where it is known between which two the first one is.
constexpr uint32_t kBeginsAtOnce = 8;

// Shorter matches end soon wherever they are followed.
constexpr uint32_t kLongMatch = 32;

}  // namespace

IndexQuery::IndexQuery(const IndexSource& source, std::span<const TokenId> text) : source_(source) {
  searched_.reserve(source.parts().size());
  for (const IndexPart& part : source.parts()) searched_.push_back({&part, part.search(), {*part.segment, {}}});
  append(text);
}

void IndexQuery::append(std::span<const TokenId> tokens) {
  text_.insert(text_.end(), tokens.begin(), tokens.end());
  CHECK(text_.size() < std::numeric_limits<uint32_t>::max());
  for (Searched& searched : searched_) searched.text.append(tokens);
}

Result<std::vector<uint32_t>> IndexQuery::longest_matches() {
  std::vector<uint32_t> longest(text_.size(), 0);
  for (auto& [part, search, text] : searched_) {
    const std::vector<uint32_t> lengths = search.longest_matches(text);
    std::ranges::transform(longest, lengths, longest.begin(), [](uint32_t a, uint32_t b) { return std::max(a, b); });
  }
  TRY(source_.status());
  return longest;
}

Result<std::span<const uint32_t>> IndexQuery::final_matches() {
  while (looked_at_ < text_.size()) look_at_next();
  TRY(source_.status());
  return std::span<const uint32_t>(final_);
}

// What stands at the open match's place may go on as the text does, which takes one read. If it does not, the text may
// still stand elsewhere from there on, or from a later position on: from the first such one all do, and the matches of
// those before it end here.
void IndexQuery::look_at_next() {
  const uint32_t end = looked_at_++;
  if (open_match_goes_on(end)) return;
  open_ = {};
  uint32_t low = open_begin();
  uint32_t high = looked_at_;  // from there on stands what is left, nothing
  std::vector<uint32_t> begins;
  for (uint32_t begin = low, gap = 1; begin < high; begin += gap, gap *= 2) begins.push_back(begin);
  while (low < high) {
    const size_t first = first_that_stands(begins, looked_at_);
    if (first < begins.size()) high = begins[first];
    if (first > 0) low = begins[first - 1] + 1;
    begins.clear();
    const uint32_t gap = (high - low) / kBeginsAtOnce + 1;
    for (uint32_t begin = low; begin < high; begin += gap) begins.push_back(begin);
  }
  while (open_begin() < high) final_.push_back(end - open_begin());
  if (looked_at_ - open_begin() >= kLongMatch) choose_open_place();
}

// Of suffixes that go on alike, as in a text of one token again and again, the one that ends first stands first: from
// the middle one the text goes on as far as from half of them.
void IndexQuery::choose_open_place() {
  const Run run{open_begin(), looked_at_};
  for (const auto& [part, search, text] : searched_) {
    if (part->segment != open_.segment) continue;
    const RankRange range = search.find(text, {&run, 1}).front();
    if (range.is_empty()) return;  // only where the segment is damaged
    const uint64_t position = part->segment->position_of(range.begin + range.size() / 2);
    if (!part->has_dead || !part->dead.contains(part->segment->document_at(position))) open_.position = position;
    return;
  }
}

bool IndexQuery::open_match_goes_on(uint32_t end) const {
  if (open_.segment == nullptr) return false;
  const uint64_t position = open_.position + (end - open_begin());
  const uint32_t token = text_[end].value();
  if (position >= open_.segment->layout().symbol_count() || token >= open_.segment->vocabulary_size()) return false;
  return packed_at(open_.segment->text_at(position, 1), position, open_.segment->layout().symbol_bits()) == token + 1;
}

size_t IndexQuery::first_that_stands(std::span<const uint32_t> begins, uint32_t end) {
  std::vector<Run> runs;
  for (const uint32_t begin : begins) runs.push_back({begin, end});
  size_t first = begins.size();
  for (auto& [part, search, text] : searched_) {
    const std::span<const Run> asked = std::span(runs).first(first);
    const std::vector<SegmentSearch::Match> found = search.matches(text, asked);
    for (size_t i = 0; i < first; ++i) {
      if (found[i].length < runs[i].length()) continue;
      first = i;
      open_ = {part->segment, part->segment->position_of(found[i].rank)};
    }
  }
  return first;
}

// A run that overlaps the one before it goes along with that if it is as frequent and the other always goes on to its
// end.
std::vector<bool> IndexQuery::runs_that_go_along(const Searched& in, const DistinctRuns& runs,
                                                 std::span<const RankRange> ranges) {
  std::vector<bool> go_along(runs.all().size());
  for (size_t i = 1; i < go_along.size(); ++i) {
    const Run before = runs.all()[i - 1];
    const Run run = runs.all()[i];
    const RankRange range = ranges[runs.of(i - 1)];
    go_along[i] = before.begin < run.begin && run.begin < before.end && before.end < run.end &&
                  range.size() == ranges[runs.of(i)].size() &&
                  (range.is_empty() || in.search.all_go_on(in.text, before, range, run.end));
  }
  return go_along;
}

Result<std::vector<RunFacts>> IndexQuery::find(std::span<const Run> runs, const RunQuestion& question) {
  const DistinctRuns distinct(text_, runs);
  std::vector<SegmentRanges> readers;
  std::vector<FoundRuns> found;
  readers.reserve(searched_.size());
  for (const Searched& in : searched_) {
    std::vector<RankRange> ranges = in.search.find(in.text, distinct.distinct());
    std::vector<bool> goes_along = runs_that_go_along(in, distinct, ranges);
    found.push_back({&readers.emplace_back(*in.part), std::move(ranges), std::move(goes_along)});
  }
  auto facts = describe_runs(distinct, found, question, source_.facts().contributor_count);
  TRY(source_.status());
  return facts;
}

}  // namespace tribute::ngram
