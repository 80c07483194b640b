#include "suffix/testing/texts.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

#include "suffix/suffix_sort.h"

namespace tribute::suffix {

void append(Text& text, std::string_view letters) {
  for (const char letter : letters) text.push_back(static_cast<uint32_t>(letter - 'a' + 1));
  text.push_back(kSeparator);
}

std::vector<uint32_t> sorted_by_comparison(const Text& text) {
  std::vector<uint32_t> order(text.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, [&](uint32_t a, uint32_t b) {
    for (; text[a] == text[b]; ++a, ++b) {
      if (text[a] == kSeparator) return a < b;
    }
    return text[a] < text[b];
  });
  return order;
}

bool is_sorted(const Text& text, const std::vector<uint32_t>& order) {
  std::vector<uint32_t> ranks(text.size(), UINT32_MAX);
  for (uint32_t i = 0; i < order.size(); ++i) {
    if (order[i] >= text.size() || ranks[order[i]] != UINT32_MAX) return false;
    ranks[order[i]] = i;
  }
  for (uint32_t i = 1; i < order.size(); ++i) {
    const uint32_t a = order[i - 1];
    const uint32_t b = order[i];
    if (text[a] > text[b]) return false;
    if (text[a] < text[b]) continue;
    if (text[a] == kSeparator ? a > b : ranks[a + 1] > ranks[b + 1]) return false;
  }
  return true;
}

Text repetitive(uint32_t size, uint32_t symbol_count, uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t end) { return static_cast<uint32_t>(random() % end); };
  Text source(std::max(uint32_t{16}, size / 40));
  for (uint32_t& symbol : source) symbol = 1 + below(symbol_count - 1);
  Text text;
  while (text.size() < size) {
    for (uint32_t passages = below(12); passages > 0; --passages) {
      const uint32_t begin = below(static_cast<uint32_t>(source.size()));
      const uint32_t end = std::min(begin + below(60), static_cast<uint32_t>(source.size()));
      text.insert(text.end(), source.begin() + begin, source.begin() + end);
      text.push_back(1 + below(symbol_count - 1));
    }
    text.push_back(kSeparator);
  }
  return text;
}

std::vector<Text> periodic_texts(uint32_t size) {
  std::vector<Text> texts;
  texts.emplace_back(size, 1U);
  Text& period = texts.emplace_back();
  for (uint32_t i = 0; i < size; ++i) period.push_back(1 + i % 2);
  Text fibonacci = {2};
  for (Text shorter = {1}; fibonacci.size() < size;) {
    Text longer = fibonacci;
    longer.insert(longer.end(), shorter.begin(), shorter.end());
    shorter = std::exchange(fibonacci, std::move(longer));
  }
  texts.push_back(fibonacci);
  Text& copies = texts.emplace_back();
  while (copies.size() < size) append(copies, "abracadabrabanana");
  texts.emplace_back(size, kSeparator);
  for (Text& text : texts) text.push_back(kSeparator);
  return texts;
}

uint32_t symbol_count_of(const Text& text) { return text.empty() ? 1 : *std::ranges::max_element(text) + 1; }

}  // namespace tribute::suffix
