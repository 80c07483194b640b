#include "usecase/recover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "usecase/backup.h"
#include "usecase/contributions.h"
#include "usecase/contributors.h"
#include "usecase/doctor.h"
#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::row;
using testing::Town;

std::string balances(Town& town) {
  std::string text;
  for (const auto& account : must(list_accounts(town.workspace()))) {
    text += account.account + " " + std::to_string(account.balance.millionths()) + "\n";
  }
  return text;
}

void expect_healthy(Town& town) {
  for (const auto& check : must(examine(town.workspace(), town.progress)).checks) {
    EXPECT_TRUE(check.passed) << check.what << ": " << check.finding;
  }
}

// A town with everything that an entry can say, and a backup from before the last things.
class Recover : public ::testing::Test {
 protected:
  Recover() {
    town_.settle_in();
    auto request = Town::charge_request(std::string(Town::kTide));
    request.idempotency_key = "first";
    must(charge(town_.workspace(), request));
    must(backup(town_.workspace(), "/backup", town_.progress));
    must(town_.contribute_rows("harbour", row("rope", "moira", "Whip the end before you cut it.")));
    must(bind_contributor(town_.workspace(), "moira",
                          public_key_of(must(private_key_from_seed(KeyKind::ed25519, std::string(32, 'k'))))));
    must(withdraw_contributions(town_.workspace(), "harbour", {"tide"}));
    must(create_datanet(town_.workspace(), {.name = "slow"}));
    must(town_.contribute_rows("slow", row("a", "ada", "one") + row("b", "ada", "two") + row("c", "ada", "three")));
    must(approve_contributions(town_.workspace(), "slow", {"a"}));
    must(reject_contributions(town_.workspace(), "slow", {"b"}));
    town_.build("harbour");
    must(update_model(town_.workspace(), "m"));
    last_ = *must(charge(town_.workspace(), Town::charge_request(std::string(Town::kKnot)))).receipt;
    balances_ = balances(town_);
  }

  void expect_the_same_town() {
    town_.reopen();
    expect_healthy(town_);
    EXPECT_EQ(balances(town_), balances_);
    EXPECT_EQ(must(show_receipt(town_.workspace(), last_.id, 10)).payouts, last_.payouts);
    EXPECT_EQ(must(show_contributor(town_.workspace(), "moira")).key.substr(0, 8), "ed25519:");
    std::string states;
    for (const char* datanet : {"harbour", "slow"}) {
      for (const auto& view : must(list_contributions(town_.workspace(), {.datanet = datanet})))
        states += view.state + " ";
    }
    EXPECT_EQ(states, "withdrawn approved approved approved rejected pending ");
    EXPECT_TRUE(must(charge(town_.workspace(), Town::charge_request(std::string(Town::kKnot)))).receipt.has_value());
  }

  Town town_;
  ReceiptView last_;
  std::string balances_;
};

TEST_F(Recover, AnOlderDatabaseCatchesUpWithTheLog) {
  town_.close();
  must(io::copy_file(town_.files, "/backup/tribute.db", "/town/tribute.db"));
  const auto refused = workspace::Workspace::open(town_.environment(), Town::kFolder, "a test");
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("tribute recover --from-log"));

  const auto report = must(recover_from_log(town_.environment(), Town::kFolder, town_.progress));
  EXPECT_GT(report.log_size, report.old_log_size);
  EXPECT_EQ(report.old_transfer_count, 1U);
  EXPECT_EQ(report.old_charge_key_count, 1U);
  EXPECT_TRUE(report.advances.empty());
  expect_the_same_town();
}

TEST_F(Recover, WithoutADatabaseWhatPayersPaidInIsBookedAsTheirShortfall) {
  town_.close();
  must(town_.files.remove("/town/tribute.db"));
  const auto report = must(recover_from_log(town_.environment(), Town::kFolder, town_.progress));
  ASSERT_EQ(report.advances.size(), 1U);
  EXPECT_EQ(report.advances[0].payer, "alice");
  town_.reopen();
  expect_healthy(town_);
  EXPECT_EQ(must(show_receipt(town_.workspace(), last_.id, 10)).payouts, last_.payouts);
}

TEST_F(Recover, LeavesTheWorkspaceAsItWasWhereSomethingIsMissing) {
  town_.close();
  must(io::copy_file(town_.files, "/backup/tribute.db", "/town/tribute.db"));
  for (const auto& entry : must(town_.files.list("/town/sealed/receipts"))) {
    must(town_.files.remove("/town/sealed/receipts/" + entry.name));
  }
  const auto recovered = recover_from_log(town_.environment(), Town::kFolder, town_.progress);
  ASSERT_FALSE(recovered.has_value());
  EXPECT_EQ(recovered.error().code, ErrorCode::data_loss);
  EXPECT_FALSE(must(town_.files.exists("/town/tribute.db.before-recovery")));
  const auto opened = workspace::Workspace::open(town_.environment(), Town::kFolder, "a test");
  EXPECT_THAT(opened.error().message, HasSubstr("older")) << "it is what it was";
}

}  // namespace
}  // namespace tribute::usecase
