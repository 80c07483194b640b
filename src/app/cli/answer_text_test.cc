#include "cli/answer_text.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "cli/testing/views.h"

namespace tribute::cli {
namespace {

const Paint kPlain(false);
const Paint kColored(true);

TEST(MarkedAnswer, BracketsSayWhatBecameOfEachRun) {
  EXPECT_EQ(marked_answer(testing::two_owners(), kPlain), "Hm: [1:anchor] [2:饺子][common: now,][copied: old \nw]ay.");
}

TEST(MarkedAnswer, ColoursSayWhatBecameOfEachRunLineByLine) {
  EXPECT_EQ(marked_answer(testing::two_owners(), kColored),
            "Hm: \x1b[1;38;5;33manchor\x1b[0m \x1b[1;38;5;208m饺子\x1b[0m\x1b[2m now,\x1b[0m"
            "\x1b[4m old \x1b[0m\n\x1b[4mw\x1b[0may.");
}

TEST(MarkedAnswer, NeverSplitsACharacter) {
  const std::string text = "饺子ab";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    usecase::AttributionView view = testing::two_owners();
    view.credits = {view.credits[1], view.credits[2]};
    view.credits[0].text = text.substr(0, cut);
    view.credits[1].text = text.substr(cut);
    const std::string marked = marked_answer(view, kPlain);
    EXPECT_TRUE(is_valid_utf8(marked));
    EXPECT_EQ(marked.find("\uFFFD"), std::string::npos) << marked;
    const std::string owned = cut == 0   ? ""
                              : cut <= 3 ? "[1:饺]"
                              : cut <= 6 ? "[1:饺子]"
                              : cut == 7 ? "[1:饺子a]"
                                         : "[1:饺子ab]";
    EXPECT_TRUE(marked.starts_with(owned + (cut == 0 ? "饺" : ""))) << cut << " " << marked;
  }
}

TEST(MarkedAnswer, ShowsIllFormedBytesAndEscapesAsText) {
  usecase::AttributionView view = testing::two_owners();
  view.credits = {view.credits[1]};
  view.credits[0].text = "a\xff\x1b[2J";
  EXPECT_EQ(marked_answer(view, kPlain), "[1:a\uFFFD␛[2J]");
}

TEST(MarkedAnswer, MoreOwnersThanColoursKeepTheirNumbers) {
  usecase::AttributionView view = testing::two_owners();
  while (view.contributors.size() <= Paint::kOwnerColors) {
    view.contributors.push_back({EntryIndex(100 + view.contributors.size()), "one more", 0, 0});
  }
  EXPECT_NE(marked_answer(view, kColored).find("[1:anchor]"), std::string::npos);
}

TEST(MarkedAnswer, RunsOfOneOwnerAreOne) {
  usecase::AttributionView view = testing::two_owners();
  view.credits.insert(view.credits.begin() + 2, view.credits[1]);
  view.credits[2].credit.datapoint = EntryIndex(8);
  EXPECT_TRUE(marked_answer(view, kPlain).starts_with("Hm: [1:anchoranchor] [2:"));
}

TEST(MarkedAnswer, RunsOfTwoOwnersStayTwo) {
  usecase::AttributionView view = testing::two_owners();
  view.credits = {view.credits[1], view.credits[3]};
  EXPECT_EQ(marked_answer(view, kPlain), "[1:anchor][2:饺子]");
}

TEST(MarkedAnswer, OfNothingIsNothing) { EXPECT_EQ(marked_answer({}, kPlain), ""); }

TEST(Legend, HasABarPerContributor) {
  EXPECT_EQ(legend(testing::two_owners(), kPlain, {}),
            "  1  ada-marsh  ████████████████           66.9%  60.5 bits\n"
            "  2  林月       ███████▉                   33.1%  30.0 bits\n"
            "  [common:…]  5 tokens: stands in a guard, or with too many contributors to be anyone's\n"
            "  [copied:…]  7 tokens: copied from the prompt\n"
            "  no mark     8 tokens: nobody's: found nowhere, or likely by chance\n");
}

TEST(Legend, SaysWhatEachIsPaid) {
  const usecase::ReceiptView receipt = testing::receipt();
  const std::string text = legend(receipt.attribution, kPlain, receipt.payouts);
  EXPECT_NE(text.find("60.5 bits  paid 400,000\n"), std::string::npos) << text;
  EXPECT_NE(text.find("30.0 bits  paid 200,000\n"), std::string::npos) << text;
}

TEST(AttributionText, TellsAllOfIt) {
  const std::string text = attribution_text(testing::two_owners(), kPlain);
  EXPECT_TRUE(
      text.starts_with("32 tokens of llama, version 2: 130.0 bits of surprisal, 90.5 (69.6%) credited to "
                       "2 contributors\n\nHm: [1:anchor]"))
      << text;
  EXPECT_TRUE(
      text.ends_with("\nPassages found in the data\n"
                     "TOKENS  BITS  OCCURS  DATAPOINT           TITLE             DATANET  CONTRIBUTOR\n"
                     "  4–10  60.5       3  harbour/anchoring   Anchoring in mud  harbour  ada-marsh\n"
                     "                      harbour/chains      Chains            harbour  jonas-reed\n"
                     "                      … 1 datapoint more\n"
                     "Not shown (--json lists them): 1 match too short or too likely to be evidence\n"))
      << text;
}

TEST(AttributionText, ShowsThePassagesWithTheMostSurprisal) {
  usecase::AttributionView view = testing::two_owners();
  const usecase::SpanView passage = view.spans[0];
  view.spans.clear();
  for (uint64_t i = 0; i < 30; ++i) {
    view.spans.push_back(passage);
    view.spans.back().begin = i;
    view.spans.back().surprisal_millibits = 100'000 + 1'000 * (i * 7 % 30);
  }
  const std::string text = attribution_text(view, kPlain);
  EXPECT_NE(text.find("Not shown (--json lists them): 10 passages with less surprisal\n"), std::string::npos) << text;
  EXPECT_NE(text.find(" 129.0 "), std::string::npos);
  EXPECT_NE(text.find(" 110.0 "), std::string::npos);
  EXPECT_EQ(text.find(" 109.0 "), std::string::npos);
}

TEST(AttributionText, NobodysAnswerSaysSo) {
  usecase::AttributionView view;
  view.model = "llama";
  EXPECT_EQ(attribution_text(view, kPlain),
            "0 tokens of llama, version 1: 0.0 bits of surprisal, 0.0 (0.0%) credited to nobody\n\n\n\n");
}

TEST(ReceiptText, TellsWhoPaidWhom) {
  const std::string text = receipt_text(testing::receipt(), kPlain);
  EXPECT_TRUE(
      text.starts_with("Receipt 0123456789abcdef0123456789abcdef  (entry 120)\n"
                       "  payer   alice\n"
                       "  time    2023-11-14 22:13:20Z\n"
                       "  fee     1,000,000 millionths, for 1 token of prompts and 32 tokens of answer\n\n"
                       "32 tokens of llama"))
      << text;
  EXPECT_TRUE(
      text.ends_with("PAID TO                   OF                     AMOUNT\n"
                     "contributor:000000000003  ada-marsh             400,000\n"
                     "contributor:000000000005  林月                  200,000\n"
                     "owner:000000000020        the owner of llama    299,000\n"
                     "platform                  the platform            1,000\n"
                     "stakers:000000000020      the stakers of llama   50,000\n"
                     "treasury:000000000001     a DataNet's treasury   50,000\n"))
      << text;
}

TEST(ReceiptText, ADryRunSaysSo) {
  usecase::ReceiptView view = testing::receipt();
  view.id.clear();
  view.entry.reset();
  EXPECT_TRUE(receipt_text(view, kPlain).starts_with("A dry run: nothing is written"));
}

}  // namespace
}  // namespace tribute::cli
