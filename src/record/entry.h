// The kinds of log entries: one struct each, and their canonical JSON.
//
// Canonical JSON: one object, keys in ascending ASCII order, no white space, ASCII only (other
// characters as \u escapes), no floating point, integers above 2^53 - 1 as decimal strings, at most
// 65,535 bytes. There is exactly one spelling of every entry; reading refuses any other.
// docs/formats/entries.md has each kind with an example.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "record/model_values.h"

namespace tribute::record {

inline constexpr size_t kMaxEntryBytes = 65'535;

// Whether a DataNet's datapoints earn, or only tell what is common property.
enum class Role : uint8_t { paid = 1, guard = 2 };

// What a DataNet does with a near duplicate at the door.
enum class NearDuplicates : uint8_t { accept = 1, hold = 2, refuse = 3 };

// The evidence that attribution rests on.
enum class Evidence : uint8_t { matches = 1, influence = 2 };

// The word that an entry, an option or a page uses for a value ("paid"), and back.
std::string_view name_of(Role role);
std::string_view name_of(NearDuplicates policy);
std::string_view name_of(Evidence evidence);
Result<Role> role_from(std::string_view name);
Result<NearDuplicates> near_duplicates_from(std::string_view name);
Result<Evidence> evidence_from(std::string_view name);

// A DataNet was created. Its entry's index names it.
struct Datanet {
  std::string name;  // [a-z0-9][a-z0-9._-]{0,63}; no personal data
  Role role = Role::paid;
  bool needs_approval = true;
  bool is_public = false;
  NearDuplicates near_duplicates = NearDuplicates::accept;
  friend bool operator==(const Datanet&, const Datanet&) = default;
};

// A contributor was registered, or a registered one (`binds`) was given its key.
struct Contributor {
  Hash256 name_hash;                // salted_hash(salt, name); salt and name stand in the directory
  std::string key;                  // PublicKey::text(), or empty
  std::optional<EntryIndex> binds;  // the registration that this one completes; then `name_hash` is that one's
  friend bool operator==(const Contributor&, const Contributor&) = default;
};

// A datapoint was put into a DataNet. Its entry's index names the datapoint, and the order of these
// entries is the order of registration.
struct Contribution {
  EntryIndex datanet;
  EntryIndex contributor;  // the registration
  std::string license;     // SPDX, as declared
  Hash256 source_hash;     // salted_hash(salt, canonical {"id","title"}); they stand in the directory
  Hash256 content_sha256;  // of the document's bytes
  Hash256 tokens_sha256;   // of its tokens, each as u32 little-endian
  uint64_t token_count = 0;
  std::optional<EntryIndex> duplicate_of;  // the first earlier live datapoint of the DataNet with equal folded text
  std::optional<EntryIndex> near_duplicate_of;
  std::string signature;  // hex, by the contributor's key over contribution_message(); empty: vouched by the operator
  friend bool operator==(const Contribution&, const Contribution&) = default;
};

// A contribution to a DataNet that needs approval was let in or turned away, once.
struct Approval {
  EntryIndex contribution;
  bool approved = false;
  friend bool operator==(const Approval&, const Approval&) = default;
};

// A datapoint was withdrawn, once and for good.
struct Withdrawal {
  EntryIndex contribution;
  friend bool operator==(const Withdrawal&, const Withdrawal&) = default;
};

// A DataNet's index was built: the datapoints live at `log_size` are those of the manifest.
struct Manifest {
  EntryIndex datanet;
  Hash256 manifest_sha256;  // of the manifest file, which is named by it
  Hash256 tokenizer_sha256;
  uint64_t log_size = 0;  // the entries below it are covered
  uint64_t live_documents = 0;
  uint64_t live_tokens = 0;
  std::optional<EntryIndex> succeeds;  // after a purge: the manifest that it differs from only in withdrawn datapoints
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// A DataNet that a model was trained on.
struct ModelDatanet {
  EntryIndex datanet;
  EntryIndex manifest;  // the manifest entry that is pinned
  Role role = Role::paid;
  uint32_t treasury_permille = 0;
  friend bool operator==(const ModelDatanet&, const ModelDatanet&) = default;
};

// A version of a model was registered. The first version's index names the model.
struct Model {
  std::string name;                 // as a DataNet's
  std::optional<EntryIndex> first;  // the first version's entry, absent in the first version
  uint32_t version = 1;
  uint64_t parameters = 0;
  Evidence evidence = Evidence::matches;
  std::vector<ModelDatanet> datanets;  // in ascending order of `datanet`
  Terms terms;
  Policy policy;
  friend bool operator==(const Model&, const Model&) = default;
};

struct Payout {
  std::string account;
  Amount amount;
  friend bool operator==(const Payout&, const Payout&) = default;
};

// An answer was charged. What it rests on stands in the body (record/receipt_body.h).
struct Receipt {
  EntryIndex model;                   // the version's entry
  std::vector<EntryIndex> manifests;  // the manifest entries used, as in the model's `datanets` (or their successors)
  uint64_t log_size = 0;              // S: withdrawals below it count
  uint64_t tokens_in = 0;
  uint64_t tokens_out = 0;
  uint64_t total_millibits = 0;
  uint64_t credited_millibits = 0;
  Amount fee;
  Hash256 body_sha256;           // of the body file, which holds 32 random bytes of salt
  std::vector<Payout> payouts;   // by account, bytewise, none zero; empty if `payouts_in_body`
  bool payouts_in_body = false;  // over 500 payees
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

inline constexpr size_t kMaxPayoutsInEntry = 500;

using Body = std::variant<Datanet, Contributor, Contribution, Approval, Withdrawal, Manifest, Model, Receipt>;

struct Entry {
  uint64_t time_ms = 0;  // never below that of the entry before
  Body body;
  friend bool operator==(const Entry&, const Entry&) = default;
};

// The kind's name as it stands in the entry ("contribution").
std::string_view kind_of(const Body& body);

// Errors: out_of_range if the text would exceed kMaxEntryBytes; invalid_argument for a field out of
// its range (names, key and licence spellings, unsorted lists).
Result<std::string> to_canonical_json(const Entry& entry);

// Errors: data_loss for anything that to_canonical_json() would not have written, naming the field.
Result<Entry> entry_from_canonical_json(std::string_view json);

// The bytes that a contributor signs: canonical {"content_sha256","contributor_key","datanet","kind",
// "licence"}, with the DataNet's name and kind "contribution".
std::string contribution_message(const Hash256& content_sha256, std::string_view contributor_key,
                                 std::string_view datanet_name, std::string_view license);

// Canonical {"id","title"}: what Contribution::source_hash is over.
std::string source_text(std::string_view id, std::string_view title);

}  // namespace tribute::record
