// A day's work through the command line: every command, what it prints and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/sign.h"
#include "cli/testing/shell.h"
#include "record/entry.h"

namespace tribute::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using testing::Shell;
using ::testing::StartsWith;

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& item : object.items()) keys.push_back(item.key());
  return keys;  // nlohmann::json sorts them
}

class Day : public ::testing::Test {
 protected:
  Day() { shell_.settle_in(); }

  json charge(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"charge", "--model", "m", "--payer", "alice", "--output", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return shell_.json(arguments, kAnswer);
  }

  // The log, which every change would grow.
  std::string state() { return shell_.read("/w/public/log/checkpoint"); }

  static inline const std::string kAnswer = "As they say, the tide turns slowly at first and then all at once. " +
                                            std::string(Shell::kDumplings) +
                                            " Red sky at night, shepherd's delight; red sky.";

  Shell shell_;
};

TEST_F(Day, DatanetsAreCreatedListedAndShown) {
  const json created = shell_.json({"datanet", "create", "notes", "--public", "--near-duplicates", "hold"});
  EXPECT_EQ(created["name"], "notes");
  EXPECT_EQ(created["needs_approval"], true);
  EXPECT_EQ(created["public"], true);
  EXPECT_EQ(created["near_duplicates"], "hold");
  EXPECT_EQ(created["role"], "paid");
  const json list = shell_.json({"datanet", "list"});
  EXPECT_EQ(list["count"], 4);
  EXPECT_EQ(list["datanets"].size(), 4U);
  const json shown = shell_.json({"datanet", "show", "harbour"});
  EXPECT_EQ(shown["live_count"], 2);
  EXPECT_EQ(shown["contributor_count"], 2);
  EXPECT_EQ(shown["versions"].size(), 1U);
  EXPECT_THAT(shell_.must({"datanet", "list"}), AllOf(StartsWith("DATANET"), HasSubstr("commons  guard")));
  EXPECT_THAT(shell_.must({"datanet", "show", "commons"}), HasSubstr("never earns"));
}

TEST_F(Day, ContributorsAreRegisteredAndBound) {
  const std::string key = shell_.json({"key", "generate", "--output", "/ada.key"})["public_key"];
  EXPECT_TRUE(parse_public_key(key).has_value());
  EXPECT_EQ(shell_.json({"contributor", "show", "ada"})["key"], nullptr);
  const json bound = shell_.json({"contributor", "bind", "ada", "--key", "/ada.key"});
  EXPECT_EQ(bound["key"], key);
  EXPECT_FALSE(bound["bound_at"].is_null());
  EXPECT_EQ(bound["datapoint_count"], 1);
  EXPECT_EQ(shell_.json({"contributor", "add", "new", "--key", key})["name"], "new");
  EXPECT_EQ(shell_.json({"contributor", "list"})["count"], 5);
  EXPECT_THAT(shell_.must({"contributor", "list"}), AllOf(HasSubstr("林月"), HasSubstr("ed25519:")));
}

TEST_F(Day, KeysAreMadeOnceAndPrintedToNobodyElse) {
  const Outcome made = shell_.run({"key", "generate", "--kind", "secp256k1", "--output", "/k"});
  EXPECT_EQ(made.exit, 0);
  EXPECT_THAT(made.out, StartsWith("secp256k1:"));
  const std::string secret = shell_.read("/k").substr(std::string("secp256k1-private:").size());
  EXPECT_THAT(made.out + made.err, Not(HasSubstr(secret.substr(0, 64))));
  EXPECT_EQ(shell_.run({"key", "generate", "--output", "/k"}).exit, 2);
  EXPECT_EQ(shell_.run({"key", "generate", "--kind", "rsa", "--output", "/k2"}).exit, 2);
}

TEST_F(Day, SignedContributionsAreMarked) {
  shell_.json({"key", "generate", "--output", "/ada.key"});
  shell_.must({"contributor", "bind", "ada", "--key", "/ada.key"});
  shell_.json({"contribute", "harbour", "-", "--sign", "/ada.key"}, Shell::row("signed", "ada", "signed by ada"));
  const json list = shell_.json({"contribution", "list", "harbour", "--contributor", "ada"});
  ASSERT_EQ(list["count"], 2);
  EXPECT_EQ(list["contributions"][0]["signed"], false);
  EXPECT_EQ(list["contributions"][1]["signed"], true);
}

