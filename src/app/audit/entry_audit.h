// Checks every entry of a log by itself and against the entries before it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "audit/history.h"
#include "audit/report.h"
#include "base/hash.h"
#include "base/ids.h"
#include "record/entry.h"

namespace tribute::audit {

// Takes the entries in order and makes the history of them. `history` and `recorder` must outlive it.
// Not thread-safe.
class EntryAudit {
 public:
  EntryAudit(History& history, Recorder& recorder) : history_(history), recorder_(recorder) {}

  // The next entry's bytes: canonical JSON, its time, its references and the rules of its kind.
  void check(std::string_view json);

  // The next entry cannot be read, for a reason that stands in the report already.
  void skip();

  // Contributions without a signature so far: the operator vouches for them.
  uint64_t vouched_count() const { return vouched_count_; }

 private:
  void check_body(EntryIndex entry, const record::Datanet& datanet);
  void check_body(EntryIndex entry, const record::Contributor& contributor);
  void check_body(EntryIndex entry, const record::Contribution& contribution);
  void check_body(EntryIndex entry, const record::Approval& approval);
  void check_body(EntryIndex entry, const record::Withdrawal& withdrawal);
  void check_body(EntryIndex entry, const record::Manifest& manifest);
  void check_body(EntryIndex entry, const record::Model& model);
  void check_body(EntryIndex entry, const record::Receipt& receipt);

  void check_signature(EntryIndex entry, const record::Contribution& contribution, const DatanetFacts& datanet,
                       const ContributorFacts& contributor);
  // `field`: "duplicate_of" or "near_duplicate_of", which names a datapoint of the same DataNet that
  // was not withdrawn.
  void check_duplicate(EntryIndex entry, const record::Contribution& contribution, std::string_view field,
                       EntryIndex target);
  // A salted hash, which no two entries share.
  void check_unique(std::unordered_map<Hash256, EntryIndex>& known, EntryIndex entry, const Hash256& hash,
                    std::string_view field);
  void check_binding(EntryIndex entry, const record::Contributor& contributor, EntryIndex target);
  void check_version(EntryIndex entry, const record::Model& model);
  void check_pin(EntryIndex entry, const record::ModelDatanet& pinned);

  // The fact that `target` made, or nullptr once the report says why there is none.
  template <typename Fact>
  Fact* resolve(FactTable<Fact>& table, EntryIndex entry, EntryIndex target, std::string_view field,
                std::string_view kind);
  void report_unresolved(EntryIndex entry, EntryIndex target, std::string_view field, std::string_view kind);

  // The newest version of each model, by its first version's entry.
  struct NewestVersion {
    std::string name;
    uint32_t version = 1;
  };

  History& history_;
  Recorder& recorder_;
  uint64_t time_ms_ = 0;
  uint64_t vouched_count_ = 0;
  std::map<std::string, EntryIndex, std::less<>> datanet_names_;
  std::map<std::string, EntryIndex, std::less<>> model_names_;
  std::map<EntryIndex, EntryIndex> newest_manifests_;  // by DataNet
  std::map<EntryIndex, NewestVersion> newest_versions_;
  std::unordered_map<Hash256, EntryIndex> name_hashes_;
  std::unordered_map<Hash256, EntryIndex> source_hashes_;
  std::unordered_map<Hash256, EntryIndex> manifest_names_;
};

}  // namespace tribute::audit
