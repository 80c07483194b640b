#include "infinigram/table_search.h"

#include <algorithm>

namespace tribute::infinigram {
namespace {

// So many searches take their steps together: about as many misses as a processor has in flight.
constexpr size_t kSearchesAtOnce = 32;

}  // namespace

TableSearch::Bisection TableSearch::begin_bisection(std::span<const uint32_t> run, bool is_upper) const {
  const ngram::RankRange within =
      directory_ == nullptr ? ngram::RankRange{0, table_.suffix_count()} : directory_->bracket(run, table_.width());
  return {.run = run, .is_upper = is_upper, .begin = within.begin, .end = std::max(within.begin, within.end)};
}

TableSearch::Compared TableSearch::compare(std::span<const uint32_t> run, uint64_t position, uint32_t known) const {
  const auto reach = static_cast<uint32_t>(std::min<uint64_t>(run.size(), table_.suffix_count() - position));
  for (uint32_t length = known; length < reach; ++length) {
    const uint32_t key = table_.key_at(position + length);
    if (key != run[length]) return {length, key < run[length]};
  }
  // Where the file ends, the suffix is the shorter one.
  const uint32_t length = std::max(reach, known);
  return {length, length < run.size()};
}

void TableSearch::bisect(std::span<Bisection> batch) const {
  std::vector<Bisection*> active;
  for (Bisection& bisection : batch) active.push_back(&bisection);
  const auto is_done = [](const Bisection* bisection) { return bisection->begin == bisection->end; };
  while (true) {
    std::erase_if(active, is_done);
    if (active.empty()) return;
    for (const Bisection* const one : active) table_.fetch_suffix(one->middle());
    for (Bisection* const one : active) {
      one->position = table_.position_of(one->middle());
      table_.fetch_tokens(one->position);
    }
    for (Bisection* const one : active) {
      const uint64_t middle = one->middle();
      const Compared compared = compare(one->run, one->position, one->known());
      if (compared.is_suffix_below || (one->is_upper && compared.length == one->run.size())) {
        one->begin = middle + 1;
        one->length_before = compared.length;
      } else {
        one->end = middle;
        one->length_at = compared.length;
      }
    }
  }
}

std::vector<ngram::RankRange> TableSearch::find(std::span<const std::span<const uint32_t>> runs) const {
  std::vector<ngram::RankRange> ranges;
  ranges.reserve(runs.size());
  std::vector<Bisection> batch;
  for (size_t begin = 0; begin < runs.size(); begin += kSearchesAtOnce / 2) {
    batch.clear();
    for (const auto run : runs.subspan(begin, std::min(runs.size() - begin, kSearchesAtOnce / 2))) {
      batch.push_back(begin_bisection(run, false));
      batch.push_back(batch.back());
      batch.back().is_upper = true;
    }
    bisect(batch);
    // Where the table is damaged, the second may come out below the first.
    for (size_t i = 0; i < batch.size(); i += 2) {
      ranges.push_back({batch[i].begin, std::max(batch[i].begin, batch[i + 1].begin)});
    }
  }
  return ranges;
}

// The neighbours of the text's place in the order share the most with it.
std::vector<uint32_t> TableSearch::longest_matches(std::span<const std::span<const uint32_t>> texts) const {
  std::vector<uint32_t> lengths;
  lengths.reserve(texts.size());
  std::vector<Bisection> batch;
  for (size_t begin = 0; begin < texts.size(); begin += kSearchesAtOnce) {
    batch.clear();
    for (const auto text : texts.subspan(begin, std::min(texts.size() - begin, kSearchesAtOnce))) {
      batch.push_back(begin_bisection(text, false));
    }
    bisect(batch);
    for (const Bisection& place : batch) {
      uint32_t longest = 0;
      if (place.begin > 0) {
        longest = compare(place.run, table_.position_of(place.begin - 1), place.length_before).length;
      }
      if (place.begin < table_.suffix_count()) {
        longest = std::max(longest, compare(place.run, table_.position_of(place.begin), place.length_at).length);
      }
      lengths.push_back(longest);
    }
  }
  return lengths;
}

}  // namespace tribute::infinigram
