// Expressions: their translation, their matches through windows, and what the behaviours make of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "pretokenize/pcre_pattern.h"
#include "pretokenize/testing/naive_finder.h"
#include "pretokenize/testing/splits.h"
#include "pretokenize/testing/texts.h"

namespace tribute::pretokenize {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::naive_matches;
using testing::naive_pieces;
using testing::pieces_of;
using testing::spelled;
using testing::splitter_of;
using testing::strings_of;

constexpr Behaviour kBehaviours[] = {Behaviour::isolated, Behaviour::merged_with_previous, Behaviour::merged_with_next,
                                     Behaviour::contiguous, Behaviour::removed};

// Some with matches of no bytes, with looks behind and ahead, with steps back, with and without gaps.
const std::vector<std::string> kPatterns = {
    ",",
    "[aeiou]",
    "\\p{L}+",
    "(?=[A-Z])",
    "x*",
    "\\s+(?!\\S)|\\s+",
    "(?<=\\s)\\S",
    "\\b",
    "^",
    "$",
    "(?i:h)e?",
    "\\w+|[^\\w\\s]+",
    "a??",
    "(?:a|ab)(?:c|bcd)?",
    "\\p{N}{1,3}+",
    "\\s*[\\r\\n]+",
    "(?<!l)l(?!l)",
    "[^\\s\\p{L}\\p{N}]+[\\r\\n]*",
    "(?>a+)b|a",
    ".+",
    "\\d(?=(?:\\d{3})+\\b)",
    "[\\p{Han}&&[^\xe6\x96\x87]]",
    "\\S+\\s?",
    "(?:\\r\\n|\\n)+",
};

// Only what is well-formed: the naive twin takes nothing else.
std::string well_formed_text(std::mt19937_64& random, size_t most_parts) {
  return to_printable_utf8(testing::nasty_text(random, most_parts));
}

TEST(Patterns, BehaveAsTheirTwin) {
  std::mt19937_64 random(3);
  for (const std::string& pattern : kPatterns) {
    for (const Dialect dialect : {Dialect::oniguruma, Dialect::rust}) {
      const auto translated = to_pcre(pattern, dialect);
      ASSERT_TRUE(translated.has_value()) << translated.error().message;
      for (const Behaviour behaviour : kBehaviours) {
        for (const bool invert : {false, true}) {
          const auto splitter = splitter_of({Split{pattern, false, behaviour, invert, dialect}});
          for (int i = 0; i < 20; ++i) {
            const std::string text = well_formed_text(random, 30);
            ASSERT_EQ(pieces_of(*splitter, text),
                      naive_pieces(naive_matches(*translated, text), text.size(), behaviour, invert))
                << pattern << " behaviour " << static_cast<int>(behaviour) << (invert ? " inverted " : " ")
                << spelled(text);
          }
        }
      }
    }
  }
}

TEST(Patterns, MatchThroughWindowsAsInTheWhole) {
  // Runs about as long as the windows, and some much longer.
  std::mt19937_64 random(4);
  constexpr std::string_view kUnits[] = {"a", " ", "\n", "1", "\xcc\x81", "\xe4\xb8\xad", ",", "Hl"};
  for (const std::string& pattern : kPatterns) {
    const auto translated = to_pcre(pattern, Dialect::rust);
    ASSERT_TRUE(translated.has_value());
    const auto splitter = splitter_of({Split{.pattern = pattern, .dialect = Dialect::rust}}, false);
    for (int i = 0; i < 6; ++i) {
      std::string text;
      for (int k = 0; k < 12; ++k) {
        const std::string_view unit = kUnits[random() % std::size(kUnits)];
        const size_t times = random() % 3 == 0 ? 500 + random() % 30 : random() % 16 == 0 ? 3000 : random() % 20;
        for (size_t n = 0; n < times; ++n) text += unit;
      }
      ASSERT_EQ(pieces_of(*splitter, text),
                naive_pieces(naive_matches(*translated, text), text.size(), Behaviour::isolated, false))
          << pattern << " " << spelled(text);
    }
  }
}

TEST(Patterns, ClassRunsMatchAsTheirExpressions) {
  const std::vector<std::string> patterns = {
      "\\p{N}{1,3}",
      "\\p{N}",
      "\\d+",
      "[\\r\\n]",
      "\\s?\\p{L}+",
      "\\s?\\p{P}+",
      " ?[a-z]{2}",
      "[0-9][0-9][0-9]",
      "[^\\s\\p{L}]{2,}",
      "[\xe4\xb8\x80-\xe9\xbe\xa5\xe3\x81\x80-\xe3\x82\x9f\xe3\x82\xa0-\xe3\x83\xbf]+",
      "\\s?[!-/"
      ":-~\xef\xbc\x81-\xef\xbc\x8f\xef\xbc\x9a-\xef\xbd\x9e\xe2\x80\x98-\xe2\x80\x9f\xe3\x80\x80-\xe3\x80\x82]+"};
  std::mt19937_64 random(5);
  for (const std::string& pattern : patterns) {
    for (const Behaviour behaviour : kBehaviours) {
      const Split rule = {.pattern = pattern, .behaviour = behaviour};
      const auto splitter = splitter_of({rule});
      const auto twin = splitter_of({rule}, false);
      for (int i = 0; i < 200; ++i) {
        const std::string text = testing::nasty_text(random, 20);
        ASSERT_EQ(strings_of(*splitter, text), strings_of(*twin, text)) << pattern << " " << spelled(text);
      }
    }
  }
}

TEST(Patterns, AreReadInTheirDialect) {
  const auto strings = [](const std::string& pattern, Dialect dialect, std::string_view text) {
    return strings_of({Split{.pattern = pattern, .dialect = dialect}}, text);
  };
  // Oniguruma repeats {1,3}; Rust's possessive one takes no more than three.
  EXPECT_THAT(strings("\\p{N}{1,3}+", Dialect::oniguruma, "12345"), ElementsAre("12345"));
  EXPECT_THAT(strings("\\p{N}{1,3}+", Dialect::rust, "12345"), ElementsAre("123", "45"));
  EXPECT_THAT(strings("b$", Dialect::oniguruma, "ab\nab"), ElementsAre("a", "b", "\na", "b"));
  EXPECT_THAT(strings("b$", Dialect::rust, "ab\nab"), ElementsAre("ab\na", "b"));
  EXPECT_THAT(strings("^a", Dialect::oniguruma, "ab\nab"), ElementsAre("a", "b\n", "a", "b"));
  EXPECT_THAT(strings("^a", Dialect::rust, "ab\nab"), ElementsAre("a", "b\nab"));
  EXPECT_THAT(strings("\\h+", Dialect::oniguruma, "xfa0x"), ElementsAre("x", "fa0", "x"));
  // U+180E is no white space, U+0085 is; Join_Control is of words in Rust alone.
  EXPECT_THAT(strings("\\s", Dialect::rust, "a\u180Eb\u0085c"), ElementsAre("a\u180Eb", "\u0085", "c"));
  EXPECT_THAT(strings("\\w+", Dialect::rust, "a\u200Db-"), ElementsAre("a\u200Db", "-"));
  EXPECT_THAT(strings("\\w+", Dialect::oniguruma, "a\u200Db-"), ElementsAre("a", "\u200D", "b", "-"));
  // The long s is an s where case is ignored; \v is one character; a script is without its extensions.
  EXPECT_THAT(strings("(?i:'s)", Dialect::rust, "a'\u017F"), ElementsAre("a", "'\u017F"));
  EXPECT_THAT(strings("\\v", Dialect::rust, "\n\v"), ElementsAre("\n", "\v"));
  EXPECT_THAT(strings("\\p{Han}+", Dialect::rust, "\u4E2D\u3001"), ElementsAre("\u4E2D", "\u3001"));
}

TEST(Patterns, ThatWouldBeReadDifferentlyAreRefusedByName) {
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"a\\Kb", "\\K"},
      {"(?m:a)", "(?m"},
      {"a(?i)b", "flag"},
      {"[[:alpha:]]", "class within a class"},
      {"\\X", "\\X"},
      {"(?R)", "(?R"},
      {"(*FAIL)", "(*"},
      {"[a[b]]", "class within a class"},
      {"(a)\\1", "\\1"},
      {"\\p{Foo}", "\\p{Foo}"},
      {"[\\W]", "\\W in a class"},
      {"\\Qa\\E", "\\Q"},
      {"a{,3}", "{,n}"},
      {"*", "nothing to repeat"},
      {"a**", "nothing to repeat"},
      {"(a", "without its )"},
      {"a)", "without its group"},
      {"[a", "without its ]"},
      {"\\", "ends the expression"},
      {"(?i:\\p{Lu})", "case is ignored"},
      {"\xff", "no UTF-8"},
      {"\\x{110000}", "no code point"},
      {"(?<=a+)b", "does not compile"},
      {"\\xE4", "byte by"},
  };
  for (const auto& [pattern, part] : refused) {
    const std::vector<Rule> rules = {Split{pattern}};
    const auto splitter = make_splitter(rules);
    ASSERT_FALSE(splitter.has_value()) << pattern;
    EXPECT_EQ(splitter.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(splitter.error().message, HasSubstr(part));
  }
}

TEST(Patterns, ThatNestDeeplyAreRefused) {
  for (const std::string& pattern : {std::string(100'000, '('), std::string(1000, '(') + std::string(1000, ')'),
                                     std::string(300'000, 'a'), std::string("((a{1,500}){1,500}){1,500}")}) {
    const std::vector<Rule> rules = {Split{pattern}};
    EXPECT_FALSE(make_splitter(rules).has_value()) << pattern.substr(0, 20);
  }
}

}  // namespace
}  // namespace tribute::pretokenize
