// A receipt's body: the evidence that its split rests on. docs/formats/receipt_body.md.
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

namespace tribute::record {

// What became of a token of the answer. Persisted by name.
enum class Fate : uint8_t {
  none = 1,    // no claim covers it
  owned = 2,   // credited to the first registrant of a claim over it
  common = 3,  // a claim over it is common property
  copied = 4,  // it was copied from the prompt
};
std::string_view name_of(Fate fate);
Result<Fate> fate_from(std::string_view name);

// A maximal span: tokens [begin, end) of the answer and how often they stand in live datapoints.
struct BodySpan {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t count = 0;
  uint64_t surprisal_millibits = 0;
  bool evidence = false;
  friend bool operator==(const BodySpan&, const BodySpan&) = default;
};

// A minimal claim and the first live paid datapoint that contains it (absent: guards alone do).
struct BodyClaim {
  uint64_t begin = 0;
  uint64_t end = 0;
  std::optional<EntryIndex> datapoint;
  bool common = false;
  friend bool operator==(const BodyClaim&, const BodyClaim&) = default;
};

// A run of tokens with one fate, and for owned ones whose they are.
struct BodyCredit {
  uint64_t begin = 0;
  uint64_t end = 0;
  Fate fate = Fate::none;
  std::optional<EntryIndex> datapoint;    // owned only
  std::optional<EntryIndex> contributor;  // owned only
  uint64_t millibits = 0;                 // owned only, else 0
  friend bool operator==(const BodyCredit&, const BodyCredit&) = default;
};

// Canonical JSON as entries are, of any size. The file is named by its SHA-256.
struct ReceiptBody {
  Hash256 salt;  // 32 random bytes
  std::string payer;
  std::vector<uint32_t> output_tokens;
  std::vector<bool> copied;         // per output token; stored as hex, bit i of byte i/8, least significant first
  std::vector<BodySpan> spans;      // by begin
  std::vector<BodyClaim> claims;    // by (begin, end)
  std::vector<BodyCredit> credits;  // cover [0, tokens) without gaps, neighbours differ
  std::vector<Payout> payouts;      // all, whether or not they stand in the entry too
  friend bool operator==(const ReceiptBody&, const ReceiptBody&) = default;
};

std::string to_canonical_json(const ReceiptBody& body);
// Errors: data_loss for anything that to_canonical_json() would not have written, naming the field.
Result<ReceiptBody> receipt_body_from_canonical_json(std::string_view json);

}  // namespace tribute::record
