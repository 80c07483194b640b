// Splitters by rules: the scanners against PCRE2, restarts, and texts made to take long.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/testing/stride.h"
#include "pretokenize/rules.h"
#include "pretokenize/testing/real_text.h"
#include "pretokenize/testing/splits.h"
#include "pretokenize/testing/texts.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::nasty_text;
using testing::pieces_of;
using testing::spelled;
using testing::splitter_of;
using testing::strings_of;

using Rules = std::vector<Rule>;

Split split(std::string_view pattern) { return {.pattern = std::string(pattern), .dialect = Dialect::rust}; }

constexpr std::string_view kCjk = "[\xe4\xb8\x80-\xe9\xbe\xa5\xe3\x81\x80-\xe3\x82\x9f\xe3\x82\xa0-\xe3\x83\xbf]+";
constexpr std::string_view kTekken = R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
                                     R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|)"
                                     R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

// What tokenizer files of the families say, each with and without scanners the same.
std::vector<Rules> families() {
  return {
      {split(gpt2_pattern())},
      {split(cl100k_pattern())},
      {split(tiktoken_cl100k_pattern())},
      {split(qwen2_pattern())},
      {split(o200k_pattern())},
      {split(kTekken)},
      {split("\\p{N}{1,3}"), split(kCjk), split(deepseek_v3_pattern())},
      {split("[\r\n]"), split(R"(\s?\p{L}+)"), split(R"(\s?\p{P}+)"),
       split("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"), Digits{.individual = true}},
      {Digits{.individual = true}, split(gpt2_pattern())},
      {Punctuation{Behaviour::contiguous}, split(gpt2_pattern()), Digits{}, split("[0-9][0-9][0-9]")},
      {Punctuation{}},
      {Punctuation{Behaviour::merged_with_previous}, Digits{}},
      {split(R"('(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s)")},
      {split(
          R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)")},
      {split(
          R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)")},
  };
}

// Expects that the rules cut the text in the same way with scanners and without.
class Twins {
 public:
  explicit Twins(const Rules& rules) : scanner_(splitter_of(rules)), twin_(splitter_of(rules, false)) {}
  void expect_same(std::string_view text) const {
    ASSERT_EQ(strings_of(*scanner_, text), strings_of(*twin_, text)) << spelled(text);
  }

 private:
  std::unique_ptr<Splitter> scanner_;
  std::unique_ptr<Splitter> twin_;
};

TEST(Splitter, CutsAsTheFamilies) {
  EXPECT_THAT(strings_of({split(gpt2_pattern())}, "Hello  world's 123 it'S!!  \n x  "),
              ElementsAre("Hello", " ", " world", "'s", " 123", " it", "'", "S", "!!", "  \n", " x", "  "));
  EXPECT_THAT(strings_of({split(cl100k_pattern())}, "I'M 1234 (ok)\n\n  x\t\n "),
              ElementsAre("I", "'M", " ", "123", "4", " (", "ok", ")\n\n", " ", " x", "\t\n", " "));
  EXPECT_THAT(strings_of({split(tiktoken_cl100k_pattern())}, "x\t\n "), ElementsAre("x", "\t\n "));
  EXPECT_THAT(strings_of({split(qwen2_pattern())}, "v12"), ElementsAre("v", "1", "2"));
  EXPECT_THAT(strings_of({split(o200k_pattern())}, "HTTPServer camelCase don't //\n"),
              ElementsAre("HTTPServer", " camel", "Case", " don't", " //\n"));
  EXPECT_THAT(strings_of({split("\\p{N}{1,3}"), split(kCjk), split(deepseek_v3_pattern())}, "a1234 \u4e2d\u6587!x"),
              ElementsAre("a", "123", "4", " ", "\u4e2d\u6587", "!x"));
  EXPECT_THAT(strings_of({Digits{.individual = true}, split(gpt2_pattern())}, "a 12"), ElementsAre("a", " ", "1", "2"));
  EXPECT_THAT(
      strings_of({Punctuation{Behaviour::contiguous}, split(gpt2_pattern()), Digits{}, split("[0-9][0-9][0-9]")},
                 "x?!12345"),
      ElementsAre("x", "?!", "123", "45"));
  EXPECT_THAT(strings_of({Whitespace{}}, " Hey, you_2 !?"), ElementsAre("Hey", ",", "you_2", "!?"));
  EXPECT_THAT(strings_of(Rules{}, "all of it"), ElementsAre("all of it"));
}

TEST(Splitter, SplitsAtLiterals) {
  const auto strings = [](Behaviour behaviour, bool invert) {
    return strings_of({Split{"-", true, behaviour, invert}}, "the-final--countdown");
  };
  // The examples of Hugging Face's documentation of Split.
  EXPECT_THAT(strings(Behaviour::removed, false), ElementsAre("the", "final", "countdown"));
  EXPECT_THAT(strings(Behaviour::isolated, false), ElementsAre("the", "-", "final", "-", "-", "countdown"));
  EXPECT_THAT(strings(Behaviour::merged_with_previous, false), ElementsAre("the-", "final-", "-", "countdown"));
  EXPECT_THAT(strings(Behaviour::merged_with_next, false), ElementsAre("the", "-final", "-", "-countdown"));
  EXPECT_THAT(strings(Behaviour::contiguous, false), ElementsAre("the", "-", "final", "--", "countdown"));
  EXPECT_THAT(strings(Behaviour::removed, true), ElementsAre("-", "-", "-"));
  EXPECT_THAT(strings_of({Split{".*", true}}, "a.*b"), ElementsAre("a", ".*", "b"));
  for (const std::string literal : {"", "\xff"}) {
    const Rules rules = {Split{literal, true}};
    EXPECT_EQ(make_splitter(rules).error().code, ErrorCode::invalid_argument);
  }
}

TEST(Splitter, ScannersAgreeWithPcre2OnRandomTexts) {
  std::mt19937_64 random(1);
  for (const Rules& rules : families()) {
    const Twins twins(rules);
    for (int i = 0; i < 2000; ++i) twins.expect_same(nasty_text(random, 20));
    for (int i = 0; i < 20; ++i) twins.expect_same(nasty_text(random, 1000));
  }
}

TEST(Splitter, ScannersAgreeWithPcre2OnAllShortTexts) {
  constexpr std::string_view kAlphabet[] = {" ", "\n", "\t", "a", "S", "'", "1", "!", "\xcc\x81", "\xc5\xbf", "\xff"};
  constexpr size_t kMostCharacters = 4;
  std::vector<Twins> twins;
  for (const Rules& rules : families()) twins.emplace_back(rules);
  for (size_t length = 0; length <= kMostCharacters; ++length) {
    size_t count = 1;
    for (size_t i = 0; i < length; ++i) count *= std::size(kAlphabet);
    for (size_t number = 0; number < count; ++number) {
      std::string text;
      for (size_t i = 0, rest = number; i < length; ++i, rest /= std::size(kAlphabet)) {
        text += kAlphabet[rest % std::size(kAlphabet)];
      }
      // The longest texts by the families that differ in more than digits.
      const size_t checked = length < kMostCharacters ? twins.size() : 7;
      for (size_t i = 0; i < checked; ++i) twins[i].expect_same(text);
    }
  }
}

TEST(Splitter, ScannersAgreeWithPcre2OnEveryCharacter) {
  // Characters assigned after Unicode 14.0 are left out: PCRE2 10.42 takes them for unassigned.
  const auto is_newer = [](uint32_t code) {
    constexpr std::pair<uint32_t, uint32_t> kNew[] = {
        {0x0cf3, 0x0cf3},   {0x0ece, 0x0ece},   {0x10efd, 0x10eff}, {0x1123f, 0x11241}, {0x11b00, 0x11b09},
        {0x11f00, 0x11f59}, {0x1342f, 0x1342f}, {0x13439, 0x13455}, {0x1b132, 0x1b132}, {0x1b155, 0x1b155},
        {0x1d2c0, 0x1d2d3}, {0x1df25, 0x1df2a}, {0x1e030, 0x1e08f}, {0x1e4d0, 0x1e4f9}, {0x1f6dc, 0x1f6dc},
        {0x1f774, 0x1f776}, {0x1f77b, 0x1f77f}, {0x1f7d9, 0x1f7d9}, {0x1fa75, 0x1fa77}, {0x1fa87, 0x1fa88},
        {0x1faad, 0x1faaf}, {0x1fabb, 0x1fabd}, {0x1fabf, 0x1fabf}, {0x1face, 0x1facf}, {0x1fada, 0x1fadb},
        {0x1fae8, 0x1fae8}, {0x1faf7, 0x1faf8}, {0x2b739, 0x2b739}, {0x31350, 0x323af}};
    return std::ranges::any_of(kNew, [code](auto range) { return range.first <= code && code <= range.second; });
  };
  const std::vector<Rules> rules = families();
  std::vector<Twins> twins(rules.begin(), rules.begin() + 8);
  std::string text;
  for (uint32_t code = 0; code < kCodePoints; code += kTestStride) {
    // Of ideographs and the unassigned, some.
    const bool is_one_of_many =
        (code >= 0x3400 && code < 0xa000) || (code >= 0xac00 && code < 0xd7a4) || code >= 0x20000;
    const bool is_surrogate = code >= 0xd800 && code < 0xe000;
    if (is_surrogate || is_newer(code) || (is_one_of_many && code % 61 != 0)) continue;
    testing::append_utf8(code, text);
    text += " a";
    testing::append_utf8(code, text);
    text += "1!";
    testing::append_utf8(code, text);
    if (text.size() < 1000) continue;
    for (const Twins& twin : twins) twin.expect_same(text);
    text.clear();
  }
}

TEST(Splitter, ScannersAgreeWithPcre2OnRealText) {
  const std::string text = testing::real_text(size_t{1} << 18);
  if (text.empty()) GTEST_SKIP() << "no shared/data beside the checkout";
  for (const Rules& rules : families()) Twins(rules).expect_same(text);
}

// Expects that the whole cut in stretches is the whole, and that cuttings that meet stay together.
void expect_restarts(const Splitter& splitter, std::string_view text, std::mt19937_64& random) {
  const auto size = static_cast<uint32_t>(text.size());
  const std::vector<Piece> whole = pieces_of(splitter, text);
  std::vector<Piece> pieces;
  std::set<uint32_t> boundaries;
  for (uint32_t begin = 0; begin < size;) {
    const uint32_t enough = begin + 1 + static_cast<uint32_t>(random() % 12);
    const auto end = splitter.split(text, {begin, enough}, pieces);
    ASSERT_TRUE(end.has_value());
    ASSERT_GE(*end, std::min(enough, size));
    boundaries.insert(begin = *end);
  }
  ASSERT_EQ(pieces, whole) << spelled(text);

  for (uint32_t begin = 0; begin < size; begin += decode(text.data() + begin, text.data() + size).size) {
    uint32_t meeting = begin;
    while (meeting < size && !boundaries.contains(meeting)) {
      pieces.clear();
      meeting = *splitter.split(text, {meeting, meeting + 1}, pieces);
    }
    pieces.clear();
    ASSERT_TRUE(splitter.split(text, {meeting, size}, pieces).has_value());
    const auto rest = std::ranges::lower_bound(whole, meeting, {}, &Piece::begin);
    ASSERT_EQ(pieces, std::vector<Piece>(rest, whole.end())) << spelled(text) << " from " << meeting;
  }
}

TEST(Splitter, MayBeginAgainAtEveryBoundary) {
  std::mt19937_64 random(2);
  std::vector<Rules> all = families();
  all.push_back({Whitespace{}});
  all.push_back({Split{"(?=[A-Z])"}});
  all.push_back({Split{"\\b"}, Digits{}});
  for (const Behaviour behaviour : {Behaviour::isolated, Behaviour::merged_with_previous, Behaviour::merged_with_next,
                                    Behaviour::contiguous, Behaviour::removed}) {
    for (const bool invert : {false, true}) {
      for (const char* const pattern : {"[a-z]", "\\s|l", "x*", "(?<=l)l"}) {
        all.push_back({Split{pattern, false, behaviour, invert}});
        all.push_back({Split{pattern, false, behaviour, invert}, split(gpt2_pattern())});
      }
    }
  }
  for (const Rules& rules : all) {
    const auto splitter = splitter_of(rules);
    for (int i = 0; i < 40; ++i) expect_restarts(*splitter, nasty_text(random, 16), random);
  }
}

TEST(Splitter, KnowsWhetherBytesAreDropped) {
  for (const Rules& rules : families()) EXPECT_TRUE(splitter_of(rules)->is_lossless());
  EXPECT_TRUE(splitter_of({})->is_lossless());
  for (const auto pattern : {gpt2_pattern(), cl100k_pattern(), o200k_pattern(), qwen2_pattern()}) {
    const std::string own(pattern);
    EXPECT_TRUE(splitter_of({Split{own, false, Behaviour::removed, true}})->is_lossless());
    EXPECT_FALSE(splitter_of({Split{own, false, Behaviour::removed, false}})->is_lossless());
  }
  EXPECT_FALSE(
      splitter_of({Split{std::string(deepseek_v3_pattern()), false, Behaviour::removed, true}})->is_lossless());
  EXPECT_FALSE(splitter_of({Whitespace{}})->is_lossless());
  EXPECT_FALSE(splitter_of({Digits{}, Split{" ", true, Behaviour::removed}})->is_lossless());
}

// Were any of this quadratic, it would take some 10^10 steps for each text.
constexpr size_t kHostileBytes = (size_t{1} << 18) / kTestStride;
constexpr std::string_view kHostileUnits[] = {
    " ",    "\n", "\t",           " \n",          "1",         "a",  "A",        "\xcc\x81", "!",
    "\xff", "'",  "\xe2\x80\x83", "\xe4\xb8\xad", "A\xcc\x81", "a1", "\xc2\xb2", "\x01"};

std::string repeated(std::string_view unit, size_t size) {
  std::string text;
  while (text.size() < size) text += unit;
  return text;
}

TEST(Splitter, ScannersTakeLinearTime) {
  for (const Rules& rules : families()) {
    const auto splitter = splitter_of(rules);
    for (const std::string_view unit : kHostileUnits) {
      const std::string text = "x" + repeated(unit, kHostileBytes) + "x";
      uint32_t end = 0;
      for (const Piece& piece : pieces_of(*splitter, text)) {
        ASSERT_EQ(piece.begin, end);
        end = piece.end;
      }
      ASSERT_EQ(end, text.size());
    }
  }
}

TEST(Splitter, ExpressionsEndOrAreRefused) {
  for (const std::string pattern :
       {"(a+)+b", "a+b", "(?:a|aa)+b", R"(\s+x)", R"(\s+\s+x)", "(?=.*b)a", "(?<=a)(?:.*)*!", ".*.*=.*",
        R"((?:\s|\S)*q)", R"(\d{1,3}(?=(?:\d{3})*\b))", "(?:(?:a{0,20}){0,20}){0,20}b"}) {
    const auto splitter = splitter_of({split(pattern)}, false);
    for (const std::string_view unit : {"a", " ", "1", "\xcc\x81", "\n"}) {
      const std::string text = repeated(unit, kHostileBytes);
      std::vector<Piece> pieces;
      const auto end = splitter->split(text, {0, static_cast<uint32_t>(text.size())}, pieces);
      if (end) continue;
      EXPECT_EQ(end.error().code, ErrorCode::resource_exhausted);
      EXPECT_THAT(end.error().message, HasSubstr(pattern));
      // The same bound again.
      pieces.clear();
      EXPECT_EQ(splitter->split(text, {0, static_cast<uint32_t>(text.size())}, pieces), end);
    }
  }
}

TEST(Splitter, RefusesExpressionsThatTakeTooLong) {
  const std::string text(kHostileBytes, 'a');
  for (const std::string_view pattern : {"(a+)+b", "a+b", "(?:a|aa)+b"}) {
    std::vector<Piece> pieces;
    const auto end = splitter_of({split(pattern)})->split(text, {0, static_cast<uint32_t>(text.size())}, pieces);
    ASSERT_FALSE(end.has_value()) << pattern;
    EXPECT_EQ(end.error().code, ErrorCode::resource_exhausted);
  }
}

}  // namespace
}  // namespace tribute::pretokenize
