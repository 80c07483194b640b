// NaiveShard: a Shard of documents in memory, by comparing suffixes; what every other one is compared with.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "ngram/shard.h"

namespace tribute::ngram {

struct NaiveDocument {
  uint64_t id = 0;
  std::vector<TokenId> tokens;
  bool is_live = true;
};

// Documents one after another, with a position that is no token's behind each, their suffixes sorted by comparison: by
// their tokens, the shorter first where one begins with the other, equal ones by position. Every question walks all of
// them. Ids must differ. Immutable; thread-safe.
class NaiveShard : public Shard {
 public:
  NaiveShard(std::vector<NaiveDocument> documents, uint32_t vocabulary_size);
  NaiveShard(const NaiveShard&) = delete;
  NaiveShard& operator=(const NaiveShard&) = delete;
  NaiveShard(NaiveShard&&) = default;
  NaiveShard& operator=(NaiveShard&&) = default;
  ~NaiveShard() override = default;

  uint32_t vocabulary_size() const override { return vocabulary_size_; }
  uint64_t document_count() const override { return documents_.size(); }
  LiveCounts live() const override;
  uint64_t position_end() const override { return suffixes_.empty() ? 0 : suffixes_.size() + documents_.size(); }
  RankRange suffixes() const override { return {0, suffixes_.size()}; }
  std::vector<RankRange> find(std::span<const std::span<const TokenId>> runs) const override;
  std::vector<uint32_t> longest_matches(std::span<const TokenId> text) const override;
  uint64_t count(RankRange range) const override;
  bool has_live(RankRange range) const override { return count(range) > 0; }
  std::vector<Tail> tails(RankRange range, std::span<const TokenId> text, uint32_t length) const override;
  Continuations continuations(RankRange range, uint64_t length) const override;
  void positions(RankRange range, std::span<uint64_t> positions) const override;
  ShardDocument document(uint64_t index) const override;
  ShardDocument document_at(uint64_t position) const override;
  std::optional<uint64_t> find_document(uint64_t id) const override;
  std::vector<TokenId> tokens(uint64_t position, uint64_t count) const override;
  std::string metadata(uint64_t) const override { return {}; }
  Result<void> status() const override { return {}; }

 private:
  uint32_t longest_match(std::span<const TokenId> text) const;

  struct Suffix {
    uint64_t position = 0;
    size_t document = 0;
    std::span<const TokenId> tokens;
  };

  std::vector<NaiveDocument> documents_;
  std::vector<Suffix> suffixes_;  // by rank; views of documents_
  uint32_t vocabulary_size_;
};

}  // namespace tribute::ngram
