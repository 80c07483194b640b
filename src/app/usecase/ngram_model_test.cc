#include "usecase/ngram_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using testing::must;
using testing::Town;

uint64_t occurrences_in(std::string_view text, std::string_view part) {
  uint64_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class NgramModels : public ::testing::Test {
 protected:
  NgramModels() { town_.settle_in(); }

  NgramModel model(const std::vector<std::string>& names) {
    return must(NgramModel::of_datanets(town_.workspace(), names));
  }

  Town town_;
};

TEST_F(NgramModels, CountsWhatStandsInTheTexts) {
  const NgramModel both = model({"harbour", "commons"});
  const NgramModel harbour = model({"harbour"});
  for (size_t length = 1; length < 6; ++length) {
    for (size_t begin = 0; begin + length <= Town::kTide.size(); ++begin) {
      const auto part = Town::kTide.substr(begin, length);
      const auto tokens = must(harbour.tokens_of(part));
      const uint64_t in_harbour = occurrences_in(Town::kTide, part) + occurrences_in(Town::kKnot, part);
      EXPECT_EQ(must(harbour.model().count(tokens)), in_harbour) << part;
      EXPECT_EQ(must(both.model().count(tokens)), in_harbour + occurrences_in(Town::kSky, part)) << part;
      EXPECT_EQ(harbour.text_of(tokens), part);
    }
  }
}

TEST_F(NgramModels, SearchesOneDocumentAfterTheOther) {
  const NgramModel both = model({"harbour", "commons"});
  NgramSearch search{.query = {.clauses = {{must(both.tokens_of(" the "))},
                                           {must(both.tokens_of("ing")), must(both.tokens_of("load"))}}},
                     .limit = 1,
                     .from = {},
                     .tokens_around = 4};
  std::vector<std::string> texts;
  std::vector<std::string> found;
  for (std::optional<lm::DocumentPlace> from = lm::DocumentPlace{}; from;) {
    search.from = *from;
    const NgramPage page = must(search_documents(both, search));
    ASSERT_EQ(page.hits.size(), 1U);
    const auto datapoint = must(describe_hits(town_.workspace(), page.hits)).front();
    found.push_back(datapoint.datanet + "/" + datapoint.id + "/" + datapoint.title + "/" + datapoint.contributor);
    texts.push_back(page.hits.front().text.value_or(""));
    from = page.next;
  }
  EXPECT_THAT(found, ::testing::ElementsAre("harbour/tide/On tide/ada", "harbour/knot/On knot/jonas",
                                            "commons/sky/On sky/public"));
  EXPECT_THAT(texts, ::testing::ElementsAre(" and the boats swing ", "wo fingers when the", "y in the morning,"));
}

TEST_F(NgramModels, RefusalsNameTheRemedy) {
  const auto refused = [&](const std::vector<std::string>& names) {
    auto opened = NgramModel::of_datanets(town_.workspace(), names);
    EXPECT_FALSE(opened.has_value());
    return opened ? Error{} : opened.error();
  };
  EXPECT_EQ(refused({}).code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused({"harbour", "harbour"}).code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused({"nowhere"}).code, ErrorCode::not_found);
  town_.create("empty");
  EXPECT_EQ(refused({"harbour", "empty"}).code, ErrorCode::failed_precondition);
  const NgramHit stranger{.hit = {.place = {}, .id = 999'999}, .excerpt = {}, .text = {}};
  EXPECT_EQ(describe_hits(town_.workspace(), {&stranger, 1}).error().code, ErrorCode::data_loss);
}

}  // namespace
}  // namespace tribute::usecase
