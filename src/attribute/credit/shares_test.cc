#include "credit/shares.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <numeric>
#include <set>

namespace tribute::credit {
namespace {

using record::BodyClaim;
using record::BodyCredit;
using record::BodySpan;
using testing::ElementsAre;
using testing::IsEmpty;
using trace::Attribution;
using trace::Fate;
using trace::TokenFate;

TokenFate owned(uint64_t datapoint, uint64_t contributor, uint64_t millibits) {
  return {.fate = Fate::owned,
          .owner = ngram::Holder{EntryIndex(datapoint), EntryIndex(contributor)},
          .surprisal_millibits = millibits};
}

TokenFate unowned(Fate fate, uint64_t millibits) {
  return {.fate = fate, .owner = std::nullopt, .surprisal_millibits = millibits};
}

Attribution of_tokens(std::vector<TokenFate> tokens) {
  Attribution attribution;
  for (const TokenFate& token : tokens) {
    attribution.total_millibits += token.surprisal_millibits;
    if (token.owner) attribution.credited_millibits += token.surprisal_millibits;
  }
  attribution.tokens = std::move(tokens);
  return attribution;
}

TEST(Shares, AddUpPerContributorAndPerDatapoint) {
  const Attribution attribution =
      of_tokens({owned(12, 3, 100), owned(10, 4, 50), unowned(Fate::none, 7), owned(11, 3, 50), owned(12, 3, 1),
                 unowned(Fate::common, 9), unowned(Fate::copied, 9)});
  EXPECT_THAT(shares(attribution),
              ElementsAre(ContributorShare{EntryIndex(3), 151, 751'244}, ContributorShare{EntryIndex(4), 50, 248'756}));
  EXPECT_THAT(datapoint_credits(attribution), ElementsAre(DatapointCredit{EntryIndex(10), EntryIndex(4), 50},
                                                          DatapointCredit{EntryIndex(11), EntryIndex(3), 50},
                                                          DatapointCredit{EntryIndex(12), EntryIndex(3), 101}));
}

TEST(Shares, PartsPerMillionGoToTheLargestRemainderThenTheLowerContributor) {
  EXPECT_THAT(shares(of_tokens({owned(1, 9, 1), owned(2, 8, 1), owned(3, 7, 1)})),
              ElementsAre(ContributorShare{EntryIndex(7), 1, 333'334}, ContributorShare{EntryIndex(8), 1, 333'333},
                          ContributorShare{EntryIndex(9), 1, 333'333}));
}

TEST(Shares, NothingCreditedHasNoShares) {
  EXPECT_THAT(shares(Attribution{}), IsEmpty());
  EXPECT_THAT(shares(of_tokens({unowned(Fate::none, 5), unowned(Fate::copied, 5)})), IsEmpty());
  EXPECT_THAT(shares(of_tokens({owned(1, 2, 0)})), ElementsAre(ContributorShare{EntryIndex(2), 0, 0}));
}

TEST(Runs, MergeNeighboursOfOneFateAndDatapoint) {
  const auto run = [](uint64_t begin, uint64_t end, Fate fate) {
    return BodyCredit{.begin = begin, .end = end, .fate = fate, .datapoint = {}, .contributor = {}, .millibits = 0};
  };
  const auto owned_run = [](uint64_t begin, uint64_t end, uint64_t datapoint, uint64_t millibits) {
    return BodyCredit{.begin = begin,
                      .end = end,
                      .fate = Fate::owned,
                      .datapoint = EntryIndex(datapoint),
                      .contributor = EntryIndex(3),
                      .millibits = millibits};
  };
  EXPECT_THAT(
      runs(of_tokens({unowned(Fate::none, 1), unowned(Fate::none, 2), owned(10, 3, 4), owned(10, 3, 8),
                      owned(11, 3, 16), unowned(Fate::common, 32), unowned(Fate::copied, 64), owned(11, 3, 128)})),
      ElementsAre(run(0, 2, Fate::none), owned_run(2, 4, 10, 12), owned_run(4, 5, 11, 16), run(5, 6, Fate::common),
                  run(6, 7, Fate::copied), owned_run(7, 8, 11, 128)));
  EXPECT_THAT(runs(Attribution{}), IsEmpty());
}

TEST(BodyLists, KeepEveryFieldInOrder) {
  Attribution attribution;
  attribution.spans = {{.run = {1, 9}, .count = 4, .surprisal_millibits = 77, .evidence = true, .datapoints = {}},
                       {.run = {5, 12}, .count = 1, .surprisal_millibits = 78, .evidence = false, .datapoints = {}}};
  attribution.claims = {
      {.run = {1, 7}, .owner = ngram::Holder{EntryIndex(6), EntryIndex(2)}, .common = false},
      {.run = {2, 8}, .owner = std::nullopt, .common = true},
  };
  EXPECT_THAT(body_spans(attribution), ElementsAre(BodySpan{1, 9, 4, 77, true}, BodySpan{5, 12, 1, 78, false}));
  EXPECT_THAT(body_claims(attribution),
              ElementsAre(BodyClaim{1, 7, EntryIndex(6), false}, BodyClaim{2, 8, std::nullopt, true}));
}

Attribution any_attribution() {
  std::vector<TokenFate> tokens;
  const auto size = *rc::gen::inRange(0, 60);
  for (int i = 0; i < size; ++i) {
    const auto millibits = *rc::gen::inRange<uint64_t>(0, 64'001);
    if (*rc::gen::arbitrary<bool>()) {
      const auto datapoint = *rc::gen::inRange<uint64_t>(20, 30);
      tokens.push_back(owned(datapoint, datapoint % 4, millibits));
    } else {
      tokens.push_back(unowned(*rc::gen::element(Fate::none, Fate::common, Fate::copied), millibits));
    }
  }
  return of_tokens(std::move(tokens));
}

// The twin looks at one contributor, one datapoint or one token at a time.
TEST(Shares, AreTheSumsOfTheTokensAndOfTheRuns) {
  EXPECT_TRUE(rc::check("shares, datapoints and runs say the same as the tokens", [] {
    const Attribution attribution = any_attribution();
    const auto by_contributor = shares(attribution);
    const auto by_datapoint = datapoint_credits(attribution);
    const auto by_run = runs(attribution);

    uint64_t parts = 0;
    uint64_t credited = 0;
    std::set<EntryIndex> contributors;
    for (const auto& share : by_contributor) {
      RC_ASSERT(contributors.insert(share.contributor).second);
      parts += share.share_ppm;
      credited += share.millibits;
      uint64_t of_tokens_sum = 0;
      uint64_t of_datapoints = 0;
      for (const TokenFate& token : attribution.tokens) {
        if (token.owner && token.owner->contributor == share.contributor) of_tokens_sum += token.surprisal_millibits;
      }
      for (const auto& credit : by_datapoint) {
        if (credit.contributor == share.contributor) of_datapoints += credit.millibits;
      }
      RC_ASSERT(share.millibits == of_tokens_sum);
      RC_ASSERT(share.millibits == of_datapoints);
    }
    RC_ASSERT(credited == attribution.credited_millibits);
    RC_ASSERT(parts == (credited == 0 ? 0 : kPartsPerMillion));

    uint64_t covered = 0;
    uint64_t of_runs = 0;
    for (const BodyCredit& run : by_run) {
      RC_ASSERT(run.begin == covered);
      RC_ASSERT(run.begin < run.end);
      for (uint64_t i = run.begin; i < run.end; ++i) {
        const TokenFate& token = attribution.tokens[i];
        RC_ASSERT(token.fate == run.fate);
        RC_ASSERT(!token.owner || (token.owner->datapoint == run.datapoint));
        RC_ASSERT(!token.owner || (token.owner->contributor == run.contributor));
      }
      covered = run.end;
      of_runs += run.millibits;
    }
    RC_ASSERT(covered == attribution.tokens.size());
    RC_ASSERT(of_runs == credited);

    // A body with these lists is one that can be written.
    record::ReceiptBody body;
    body.payer = "payer";
    body.output_tokens.resize(attribution.tokens.size());
    body.copied.resize(attribution.tokens.size());
    body.credits = by_run;
    RC_ASSERT(record::receipt_body_from_canonical_json(record::to_canonical_json(body)).value() == body);
  }));
}

}  // namespace
}  // namespace tribute::credit
