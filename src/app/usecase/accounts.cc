#include "usecase/accounts.h"

#include "base/bytes.h"
#include "datanet/registry.h"
#include "ledger/store.h"
#include "usecase/lookup.h"
#include "usecase/transfers.h"

namespace tribute::usecase {
namespace {

using ledger::AccountId;
using ledger::AccountKind;

// The name of whom an account is: a payer's, a contributor's, a DataNet's, a model's; empty for others.
Result<std::string> name_behind(sql::Transaction& sql, const AccountId& account) {
  switch (account.kind()) {
    case AccountKind::payer: return account.text().substr(account.text().find(':') + 1);
    case AccountKind::contributor: {
      const auto row = TRY(datanet::find_contributor(sql, *account.entry()));
      return row ? row->name : "";
    }
    case AccountKind::treasury: {
      const auto row = TRY(datanet::find_datanet(sql, *account.entry()));
      return row ? row->datanet.name : "";
    }
    case AccountKind::owner:
    case AccountKind::stakers: {
      const auto row = TRY(workspace::model_version(sql, *account.entry()));
      return row ? row->name : "";
    }
    case AccountKind::platform:
    case AccountKind::outside: return "";
  }
  return "";
}

// The account that a person's words mean: its id, or a payer's or contributor's name.
Result<AccountId> find_account(sql::Transaction& sql, std::string_view words) {
  for (const auto& account : {AccountId::parse(words), AccountId::payer(words)}) {
    if (account && TRY(ledger::find_balance(sql, *account))) return *account;
  }
  if (const auto contributor = TRY(datanet::find_contributor(sql, words))) {
    return AccountId::of(AccountKind::contributor, contributor->entry);
  }
  return fail(ErrorCode::not_found,
              "there is no account '" + std::string(words) + "'; `tribute account list` shows them");
}

}  // namespace

Result<AccountView> deposit(workspace::Workspace& workspace, std::string_view payer, Amount amount) {
  const AccountId account = TRY(AccountId::payer(payer));
  auto change = TRY(workspace.begin());
  TRY(post_deposit(change.sql(), {.key = "deposit:" + to_hex(workspace.random().bytes(16)),
                                  .payer = account,
                                  .amount = amount,
                                  .time_ms = workspace.clock().now_ms()}));
  const auto balance = TRY(ledger::find_balance(change.sql(), account));
  TRY(std::move(change).commit());
  return AccountView{account.text(), std::string(payer), balance.value_or(Amount())};
}

Result<std::vector<AccountView>> list_accounts(workspace::Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  std::vector<AccountView> result;
  for (const auto& [account, balance] : TRY(ledger::list_accounts(sql))) {
    result.push_back({account.text(), TRY(name_behind(sql, account)), balance});
  }
  return result;
}

Result<std::vector<ledger::StatementLine>> statement(workspace::Workspace& workspace, std::string_view account) {
  auto sql = TRY(workspace.database().begin());
  return ledger::statement(sql, TRY(find_account(sql, account)));
}

}  // namespace tribute::usecase
