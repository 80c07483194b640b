// Credit: what an attribution gives to whom, in integers. Pure arithmetic, the same on every machine.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "record/receipt_body.h"
#include "trace/trace.h"

namespace tribute::credit {

// The parts of `share_ppm`.
inline constexpr uint64_t kPartsPerMillion = 1'000'000;

// What a contributor's tokens are worth, and its share of all that is credited.
struct ContributorShare {
  EntryIndex contributor;
  uint64_t millibits = 0;
  uint64_t share_ppm = 0;

  friend bool operator==(const ContributorShare&, const ContributorShare&) = default;
};

// What a datapoint's tokens are worth.
struct DatapointCredit {
  EntryIndex datapoint;
  EntryIndex contributor;
  uint64_t millibits = 0;

  friend bool operator==(const DatapointCredit&, const DatapointCredit&) = default;
};

// Everyone who owns a token, in ascending order of `contributor`. The shares are by largest remainder,
// ties to the lower contributor; they sum to kPartsPerMillion, or are all 0 where nothing is credited.
// O(n log n) for n tokens, as every function here at most.
std::vector<ContributorShare> shares(const trace::Attribution& attribution);

// Every datapoint that owns a token, in ascending order of `datapoint`.
std::vector<DatapointCredit> datapoint_credits(const trace::Attribution& attribution);

// The tokens as runs of one fate and one datapoint, as long as they can be; they cover the answer.
std::vector<record::BodyCredit> runs(const trace::Attribution& attribution);

// The spans and claims as a receipt's body lists them, in the attribution's order.
std::vector<record::BodySpan> body_spans(const trace::Attribution& attribution);
std::vector<record::BodyClaim> body_claims(const trace::Attribution& attribution);

}  // namespace tribute::credit
