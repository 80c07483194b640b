#include "base/check.h"
#include "datanet/registry.h"
#include "datanet/sql_values.h"

namespace tribute::datanet {
namespace {

constexpr ContributionState kStates[] = {ContributionState::pending, ContributionState::approved,
                                         ContributionState::rejected, ContributionState::withdrawn};

}  // namespace

std::string_view name_of(ContributionState state) {
  switch (state) {
    case ContributionState::pending: return "pending";
    case ContributionState::approved: return "approved";
    case ContributionState::rejected: return "rejected";
    case ContributionState::withdrawn: return "withdrawn";
  }
  check_failed("a value that the enumeration does not have", __FILE__, __LINE__);
}

Result<ContributionState> state_from(std::string_view name) {
  for (const ContributionState state : kStates) {
    if (name == name_of(state)) return state;
  }
  return fail(ErrorCode::invalid_argument, "there is no state '" + std::string(name) +
                                               "' of a contribution; write pending, approved, rejected or withdrawn");
}

std::string_view message_of(StateRefusal refusal) {
  switch (refusal) {
    case StateRefusal::already_withdrawn: return "is already withdrawn";
    case StateRefusal::already_rejected: return "is already rejected";
    case StateRefusal::already_approved: return "is already approved";
  }
  check_failed("a value that the enumeration does not have", __FILE__, __LINE__);
}

std::optional<StateRefusal> refuse_decision(const ContributionRow& row) {
  switch (row.state) {
    case ContributionState::withdrawn: return StateRefusal::already_withdrawn;
    case ContributionState::rejected: return StateRefusal::already_rejected;
    case ContributionState::approved: return StateRefusal::already_approved;
    case ContributionState::pending: return std::nullopt;
  }
  check_failed("a value that the enumeration does not have", __FILE__, __LINE__);
}

std::optional<StateRefusal> refuse_withdrawal(const ContributionRow& row) {
  const auto refusal = refuse_decision(row);
  return refusal == StateRefusal::already_approved ? std::nullopt : refusal;
}

Result<ContributionCounts> count_contributions(sql::Transaction& sql, EntryIndex datanet) {
  ContributionCounts counts;
  for (const sql::Row& row : TRY(sql.query(
           "SELECT state, COUNT(*), COUNT(DISTINCT contributor) FROM contributions WHERE datanet = ? GROUP BY state",
           {as_sql(datanet)}))) {
    const uint64_t count = number_at(row, 1);
    switch (TRY(state_from(row.text(0)))) {
      case ContributionState::pending: counts.pending = count; break;
      case ContributionState::rejected: counts.rejected = count; break;
      case ContributionState::withdrawn: counts.withdrawn = count; break;
      case ContributionState::approved:
        counts.live = count;
        counts.live_contributors = number_at(row, 2);
        break;
    }
  }
  return counts;
}

Result<uint64_t> count_contributions_of(sql::Transaction& sql, EntryIndex contributor) {
  const auto row =
      TRY(sql.query_one("SELECT COUNT(*) FROM contributions WHERE contributor = ? AND state IN ('pending', 'approved')",
                        {as_sql(contributor)}));
  CHECK(row.has_value());
  return number_at(*row, 0);
}

}  // namespace tribute::datanet
