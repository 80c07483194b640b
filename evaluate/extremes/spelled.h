// Answers and what they are about, as a disagreement shows them.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/ids.h"
#include "ngram/span_source.h"

namespace tribute::extremes {

std::string spelled(std::span<const TokenId> tokens);  // those in the middle are left out if they are many
std::string spelled(ngram::Run run);
std::string spelled(const ngram::RunFacts& facts);
std::string spelled(uint64_t number);

}  // namespace tribute::extremes
