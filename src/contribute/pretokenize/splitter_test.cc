#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "pretokenize/rules.h"
#include "pretokenize/testing/splits.h"
#include "pretokenize/testing/texts.h"

namespace tribute::pretokenize {
namespace {

using ::testing::ElementsAre;
using testing::nasty_text;
using testing::pieces_of;
using testing::spelled;
using testing::splitter_of;
using testing::strings_of;

TEST(Splitter, CutsAsGpt2) {
  EXPECT_THAT(strings_of({Split{std::string(gpt2_pattern())}}, "Hello  world's 123 it's!!  \n x  "),
              ElementsAre("Hello", " ", " world", "'s", " 123", " it", "'s", "!!", "  \n", " x", "  "));
}

TEST(Splitter, ScannersAgreeWithTheirExpressions) {
  for (const std::string_view pattern : {gpt2_pattern(), cl100k_pattern(), tiktoken_cl100k_pattern(), qwen2_pattern(),
                                         o200k_pattern(), deepseek_v3_pattern()}) {
    const Split rule = {.pattern = std::string(pattern), .dialect = Dialect::rust};
    const auto scanner = splitter_of({rule});
    const auto twin = splitter_of({rule}, false);
    std::mt19937_64 random(1);
    for (int i = 0; i < 4000; ++i) {
      const std::string text = nasty_text(random, 20);
      ASSERT_EQ(strings_of(*scanner, text), strings_of(*twin, text)) << pattern << "\n" << spelled(text);
    }
  }
}

}  // namespace
}  // namespace tribute::pretokenize
