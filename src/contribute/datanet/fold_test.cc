#include "datanet/fold.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <utf8proc.h>

#include <cstdlib>
#include <set>
#include <vector>

#include "base/bytes.h"
#include "base/testing/stride.h"

namespace tribute::datanet {
namespace {

using namespace std::string_literals;

// The twin: whole well-formed runs at once, as code points, with the white space written out.
std::string normalise_run(const std::string& run) {
  utf8proc_uint8_t* buffer = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(run.data()), static_cast<utf8proc_ssize_t>(run.size()),
                   &buffer, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  std::string result(reinterpret_cast<char*>(buffer), static_cast<size_t>(size));
  std::free(buffer);  // NOLINT: utf8proc hands out memory of malloc()
  return result;
}

std::string naive_folded_text(const std::string& text) {
  // Symbols: a character, or an ill-formed byte as it is.
  std::vector<std::string> symbols;
  const auto add_run = [&](const std::string& run) {
    const std::string normal = normalise_run(run);
    for (size_t i = 0; i < normal.size();) {
      size_t length = 1;
      while (!is_valid_utf8(std::string_view(normal).substr(i, length))) ++length;
      symbols.push_back(normal.substr(i, length));
      i += length;
    }
  };
  std::string run;
  for (size_t i = 0; i < text.size();) {
    size_t length = 1;
    while (length <= 4 && i + length <= text.size() && !is_valid_utf8(std::string_view(text).substr(i, length))) {
      ++length;
    }
    if (length <= 4 && i + length <= text.size()) {
      run += text.substr(i, length);
      i += length;
    } else {
      add_run(run);
      run.clear();
      symbols.push_back(text.substr(i, 1));
      ++i;
    }
  }
  add_run(run);

  static const std::set<std::string> white_space = {
      "\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085", "\u00A0", "\u1680",
      "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
      "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};
  std::string folded;
  for (const std::string& symbol : symbols) {
    if (!white_space.contains(symbol)) {
      folded += symbol;
    } else if (!folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

TEST(Fold, ExamplesOfEachRule) {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {" \r\n\t", ""},
      {"  one\r\n\r\n two\u3000\u00a0three ", "one two three"},
      {"\uFB01ne \u2460 \uFF21\uFF22", "fine 1 AB"},     // ligature, circled digit, full-width letters
      {"cafe\u0301", "caf\u00e9"},                       // combining acute composes with the ASCII letter
      {"\u1112\u1161\u11ab", "\ud55c"},                  // jamo compose
      {"a\u0323\u0307", "\u1ea1\u0307"},                 // marks in canonical order
      {"a\u0307\u0323", "\u1ea1\u0307"},                 // and out of it
      {"x\u00a8y", "x \u0308y"},                         // a space that the normal form makes is white space too
      {"\u200b|\u180e|\ufeff", "\u200b|\u180e|\ufeff"},  // these are no white space
      {"a\0b"s, "a\0b"s},
  };
  for (const auto& [text, folded] : cases) {
    EXPECT_EQ(folded_text(text), folded) << text;
    EXPECT_EQ(folded_hash(text), sha256(folded)) << text;
  }
}

TEST(Fold, IllFormedBytesStayAndPartWhatTheyStandBetween) {
  EXPECT_EQ(folded_text("e\xff\u0301"), "e\xff\u0301") << "the mark does not reach over the byte";
  EXPECT_EQ(folded_text("\xff  \xfe "), "\xff \xfe");
  EXPECT_EQ(folded_text("\xed\xa0\x80"), "\xed\xa0\x80") << "a surrogate is no character";
  EXPECT_EQ(folded_text("\xc0\xa0"), "\xc0\xa0") << "an overlong space is no space";
  EXPECT_EQ(folded_text("x\xe2\x80"), "x\xe2\x80") << "a cut character";
}

TEST(Fold, EqualsTheNaiveTwin) {
  EXPECT_TRUE(rc::check([] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "a", "e", " ", "\n", "\u0301", "\u0323", "\u0307", "\u00e9", "\u1112", "\u1161", "\u11ab", "\uac00", "\u3000",
        "\u00a0", "\u2028", "\ufb01", "\u00a8", "\uff21", "\u4e2d", "\U0001F600", "\xff", "\xe2", "\x80", "\xf0\x9f",
        "\0"s, "\u0f71", "\u0f72", "\u09c7", "\u09be", "\u0338", "<", "=", "\u200d", "\ufdfa"));
    std::string text;
    for (const auto& piece : pieces) text += piece;
    RC_ASSERT(folded_text(text) == naive_folded_text(text));
  }));
}

TEST(Fold, EqualsTheNaiveTwinForEveryCharacterAfterALetter) {
  for (utf8proc_int32_t c = 0; c < 0x110000; c += kTestStride) {
    if (c >= 0xD800 && c < 0xE000) continue;
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(c, bytes);
    const std::string text = "e" + std::string(reinterpret_cast<char*>(bytes), static_cast<size_t>(size)) + "o";
    ASSERT_EQ(folded_text(text), naive_folded_text(text)) << std::hex << c;
  }
}

TEST(Fold, FoldingTwiceChangesNothing) {
  EXPECT_TRUE(rc::check([](const std::string& text) {
    const std::string once = folded_text(text);
    RC_ASSERT(folded_text(once) == once);
  }));
}

}  // namespace
}  // namespace tribute::datanet
