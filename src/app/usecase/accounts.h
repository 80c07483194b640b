// Use case: deposit to a payer's account, look at accounts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "ledger/store.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct AccountView {
  std::string account;  // "payer:alice"
  std::string name;     // of whom the account is, where the directory knows it
  Amount balance;
};

// Opens `payer:<payer>` if there is none, and pays `amount` (> 0) into it from `outside`.
// Errors: invalid_argument for the name or amount; out_of_range if a balance would leave its range.
Result<AccountView> deposit(workspace::Workspace& workspace, std::string_view payer, Amount amount);

Result<std::vector<AccountView>> list_accounts(workspace::Workspace& workspace);

// All lines, oldest first. `account` is a full id or a payer's or contributor's name.
// Errors: not_found.
Result<std::vector<ledger::StatementLine>> statement(workspace::Workspace& workspace, std::string_view account);

}  // namespace tribute::usecase
