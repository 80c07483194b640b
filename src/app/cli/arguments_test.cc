#include "cli/arguments.h"

#include <gtest/gtest.h>

#include <limits>

#include "io/memory_file_system.h"

namespace tribute::cli {
namespace {

TEST(ParseCount, TakesWholeNumbersAsPeopleWriteThem) {
  const std::pair<std::string_view, uint64_t> cases[] = {
      {"0", 0},
      {"7", 7},
      {"0007", 7},
      {"7000000000", 7'000'000'000},
      {"7e9", 7'000'000'000},
      {"7E9", 7'000'000'000},
      {"7e+9", 7'000'000'000},
      {"7e0", 7},
      {"7.0", 7},
      {"7.000e0", 7},
      {"1.5e9", 1'500'000'000},
      {"1.5e1", 15},
      {"0e18", 0},
      {"0e99", 0},
      {"7B", 7'000'000'000},
      {"7G", 7'000'000'000},
      {"1.5B", 1'500'000'000},
      {"124M", 124'000'000},
      {"350k", 350'000},
      {"1.4T", 1'400'000'000'000},
      {"0.001k", 1},
      {"9223372036854775807", std::numeric_limits<int64_t>::max()},
      {"9.223372036854775807e18", std::numeric_limits<int64_t>::max()},
      {"00000000000000000000000000001", 1},
  };
  for (const auto& [text, count] : cases) EXPECT_EQ(parse_count(text), count) << text;
}

TEST(ParseBytes, ReadsWhatIsMoreThanNothing) {
  EXPECT_EQ(parse_bytes("--memory", "500M"), 500'000'000U);
  for (const std::string_view text : {"0", "", "all", "1.5", "99999999999T"}) {
    const auto bytes = parse_bytes("--memory", text);
    ASSERT_FALSE(bytes.has_value()) << text;
    EXPECT_EQ(bytes.error().code, ErrorCode::invalid_argument) << text;
    EXPECT_EQ(bytes.error().message,
              "--memory: '" + std::string(text) + "' is no number of bytes; write it as 2G, 500M or 2000000000");
  }
}

TEST(ParseCount, RefusesWhatIsNoWholeNumber) {
  for (const std::string_view text :
       {"",      "k",     "e9",    ".",    ".5k", "5.", "5.k", "-1",   "+1",  "1.5",   "1.23e1", "1e",    "1e-1",
        "1e1.5", "1 000", "1,000", "0x10", "7b",  "7K", "7kk", "7e9k", "7 B", "seven", "1e9e9",  "1..5k", "∞"}) {
    const auto count = parse_count(text);
    ASSERT_FALSE(count.has_value()) << text;
    EXPECT_EQ(count.error().code, ErrorCode::invalid_argument) << text;
    EXPECT_NE(count.error().message.find("'" + std::string(text) + "'"), std::string::npos) << count.error().message;
  }
}

TEST(ParseCount, RefusesWhatIsTooLarge) {
  for (const std::string_view text : {"9223372036854775808", "9.223372036854775808e18", "1e19", "1e99",
                                      "1e18446744073709551615", "10000000T", "99999999999999999999999999"}) {
    const auto count = parse_count(text);
    ASSERT_FALSE(count.has_value()) << text;
    EXPECT_EQ(count.error().code, ErrorCode::out_of_range) << text;
  }
}

// What a number and an exponent within 64 bits mean, by repeated multiplication.
TEST(ParseCount, IsExactForEveryShiftOfThePoint) {
  for (const std::string digits : {"1", "12", "120", "1230", "98765"}) {
    for (size_t point = 1; point <= digits.size(); ++point) {
      for (uint64_t exponent = 0; exponent < 12; ++exponent) {
        const std::string fraction = digits.substr(point);
        uint64_t value = std::stoull(digits);
        bool whole = true;
        for (uint64_t i = 0; i < exponent; ++i) value *= 10;
        for (size_t i = 0; i < fraction.size(); ++i) {
          whole = whole && value % 10 == 0;
          value /= 10;
        }
        const std::string text =
            digits.substr(0, point) + (fraction.empty() ? "" : "." + fraction) + "e" + std::to_string(exponent);
        const auto count = parse_count(text);
        EXPECT_EQ(count.has_value(), whole) << text;
        EXPECT_EQ(count.value_or(value), value) << text;
      }
    }
  }
}

TEST(ParseInteger, KeepsToItsRange) {
  EXPECT_EQ(parse_integer("--n", "0", 0, 10), 0U);
  EXPECT_EQ(parse_integer("--n", "10", 0, 10), 10U);
  EXPECT_EQ(parse_integer("--n", "4294967295", 0, UINT32_MAX), UINT32_MAX);
  for (const std::string_view text : {"", "11", "-1", "+1", "1.0", "4294967296", "18446744073709551616", " 1", "x"}) {
    const auto value = parse_integer("--n", text, 0, 10);
    ASSERT_FALSE(value.has_value()) << text;
    EXPECT_EQ(value.error().message, "--n must be a whole number from 0 to 10, not '" + std::string(text) + "'");
  }
}

TEST(ParseAmountOf, NamesTheOption) {
  EXPECT_EQ(parse_amount_of("--rate-in", "200000"), Amount(200'000));
  const auto negative = parse_amount_of("--rate-in", "-5");
  ASSERT_FALSE(negative.has_value());
  EXPECT_EQ(negative.error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(negative.error().message.starts_with("--rate-in: ")) << negative.error().message;
  EXPECT_EQ(parse_amount_of("--rate-in", "9223372036854775808").error().code, ErrorCode::out_of_range);
}

TEST(ParseYesNo, TakesTheTwoWords) {
  EXPECT_EQ(parse_yes_no("--coverage-scaled", "yes"), true);
  EXPECT_EQ(parse_yes_no("--coverage-scaled", "no"), false);
  EXPECT_EQ(parse_yes_no("--coverage-scaled", "true").error().message,
            "--coverage-scaled must be yes or no, not 'true'");
}

TEST(ParseDatapointLimit, IsTenInJsonUnlessGiven) {
  EXPECT_EQ(parse_datapoint_limit(std::nullopt, true), 10U);
  EXPECT_EQ(parse_datapoint_limit(std::nullopt, false), 3U);
  EXPECT_EQ(parse_datapoint_limit("0", true), 0U);
  EXPECT_FALSE(parse_datapoint_limit("many", true).has_value());
}

TEST(ParseSplit, TakesEachPartOnce) {
  record::Terms terms;
  ASSERT_TRUE(parse_split("contributors=7000,model=2000,stakers=1000", terms).has_value());
  EXPECT_EQ(terms.model_basis_points, 2'000U);
  EXPECT_EQ(terms.stakers_basis_points, 1'000U);
  EXPECT_EQ(terms.contributors_basis_points, 7'000U);
  ASSERT_TRUE(parse_split("contributors=10000", terms).has_value());
  EXPECT_EQ(terms.model_basis_points, 0U);
  EXPECT_EQ(terms.stakers_basis_points, 0U);
  EXPECT_EQ(terms.contributors_basis_points, 10'000U);
}

TEST(ParseSplit, RefusesOtherParts) {
  for (const std::string_view text : {"", "model", "model=", "model=1,", ",model=1", "model=1,model=2", "owner=1",
                                      "model=-1", "model=10001", "model=1;stakers=2", "model=1, stakers=2", "=5"}) {
    record::Terms terms;
    const auto split = parse_split(text, terms);
    ASSERT_FALSE(split.has_value()) << text;
    EXPECT_EQ(split.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(split.error().message.find("--split"), std::string::npos) << split.error().message;
  }
}

TEST(ParseDatanetShare, TakesANameWithOrWithoutPermille) {
  const auto plain = parse_datanet_share("harbour");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->name, "harbour");
  EXPECT_EQ(plain->treasury_permille, 0U);
  const auto shared = parse_datanet_share("harbour=50");
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(shared->name, "harbour");
  EXPECT_EQ(shared->treasury_permille, 50U);
  for (const std::string_view text : {"harbour=", "harbour=1001", "harbour=-1", "harbour=5=5", "harbour=half"}) {
    EXPECT_FALSE(parse_datanet_share(text).has_value()) << text;
  }
}

class ParseKey : public testing::Test {
 protected:
  void write(const std::string& path, std::string_view content) {
    ASSERT_TRUE(io::write_file_atomically(files_, path, content).has_value());
  }

  io::MemoryFileSystem files_;
  PrivateKey private_key_ = *private_key_from_seed(KeyKind::secp256k1, std::string(32, '\x11'));
  PublicKey key_ = public_key_of(private_key_);
};

TEST_F(ParseKey, TakesTheKeyItself) { EXPECT_EQ(parse_key(files_, key_.text()), key_); }

TEST_F(ParseKey, TakesAFileWithEitherKey) {
  write("public", key_.text() + "\n");
  write("private", private_key_.text() + "\r\n");
  for (const std::string_view argument : {"public", "@public", "private", "@private"}) {
    EXPECT_EQ(parse_key(files_, argument), key_) << argument;
  }
}

TEST_F(ParseKey, NamesWhatIsWrong) {
  write("other", "hello");
  write("large", std::string(5'000, 'x'));
  EXPECT_EQ(parse_key(files_, "ed25519:12").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(parse_key(files_, "absent").error().code, ErrorCode::not_found);
  EXPECT_TRUE(parse_key(files_, "@other").error().message.starts_with("other: "));
  EXPECT_FALSE(parse_key(files_, "large").has_value());
}

}  // namespace
}  // namespace tribute::cli
