// The naive twin of Encoder: the textbook's loop over a definition, without tables.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bpe/definition.h"

namespace tribute::bpe {

// Immutable; thread-safe. Must not outlive the definition, which is valid.
class NaiveEncoder {
 public:
  explicit NaiveEncoder(const Definition& definition);

  // The piece's token ids. O(n²) lookups.
  std::vector<uint32_t> encode(std::string_view piece) const;

 private:
  struct Found {
    uint64_t rank = UINT64_MAX;
    uint32_t result = 0;
  };
  Found find(uint32_t left, uint32_t right) const;
  std::vector<uint32_t> symbols_of(std::string_view piece) const;

  const Definition& definition_;
  std::map<std::string, uint32_t, std::less<>> texts_;
  std::map<uint8_t, uint32_t> bytes_;
  std::map<std::pair<uint32_t, uint32_t>, Found> listed_;
};

}  // namespace tribute::bpe
