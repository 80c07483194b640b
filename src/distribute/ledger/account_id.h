// AccountId: the name of an account, which says whose it is.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/ids.h"

namespace tribute::ledger {

enum class AccountKind : uint8_t { contributor, treasury, owner, stakers, payer, platform, outside };

inline constexpr size_t kMaxPayerBytes = 128;

// One of
//   contributor:E, treasury:E, owner:E, stakers:E   E: the log entry that made the contributor, the
//                                                   DataNet or the model, in at least 12 digits
//   payer:NAME                                      NAME: 1 to 128 printable ASCII characters but ' ' and ':'
//   platform                                        the operator's platform fees
//   outside                                         where money comes from and goes to
// Ordered bytewise by its text, which is the order of ties in every split.
class AccountId {
 public:
  // Errors: invalid_argument naming the text and what an account id looks like.
  static Result<AccountId> parse(std::string_view text);
  // Errors: invalid_argument if `name` is no payer's name.
  static Result<AccountId> payer(std::string_view name);
  // `kind` is one that an entry makes: contributor, treasury, owner or stakers (CHECK).
  static AccountId of(AccountKind kind, EntryIndex entry);
  static AccountId platform();
  static AccountId outside();

  const std::string& text() const { return text_; }
  AccountKind kind() const { return kind_; }
  // The entry that made the account's holder; nullopt for a payer, the platform and outside.
  std::optional<EntryIndex> entry() const { return entry_; }
  // Only what comes from outside is not there before.
  bool may_be_negative() const { return kind_ == AccountKind::outside; }

  friend bool operator==(const AccountId& a, const AccountId& b) { return a.text_ == b.text_; }
  friend auto operator<=>(const AccountId& a, const AccountId& b) { return a.text_ <=> b.text_; }

 private:
  AccountId(AccountKind kind, std::string text, std::optional<EntryIndex> entry = std::nullopt);

  AccountKind kind_;
  std::string text_;
  std::optional<EntryIndex> entry_;
};

}  // namespace tribute::ledger
