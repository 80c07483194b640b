#include "quotes/matches.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace tribute::evaluate {
namespace {

constexpr uint32_t kSeparator = std::numeric_limits<uint32_t>::max();  // no tokenizer has such a token

uint64_t hash_of(std::span<const uint32_t> tokens) {
  uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const uint32_t token : tokens) {
    hash = (hash ^ token) * 0x9E37'79B9'7F4A'7C15;
    hash ^= hash >> 32U;
  }
  return hash;
}

std::vector<uint32_t> values_of(std::span<const TokenId> tokens) {
  std::vector<uint32_t> values;
  values.reserve(tokens.size());
  for (const TokenId token : tokens) values.push_back(token.value());
  return values;
}

}  // namespace

MatchTable::MatchTable(std::span<const Datapoint> datapoints, uint32_t window) : window_(window) {
  CHECK(window >= 1);
  size_t size = 1;
  for (const Datapoint& datapoint : datapoints) size += datapoint.tokens.size() + 1;
  CHECK(size < kSeparator);
  corpus_.reserve(size);
  corpus_.push_back(kSeparator);
  windows_.reserve(size);
  for (const Datapoint& datapoint : datapoints) {
    begins_.push_back(static_cast<uint32_t>(corpus_.size()));
    for (const TokenId token : datapoint.tokens) corpus_.push_back(token.value());
    for (size_t place = begins_.back(); place + window_ <= corpus_.size(); ++place) {
      windows_.push_back(
          {.hash = hash_of(std::span(corpus_).subspan(place, window_)), .place = static_cast<uint32_t>(place)});
    }
    corpus_.push_back(kSeparator);
  }
  std::ranges::sort(windows_, [](const Window& a, const Window& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.place < b.place;
  });
}

uint32_t MatchTable::datapoint_at(uint32_t place) const {
  return static_cast<uint32_t>(std::ranges::upper_bound(begins_, place) - begins_.begin()) - 1;
}

std::vector<Match> MatchTable::matches(std::span<const TokenId> text) const {
  const std::vector<uint32_t> wanted = values_of(text);
  std::vector<Match> matches;
  for (size_t begin = 0; begin + window_ <= wanted.size(); ++begin) {
    const uint64_t hash = hash_of(std::span(wanted).subspan(begin, window_));
    for (const Window& window : std::ranges::equal_range(windows_, hash, {}, &Window::hash)) {
      // A place that can be lengthened to the left was found with an earlier begin.
      if (begin > 0 && corpus_[window.place - 1] == wanted[begin - 1]) continue;
      size_t length = 0;
      while (begin + length < wanted.size() && corpus_[window.place + length] == wanted[begin + length]) ++length;
      if (length < window_) continue;
      const ngram::Run run{static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + length)};
      matches.push_back({.run = run, .datapoint = datapoint_at(window.place)});
    }
  }
  std::ranges::sort(matches);
  matches.erase(std::unique(matches.begin(), matches.end()), matches.end());
  return matches;
}

std::optional<uint32_t> MatchTable::first_holder(std::span<const TokenId> tokens) const {
  CHECK(!tokens.empty());
  const auto found = std::ranges::search(corpus_, values_of(tokens));
  if (found.empty()) return std::nullopt;
  return datapoint_at(static_cast<uint32_t>(found.begin() - corpus_.begin()));
}

}  // namespace tribute::evaluate
