// Dishonest receipts: fees, payouts, and whose the tokens are.
#include <algorithm>

#include "audit/testing/day.h"

namespace tribute::audit {
namespace {

record::Receipt& receipt(Day& day, EntryIndex entry) { return day.op.body<record::Receipt>(entry); }

record::Payout& payout_to(Day& day, EntryIndex entry, const std::string& account) {
  return *std::ranges::find(receipt(day, entry).payouts, account, &record::Payout::account);
}

void pay(record::Payout& payout, int64_t difference) {
  payout.amount = Amount(payout.amount.millionths() + difference);
}

void move_between_contributors(Day& day) {
  pay(payout_to(day, day.quoting, "contributor:000000000003"), -10);
  pay(payout_to(day, day.quoting, "contributor:000000000004"), 10);
}

void move_to_the_owner(Day& day) {
  pay(payout_to(day, day.quoting, "contributor:000000000003"), -10);
  pay(payout_to(day, day.quoting, "owner:000000000023"), 10);
}

void lose_the_essays(Day& day) {
  std::erase_if(day.op.files(),
                [](const auto& file) { return file.first.starts_with("sealed/") && file.first.ends_with(".segment"); });
}

// The last owned run of a body, whose neighbours nobody owns.
record::BodyCredit& owned(record::ReceiptBody& body) {
  return *std::ranges::find(body.credits.rbegin(), body.credits.rend(), record::Fate::owned, &record::BodyCredit::fate);
}

const std::vector<Deed> kReceiptDeeds = {
    {"APayoutIsMoved", move_between_contributors, {"payout | entry 25 | contributor:000000000003 is paid "}},
    {"APayoutIsMovedInASealedReceipt", move_to_the_owner, {"payout | entry 25 | contributor:* is paid "}, false},
    {"ThePayoutsDoNotSumToTheFee",
     [](Day& day) { pay(payout_to(day, day.quoting, "platform"), -1); },
     {"payout | entry 25 | platform is paid 499, the terms and credits give it 500; the payouts sum to "}},
    {"ThePayoutsOfASealedReceiptDoNotSumToTheFee",
     [](Day& day) { pay(payout_to(day, day.quoting, "contributor:000000000004"), -1); },
     {"payout | entry 25 | contributor:* is paid "},
     false},
    {"ASealedReceiptPaysNobody",
     [](Day& day) { payout_to(day, day.quoting, "contributor:000000000004").account = "contributor:000000000006"; },
     {"payout | entry 25 | contributor:000000000006 is the account of no contributor"},
     false},
    {"TheFeeIsRaised",
     [](Day& day) {
       receipt(day, day.quoting).fee = Amount(receipt(day, day.quoting).fee.millionths() + 7);
       pay(payout_to(day, day.quoting, "platform"), 7);
     },
     {"fee | entry 25 | the fee is "}},
    {"TheFeeOfASealedReceiptIsRaised",
     [](Day& day) { receipt(day, day.quoting).fee = Amount(receipt(day, day.quoting).fee.millionths() + 7); },
     {"fee | entry 25 | the fee is "},
     false},
    {"MoreTokensAreChargedThanAnswered",
     [](Day& day) {
       receipt(day, day.quoting).tokens_out += 10;
       day.op.change_body(day.quoting, true, [](record::ReceiptBody&) {});
     },
     {"receipt_body | sealed/receipts/*.json | has 154 tokens of the answer, the entry says 164 (receipt 25)"}},
    {"AReceiptIsOfNoModel",
     [](Day& day) { receipt(day, day.quoting).model = day.essays; },
     {"reference | entry 25 | model names entry 0, which is no model before it"}},
    {"AReceiptUsesAnotherManifest",
     [](Day& day) { receipt(day, day.open_quoting).manifests[0] = day.essays_index; },
     {"receipt | entry 26 | uses manifest 20 for DataNet 1, its model pins 21"}},
    {"AReceiptUsesAManifestLess",
     [](Day& day) { receipt(day, day.open_quoting).manifests.pop_back(); },
     {"receipt | entry 26 | uses 1 manifests, its model pins 2"}},
    {"AReceiptLooksAheadOfItself",
     [](Day& day) { receipt(day, day.quoting).log_size = 29; },
     {"receipt | entry 25 | log_size is 29, beyond the entry itself"}},
    {"AReceiptOverlooksTheLog",
     [](Day& day) { receipt(day, day.after_withdrawal).log_size = 22; },
     {"receipt | entry 30 | log_size is 22, which leaves out the model's own entry 23"}},
    {"AReceiptPaysAWithdrawnDatapoint",
     [](Day& day) { receipt(day, day.after_withdrawal).log_size = 26; },
     {"credit | entry 30 | token 10 is said to be none; the rule gives datapoint 13 of contributor 5; also differ: "
      "bits, total_millibits, claims, spans"}},
    {"ATokenIsMovedToAnotherOwner",
     [](Day& day) {
       day.op.change_body(day.quoting, true, [&day](record::ReceiptBody& body) {
         owned(body).datapoint = day.bridge;
         owned(body).contributor = day.ann;
       });
     },
     {"credit | entry 25 | token 93 is credited to datapoint 6 of contributor 3; the rule gives datapoint 18 of "
      "contributor 4"}},
    {"ATokenIsDeniedItsOwner",
     [](Day& day) {
       day.op.change_body(day.quoting, true, [](record::ReceiptBody& body) {
         record::BodyCredit& credit = owned(body);
         credit = {.begin = credit.begin,
                   .end = credit.end,
                   .fate = record::Fate::common,
                   .datapoint = {},
                   .contributor = {}};
       });
     },
     {"credit | entry 25 | token 93 is said to be common; the rule gives datapoint 18 of contributor 4"}},
    {"WithoutTheIndexATokenIsOfAnotherContributor",
     [](Day& day) {
       lose_the_essays(day);
       day.op.change_body(day.quoting, true, [&day](record::ReceiptBody& body) { owned(body).contributor = day.ann; });
     },
     {"segment | sealed/index/*.segment | is missing",
      "credit | entry 25 | token 93 is credited to datapoint 18 of contributor 3, which is of contributor 4"}},
    {"WithoutTheIndexATokenIsOfAGuard",
     [](Day& day) {
       lose_the_essays(day);
       day.op.change_body(day.quoting, true, [&day](record::ReceiptBody& body) {
         owned(body).datapoint = day.psalm;
         owned(body).contributor = day.cleo;
       });
     },
     {"segment | sealed/index/*.segment | is missing",
      "credit | entry 25 | token 93 is credited to datapoint 16 of contributor 5, which is of a guard"}},
    {"WithoutTheIndexATokenIsOfARejectedDatapoint",
     [](Day& day) {
       lose_the_essays(day);
       day.op.change_body(day.quoting, true, [&day](record::ReceiptBody& body) {
         owned(body).datapoint = day.rejected;
         owned(body).contributor = day.cleo;
       });
     },
     {"segment | sealed/index/*.segment | is missing",
      "credit | entry 25 | token 93 is credited to datapoint 8 of contributor 5, which is in none of the receipt's"}},
    {"WithoutTheIndexATokenIsOfAWithdrawnDatapoint",
     [](Day& day) {
       lose_the_essays(day);
       day.op.change_body(day.after_withdrawal, true, [&day](record::ReceiptBody& body) {
         owned(body).datapoint = day.snow;
         owned(body).contributor = day.cleo;
       });
     },
     {"segment | sealed/index/*.segment | is missing",
      "credit | entry 30 | token 81 is credited to datapoint 13 of contributor 5, withdrawn by entry 27"}},
    {"WithoutTheIndexATokenIsOfNoContribution",
     [](Day& day) {
       lose_the_essays(day);
       day.op.change_body(day.quoting, true, [&day](record::ReceiptBody& body) { owned(body).datapoint = day.ann; });
     },
     {"segment | sealed/index/*.segment | is missing",
      "credit | entry 25 | token 93 is credited to datapoint 3 of contributor 4, which is no contribution"}},
    {"BitsAreInvented",
     [](Day& day) {
       day.op.change_body(day.quoting, true, [](record::ReceiptBody& body) { owned(body).millibits += 1000; });
     },
     {"credit | entry 25 | tokens [93, 153) are credited with 244653 millibits; the rule gives 243653"}},
    {"TheTotalIsChanged",
     [](Day& day) {
       receipt(day, day.quoting).total_millibits += 50'000;
       day.op.change_body(day.quoting, true, [](record::ReceiptBody&) {});
     },
     {"credit | entry 25 | total_millibits is 702013; the rule gives 652013"}},
    {"ASpanIsChanged",
     [](Day& day) {
       day.op.change_body(day.quoting, true, [](record::ReceiptBody& body) { body.spans[1].count += 1; });
     },
     {"span | entry 25 | span [4, 8) with count 2, 15849 millibits, no evidence; the rule gives span [4, 8) with count "
      "1, 15849 millibits, no evidence"}},
    {"ASpanIsLeftOut",
     [](Day& day) { day.op.change_body(day.quoting, true, [](record::ReceiptBody& body) { body.spans.pop_back(); }); },
     {"span | entry 25 | no item 14; the rule gives span [152, 154) with count 1, 11042 millibits, no evidence"}},
    {"AClaimIsChanged",
     [](Day& day) {
       day.op.change_body(day.quoting, true,
                          [&day](record::ReceiptBody& body) { body.claims[0].datapoint = day.harbour; });
     },
     {"claim | entry 25 | claim [9, 15) of datapoint 7; the rule gives claim [9, 15) of datapoint 18"}},
    {"ABodyIsOfOtherCredits",
     [](Day& day) {
       day.op.change_body(day.quoting, false, [](record::ReceiptBody& body) { owned(body).millibits += 1; });
     },
     {"receipt_body | sealed/receipts/*.json | credits 566382 millibits, the entry says 566381 (receipt 25)"}},
    {"ABodyHasOtherPayouts",
     [](Day& day) {
       day.op.change_body(day.quoting, false, [](record::ReceiptBody& body) { pay(body.payouts[0], 1); });
     },
     {"receipt_body | sealed/receipts/*.json | has other payouts than the entry (receipt 25)"}},
    {"ABodyIsMissing",
     [](Day& day) { day.op.files().erase(day.op.body_path(day.quoting)); },
     {"receipt_body | sealed/receipts/*.json | is missing (receipt 25)"}},
    {"ABodyIsDamaged",
     [](Day& day) { day.op.files().at(day.op.body_path(day.quoting)) += " "; },
     {"receipt_body | sealed/receipts/*.json | hashes to "}},
    {"ABodyIsNotCanonical",
     [](Day& day) {
       const std::string bytes = day.op.files().at(day.op.body_path(day.quoting)) + " ";
       receipt(day, day.quoting).body_sha256 = sha256(bytes);
       day.op.files()["sealed/receipts/" + sha256(bytes).hex() + ".json"] = bytes;
     },
     {"receipt_body | sealed/receipts/*.json | receipt_body is not in its canonical spelling"}},
    {"PayoutsHideInTheBody",
     [](Day& day) {
       receipt(day, day.quoting).payouts.clear();
       receipt(day, day.quoting).payouts_in_body = true;
     },
     {"payout | entry 25 | keeps its payouts in the body, though they are not over 500"}},
};

INSTANTIATE_TEST_SUITE_P(Receipts, DishonestOperator, testing::ValuesIn(kReceiptDeeds), name_of_deed);

}  // namespace
}  // namespace tribute::audit
