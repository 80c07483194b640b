// Sketch: a few bytes of a document by which its near duplicates are found among very many.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/ids.h"

namespace tribute::neardup {

// MinHash by one permutation (Li, Owen, Zhang: One Permutation Hashing, 2012): a shingle's hash falls
// into one of kBins bins by its upper half, and each bin keeps its least hash. A bin that got none
// takes that of another (Shrivastava: Optimal Densification for Fast and Accurate Minwise Hashing,
// 2017). Two documents of Jaccard similarity s agree on each bin with probability s, so that in
// expectation they agree on s · kBins.
//
// Documents are candidates for each other if they agree on all the bins of some band of kBinsPerBand:
// with probability 1 - (1 - s^4)^16, which is 0.9998 at s = 0.8, 0.64 at 0.5, 0.12 at 0.3.
inline constexpr size_t kBins = 64;
inline constexpr size_t kBinsPerBand = 4;
inline constexpr size_t kBands = kBins / kBinsPerBand;

// The least hashes of a document's shingles, by bin. The values are part of what the log's entries say
// (docs/formats/contributions.md) and never change.
struct MinHashes {
  std::array<uint64_t, kBins> bins{};

  friend bool operator==(const MinHashes&, const MinHashes&) = default;
};

// What is kept of MinHashes.
struct Sketch {
  std::array<uint64_t, kBands> bands{};    // a hash of each band's bins and its number
  std::array<uint8_t, kBins> signature{};  // the lowest byte of each bin

  friend bool operator==(const Sketch&, const Sketch&) = default;
};

// All bins are 0 for a document without tokens. O(n).
MinHashes min_hashes(std::span<const TokenId> tokens);

Sketch sketch_of(const MinHashes& hashes);
inline Sketch sketch_of(std::span<const TokenId> tokens) { return sketch_of(min_hashes(tokens)); }

// The bins on which two signatures agree: for similarity s about kBins · (s + (1 - s) / 256).
size_t agreement(const Sketch& a, const Sketch& b);

// Below this agreement two documents are taken for no near duplicates without being compared. At a
// similarity of 0.8 an agreement is 51 ± 3; one in a million falls below.
inline constexpr size_t kLeastAgreement = 36;

// The signature as 128 hexadecimal digits, and back. Errors: invalid_argument for anything else.
std::string signature_text(const Sketch& sketch);
Result<std::array<uint8_t, kBins>> signature_from_text(std::string_view text);

}  // namespace tribute::neardup
