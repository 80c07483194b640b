// Dishonest entries, each by itself or against those before it.
#include "audit/testing/day.h"
#include "base/bytes.h"

namespace tribute::audit {
namespace {

record::Contribution& contribution(Day& day, EntryIndex entry) { return day.op.body<record::Contribution>(entry); }
// The same entry once more, at the end.
void repeat(Day& day, EntryIndex entry) {
  day.op.entries().push_back(day.op.entries()[entry.value()]);
  day.op.entries().back().time_ms = day.op.entries()[day.copied.value()].time_ms;
}

const std::vector<Deed> kEntryDeeds = {
    {"AContributionIsDoubled",
     [](Day& day) { repeat(day, day.tide); },
     {"name | entry 32 | source_hash is that of entry 12"}},
    {"AReceiptIsDoubled",
     [](Day& day) { repeat(day, day.copied); },
     {"receipt | entry 32 | cites the body of receipt 31"}},
    {"AManifestIsDoubled",
     [](Day& day) { repeat(day, day.second_notes_index); },
     {"manifest | entry 32 | repeats the manifest of entry 28"}},
    {"EntriesAreReordered",
     [](Day& day) { std::swap(day.op.entries()[day.tide.value()].body, day.op.entries()[day.snow.value()].body); },
     {"directory | public/directory/datanet-000000000001.jsonl | the row of entry 12 hashes to ",
      "document | public/index/*.segment | datapoint 12 is said to be of contributor 4, its entry says contributor 5",
      "document | public/index/*.segment | datapoint 13 is said to be of contributor 5, its entry says contributor 4",
      "credit | entry 26 | token 0 is credited to datapoint 12 of contributor 4; the rule gives datapoint 12 of "
      "contributor 5"}},
    {"AnEntryIsDropped",
     [](Day& day) { day.op.entries().erase(day.op.entries().begin() + 30); },
     {"receipt | entry 30 | log_size is 31, beyond the entry itself"}},
    {"TimeGoesBackwards",
     [](Day& day) { day.op.entries()[day.snow.value()].time_ms -= 5'000; },
     {"time | entry 13 | time_ms is 1700000009000, below the 1700000013000"}},
    {"ADatanetTakesANameInUse",
     [](Day& day) { day.op.add_datanet({.name = "notes"}); },
     {"name | entry 32 | a DataNet named 'notes' was made by entry 1"}},
    {"AModelTakesANameInUse",
     [](Day& day) { day.op.body<record::Model>(day.open_model).name = "storyteller"; },
     {"name | entry 24 | a model named 'storyteller' was registered by entry 23"}},
    {"AContributionIsToNoDatanet",
     [](Day& day) { contribution(day, day.rejected).datanet = day.cleo; },
     {"reference | entry 8 | datanet names entry 5, which is no datanet but a contributor"}},
    {"AContributionIsByAContributorToCome",
     [](Day& day) { contribution(day, day.rejected).contributor = EntryIndex(500); },
     {"reference | entry 8 | contributor names entry 500, which is not before it"}},
    {"ABoundKeyStandsForARegistration",
     [](Day& day) { contribution(day, day.op.contribute(day.essays, day.cleo, "x")).contributor = day.ben_key; },
     {"reference | entry 32 | contributor names entry 17, which is no registration"}},
    {"AKeyIsBoundTwice",
     [](Day& day) { day.op.bind_key(day.ben, *private_key_from_seed(KeyKind::ed25519, std::string(32, 'z'))); },
     {"reference | entry 32 | binds a key to contributor 4, which has one since entry 17"}},
    {"AKeyIsBoundToAnotherName",
     [](Day& day) {
       day.op.bind_key(day.cleo, *private_key_from_seed(KeyKind::ed25519, std::string(32, 'z')));
       day.op.body<record::Contributor>(EntryIndex(32)).name_hash = sha256("Another");
     },
     {"reference | entry 32 | binds a key to contributor 5 but has another name_hash"}},
    {"ASignatureIsForged",
     [](Day& day) { contribution(day, day.bridge).signature = to_hex(std::string(64, '\1')); },
     {"signature | entry 6 | the signature is not that of contributor 3, whose key is ed25519:"}},
    {"ASignatureIsOfAnotherKey",
     [](Day& day) { contribution(day, day.late).signature = contribution(day, day.bridge).signature; },
     {"signature | entry 18 | the signature is not that of contributor 4, whose key is secp256k1:"}},
    {"ASignatureIsOlderThanItsKey",
     [](Day& day) { contribution(day, day.tide).signature = contribution(day, day.late).signature; },
     {"signature | entry 12 | is signed, but contributor 4 had no key when it was made"}},
    {"ALicenceIsChanged",
     [](Day& day) { contribution(day, day.bridge).license = "CC0-1.0"; },
     {"signature | entry 6 | the signature is not that of contributor 3"}},
    {"AnApprovalIsDoubled",
     [](Day& day) { day.op.decide(day.rejected, true); },
     {"approval | entry 32 | datapoint 8 was rejected by entry 11"}},
    {"AnApprovalIsNotAskedFor",
     [](Day& day) { day.op.decide(day.tide, false); },
     {"approval | entry 32 | datapoint 12 needs no approval"}},
    {"AnApprovalComesAfterAWithdrawal",
     [](Day& day) {
       const EntryIndex fresh = day.op.contribute(day.essays, day.cleo, "A late thought.");
       day.op.withdraw(fresh);
       day.op.decide(fresh, true);
     },
     {"approval | entry 34 | datapoint 32 was withdrawn by entry 33"}},
    {"AWithdrawalIsDoubled",
     [](Day& day) { day.op.withdraw(day.snow); },
     {"withdrawal | entry 32 | datapoint 13 was withdrawn by entry 27"}},
    {"ADuplicateIsOfAnotherDatanet",
     [](Day& day) { contribution(day, day.tide_again).duplicate_of = day.bridge; },
     {"reference | entry 14 | duplicate_of names datapoint 6, which is of another DataNet",
      "duplicate | entry 14 | duplicate_of is datapoint 6, the first datapoint with the same folded text is datapoint "
      "12"}},
    {"ADuplicateIsNotSaid",
     [](Day& day) {
       contribution(day, day.tide_again).duplicate_of.reset();
       day.op.body<record::Datanet>(day.notes).needs_approval = true;
       day.op.entries().resize(day.psalm.value());
       day.op.decide(day.tide, true);
       day.op.build_index(day.notes);
     },
     {"duplicate | entry 14 | duplicate_of is none, the first datapoint with the same folded text is datapoint 12"}},
    {"ADuplicateIsInvented",
     [](Day& day) { contribution(day, day.harbour).duplicate_of = day.bridge; },
     {"duplicate | entry 7 | duplicate_of is datapoint 6, the first datapoint with the same folded text is none"}},
    {"ADuplicateIsOfAWithdrawnDatapoint",
     [](Day& day) {
       const EntryIndex fresh = day.op.contribute(day.notes, day.ann, "Something else entirely, said once.");
       contribution(day, fresh).duplicate_of = day.snow;
     },
     {"reference | entry 32 | duplicate_of names datapoint 13, withdrawn by entry 27"}},
    {"ADuplicateIsOfARejectedDatapoint",
     [](Day& day) {
       const EntryIndex fresh = day.op.contribute(day.essays, day.ann, "Something else entirely, said once.");
       contribution(day, fresh).duplicate_of = day.rejected;
     },
     {"reference | entry 32 | duplicate_of names datapoint 8, rejected by entry 11"}},
    {"ADuplicateIsTakenWhereNoneAre",
     [](Day& day) { day.op.body<record::Datanet>(day.notes).near_duplicates = record::NearDuplicates::refuse; },
     {"duplicate | entry 14 | is a duplicate of datapoint 12, and its DataNet refuses duplicates",
      "approval | entry 15 | datapoint 14 needs no approval"}},
    {"AVersionIsLeftOut",
     [](Day& day) { day.op.body<record::Model>(day.second_version).version = 3; },
     {"model | entry 29 | is version 3 of model 23, which comes to version 2"}},
    {"AVersionIsRenamed",
     [](Day& day) { day.op.body<record::Model>(day.second_version).name = "tale-teller"; },
     {"model | entry 29 | is named 'tale-teller', its first version 'storyteller'"}},
    {"AVersionIsOfNoModel",
     [](Day& day) { day.op.body<record::Model>(day.second_version).first = day.open_model; },
     {"model | entry 29 | is named 'storyteller', its first version 'open-storyteller'", "payout | entry 31 | "}},
    {"AVersionFollowsALaterVersion",
     [](Day& day) { day.op.register_model("storyteller", {day.essays, day.notes, day.classics}, day.second_version); },
     {"model | entry 32 | first names entry 29, which is not the first version of a model"}},
    {"AModelTakesAGuardAsPaid",
     [](Day& day) { day.op.body<record::Model>(day.open_model).datanets[1].role = record::Role::paid; },
     {"model | entry 24 | takes DataNet 2 as paid, which is guard",
      "credit | entry 26 | token 60 is said to be common; the rule gives datapoint 12 of contributor 4"}},
    {"AModelPinsAnotherDatanetsManifest",
     [](Day& day) {
       day.op.register_model("other", {day.classics});
       day.op.body<record::Model>(EntryIndex(32)).datanets[0].manifest = day.notes_index;
     },
     {"model | entry 32 | pins manifest 21 for DataNet 2, but it is of DataNet 1"}},
};

INSTANTIATE_TEST_SUITE_P(Entries, DishonestOperator, testing::ValuesIn(kEntryDeeds), name_of_deed);

}  // namespace
}  // namespace tribute::audit
