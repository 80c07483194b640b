// Definitions for tests: small, random and nasty.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bpe/definition.h"

namespace tribute::bpe::testing {

using Random = std::mt19937_64;

// An integer in [0, bound).
inline uint32_t below(Random& random, uint64_t bound) { return static_cast<uint32_t>(random() % bound); }

// Every byte as an entry, in order.
Definition byte_definition(Symbols symbols = Symbols::bytes);

// Random merges of parts made of `letters`; later parts may rank before those they are made of, several pairs may
// have one result, ids are shuffled.
Definition random_listed(Random& random, std::vector<std::string> letters, size_t merge_count, Symbols symbols);

// All bytes, and random strings of `letters`.
Definition random_by_result(Random& random, std::string_view letters, size_t entry_count);

// `size` random letters, in runs.
std::string random_piece(Random& random, const std::vector<std::string>& letters, size_t count);

}  // namespace tribute::bpe::testing
