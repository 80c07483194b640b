#include "ledger/account_id.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::ledger {
namespace {

constexpr size_t kIndexDigits = 12;
constexpr std::string_view kPayer = "payer:";
constexpr std::string_view kPlatform = "platform";
constexpr std::string_view kOutside = "outside";

constexpr std::array<std::pair<AccountKind, std::string_view>, 4> kEntryKinds = {
    {{AccountKind::contributor, "contributor:"},
     {AccountKind::treasury, "treasury:"},
     {AccountKind::owner, "owner:"},
     {AccountKind::stakers, "stakers:"}}};

bool is_payer_name(std::string_view name) {
  const auto is_allowed = [](char c) { return c > ' ' && c <= '~' && c != ':'; };
  return !name.empty() && name.size() <= kMaxPayerBytes && std::ranges::all_of(name, is_allowed);
}

std::optional<EntryIndex> index_from(std::string_view digits) {
  uint64_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  const bool is_index = error == std::errc() && end == digits.data() + digits.size() &&
                        index <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (!is_index) return std::nullopt;
  return EntryIndex(index);
}

}  // namespace

AccountId::AccountId(AccountKind kind, std::string text, std::optional<EntryIndex> entry)
    : kind_(kind), text_(std::move(text)), entry_(entry) {}

AccountId AccountId::platform() { return {AccountKind::platform, std::string(kPlatform)}; }
AccountId AccountId::outside() { return {AccountKind::outside, std::string(kOutside)}; }

AccountId AccountId::of(AccountKind kind, EntryIndex entry) {
  const auto* const found = std::ranges::find(kEntryKinds, kind, &std::pair<AccountKind, std::string_view>::first);
  CHECK(found != kEntryKinds.end());
  std::string digits = std::to_string(entry.value());
  if (digits.size() < kIndexDigits) digits.insert(0, kIndexDigits - digits.size(), '0');
  return {kind, std::string(found->second) + digits, entry};
}

Result<AccountId> AccountId::payer(std::string_view name) {
  if (!is_payer_name(name)) {
    return fail(ErrorCode::invalid_argument,
                "payer '" + to_printable_utf8(name) +
                    "' must be 1 to 128 printable ASCII characters without spaces and colons");
  }
  return AccountId(AccountKind::payer, std::string(kPayer) + std::string(name));
}

Result<AccountId> AccountId::parse(std::string_view text) {
  if (text == kPlatform) return platform();
  if (text == kOutside) return outside();
  if (text.starts_with(kPayer)) return payer(text.substr(kPayer.size()));
  for (const auto& [kind, prefix] : kEntryKinds) {
    if (!text.starts_with(prefix)) continue;
    const auto index = index_from(text.substr(prefix.size()));
    if (!index) break;
    AccountId account = of(kind, *index);
    if (account.text() == text) return account;
  }
  return fail(ErrorCode::invalid_argument,
              "'" + to_printable_utf8(text) +
                  "' is no account; one is platform, outside, payer:NAME, or contributor:, treasury:, owner: or "
                  "stakers: and the entry's index in 12 digits");
}

}  // namespace tribute::ledger
