// The words that entries, options and pages use for the values of enums.
#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "record/entry.h"
#include "record/receipt_body.h"

namespace tribute::record {
namespace {

template <typename Enum, size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<Role, 2> kRoles = {{{Role::paid, "paid"}, {Role::guard, "guard"}}};
constexpr Names<NearDuplicates, 3> kNearDuplicates = {
    {{NearDuplicates::accept, "accept"}, {NearDuplicates::hold, "hold"}, {NearDuplicates::refuse, "refuse"}}};
constexpr Names<Evidence, 2> kEvidence = {{{Evidence::matches, "matches"}, {Evidence::influence, "influence"}}};
constexpr Names<Fate, 4> kFates = {
    {{Fate::none, "none"}, {Fate::owned, "owned"}, {Fate::common, "common"}, {Fate::copied, "copied"}}};

template <typename Enum, size_t N>
std::string_view name_in(const Names<Enum, N>& names, Enum value) {
  const auto found = std::ranges::find(names, value, &std::pair<Enum, std::string_view>::first);
  CHECK(found != names.end());
  return found->second;
}

// Errors: invalid_argument listing the words there are.
template <typename Enum, size_t N>
Result<Enum> value_in(const Names<Enum, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name, &std::pair<Enum, std::string_view>::second);
  if (found != names.end()) return found->first;
  std::string message = "'" + std::string(name) + "', which is none of";
  for (const auto& [value, word] : names) message += " " + std::string(word);
  return fail(ErrorCode::invalid_argument, message);
}

}  // namespace

std::string_view name_of(Role role) { return name_in(kRoles, role); }
std::string_view name_of(NearDuplicates policy) { return name_in(kNearDuplicates, policy); }
std::string_view name_of(Evidence evidence) { return name_in(kEvidence, evidence); }
std::string_view name_of(Fate fate) { return name_in(kFates, fate); }

Result<Role> role_from(std::string_view name) { return value_in(kRoles, name); }
Result<NearDuplicates> near_duplicates_from(std::string_view name) { return value_in(kNearDuplicates, name); }
Result<Evidence> evidence_from(std::string_view name) { return value_in(kEvidence, name); }
Result<Fate> fate_from(std::string_view name) { return value_in(kFates, name); }

std::string_view kind_of(const Body& body) {
  constexpr std::array<std::string_view, std::variant_size_v<Body>> kKinds = {
      "datanet", "contributor", "contribution", "approval", "withdrawal", "manifest", "model", "receipt"};
  return kKinds[body.index()];
}

}  // namespace tribute::record
