// A set of one segment's documents.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.h"

namespace tribute::ngram {

// A bit per document. Built once, then read by many.
class DocumentSet {
 public:
  DocumentSet() = default;
  explicit DocumentSet(uint32_t document_count) : words_(document_count / 64 + 1) {}

  // The document must be below the count.
  void insert(DocId document) { words_[document.value() / 64] |= bit_of(document); }
  bool contains(DocId document) const { return (words_[document.value() / 64] & bit_of(document)) != 0; }
  // Those of the documents that are not in it, in their order, at the front of the same place.
  std::span<DocId> without(std::span<DocId> documents) const {
    const auto found = std::ranges::remove_if(documents, [this](DocId document) { return contains(document); });
    return documents.first(documents.size() - found.size());
  }
  // Its documents, ascending.
  void append_to(std::vector<DocId>& documents) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      for (uint64_t word = words_[i]; word != 0; word &= word - 1) {
        documents.emplace_back(static_cast<uint32_t>(i * 64) + static_cast<uint32_t>(std::countr_zero(word)));
      }
    }
  }
  uint64_t size() const {
    uint64_t count = 0;
    for (const uint64_t word : words_) count += static_cast<uint64_t>(std::popcount(word));
    return count;
  }

 private:
  static uint64_t bit_of(DocId document) { return uint64_t{1} << document.value() % 64; }

  std::vector<uint64_t> words_;
};

}  // namespace tribute::ngram
