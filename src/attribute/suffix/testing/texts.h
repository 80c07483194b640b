// Texts for tests of sorting, and the naive twin.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tribute::suffix {

using Text = std::vector<uint32_t>;

// Appends a document of the letters from a on, which are the symbols from 1 on.
void append(Text& text, std::string_view letters);

// Compares suffixes symbol by symbol, separators by their positions.
std::vector<uint32_t> sorted_by_comparison(const Text& text);

// Whether the order is right, in linear time: it is a permutation, and each suffix is above the one
// before it by its first symbol or, where these are equal, by the ranks of the rests.
bool is_sorted(const Text& text, const std::vector<uint32_t>& order);

// Documents of some hundred symbols that repeat each other: passages of one random text, and noise.
// `size` symbols at least, below `symbol_count`; the same for the same seed.
Text repetitive(uint32_t size, uint32_t symbol_count, uint32_t seed);

// About `size` symbols each: equal ones, period two, a Fibonacci word, copies of a document, separators alone.
std::vector<Text> periodic_texts(uint32_t size);

uint32_t symbol_count_of(const Text& text);

}  // namespace tribute::suffix