TEST_F(Day, BadRowsAreNamedAndTheGoodOnesStay) {
  const std::string rows = Shell::row("good", "ada", "A good one.") + "{\"id\":\"bad\"}\nnot json\n";
  const Outcome mixed = shell_.run({"contribute", "harbour", "-"}, rows);
  EXPECT_EQ(mixed.exit, 1);
  EXPECT_THAT(mixed.out, HasSubstr("Added 1 datapoint to harbour"));
  EXPECT_THAT(mixed.err, AllOf(HasSubstr("-:2: "), HasSubstr("-:3: "), HasSubstr("2 bad rows left out")));

  const Outcome as_json = shell_.run({"contribute", "harbour", "-", "--json"}, rows);
  EXPECT_EQ(as_json.exit, 1);
  const json report = json::parse(as_json.out);
  EXPECT_EQ(report["skipped_count"], 1);
  EXPECT_EQ(report["bad_count"], 2);
  EXPECT_EQ(keys_of(report["bad_rows"][0]), (std::vector<std::string>{"file", "line", "message"}));
  EXPECT_EQ(report["bad_rows"][1]["line"], 3);
}

TEST_F(Day, StrictWritesNothingForABadRow) {
  const std::string before = state();
  const std::string rows = Shell::row("good", "ada", "A good one.") + "not json\n";
  const Outcome refused = shell_.run({"contribute", "harbour", "-", "--strict"}, rows);
  EXPECT_EQ(refused.exit, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, AllOf(HasSubstr("-:2: "), HasSubstr("nothing was written")));
  EXPECT_EQ(state(), before);
}

TEST_F(Day, ContributionsAreApprovedRejectedAndWithdrawn) {
  shell_.must({"datanet", "create", "gated"});
  std::string rows;
  for (const std::string id : {"a", "b", "[c]"}) rows += Shell::row(id, "ada", "The text of " + id);
  EXPECT_EQ(shell_.json({"contribute", "gated", "-"}, rows)["pending_count"], 3);
  EXPECT_EQ(shell_.json({"contribution", "reject", "gated", "[c]"})["contributions"][0]["state"], "rejected");
  EXPECT_EQ(shell_.json({"contribution", "approve", "gated", "a"})["count"], 1);
  EXPECT_EQ(shell_.json({"contribution", "approve", "gated", "--all"})["contributions"][0]["id"], "b");
  EXPECT_EQ(shell_.json({"contribution", "approve", "gated", "--all"})["count"], 0);
  EXPECT_EQ(shell_.json({"withdraw", "gated", "a"})["contributions"][0]["state"], "withdrawn");
  const json approved = shell_.json({"contribution", "list", "gated", "--state", "approved"});
  ASSERT_EQ(approved["count"], 1);
  EXPECT_EQ(
      keys_of(approved["contributions"][0]),
      (std::vector<std::string>{"content_sha256", "contributor", "datanet", "decided_at", "duplicate_of", "entry", "id",
                                "license", "near_duplicate_of", "signed", "state", "title", "token_count"}));
  EXPECT_EQ(shell_.json({"contribution", "list", "gated", "--limit", "1", "--offset", "1"})["contributions"][0]["id"],
            "b");
  EXPECT_EQ(shell_.run({"contribution", "approve", "gated"}).exit, 2);
  EXPECT_EQ(shell_.run({"contribution", "approve", "gated", "a", "--all"}).exit, 2);
}

TEST_F(Day, IndexesSayWhetherTheyAreUpToDate) {
  EXPECT_EQ(shell_.json({"index", "build", "harbour"})["built"], false);
  EXPECT_EQ(shell_.json({"index", "show", "harbour"})["behind"], 0);
  shell_.must({"withdraw", "harbour", "knot"});
  EXPECT_EQ(shell_.json({"index", "show", "harbour"})["behind"], 1);
  const json built = shell_.json({"index", "build", "harbour"});
  EXPECT_EQ(built["built"], true);
  EXPECT_EQ(built["live_documents"], 1);
  EXPECT_EQ(built["segments"][0]["tombstone_count"], 1);
  EXPECT_THAT(shell_.must({"index", "show", "harbour"}), HasSubstr("1 document,"));
}

