#include "text/training.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <map>

#include "text/hugging_face.h"

namespace tribute::text {
namespace {

std::map<std::string, uint64_t> as_map(const PieceCounts& counts, uint64_t min_count = 1) {
  std::map<std::string, uint64_t> map;
  for (const bpe::CountedPiece& piece : counts.pieces(min_count)) {
    EXPECT_TRUE(map.emplace(piece.bytes, piece.count).second) << "twice: " << piece.bytes;
  }
  return map;
}

PieceCounts counts_of(std::string_view text) {
  PieceCounts counts;
  EXPECT_TRUE(count_pieces(text, *make_training_splitter(), kMaxTrainedPieceBytes, counts).has_value());
  return counts;
}

TEST(PieceCounts, EqualAMap) {
  EXPECT_TRUE(rc::check([] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(
        rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', 'b', '\0', '\xff'))));
    std::map<std::string, uint64_t> expected;
    PieceCounts all;
    std::array<PieceCounts, 2> halves;
    for (size_t i = 0; i < pieces.size(); ++i) {
      expected[pieces[i]] += i % 3;
      RC_ASSERT(all.add(pieces[i], i % 3).has_value());
      RC_ASSERT(halves[i % 2].add(pieces[i], i % 3).has_value());
    }
    std::erase_if(expected, [](const auto& entry) { return entry.second == 0; });
    RC_ASSERT(halves[0].add(halves[1]).has_value());
    RC_ASSERT(as_map(all) == expected);
    RC_ASSERT(as_map(halves[0]) == expected);
    RC_ASSERT(all.size() == expected.size());
    std::erase_if(expected, [](const auto& entry) { return entry.second < 2; });
    RC_ASSERT(as_map(all, 2) == expected);
  }));
}

TEST(PieceCounts, GrowPastTheFirstSlots) {
  PieceCounts counts;
  constexpr int kPieces = 20'000;
  for (int round = 1; round <= 2; ++round) {
    for (int i = 0; i < kPieces; ++i) ASSERT_TRUE(counts.add("piece " + std::to_string(i)).has_value());
  }
  EXPECT_EQ(counts.size(), uint64_t{kPieces});
  EXPECT_EQ(counts.count("piece 19999"), 2U);
  EXPECT_EQ(counts.count("piece 20000"), 0U);
}

TEST(PieceCounts, AreThoseOfCl100k) {
  EXPECT_EQ(as_map(counts_of("I'll go, I'll go 12345")),
            (std::map<std::string, uint64_t>{
                {"I", 1}, {"'ll", 2}, {" go", 2}, {",", 1}, {" I", 1}, {" ", 1}, {"123", 1}, {"45", 1}}));
  EXPECT_EQ(as_map(counts_of(std::string(257, '-') + " " + std::string(255, 'a'))).size(), 1U)
      << "long ones are left out";
  // Longer than a stretch of the splitter.
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += "word and ";
  EXPECT_EQ(counts_of(text).count(" and"), 30'000U);
}

const std::string kText =
    "the cat and the hat and the bat sat; 中文中文中文 the <|endoftext|> thing\n\tfor (int i = 0; i < 10; ++i)\r\n"
    "the \xff\xfe bytes, naïve \"quotes\" and \\backslashes\\ \\ \"\" ''\x01\x01\x7f\x7f the the then";

TEST(Training, MakesAFileThatIsReadAsItWasTrained) {
  const auto json =
      train_tokenizer(counts_of(kText), {.entry_count = 320, .special_tokens = {"<|endoftext|>", "<|ein \"Wort\"|>"}});
  ASSERT_TRUE(json.has_value()) << json.error().message;
  const auto tokenizer = read_hugging_face_tokenizer(*json);
  ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  EXPECT_LE((*tokenizer)->vocabulary_size(), 320U);
  const auto encoded = (*tokenizer)->encode(kText);
  ASSERT_TRUE(encoded.has_value());
  EXPECT_LT(encoded->size(), kText.size() * 2 / 3);
  EXPECT_EQ((*tokenizer)->decode(*encoded), kText);
  // The merges are those of the definition, in its order.
  const PieceCounts counts = counts_of(kText);
  const auto definition = bpe::train(counts.pieces(), {.entry_count = 318, .max_entry_bytes = 32, .progress = {}});
  ASSERT_TRUE(definition.has_value());
  EXPECT_EQ((*tokenizer)->model().definition().merges, definition->merges);
  // Special tokens are the last entries, and plain text unless asked for.
  const auto last = TokenId((*tokenizer)->vocabulary_size() - 2);
  EXPECT_EQ((*tokenizer)->encode("<|endoftext|>", {.special_tokens = true}), std::vector{last});
  EXPECT_EQ((*tokenizer)->decode(std::vector{last}), "<|endoftext|>");
  EXPECT_GT((*tokenizer)->encode("<|endoftext|>")->size(), 1U);
}

TEST(Training, FileIsAFunctionOfTheCounts) {
  PieceCounts one;
  PieceCounts other;
  const PieceCounts counts = counts_of(kText);
  const auto all = counts.pieces();
  for (size_t i = 0; i < all.size(); ++i) {
    ASSERT_TRUE(one.add(all[i].bytes, all[i].count).has_value());
    ASSERT_TRUE(other.add(all[all.size() - 1 - i].bytes, all[all.size() - 1 - i].count).has_value());
  }
  const auto json = train_tokenizer(one, {.entry_count = 300});
  ASSERT_TRUE(json.has_value());
  EXPECT_EQ(train_tokenizer(other, {.entry_count = 300}), json);
  EXPECT_NE(train_tokenizer(other, {.entry_count = 300, .min_piece_count = 3}), json);
}

TEST(Training, RefusesWhatCannotBe) {
  const PieceCounts counts = counts_of(kText);
  const auto code_of = [&](const TrainingOptions& options) {
    const auto json = train_tokenizer(counts, options);
    return json ? ErrorCode::unknown : json.error().code;
  };
  EXPECT_EQ(code_of({.entry_count = 256}), ErrorCode::invalid_argument) << "no room for the special token";
  EXPECT_EQ(code_of({.entry_count = 257}), ErrorCode::unknown);
  EXPECT_EQ(code_of({.entry_count = 65'536}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of({.special_tokens = {""}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of({.special_tokens = {"a", "b", "a"}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of({.special_tokens = {"\xff"}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of({.special_tokens = {" the"}}), ErrorCode::invalid_argument) << "a word of the text";
  EXPECT_EQ(code_of({.special_tokens = {}}), ErrorCode::unknown);
}

}  // namespace
}  // namespace tribute::text
