#include "cli/progress_bar.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/display.h"

namespace tribute::cli {
namespace {

constexpr std::string_view kErase = "\r\x1b[K";

TEST(BarText, FillsToAnEighthOfAColumn) {
  EXPECT_EQ(bar_text(0, 8, 2), "  ");
  EXPECT_EQ(bar_text(1, 16, 2), "▏ ");
  EXPECT_EQ(bar_text(3, 4, 2), "█▌");
  EXPECT_EQ(bar_text(8, 8, 2), "██");
  EXPECT_EQ(bar_text(9, 8, 2), "██");
  EXPECT_EQ(bar_text(0, 0, 2), "  ");
  for (uint64_t part = 0; part <= 100; ++part) EXPECT_EQ(display_width(bar_text(part, 100, 7)), 7U) << part;
}

TEST(ProgressBar, WritesNothingWhereNobodyLooks) {
  std::ostringstream out;
  io::SteppingClock clock(0, 1'000);
  {
    ProgressBar bar(out, clock, {.visible = false});
    bar.begin("reading", 10, "bytes");
    bar.advance(5);
    bar.end();
  }
  EXPECT_EQ(out.str(), "");
}

TEST(ProgressBar, ShowsShareRateAndTimeLeft) {
  std::ostringstream out;
  io::SteppingClock clock(0, 2'000);  // two seconds from one look to the next
  ProgressBar bar(out, clock, {.visible = true});
  bar.begin("reading", 4'000'000, "bytes");
  bar.advance(1'000'000);
  EXPECT_EQ(out.str(),
            std::string(kErase) + "reading  ██████                     25%  1.0 MB of 4.0 MB  500.0 kB/s  6 s left");
  out.str("");
  bar.end();
  EXPECT_EQ(out.str(), kErase);
}

TEST(ProgressBar, ShowsTheNextStageAtOnce) {
  std::ostringstream out;
  io::SteppingClock clock(0, 1'000);
  ProgressBar bar(out, clock, {.visible = true});
  bar.begin("reading", 10, "tokens");
  EXPECT_EQ(out.str(), "");
  bar.advance(10);
  out.str("");
  bar.begin("sorting", 10, "tokens");
  EXPECT_EQ(out.str(),
            std::string(kErase) + std::string(kErase) + "sorting                              0%  0 of 10 tokens");
}

TEST(ProgressBar, CountsWhereTheEndIsNotKnown) {
  std::ostringstream out;
  io::SteppingClock clock(0, 1'000);
  ProgressBar bar(out, clock, {.visible = true});
  bar.begin("indexing", 0, "documents");
  bar.advance(1'500);
  EXPECT_EQ(out.str(), std::string(kErase) + "indexing  1,500 documents  1,500 documents/s");
}

TEST(ProgressBar, IsRedrawnTenTimesASecondAtMost) {
  std::ostringstream out;
  io::SteppingClock clock(0, 10);
  ProgressBar bar(out, clock, {.visible = true});
  bar.begin("reading", 100, "rows");
  for (uint64_t done = 1; done <= 100; ++done) bar.advance(done);  // in one second
  size_t redraws = 0;
  for (size_t at = out.str().find(kErase); at != std::string::npos; at = out.str().find(kErase, at + 1)) ++redraws;
  EXPECT_EQ(redraws, 10U);
}

TEST(ProgressBar, NeverWrapsTheLine) {
  std::ostringstream out;
  io::SteppingClock clock(0, 1'000);
  ProgressBar bar(out, clock, {.visible = true, .columns = 20});
  bar.begin("a stage with a long name", 1'000'000, "documents");
  bar.advance(999'999);
  EXPECT_EQ(display_width(std::string_view(out.str()).substr(kErase.size())), 20U);
}

TEST(ProgressBar, StopsWhenTheFlagIsSet) {
  std::ostringstream out;
  io::SteppingClock clock;
  std::atomic<bool> stop = false;
  ProgressBar bar(out, clock, {.stop = &stop});
  EXPECT_FALSE(bar.stop_requested());
  stop = true;
  EXPECT_TRUE(bar.stop_requested());
  EXPECT_FALSE(ProgressBar(out, clock, {}).stop_requested());
}

}  // namespace
}  // namespace tribute::cli
