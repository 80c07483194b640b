// Strong ids: integers that cannot be mixed up. Explicit construction, ordering, no arithmetic.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tribute {

// An integer that names a thing of one kind. `Tag` tells the kinds apart.
template <typename Tag, typename Integer>
class StrongId {
 public:
  using value_type = Integer;

  constexpr StrongId() = default;
  constexpr explicit StrongId(Integer value) : value_(value) {}

  constexpr Integer value() const { return value_; }

  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;

 private:
  Integer value_ = 0;
};

// The dense index of an entry in the log, from 0. It names what the entry made: a datapoint, a
// contributor, a DataNet, a model version, a receipt. Below 2^63 (SQL's integers are signed).
using EntryIndex = StrongId<struct EntryIndexTag, uint64_t>;

// A tokenizer's vocabulary entry, below 2^18 for every supported vocabulary.
using TokenId = StrongId<struct TokenIdTag, uint32_t>;

// A document's place within one segment or source, from 0, in ascending entry index.
using DocId = StrongId<struct DocIdTag, uint32_t>;

}  // namespace tribute

template <typename Tag, typename Integer>
struct std::hash<tribute::StrongId<Tag, Integer>> {
  size_t operator()(const tribute::StrongId<Tag, Integer>& id) const noexcept {
    return std::hash<Integer>{}(id.value());
  }
};
