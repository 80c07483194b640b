#include "pretokenize/normalizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include "base/testing/stride.h"
#include "pretokenize/testing/splits.h"
#include "pretokenize/testing/texts.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize {
namespace {

using ::testing::ElementsAre;
using testing::spelled;

constexpr Form kForms[] = {Form::nfc, Form::nfd, Form::nfkc, Form::nfkd};

std::string normalized(const Normalizer& normalizer, std::string_view text) {
  const auto result = normalizer.normalize(text);
  EXPECT_TRUE(result.has_value());
  if (!result.has_value() || !result->has_value()) return std::string(text);
  EXPECT_NE((**result).text, text) << "a copy of what stays as it is";
  return (**result).text;
}
std::string normalized(Normalization step, std::string_view text) {
  return normalized(Normalizer({std::move(step)}), text);
}

// The naive twin: the whole of each well-formed stretch through utf8proc.
std::string naively_normalized(Form form, std::string_view text) {
  constexpr std::array<int, 4> kOptions = {UTF8PROC_COMPOSE, UTF8PROC_DECOMPOSE, UTF8PROC_COMPOSE | UTF8PROC_COMPAT,
                                           UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT};
  std::string result;
  std::string stretch;
  const auto finish = [&] {
    utf8proc_uint8_t* bytes = nullptr;
    const auto size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(stretch.data()), static_cast<utf8proc_ssize_t>(stretch.size()),
        &bytes, static_cast<utf8proc_option_t>(kOptions[static_cast<size_t>(form)] | UTF8PROC_STABLE));
    EXPECT_GE(size, 0);
    result.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
    std::free(bytes);  // NOLINT: utf8proc hands out memory of malloc()
    stretch.clear();
  };
  for (size_t i = 0; i < text.size();) {
    const Character character = decode(text.data() + i, text.data() + text.size());
    const std::string_view bytes = text.substr(i, character.size);
    if (character.is_well_formed()) {
      stretch += bytes;
    } else {
      finish();
      result += bytes;
    }
    i += character.size;
  }
  finish();
  return result;
}

void expect_origins(std::string_view text, const NormalizedText& result) {
  ASSERT_EQ(result.origins.size(), result.text.size() + 1);
  EXPECT_EQ(result.origins.back(), text.size());
  EXPECT_TRUE(std::ranges::is_sorted(result.origins)) << spelled(text);
}

void expect_as_twin(Form form, std::string_view text) {
  const Normalizer normalizer({form});
  const auto result = normalizer.normalize(text);
  ASSERT_TRUE(result.has_value());
  const std::string twin = naively_normalized(form, text);
  ASSERT_TRUE(normalizer.may_change(text) || twin == text) << spelled(text);
  if (!result->has_value()) {
    ASSERT_EQ(twin, text) << spelled(text);
    return;
  }
  ASSERT_EQ(spelled((*result)->text), spelled(twin)) << "form " << static_cast<int>(form) << " of " << spelled(text);
  expect_origins(text, **result);
}

TEST(Normalizer, KnowsTheFormsOfTheStandard) {
  // Lines of NormalizationTest.txt of the Unicode Character Database: source, NFC, NFD, NFKC, NFKD.
  const std::vector<std::vector<std::string>> lines = {
      {"\u1E0A", "\u1E0A", "D\u0307", "\u1E0A", "D\u0307"},
      {"\u1E0A\u0323", "\u1E0C\u0307", "D\u0323\u0307", "\u1E0C\u0307", "D\u0323\u0307"},
      {"\u00A0", "\u00A0", "\u00A0", " ", " "},
      {"\uFB01", "\uFB01", "\uFB01", "fi", "fi"},
      {"\u212B", "\u00C5", "A\u030A", "\u00C5", "A\u030A"},
      {"\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C"},
      {"\uAC00\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8"},
      {"\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8"},
      {"a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b", "a\u05AE\u0300\u0300\u0315b",
       "\u00E0\u05AE\u0300\u0315b", "a\u05AE\u0300\u0300\u0315b"},
      {"\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E"},
  };
  for (const auto& line : lines) {
    for (size_t form = 0; form < std::size(kForms); ++form) {
      EXPECT_EQ(spelled(normalized(kForms[form], line[0])), spelled(line[form + 1])) << spelled(line[0]);
    }
  }
}

