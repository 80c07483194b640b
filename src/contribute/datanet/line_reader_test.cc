#include "datanet/line_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

namespace tribute::datanet {
namespace {

// Gives the parts one by one, then the error if there is one.
class PartsSource final : public ByteSource {
 public:
  explicit PartsSource(std::vector<std::string> parts, std::optional<Error> error = std::nullopt)
      : parts_(std::move(parts)), error_(std::move(error)) {}

  Result<std::string_view> read() override {
    while (next_ < parts_.size() && parts_[next_].empty()) ++next_;
    if (next_ == parts_.size()) {
      if (error_) return std::unexpected(*error_);
      return std::string_view();
    }
    bytes_taken_ += parts_[next_].size();
    return parts_[next_++];
  }
  uint64_t bytes_taken() const override { return bytes_taken_; }

 private:
  std::vector<std::string> parts_;
  std::optional<Error> error_;
  size_t next_ = 0;
  uint64_t bytes_taken_ = 0;
};

std::vector<std::string> lines_of(std::vector<std::string> parts, uint64_t max_bytes = 1000) {
  LineReader reader(std::make_unique<PartsSource>(std::move(parts)), max_bytes);
  std::vector<std::string> lines;
  while (true) {
    const auto line = reader.next();
    EXPECT_TRUE(line.has_value());
    if (!line->has_value()) return lines;
    EXPECT_EQ((*line)->number, lines.size() + 1);
    EXPECT_EQ(reader.line_number(), lines.size() + 1);
    lines.emplace_back((*line)->too_long ? "<too long>" : (*line)->text);
  }
}

using Lines = std::vector<std::string>;

TEST(LineReader, EndsAreLfOrCrLfOrTheEnd) {
  EXPECT_EQ(lines_of({}), Lines{});
  EXPECT_EQ(lines_of({"a\nb"}), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of({"a\r\n\r\n\nb\r\n"}), (Lines{"a", "", "", "b"}));
  EXPECT_EQ(lines_of({"a\r", "\nb\r"}), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of({"a\rb\n"}), (Lines{"a\rb"}));
}

TEST(LineReader, DropsAByteOrderMarkAtTheBeginningOnly) {
  EXPECT_EQ(lines_of({"\xEF\xBB\xBF{}\n\xEF\xBB\xBF"}), (Lines{"{}", "\xEF\xBB\xBF"}));
  EXPECT_EQ(lines_of({"\xEF", "\xBB", "\xBF{}"}), (Lines{"{}"}));
}

TEST(LineReader, TheLimitCountsTheLineWithoutItsEnd) {
  EXPECT_EQ(lines_of({"abcd\nabc\n"}, 3), (Lines{"<too long>", "abc"}));
  EXPECT_EQ(lines_of({"abc\r\nx"}, 3), (Lines{"abc", "x"}));
  EXPECT_EQ(lines_of({"ab", "c\r", "\nabc", "d\r\n", "x"}, 3), (Lines{"abc", "<too long>", "x"}));
  EXPECT_EQ(lines_of({"abc", "d"}, 3), (Lines{"<too long>"}));
}

TEST(LineReader, AnErrorComesAfterTheWholeLinesBeforeIt) {
  LineReader reader(
      std::make_unique<PartsSource>(std::vector<std::string>{"a\nb"}, Error{ErrorCode::data_loss, "broken"}), 10);
  EXPECT_EQ(reader.next().value()->text, "a");
  const auto broken = reader.next();
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().message, "broken");
  EXPECT_EQ(reader.line_number(), 2U);
}

// The twin: all bytes at once, cut by hand.
Lines naive_lines(std::string text, uint64_t max_bytes) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string line = text.substr(0, end);
    text.erase(0, end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line.size() > max_bytes ? "<too long>" : line);
  }
  return lines;
}

TEST(LineReader, EqualsTheNaiveTwinHoweverThePartsFall) {
  EXPECT_TRUE(rc::check([] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::element('a', 'b', '\n', '\r', '\0')));
    const auto max_bytes = *rc::gen::inRange<uint64_t>(1, 6);
    std::string all;
    for (const auto& part : parts) all += part;
    RC_ASSERT(lines_of(parts, max_bytes) == naive_lines(all, max_bytes));
  }));
}

}  // namespace
}  // namespace tribute::datanet
