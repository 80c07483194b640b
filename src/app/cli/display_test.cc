#include "cli/display.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/bytes.h"
#include "cli/paint.h"
#include "cli/table.h"

namespace tribute::cli {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("harbour"), 7U);
  EXPECT_EQ(display_width("dörte"), 5U);
  EXPECT_EQ(display_width("饺子"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);  // a letter and its combining accent
  EXPECT_EQ(display_width("█▌"), 2U);
}

TEST(TerminalText, ShowsAndDoesNotObey) {
  EXPECT_EQ(terminal_text("plain 饺子"), "plain 饺子");
  EXPECT_EQ(terminal_text("\x1b[31mred"), "␛[31mred");
  EXPECT_EQ(terminal_text("a\nb\tc\r"), "a␊b␉c␍");
  EXPECT_EQ(terminal_text("a\nb\tc\r", Lines::many), "a\nb\tc␍");
  EXPECT_EQ(terminal_text(std::string_view("\0\x7f", 2)), "␀␡");
  EXPECT_EQ(terminal_text("\u009b31m"), "\uFFFD31m");        // the one-character escape
  EXPECT_EQ(terminal_text("abc\u202ecba"), "abc\uFFFDcba");  // right to left from here
  EXPECT_EQ(terminal_text("bad \xff\xc3 end"), "bad \uFFFD\uFFFD end");
}

TEST(TerminalText, IsPrintableForEveryByteAndCharacter) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = terminal_text(std::string(1, static_cast<char>(byte)));
    EXPECT_TRUE(is_valid_utf8(text)) << byte;
    for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= ' ' && c != '\x7f') << byte;
  }
}

TEST(Shortened, FitsAndNeverSplitsACharacter) {
  EXPECT_EQ(shortened("harbour", 7), "harbour");
  EXPECT_EQ(shortened("harbour", 6), "harbo…");
  EXPECT_EQ(shortened("饺子煮法", 8), "饺子煮法");
  EXPECT_EQ(shortened("饺子煮法", 7), "饺子煮…");
  EXPECT_EQ(shortened("饺子煮法", 6), "饺子…");
  EXPECT_EQ(shortened("ab", 1), "…");
  for (size_t columns = 1; columns < 20; ++columns) {
    const std::string text = shortened("a饺b子c煮e\u0301法d", columns);
    EXPECT_LE(display_width(text), columns);
    EXPECT_TRUE(is_valid_utf8(text));
  }
}

TEST(ShortenedInMiddle, KeepsBothEnds) {
  EXPECT_EQ(shortened_in_middle("harbour", 7), "harbour");
  EXPECT_EQ(shortened_in_middle("harbour wall", 9), "har … all");
  EXPECT_EQ(shortened_in_middle("harbour wall", 10), "harb … all");
  EXPECT_EQ(shortened_in_middle("饺子煮法很好", 10), "饺子 … 好");
  EXPECT_EQ(shortened_in_middle("harbour", 4), "h … ");
  EXPECT_EQ(shortened_in_middle("harbour", 0), " … ");
  for (size_t columns = 3; columns < 20; ++columns) {
    const std::string text = shortened_in_middle("a饺b子c煮e\u0301法d", columns);
    EXPECT_LE(display_width(text), columns);
    EXPECT_TRUE(is_valid_utf8(text));
  }
}

TEST(Padding, GoesByWidth) {
  EXPECT_EQ(padded_left("饺子", 6), "  饺子");
  EXPECT_EQ(padded_right("饺子", 6), "饺子  ");
  EXPECT_EQ(padded_right("too long", 3), "too long");
}

TEST(Numbers, AreGrouped) {
  EXPECT_EQ(grouped(uint64_t{0}), "0");
  EXPECT_EQ(grouped(uint64_t{999}), "999");
  EXPECT_EQ(grouped(uint64_t{1'000}), "1,000");
  EXPECT_EQ(grouped(std::numeric_limits<uint64_t>::max()), "18,446,744,073,709,551,615");
  EXPECT_EQ(grouped(Amount(-1'234'567)), "-1,234,567");
  EXPECT_EQ(grouped(Amount(std::numeric_limits<int64_t>::max())), "9,223,372,036,854,775,807");
}

TEST(Numbers, HaveTheirUnits) {
  EXPECT_EQ(bits_text(0), "0.0");
  EXPECT_EQ(bits_text(49), "0.0");
  EXPECT_EQ(bits_text(50), "0.1");
  EXPECT_EQ(bits_text(1'234'567), "1,234.6");
  EXPECT_EQ(bits_text(std::numeric_limits<uint64_t>::max()), "18,446,744,073,709,551.6");
  EXPECT_EQ(percent_text(0), "0.0%");
  EXPECT_EQ(percent_text(333'333), "33.3%");
  EXPECT_EQ(percent_text(999'500), "100.0%");
  EXPECT_EQ(ppm_of(1, 3), 333'333U);
  EXPECT_EQ(ppm_of(5, 0), 0U);
  EXPECT_EQ(ppm_of(std::numeric_limits<uint64_t>::max(), std::numeric_limits<uint64_t>::max()), 1'000'000U);
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(1'000), "1.0 kB");
  EXPECT_EQ(bytes_text(1'999'999), "1.9 MB");
  EXPECT_EQ(bytes_text(std::numeric_limits<uint64_t>::max()), "18.4 EB");
  EXPECT_EQ(time_text(1'700'000'000'123), "2023-11-14 22:13:20Z");
  EXPECT_EQ(time_text(0), "1970-01-01 00:00:00Z");
  EXPECT_EQ(time_text(253'402'300'799'999), "9999-12-31 23:59:59Z");
  EXPECT_EQ(time_text(std::numeric_limits<uint64_t>::max()), "18446744073709551615 ms");
}

TEST(Table, AlignsByWidthAndShowsStrangersTextsAsText) {
  Table table({{"NAME"}, {"AMOUNT", Table::Align::right}, {"TITLE", Table::Align::left, 8}});
  EXPECT_TRUE(table.empty());
  table.add({"林月", "5", "一二三四五"});
  table.add({"ada\x1b", "1,234", ""});
  EXPECT_EQ(table.text(),
            "NAME  AMOUNT  TITLE\n"
            "林月       5  一二三…\n"
            "ada␛   1,234\n");
}

TEST(Paint, WrapsOnlyWhereColourIsOn) {
  EXPECT_EQ(Paint(false).owner(0, "x"), "x");
  EXPECT_EQ(Paint(true).owner(0, "x"), "\x1b[1;38;5;33mx\x1b[0m");
  EXPECT_EQ(Paint(true).owner(Paint::kOwnerColors, "x"), Paint(true).owner(0, "x"));
  EXPECT_EQ(Paint(true).dim(""), "");
}

}  // namespace
}  // namespace tribute::cli