TEST(Normalizer, NormalizesEveryCharacterAsItsTwin) {
  std::mt19937_64 random(1);
  for (uint32_t code = 0x80; code < kCodePoints; code += kTestStride) {
    if (code >= 0xd800 && code < 0xe000) continue;
    if (NormalizationTable::get()[code] == 0 && random() % 64 != 0) continue;
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
    const std::string character(reinterpret_cast<const char*>(bytes.data()), static_cast<size_t>(size));
    for (const Form form : kForms) {
      expect_as_twin(form, character);
      expect_as_twin(form, "a" + character + "\u0301\u0323" + character + "x");
      expect_as_twin(form, "\u1100" + character + "\xff" + character + "\u1161");
    }
  }
}

TEST(Normalizer, NormalizesRandomTextsAsItsTwin) {
  std::mt19937_64 random(2);
  for (uint32_t i = 0; i < 20'000; i += kTestStride) {
    const std::string text = testing::nasty_text(random, 20);
    for (const Form form : kForms) expect_as_twin(form, text);
  }
}

TEST(Normalizer, LeavesWhatIsNormalized) {
  const Normalizer normalizer({Form::nfc});
  for (const std::string text :
       {"", "plain ASCII of more than sixteen bytes", "\u00E9t\u00E9", "\u4E2D\u6587", "\xff\xfe"}) {
    EXPECT_FALSE(normalizer.may_change(text));
    EXPECT_EQ(normalizer.normalize(text), Result<std::optional<NormalizedText>>(std::nullopt));
  }
  EXPECT_TRUE(Normalizer({}).is_identity());
  EXPECT_FALSE(normalizer.is_identity());
}

TEST(Normalizer, KnowsWhereBytesComeFrom) {
  const auto result = Normalizer({Form::nfc}).normalize("xe\u0301!\u1E0A\u0323");
  ASSERT_TRUE(result.has_value() && result->has_value());
  EXPECT_EQ((**result).text, "x\u00E9!\u1E0C\u0307");
  EXPECT_THAT((**result).origins, ElementsAre(0, 1, 1, 4, 5, 5, 5, 5, 5, 10));
}

TEST(Normalizer, ReplacesAndPrepends) {
  EXPECT_EQ(normalized(Replace{" ", "\u2581"}, "a b  c"), "a\u2581b\u2581\u2581c");
  EXPECT_EQ(normalized(Replace{"aa", "a"}, "aaaaa"), "aaa");
  EXPECT_EQ(normalized(Replace{"a", ""}, "banana"), "bnn");
  EXPECT_EQ(normalized(Prepend{"\u2581"}, "a"), "\u2581\x61");
  EXPECT_EQ(normalized(Prepend{"\u2581"}, ""), "");
  EXPECT_EQ(normalized(Prepend{" ", true}, " a"), " a");
  EXPECT_EQ(normalized(Prepend{" ", true}, "a"), " a");
  const auto result = Normalizer({Prepend{"_"}, Replace{" ", "_"}, Replace{"__", "="}}).normalize(" ab");
  ASSERT_TRUE(result.has_value() && result->has_value());
  EXPECT_EQ((**result).text, "=ab");
  EXPECT_THAT((**result).origins, ElementsAre(0, 1, 2, 3));
  // Steps that undo each other leave the text as it is.
  EXPECT_EQ(Normalizer({Replace{"a", "b"}, Replace{"b", "a"}}).normalize("a"),
            Result<std::optional<NormalizedText>>(std::nullopt));
}

TEST(Normalizer, OrdersLongRowsOfMarksInLittleTime) {
  // By insertion, 200,000 marks would take 10^10 moves.
  std::string text = "a";
  for (int i = 0; i < 100'000; ++i) text += "\u0301\u0323";
  std::string ordered = "\u1EA1";
  for (int i = 1; i < 100'000; ++i) ordered += "\u0323";
  for (int i = 0; i < 100'000; ++i) ordered += "\u0301";
  EXPECT_EQ(normalized(Form::nfc, text), ordered);
}

}  // namespace
}  // namespace tribute::pretokenize
