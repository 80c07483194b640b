#include "bpe/string_index.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>

#include "bpe/testing/definitions.h"

namespace tribute::bpe {
namespace {

using testing::below;
using testing::Random;

TEST(StringIndex, HoldsWhatAMapHolds) {
  Random random(3);
  // Of two letters, one of which is the padding of short keys, around the length where keys become long.
  for (const uint32_t longest : {0U, 3U, 15U, 16U, 40U}) {
    constexpr size_t kCount = 2000;
    StringIndex index(kCount);
    std::map<std::string, uint32_t> twin;
    std::deque<std::string> kept;  // never moves them
    for (uint32_t value = 0; value < kCount; ++value) {
      std::string& string = kept.emplace_back(below(random, longest + 1), '\0');
      for (char& c : string) c = below(random, 3) == 0 ? 'x' : '\0';
      const auto [known, is_new] = twin.emplace(string, value);
      ASSERT_EQ(index.find(string), is_new ? kNone : known->second);
      ASSERT_EQ(index.insert(string, value), is_new ? kNone : known->second);
    }
    for (const auto& [string, value] : twin) ASSERT_EQ(index.find(std::string(string)), value);
  }
}

}  // namespace
}  // namespace tribute::bpe
