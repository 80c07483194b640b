#include "base/bytes.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace tribute {
namespace {

using namespace std::string_literals;

TEST(Bytes, HexHasOneSpelling) {
  EXPECT_EQ(to_hex("\x00\xff\x1a"s), "00ff1a");
  EXPECT_EQ(from_hex("00ff1a"), "\x00\xff\x1a"s);
  EXPECT_FALSE(from_hex("0").has_value());
  EXPECT_FALSE(from_hex("FF").has_value());
  EXPECT_FALSE(from_hex("0g").has_value());
}

// The vectors of RFC 4648, section 10.
TEST(Bytes, Base64VectorsOfTheRfc) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Bytes, Base64RefusesOtherSpellings) {
  for (const char* bad : {"Zg", "Zg=", "Zg==\n", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v-_==", "Zm=v"}) {
    EXPECT_FALSE(from_base64(bad).has_value()) << bad;
  }
}

TEST(Bytes, HexAndBase64RoundTrip) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    RC_ASSERT(*from_hex(to_hex(bytes)) == bytes);
    RC_ASSERT(*from_base64(to_base64(bytes)) == bytes);
  }));
}

TEST(Bytes, IntegersAreLittleOrBigEndian) {
  std::string out;
  append_le16(out, 0x0102);
  append_le32(out, 0x01020304);
  append_le64(out, 0x0102030405060708);
  append_be16(out, 0x0102);
  append_be64(out, 0x0102030405060708);
  EXPECT_EQ(to_hex(out),
            "0201"
            "04030201"
            "0807060504030201"
            "0102"
            "0102030405060708");
  const std::string_view view = out;
  EXPECT_EQ(load_le16(view), 0x0102);
  EXPECT_EQ(load_le32(view.substr(2)), 0x01020304U);
  EXPECT_EQ(load_le64(view.substr(6)), 0x0102030405060708U);
  EXPECT_EQ(load_be16(view.substr(14)), 0x0102);
  EXPECT_EQ(load_be64(view.substr(16)), 0x0102030405060708U);
}

TEST(Bytes, Utf8AtTheEdgesOfEveryForm) {
  for (const auto& good : {"\x7f"s, "\xc2\x80"s, "\xdf\xbf"s, "\xe0\xa0\x80"s, "\xed\x9f\xbf"s, "\xee\x80\x80"s,
                           "\xef\xbf\xbf"s, "\xf0\x90\x80\x80"s, "\xf4\x8f\xbf\xbf"s, "\0"s}) {
    EXPECT_TRUE(is_valid_utf8(good)) << to_hex(good);
  }
  for (const auto& bad : {"\x80"s, "\xc0\x80"s, "\xc1\xbf"s, "\xe0\x9f\xbf"s, "\xed\xa0\x80"s, "\xf0\x8f\xbf\xbf"s,
                          "\xf4\x90\x80\x80"s, "\xf5\x80\x80\x80"s, "\xc2"s, "\xe2\x82"s, "\xff"s}) {
    EXPECT_FALSE(is_valid_utf8(bad)) << to_hex(bad);
  }
}

// The example of the Unicode standard, section 3.9, table 3-11 (Unicode 15).
TEST(Bytes, ReplacesMaximalSubparts) {
  const std::string replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(to_printable_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
            replacement + replacement + replacement + replacement + "A");
  EXPECT_EQ(to_printable_utf8("\xC0\xAF"), replacement + replacement);
  EXPECT_EQ(to_printable_utf8("caf\xC3\xA9"), "caf\xC3\xA9");
}

}  // namespace
}  // namespace tribute
