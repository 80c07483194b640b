#include "tlog/tile.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/bytes.h"

namespace tribute::tlog {
namespace {

TEST(Tile, IsItsHashes) {
  const std::vector<Hash256> hashes = {sha256("a"), sha256("b")};
  const std::string bytes = encode_tile(hashes);
  EXPECT_EQ(bytes, std::string(hashes[0].view()) + std::string(hashes[1].view()));
  EXPECT_EQ(parse_tile(bytes, 2), hashes);
  for (const auto& [text, width] : {std::pair(bytes, 1U), {bytes, 3U}, {bytes + "x", 2U}, {"", 1U}}) {
    const auto parsed = parse_tile(text, width);
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, ErrorCode::data_loss);
  }
}

TEST(Bundle, IsLengthsAndEntries) {
  const std::vector<std::string> entries = {"one", "", std::string(kMaxEntryBytes, 'x')};
  const std::string bytes = encode_bundle(entries);
  EXPECT_EQ(bytes.substr(0, 9), std::string("\0\3one\0\0\xFF\xFF", 9));
  EXPECT_EQ(bytes.size(), 6 + 3 + kMaxEntryBytes);
  EXPECT_EQ(parse_bundle(bytes, 3), std::vector<std::string_view>(entries.begin(), entries.end()));
}

TEST(Bundle, RefusesAnotherNumberOfEntries) {
  const std::string bytes = encode_bundle(std::vector<std::string>{"one", "two"});
  EXPECT_EQ(parse_bundle(bytes, 1).error().message, "the bundle has 5 bytes after its 1 entries");
  EXPECT_EQ(parse_bundle(bytes, 3).error().message, "the bundle ends inside entry 2 of 3");
  EXPECT_EQ(parse_bundle(bytes.substr(0, 9), 2).error().message, "the bundle ends inside entry 1 of 2");
  EXPECT_EQ(parse_bundle(bytes.substr(0, 6), 2).error().code, ErrorCode::data_loss);
  EXPECT_FALSE(parse_bundle("", 1).has_value());
}

TEST(Bundle, WhatParsesEncodesToTheSameBytes) {
  EXPECT_TRUE(rc::check("entries come back", [](const std::vector<std::string>& entries) {
    const auto width = static_cast<uint32_t>(entries.size());
    const std::string bytes = encode_bundle(entries);
    const auto parsed = parse_bundle(bytes, width);
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(std::vector<std::string>(parsed->begin(), parsed->end()) == entries);
  }));
  EXPECT_TRUE(rc::check("random bytes are read back or refused", [](std::string bytes) {
    for (char& c : bytes) c = static_cast<char>(c & 3);  // short lengths, so that some parse
    const auto width = *rc::gen::inRange<uint32_t>(0, 6);
    const auto entries = parse_bundle(bytes, width);
    if (entries) RC_ASSERT(encode_bundle(std::vector<std::string>(entries->begin(), entries->end())) == bytes);
  }));
}

}  // namespace
}  // namespace tribute::tlog