TEST_F(Day, ModelsKeepTheirTermsAndPolicy) {
  const json shown = shell_.json({"model",
                                  "register",
                                  "n",
                                  "--datanet",
                                  "kitchen=7",
                                  "--parameters",
                                  "1.5B",
                                  "--rate-in",
                                  "1",
                                  "--rate-out",
                                  "2",
                                  "--platform-fee",
                                  "3",
                                  "--split",
                                  "model=1000,contributors=9000",
                                  "--evidence",
                                  "matches",
                                  "--min-span-tokens",
                                  "9",
                                  "--chance-margin-bits",
                                  "11",
                                  "--priority-permille",
                                  "500",
                                  "--passage-bits",
                                  "150",
                                  "--commons-contributors",
                                  "5",
                                  "--coverage-scaled",
                                  "no"});
  EXPECT_EQ(shown["parameters"], 1'500'000'000);
  EXPECT_EQ(shown["evidence"], "matches");
  EXPECT_EQ(shown["split"], json({{"model", 1'000}, {"stakers", 0}, {"contributors", 9'000}}));
  EXPECT_EQ(shown["policy"], json({{"min_span_tokens", 9},
                                   {"chance_margin_bits", 11},
                                   {"priority_permille", 500},
                                   {"passage_bits", 150},
                                   {"commons_contributors", 5},
                                   {"coverage_scaled", false}}));
  EXPECT_EQ(shown["datanets"][0]["name"], "kitchen");
  EXPECT_EQ(shown["datanets"][0]["treasury_permille"], 7);
  const json first = shell_.json({"model", "show", "m"});
  EXPECT_EQ(first["policy"]["commons_contributors"], nullptr);
  EXPECT_EQ(first["split"], json({{"model", 3'000}, {"stakers", 1'000}, {"contributors", 6'000}}));
  EXPECT_EQ(first["datanets"].size(), 3U);
  shell_.must({"withdraw", "harbour", "knot"});
  shell_.must({"index", "build", "harbour"});
  const json updated = shell_.json({"model", "update", "m"});
  EXPECT_EQ(updated["version"], 2);
  EXPECT_EQ(updated["first"], first["entry"]);
  EXPECT_EQ(shell_.json({"model", "list"})["count"], 3);
  EXPECT_THAT(shell_.must({"model", "show", "m"}), HasSubstr("commons-contributors by size"));
}

TEST_F(Day, AnAnswerIsTraced) {
  shell_.write("/answer", kAnswer);
  const json traced = shell_.json({"trace", "--model", "m", "/answer"});
  EXPECT_EQ(traced, shell_.json({"trace", "--model", "m", "-"}, kAnswer));
  EXPECT_EQ(traced, shell_.json({"trace", "--model", "m"}, kAnswer));
  EXPECT_EQ(traced["tokens"], kAnswer.size());
  uint64_t credited = 0;
  uint64_t at = 0;
  for (const json& run : traced["credits"]) {
    EXPECT_EQ(run["begin"], at);
    at = run["end"];
    credited += run["millibits"].get<uint64_t>();
    EXPECT_EQ(run["state"] == "owned", run["contributor"].is_number()) << run;
  }
  EXPECT_EQ(at, kAnswer.size());
  EXPECT_EQ(credited, traced["credited_millibits"]);
  uint64_t ppm = 0;
  for (const json& contributor : traced["contributors"]) ppm += contributor["share_ppm"].get<uint64_t>();
  EXPECT_EQ(ppm, 1'000'000U);
  for (const json& span : traced["spans"]) {
    EXPECT_EQ(span.contains("datapoints"), span["evidence"].get<bool>()) << span;
  }
  const std::string text = shell_.must({"trace", "--model", "m", "/answer"});
  EXPECT_THAT(text, AllOf(HasSubstr(":he tide turns slowly at first and then all at once"),
                          HasSubstr(std::string(Shell::kDumplings)), HasSubstr("[common:"), HasSubstr("On tide"),
                          Not(HasSubstr("\uFFFD"))));
}

TEST_F(Day, WhatThePromptSaidIsNobodys) {
  shell_.write("/prompt", kAnswer);
  const json traced = shell_.json({"trace", "--model", "m", "--prompt", "/prompt"}, kAnswer);
  ASSERT_EQ(traced["credits"].size(), 1U);
  EXPECT_EQ(traced["credits"][0]["state"], "copied");
  EXPECT_TRUE(traced["contributors"].empty());
}

TEST_F(Day, DatapointsAreListedUpToTheLimit) {
  const json none = shell_.json({"trace", "--model", "m", "--datapoints", "0"}, kAnswer);
  for (const json& span : none["spans"]) {
    EXPECT_EQ(span.value("datapoints", json::array()), json::array());
  }
}

TEST_F(Day, AChargePaysAndIsShownAgain) {
  const json receipt = charge();
  EXPECT_EQ(receipt["entry"].is_number(), true);
  int64_t paid = 0;
  for (const json& payout : receipt["payouts"]) paid += payout["amount"].get<int64_t>();
  EXPECT_EQ(paid, receipt["fee"]);
  EXPECT_EQ(receipt["credits"], shell_.json({"trace", "--model", "m"}, kAnswer)["credits"]);
  const std::string id = receipt["id"];
  EXPECT_EQ(shell_.json({"receipt", "show", id}), receipt);
  const json list = shell_.json({"receipt", "list", "--payer", "alice", "--model", "m", "--limit", "5"});
  ASSERT_EQ(list["count"], 1);
  EXPECT_EQ(keys_of(list["receipts"][0]),
            (std::vector<std::string>{"entry", "fee", "id", "model", "model_version", "payer", "time_ms"}));
  EXPECT_EQ(list["receipts"][0]["model"], "m");
  EXPECT_THAT(shell_.must({"receipt", "show", id}), AllOf(StartsWith("Receipt " + id), HasSubstr("PAID TO")));
  EXPECT_THAT(shell_.must({"receipt", "list"}), HasSubstr("m, version 1"));

  int64_t balances = 0;
  const json accounts = shell_.json({"account", "list"});
  for (const json& account : accounts["accounts"]) {
    balances += account["balance"].get<int64_t>();
    EXPECT_EQ(account["name"].is_null(), account["account"] == "outside" || account["account"] == "platform");
    if (account["account"] != "payer:alice") continue;
    EXPECT_EQ(account["balance"], 1'000'000 - receipt["fee"].get<int64_t>());
  }
  EXPECT_EQ(balances, 0);
  const json lines = shell_.json({"account", "statement", "ada"});
  ASSERT_EQ(lines["count"], 1);
  EXPECT_EQ(keys_of(lines["lines"][0]),
            (std::vector<std::string>{"balance", "change", "entry", "key", "other_account", "sequence", "time_ms"}));
  EXPECT_THAT(shell_.must({"account", "statement", "alice"}), HasSubstr("outside"));
}

TEST_F(Day, AnIdempotencyKeyIsChargedOnce) {
  const json first = charge({"--idempotency-key", "k1"});
  const Outcome again = shell_.run(
      {"charge", "--model", "m", "--payer", "alice", "--output", "-", "--idempotency-key", "k1", "--json"}, kAnswer);
  EXPECT_EQ(again.exit, 0);
  EXPECT_EQ(json::parse(again.out), first);
  EXPECT_THAT(again.err, HasSubstr("charged before"));
  const Outcome other = shell_.run(
      {"charge", "--model", "m", "--payer", "alice", "--output", "-", "--idempotency-key", "k1", "--json"}, "other");
  EXPECT_EQ(other.exit, 1);
  EXPECT_EQ(json::parse(other.out)["refusal"], "key_reused");
  EXPECT_EQ(shell_.json({"receipt", "list"})["count"], 1);
}

TEST_F(Day, ARefusedChargeWritesNothing) {
  const std::string before = state();
  const Outcome unknown = shell_.run({"charge", "--model", "m", "--payer", "bob", "--output", "-"}, kAnswer);
  EXPECT_EQ(unknown.exit, 1);
  EXPECT_EQ(unknown.out, "");
  EXPECT_THAT(unknown.err, AllOf(StartsWith("tribute: refused: "), HasSubstr("account deposit")));
  shell_.must({"account", "deposit", "carol", "1"});
  const Outcome poor = shell_.run({"charge", "--model", "m", "--payer", "carol", "--output", "-", "--json"}, kAnswer);
  EXPECT_EQ(poor.exit, 1);
  EXPECT_EQ(keys_of(json::parse(poor.out)), (std::vector<std::string>{"message", "refusal"}));
  EXPECT_EQ(json::parse(poor.out)["refusal"], "insufficient_funds");
  const json dry = shell_.json({"charge", "--model", "m", "--payer", "bob", "--output", "-", "--dry-run"}, kAnswer);
  EXPECT_EQ(dry["id"], nullptr);
  EXPECT_EQ(dry["entry"], nullptr);
  EXPECT_GT(dry["fee"], 0);
  EXPECT_EQ(shell_.json({"receipt", "list"})["count"], 0);
  EXPECT_EQ(state(), before);
}

TEST_F(Day, EverythingIsVerified) {
  charge();
  const json report = shell_.json({"verify", "--key", "/w/public/log/vkey"});
  EXPECT_EQ(report["right"], true) << report["findings"];
  EXPECT_THAT(shell_.must({"verify"}), HasSubstr("Everything that was checked is right"));
  EXPECT_EQ(shell_.json({"doctor"})["healthy"], true);
  // A log of another origin is not this one.
  shell_.must({"init", "/other"});
  const Outcome foreign = shell_.run({"verify", "--key", "/other/public/log/vkey"});
  EXPECT_EQ(foreign.exit, 1);
  EXPECT_THAT(foreign.out, HasSubstr("WRONG"));
  EXPECT_EQ(shell_.run({"verify", "--workspace", "/nowhere"}).exit, 2);
}

TEST_F(Day, ABackupIsAWorkspace) {
  charge();
  const Outcome copied = shell_.run({"backup", "/copy", "--json"});
  EXPECT_EQ(copied.exit, 0) << copied.err;
  const json report = json::parse(copied.out);
  EXPECT_EQ(keys_of(report), (std::vector<std::string>{"bytes", "file_count", "folder", "log_size"}));
  shell_.must({"restore", "/copy", "/again"});
  EXPECT_EQ(shell_.json({"receipt", "list", "--workspace", "/again"}), shell_.json({"receipt", "list"}));
  EXPECT_EQ(shell_.run({"backup", "/copy"}).exit, 2);
  EXPECT_EQ(shell_.run({"restore", "/nothing", "/else"}).exit, 2);
}

// What was typed wrong: one line, exit code 2, and nothing changes.
TEST_F(Day, BadInputChangesNothing) {
  const std::string before = state();
  shell_.write("/answer", kAnswer);
  shell_.write("/rows.jsonl.zst", "no zstd frame");
  const auto registering = [](std::vector<std::string> changed) {
    std::vector<std::string> arguments = {"model", "register",  "n", "--datanet",  "harbour", "--parameters",
                                          "7e9",   "--rate-in", "1", "--rate-out", "1"};
    arguments.insert(arguments.end(), changed.begin(), changed.end());
    return arguments;
  };
  const std::vector<std::vector<std::string>> cases = {
      {"init"},
      {"init", "/tok", "--tokenizer", "/nowhere"},
      {"datanet", "create", "harbour"},
      {"datanet", "create", "Not A Name"},
      {"datanet", "create", "x", "--near-duplicates", "ignore"},
      {"datanet", "show", "nowhere"},
      {"contributor", "add", ""},
      {"contributor", "add", "ada"},
      {"contributor", "add", "bad\xff"},
      {"contributor", "add", "eve", "--key", "ed25519:00"},
      {"contributor", "bind", "nobody", "--key", "/absent"},
      {"contributor", "show", "nobody"},
      {"contribute", "nowhere", "/answer"},
      {"contribute", "harbour", "/absent.jsonl"},
      {"contribute", "harbour", "/answer", "--sign", "/absent"},
      {"contribute", "harbour", "/rows.jsonl.zst", "--strict"},
      {"contribution", "list", "nowhere"},
      {"contribution", "list", "harbour", "--state", "lost"},
      {"contribution", "list", "harbour", "--limit", "0"},
      {"contribution", "approve", "harbour", "tide"},
      {"withdraw", "harbour", "tide", "absent"},
      {"index", "build", "nowhere"},
      registering({"--rate-in", "2"}),
      {"model", "register", "n", "--datanet", "harbour", "--parameters", "7.5", "--rate-in", "1", "--rate-out", "1"},
      {"model", "register", "n", "--datanet", "harbour", "--parameters", "7", "--rate-in", "-1", "--rate-out", "1"},
      {"model", "register", "n", "--guard", "commons", "--parameters", "7e9", "--rate-in", "1", "--rate-out", "1"},
      registering({"--datanet", "nowhere"}),
      registering({"--datanet", "commons"}),
      registering({"--guard", "kitchen"}),
      registering({"--datanet", "kitchen=1001"}),
      registering({"--split", "model=3000,stakers=1000,contributors=5999"}),
      registering({"--split", "model=all"}),
      registering({"--evidence", "influence"}),
      registering({"--evidence", "guess"}),
      registering({"--min-span-tokens", "0"}),
      registering({"--priority-permille", "1001"}),
      registering({"--commons-contributors", "0"}),
      registering({"--coverage-scaled", "maybe"}),
      registering({"--platform-fee", "9223372036854775808"}),
      {"model", "update", "m"},
      {"model", "show", "nowhere"},
      {"trace", "--model", "nowhere", "/answer"},
      {"trace", "--model", "m", "/absent"},
      {"trace", "--model", "m", "/w"},
      {"trace", "--model", "m", "--prompt", "-", "-"},
      {"trace", "--model", "m", "--prompt", "-"},
      {"trace", "--model", "m", "--datapoints", "-1", "/answer"},
      {"charge", "--model", "m", "--payer", "alice"},
      {"charge", "--model", "m", "--output", "/answer"},
      {"charge", "--model", "m", "--payer", "alice", "--output", "-", "--prompt", "-"},
      {"account", "deposit", "alice", "0"},
      {"account", "deposit", "alice", "-5"},
      {"account", "deposit", "alice", "1.5"},
      {"account", "deposit", "alice", "9223372036854775808"},
      {"account", "deposit", "two words", "5"},
      {"account", "statement", "nobody"},
      {"receipt", "show", "0123"},
      {"receipt", "list", "--limit", "none"},
      {"verify", "--key", "no key"},
      {"backup", "/w"},
  };
  for (const auto& arguments : cases) {
    std::string line;
    for (const std::string& word : arguments) line += word + " ";
    const Outcome outcome = shell_.run(arguments);
    EXPECT_EQ(outcome.exit, 2) << line;
    EXPECT_EQ(outcome.out, "") << line;
    EXPECT_THAT(outcome.err, HasSubstr("tribute: ")) << line;
    EXPECT_EQ(state(), before) << line;
  }
}

TEST_F(Day, AFeeThatOverflowsIsRefused) {
  shell_.must({"model", "register", "dear", "--datanet", "harbour", "--parameters", "7e9", "--rate-in", "0",
               "--rate-out", "9223372036854775807"});
  const Outcome outcome =
      shell_.run({"charge", "--model", "dear", "--payer", "alice", "--output", "-"}, std::string(2'000, 'x'));
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(shell_.json({"receipt", "list"})["count"], 0);
}

TEST_F(Day, AForgedSignatureIsABadRow) {
  shell_.json({"key", "generate", "--output", "/ada.key"});
  shell_.must({"contributor", "bind", "ada", "--key", "/ada.key"});
  const std::string forged =
      R"({"id":"f","contributor":"ada","license":"CC0-1.0","title":"t","text":"x","signature":")" +
      std::string(128, '0') + "\"}\n";
  const Outcome outcome = shell_.run({"contribute", "harbour", "-", "--json"}, forged);
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(json::parse(outcome.out)["added_count"], 0);
}

}  // namespace
}  // namespace tribute::cli
