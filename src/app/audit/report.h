// What an audit found: findings, what was checked, what could not be, and what had to be trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"

namespace tribute::audit {

// Which rule a finding says is broken. docs/guide/verify.md has what each means.
enum class Rule : uint8_t {
  checkpoint = 1,       // the checkpoint is readable, of this log, and signed by the key
  root = 2,             // the entries' root is the checkpoint's
  fork = 3,             // the kept checkpoint's root is that of the same entries
  tile = 4,             // every tile is there and is what the entries make it
  bundle = 5,           // every entry bundle is there and readable
  entry = 6,            // an entry is the canonical JSON of a known kind
  time = 7,             // times never decrease
  reference = 8,        // what an entry names is there, before it, and of the right kind
  name = 9,             // names are unique
  signature = 10,       // a signed contribution is signed by its contributor's key
  approval = 11,        // one decision per contribution, where its DataNet asks for one
  withdrawal = 12,      // one withdrawal per contribution
  duplicate = 13,       // `duplicate_of` names the first live datapoint with the same folded text
  model = 14,           // versions follow each other; pinned manifests and roles are the DataNets'
  directory = 15,       // what the directory says of an entry hashes to what the entry holds
  tokenizer = 16,       // the tokenizer is there and is the one that the manifests were made with
  manifest = 17,        // a manifest is there, is what its entry says, and holds the live datapoints
  segment = 18,         // a segment is there and is what the manifest says
  document = 19,        // a datapoint's tokens and contributor are what its entry says
  receipt = 20,         // a receipt names its model's manifests and a log size that was there
  fee = 21,             // the fee is what the terms make it
  payout = 22,          // the payouts are what the terms and credits make them, and sum to the fee
  receipt_body = 23,    // a receipt's body is there and agrees with the entry
  span = 24,            // spans are the maximal spans of the rule
  claim = 25,           // claims are the minimal claims of the rule
  credit = 26,          // tokens are credited to whom the rule gives them
  near_duplicate = 27,  // `near_duplicate_of` names the first live datapoint that is a near duplicate
};

// The word that stands in reports ("receipt_body").
std::string_view name_of(Rule rule);

// One thing that is wrong.
struct Finding {
  Rule rule = Rule::entry;
  std::string place;                // "entry 57", or a file: "public/log/checkpoint"
  std::optional<EntryIndex> entry;  // the entry that it is about
  std::string message;              // what is wrong and what would be right, in one line

  friend bool operator==(const Finding&, const Finding&) = default;
};

// How many of something: "entries", 1200.
struct Count {
  std::string what;
  uint64_t count = 0;

  friend bool operator==(const Count&, const Count&) = default;
};

struct Report {
  std::string origin;  // the log's, empty if no checkpoint could be read
  uint64_t log_size = 0;
  std::optional<Hash256> root;  // re-derived from the entries; nullopt if some could not be read

  std::vector<Finding> findings;       // empty: everything that was checked is right
  uint64_t further_finding_count = 0;  // beyond the ones listed
  std::vector<Count> checked;
  std::vector<Count> unchecked;
  std::vector<std::string> trusted;

  bool is_right() const { return findings.empty(); }
};

// For people: one line per finding, then what was checked, unchecked and trusted. Ends in a newline.
std::string to_text(const Report& report);
// One JSON object in one line, with a newline.
std::string to_json(const Report& report);

// Gathers a report. Of each rule at most `findings_per_rule` findings are kept, the rest counted.
// Not thread-safe.
class Recorder {
 public:
  explicit Recorder(uint64_t findings_per_rule) : findings_per_rule_(findings_per_rule) {}

  void wrong_entry(Rule rule, EntryIndex entry, std::string message);
  void wrong_file(Rule rule, std::string path, std::optional<EntryIndex> entry, std::string message);

  void checked(std::string_view what, uint64_t count = 1);
  void unchecked(std::string_view what, uint64_t count = 1);
  void trusted(std::string what);

  Report& report() { return report_; }
  Report finish() && { return std::move(report_); }

 private:
  void add(Finding finding);

  uint64_t findings_per_rule_;
  std::vector<uint64_t> found_per_rule_;
  Report report_;
};

}  // namespace tribute::audit
