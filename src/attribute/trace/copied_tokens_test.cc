#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "trace/testing/datanets.h"
#include "trace/trace.h"

namespace tribute::trace {
namespace {

using testing::Maker;
using testing::Tokens;
using testing::tokens_of;

// The definition: every run of enough tokens that some message contains.
std::vector<bool> naive_copied(const Tokens& answer, const std::vector<Tokens>& messages, uint32_t min_span_tokens) {
  std::vector<bool> copied(answer.size(), false);
  for (auto begin = answer.begin(); begin != answer.end(); ++begin) {
    for (auto end = begin + 1;; ++end) {
      const bool stands = std::ranges::any_of(messages, [&](const Tokens& message) {
        return std::search(message.begin(), message.end(), begin, end) != message.end();
      });
      if (!stands) break;
      if (end - begin >= min_span_tokens) {
        std::fill(copied.begin() + (begin - answer.begin()), copied.begin() + (end - answer.begin()), true);
      }
      if (end == answer.end()) break;
    }
  }
  return copied;
}

std::string flags_text(const std::vector<bool>& flags) {
  std::string text;
  for (const bool flag : flags) text += flag ? '1' : '0';
  return text;
}

TEST(CopiedTokens, AreRunsOfOneMessage) {
  const Tokens answer = tokens_of("abcdefg");
  const auto copied = [&](const std::vector<Tokens>& messages, uint32_t min_span_tokens) {
    return flags_text(copied_tokens(answer, messages, min_span_tokens));
  };
  EXPECT_EQ(copied({tokens_of("xbcdx")}, 3), "0111000");
  EXPECT_EQ(copied({tokens_of("xbcdx")}, 4), "0000000");
  EXPECT_EQ(copied({tokens_of("abc"), tokens_of("def")}, 4), "0000000");
  EXPECT_EQ(copied({tokens_of("abc"), tokens_of("def")}, 3), "1111110");
  EXPECT_EQ(copied({tokens_of("abcdefg")}, 7), "1111111");
  EXPECT_EQ(copied({tokens_of("abcdefg")}, 8), "0000000");
  EXPECT_EQ(copied({tokens_of("g"), {}}, 1), "0000001");
  EXPECT_EQ(copied({}, 1), "0000000");
  EXPECT_TRUE(copied_tokens({}, {}, 1).empty());
}

TEST(CopiedTokens, AgreeWithTheDefinition) {
  EXPECT_TRUE(rc::check([] {
    const auto seed = *rc::gen::arbitrary<uint64_t>();
    Maker maker(seed, {.alphabet = *rc::gen::element(1U, 2U, 3U, 256U), .documents = *rc::gen::inRange(0U, 6U)});
    const auto documents = maker.documents();
    std::vector<Tokens> messages;
    for (const auto& document : documents) messages.push_back(document.tokens);
    const Tokens answer = maker.answer(documents, 40);
    for (const uint32_t min_span_tokens : {1U, 2U, 3U, 5U, 9U, 40U}) {
      RC_ASSERT(copied_tokens(answer, messages, min_span_tokens) == naive_copied(answer, messages, min_span_tokens));
    }
  }));
}

TEST(CopiedTokens, AgreeWithTheDefinitionOnEveryShortAnswer) {
  const std::vector<Tokens> messages = {tokens_of("abaababaab"), tokens_of("bbb"), tokens_of("aab")};
  for (uint32_t length = 0; length <= 10; ++length) {
    for (uint32_t bits = 0; bits < 1U << length; ++bits) {
      Tokens answer;
      for (uint32_t i = 0; i < length; ++i) answer.emplace_back(uint32_t{'a'} + (bits >> i & 1));
      for (const uint32_t min_span_tokens : {1U, 2U, 3U, 4U, 6U}) {
        ASSERT_EQ(copied_tokens(answer, messages, min_span_tokens), naive_copied(answer, messages, min_span_tokens));
      }
    }
  }
}

// A text that makes every look-up climb, at a size where a quadratic walk would take minutes.
TEST(CopiedTokens, OfLongRepetitiveTextsTakeNoTime) {
  const Tokens answer(100'000, TokenId{7});
  Tokens message(200'000, TokenId{7});
  message[100'001] = TokenId{8};
  const auto copied = copied_tokens(answer, std::vector<Tokens>{message}, 50'000);
  EXPECT_TRUE(std::ranges::all_of(copied, [](bool flag) { return flag; }));
}

}  // namespace
}  // namespace tribute::trace
