// Normalizers: what is done to a text before it is cut, with the way back to the original bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace tribute::pretokenize {

// Unicode normalization forms. Persisted; values never change.
enum class Form : uint8_t { nfc = 0, nfd = 1, nfkc = 2, nfkd = 3 };

// Every occurrence of a string, left to right, becomes another.
struct Replace {
  std::string from;  // not empty
  std::string to;

  friend bool operator==(const Replace&, const Replace&) = default;
};

// Put before every text that is not empty.
struct Prepend {
  std::string prefix;
  bool unless_there = false;  // not where the text begins with it

  friend bool operator==(const Prepend&, const Prepend&) = default;
};

using Normalization = std::variant<Form, Replace, Prepend>;

// A normalized text and where its bytes come from.
struct NormalizedText {
  std::string text;
  // One per boundary between bytes of `text`, both ends included: the boundary in the original text that
  // it stands for. Ascends (never falls) from 0 to the original's size; bytes that came from one original
  // part (a composed character, a replaced string) all begin at its begin, and the next part's first byte
  // begins at its end. What was inserted takes no original bytes.
  std::vector<uint32_t> origins;

  friend bool operator==(const NormalizedText&, const NormalizedText&) = default;
};

// Normalizations in a row. Bytes that are not well-formed UTF-8 stay as they are, and no normalization
// looks across them. Immutable; thread-safe.
class Normalizer {
 public:
  explicit Normalizer(std::vector<Normalization> steps);

  // True if normalize() changes no text.
  bool is_identity() const { return steps_.empty(); }
  // False only if normalize() would change `text`; true may be said too often. O(n), at memory speed for ASCII.
  bool may_change(std::string_view text) const;
  // The text normalized; nullopt if it stays as it is, which costs no copy. O(n).
  // Errors: out_of_range where the result would not be below 4 GiB.
  Result<std::optional<NormalizedText>> normalize(std::string_view text) const;

  const std::vector<Normalization>& steps() const { return steps_; }

 private:
  std::vector<Normalization> steps_;
};

}  // namespace tribute::pretokenize
