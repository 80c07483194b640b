// What the log's entries say, as far as later checks need it. No database: the log is enough.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "record/entry.h"

namespace tribute::audit {

// Facts in ascending order of the entry that made each. Finding one is O(log n).
template <typename Fact>
class FactTable {
 public:
  // `fact.entry` is above that of every fact before it.
  void add(Fact fact) { facts_.push_back(std::move(fact)); }

  const Fact* find(EntryIndex entry) const { return find_in(facts_, entry); }
  Fact* find(EntryIndex entry) { return find_in(facts_, entry); }

  const std::vector<Fact>& all() const { return facts_; }

 private:
  template <typename Facts>
  static auto find_in(Facts& facts, EntryIndex entry) -> decltype(facts.data()) {
    const auto found = std::ranges::lower_bound(facts, entry, {}, &Fact::entry);
    return found != facts.end() && found->entry == entry ? &*found : nullptr;
  }

  std::vector<Fact> facts_;
};

struct DatanetFacts {
  EntryIndex entry;
  record::Datanet datanet;
};

// A registration, with the key that it came with or that was bound to it later.
struct ContributorFacts {
  EntryIndex entry;
  Hash256 name_hash;
  std::string key;                     // empty: none so far
  std::optional<EntryIndex> bound_at;  // the entry that bound the key, if not the registration
};

struct ContributionFacts {
  EntryIndex entry;
  EntryIndex datanet;
  EntryIndex contributor;
  Hash256 source_hash;
  Hash256 content_sha256;
  Hash256 tokens_sha256;
  uint64_t token_count = 0;
  std::optional<EntryIndex> duplicate_of;
  std::optional<EntryIndex> near_duplicate_of;
  bool needs_approval = false;
  std::optional<EntryIndex> decided_at;  // the approval entry
  bool approved = false;                 // what it says
  std::optional<EntryIndex> withdrawn_at;
};

struct ManifestFacts {
  EntryIndex entry;
  record::Manifest manifest;
  // The datapoints of the manifest: those live at `base_log_size` less those withdrawn below
  // `manifest.log_size`. Both are one number but for a successor after a purge.
  uint64_t base_log_size = 0;
  bool succeeded = false;  // a later manifest took its place when withdrawn content was erased
  bool pinned = false;     // by a model version, itself or what it succeeds
  bool newest = true;      // of its DataNet
};

// Whether its files may be gone: nothing needs them any more.
inline bool may_be_gone(const ManifestFacts& facts) { return facts.succeeded || !(facts.pinned || facts.newest); }

struct ModelFacts {
  EntryIndex entry;
  record::Model model;
};

// The facts of all entries so far. Immutable once the entries are read. Memory: some 250 bytes per
// contribution; receipts are only counted here and read again when their turn comes.
struct History {
  FactTable<DatanetFacts> datanets;
  FactTable<ContributorFacts> contributors;
  FactTable<ContributionFacts> contributions;
  FactTable<ManifestFacts> manifests;
  FactTable<ModelFacts> models;
  std::vector<EntryIndex> receipts;

  // Per entry, one more than the index of its kind in record::Body; 0: it could not be read.
  std::vector<uint8_t> kinds;

  bool is_unreadable(EntryIndex entry) const { return entry.value() < kinds.size() && kinds[entry.value()] == 0; }
};

// Whether a contribution is live, counting the entries below `log_size` alone (docs/formats/workspace.md).
bool is_live_at(const ContributionFacts& contribution, uint64_t log_size);

// Whether a withdrawal entry below `log_size` names it.
bool is_withdrawn_below(const ContributionFacts& contribution, uint64_t log_size);

// Whether a contribution that entry `at` made could name it as what it repeats: it came before, and was
// neither rejected nor withdrawn by then. One that still waited for approval could be named.
bool may_be_repeated_at(const ContributionFacts& contribution, EntryIndex at);

// Whether it belongs into the manifest.
bool belongs_to(const ManifestFacts& manifest, const ContributionFacts& contribution);

}  // namespace tribute::audit
