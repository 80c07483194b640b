// The registry: DataNets, contributors and contributions, as SQL rows. Every function works in the
// caller's transaction; the log entries that the rows are of commit with it. What changes a row that
// the public directory shows marks it there (datanet/directory.h).
//
// Errors of every function: those of sql::Transaction; data_loss where a column holds what was never
// written there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "record/entry.h"
#include "sql/database.h"

namespace tribute::datanet {

const sql::Schema& registry_schema();

// DataNets.

struct DatanetRow {
  EntryIndex entry;
  record::Datanet datanet;
};

// Errors: already_exists for a name in use.
Result<void> insert_datanet(sql::Transaction& sql, const DatanetRow& row);
Result<std::optional<DatanetRow>> find_datanet(sql::Transaction& sql, std::string_view name);
Result<std::optional<DatanetRow>> find_datanet(sql::Transaction& sql, EntryIndex entry);
Result<std::vector<DatanetRow>> list_datanets(sql::Transaction& sql);  // by name

// Contributors.

struct ContributorRow {
  EntryIndex entry;  // of the registration
  std::string name;
  Hash256 salt;                        // of the name's hash in the log
  std::string key;                     // PublicKey::text(), or empty
  std::optional<EntryIndex> bound_at;  // the entry that bound the key after the registration
};

// Errors: already_exists for a name in use.
Result<void> insert_contributor(sql::Transaction& sql, const ContributorRow& row);
// The contributor must be there and have no key (CHECK).
Result<void> bind_key(sql::Transaction& sql, EntryIndex contributor, std::string_view key, EntryIndex bound_at);
Result<std::optional<ContributorRow>> find_contributor(sql::Transaction& sql, std::string_view name);
Result<std::optional<ContributorRow>> find_contributor(sql::Transaction& sql, EntryIndex entry);
Result<std::vector<ContributorRow>> list_contributors(sql::Transaction& sql);  // by name

// Contributions.

// Persisted by name (name_of).
enum class ContributionState : uint8_t { pending = 1, approved = 2, rejected = 3, withdrawn = 4 };
std::string_view name_of(ContributionState state);
Result<ContributionState> state_from(std::string_view name);

struct ContributionRow {
  EntryIndex entry;
  EntryIndex datanet;
  EntryIndex contributor;
  std::string source_id;  // unique in the DataNet
  std::string title;
  Hash256 salt;  // of the source hash in the log
  std::string license;
  Hash256 content_sha256;
  Hash256 folded_sha256;  // folded_hash() of the text
  Hash256 tokens_sha256;
  uint64_t token_count = 0;
  std::optional<EntryIndex> duplicate_of;
  std::optional<EntryIndex> near_duplicate_of;
  bool is_signed = false;
  ContributionState state = ContributionState::approved;  // pending where it needs approval
  std::optional<EntryIndex> decided_at;                   // the approval entry, if there is one
  std::optional<EntryIndex> withdrawn_at;                 // the withdrawal entry
  bool is_erased = false;                                 // withdrawn, and its title and text are gone
};

// A row that is pending here needs approval, an approved one needs none; it is neither decided nor
// withdrawn yet (CHECK). Errors: already_exists for a source id in use in the DataNet.
Result<void> insert_contribution(sql::Transaction& sql, const ContributionRow& row);
Result<std::optional<ContributionRow>> find_contribution(sql::Transaction& sql, EntryIndex datanet,
                                                         std::string_view source_id);
Result<std::optional<ContributionRow>> find_contribution(sql::Transaction& sql, EntryIndex entry);

// The lowest contribution of the DataNet with this folded hash that is neither rejected nor withdrawn.
Result<std::optional<ContributionRow>> first_with_folded_hash(sql::Transaction& sql, EntryIndex datanet,
                                                              const Hash256& folded);

struct ContributionQuery {
  EntryIndex datanet;
  std::optional<EntryIndex> contributor;
  std::optional<ContributionState> state;
  uint64_t limit = 1'000;  // in order of registration
  uint64_t offset = 0;
};
Result<std::vector<ContributionRow>> list_contributions(sql::Transaction& sql, const ContributionQuery& query);

// The live contributions of a DataNet, in order of registration: approved and not withdrawn.
Result<std::vector<ContributionRow>> live_contributions(sql::Transaction& sql, EntryIndex datanet);
// Those that were live when the log had `log_size` entries: of the entries of registration, approval
// (where one was needed) and withdrawal, the first two are below `log_size` and the last is not.
Result<std::vector<ContributionRow>> live_contributions_at(sql::Transaction& sql, EntryIndex datanet,
                                                           uint64_t log_size);

struct ContributionCounts {
  uint64_t live = 0;
  uint64_t pending = 0;
  uint64_t rejected = 0;
  uint64_t withdrawn = 0;
  uint64_t live_contributors = 0;  // distinct
};
Result<ContributionCounts> count_contributions(sql::Transaction& sql, EntryIndex datanet);
// Pending and approved ones of a contributor, over all DataNets.
Result<uint64_t> count_contributions_of(sql::Transaction& sql, EntryIndex contributor);

// Why a contribution cannot be approved, rejected or withdrawn, in this order of precedence.
enum class StateRefusal : uint8_t { already_withdrawn = 1, already_rejected = 2, already_approved = 3 };
std::string_view message_of(StateRefusal refusal);  // "is already withdrawn"

// nullopt: may be done. Approve and reject ask for a pending one; withdraw for a pending or approved one.
std::optional<StateRefusal> refuse_decision(const ContributionRow& row);
std::optional<StateRefusal> refuse_withdrawal(const ContributionRow& row);

// The row must be there and its state must allow it (CHECK).
Result<void> decide(sql::Transaction& sql, EntryIndex contribution, bool approved, EntryIndex decided_at);
Result<void> withdraw(sql::Transaction& sql, EntryIndex contribution, EntryIndex withdrawn_at);

// Whether some contribution of any DataNet with this content is pending or approved.
Result<bool> is_content_needed(sql::Transaction& sql, const Hash256& content);
// Those of a DataNet that are withdrawn and not erased, ascending.
Result<std::vector<ContributionRow>> unerased_withdrawals(sql::Transaction& sql, EntryIndex datanet);
// Forgets the title of a withdrawn one (CHECK) and notes that it is erased. Its source id stays, so that it
// is not put in again by mistake.
Result<void> mark_erased(sql::Transaction& sql, EntryIndex contribution);

// The contributions of a DataNet whose withdrawal entry is below `log_size`, ascending.
Result<std::vector<EntryIndex>> withdrawn_below(sql::Transaction& sql, EntryIndex datanet, uint64_t log_size);

}  // namespace tribute::datanet
