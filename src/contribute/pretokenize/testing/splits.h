// Cutting in tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "pretokenize/rules.h"

namespace tribute::pretokenize::testing {

inline std::unique_ptr<Splitter> splitter_of(std::vector<Rule> rules, bool scanners = true) {
  auto splitter = make_splitter(rules, {.scanners = scanners});
  EXPECT_TRUE(splitter.has_value()) << (splitter ? "" : splitter.error().message);
  return splitter ? std::move(*splitter) : nullptr;
}

// The whole text's pieces.
inline std::vector<Piece> pieces_of(const Splitter& splitter, std::string_view text) {
  std::vector<Piece> pieces;
  const auto end = splitter.split(text, {0, static_cast<uint32_t>(text.size())}, pieces);
  EXPECT_TRUE(end.has_value()) << (end ? "" : end.error().message);
  EXPECT_EQ(end.value_or(UINT32_MAX), text.size());
  return pieces;
}

// The same as strings.
inline std::vector<std::string> strings_of(const Splitter& splitter, std::string_view text) {
  std::vector<std::string> strings;
  for (const Piece& piece : pieces_of(splitter, text))
    strings.emplace_back(text.substr(piece.begin, piece.end - piece.begin));
  return strings;
}

inline std::vector<std::string> strings_of(std::vector<Rule> rules, std::string_view text) {
  return strings_of(*splitter_of(std::move(rules)), text);
}

// The text in C's spelling, for messages.
inline std::string spelled(std::string_view text) {
  std::string spelling;
  for (const char byte : text) {
    if (byte >= ' ' && byte <= '~') {
      spelling += byte;
    } else {
      spelling += "\\x" + to_hex(std::string_view(&byte, 1));
    }
  }
  return spelling;
}

}  // namespace tribute::pretokenize::testing
