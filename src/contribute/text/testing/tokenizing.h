// What tests of tokenizers share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "text/bpe_tokenizer.h"
#include "text/hugging_face.h"
#include "text/testing/json_file.h"

namespace tribute::text::testing {

using Strings = std::vector<std::string>;

inline std::unique_ptr<BpeTokenizer> made(const JsonFile& file) {
  auto tokenizer = read_hugging_face_tokenizer(file.text());
  EXPECT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  return tokenizer ? *std::move(tokenizer) : nullptr;
}

// The bytes of the text that each token has.
inline Strings cut(const Tokenizer& tokenizer, std::string_view text, const EncodeOptions& options = {}) {
  const auto encoded = tokenizer.encode_with_ranges(text, options);
  EXPECT_TRUE(encoded.has_value());
  EXPECT_EQ(tokenizer.encode(text, options), encoded->tokens);
  Strings parts;
  for (const ByteRange range : encoded->ranges) parts.emplace_back(text.substr(range.begin, range.end - range.begin));
  return parts;
}

// What every tokenizer promises of every text.
inline void check_promises(const Tokenizer& tokenizer, std::string_view text) {
  const auto encoded = tokenizer.encode_with_ranges(text);
  ASSERT_TRUE(encoded.has_value()) << encoded.error().message;
  EXPECT_EQ(tokenizer.encode(text), encoded->tokens);
  ASSERT_EQ(encoded->ranges.size(), encoded->tokens.size());
  uint32_t end = 0;
  for (const ByteRange range : encoded->ranges) {
    EXPECT_EQ(range.begin, end);
    EXPECT_LE(range.begin, range.end);
    end = range.end;
  }
  EXPECT_TRUE(encoded->tokens.empty() || end == text.size());
  const auto decoded = tokenizer.decode(encoded->tokens);
  ASSERT_TRUE(decoded.has_value());
  const auto stream = tokenizer.make_stream_decoder();
  for (int twice = 0; twice < 2; ++twice) {
    std::string streamed;
    for (const TokenId token : encoded->tokens) streamed += stream->push(token).value();
    streamed += stream->finish();
    EXPECT_EQ(streamed, *decoded);
  }
}

// Emoji, combining marks, CJK, invalid UTF-8, NUL, special strings, white space, and random bytes.
inline Strings nasty_texts() {
  using namespace std::string_literals;
  Strings texts{"",
                " ",
                "  a  b ",
                "\n\r\n\t x",
                "hello, world's 1234 ids!",
                "e\u0301\u0301 \u1100\u1161\u11a8",
                "中文字符 テスト 한국어",
                "👩‍👩‍👧‍👦🏳️‍🌈",
                "\xff\xfe\x80 \xc3(\xe4\xb8"s,
                "a\0b\0"s,
                "<|endoftext|></s><s>",
                "▁x ▁",
                "\u00a0\u2003\u3000x",
                std::string(300, ' '),
                std::string(300, 'a'),
                std::string(200, '\xcc')};
  std::mt19937_64 random(5);
  for (int i = 0; i < 60; ++i) {
    std::string text;
    while (text.size() < 40) {
      switch (random() % 4) {
        case 0: text += static_cast<char>(random()); break;
        case 1: text += texts[random() % 14].substr(0, 9); break;
        default: text += static_cast<char>('a' + random() % 4);
      }
    }
    texts.push_back(text);
  }
  return texts;
}

}  // namespace tribute::text::testing
