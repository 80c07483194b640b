// Recomputes which contributions nearly repeat an earlier one: docs/formats/contributions.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "audit/history.h"
#include "audit/report.h"
#include "base/error.h"
#include "base/ids.h"
#include "neardup/shingles.h"
#include "neardup/sketch.h"
#include "ngram/segment.h"

namespace tribute::audit {

// Takes the documents of one DataNet's segments, then compares what their entries say of near duplicates
// with what their tokens say. Not thread-safe. The arguments must outlive it, and the segments check().
// Memory: some 600 bytes per document of the DataNet, and 64 MB for shingles.
class NearDuplicateAudit {
 public:
  // `independent`: every document is compared with all before it, and similarities are counted over plain
  // sets of runs; of the operator's code, only what makes a sketch of a document is shared. Quadratic in the
  // documents of a DataNet. Else by the sketches' bands.
  NearDuplicateAudit(const History& history, Recorder& recorder, bool independent)
      : history_(history), recorder_(recorder), independent_(independent) {}

  // A document whose tokens are those of its entry. One that is known already is passed over. O(tokens).
  void add(const ngram::Segment& segment, DocId document, std::span<const TokenId> tokens);

  // `near_duplicate_of` of every contribution to `datanet`, of which all documents were added since the last
  // call; then forgets them. Errors: data_loss for a segment that changes meanwhile.
  Result<void> check(EntryIndex datanet);

 private:
  struct Known {
    const ngram::Segment* segment = nullptr;
    DocId document;
    neardup::Sketch sketch;
  };
  // Documents by the rank of their entry.
  struct Ranked {
    const ContributionFacts* contribution = nullptr;
    const Known* known = nullptr;
  };
  // A band of a document's sketch; sorted, those of one band stand together in the documents' order.
  struct Band {
    uint64_t hash = 0;
    uint32_t rank = 0;

    friend auto operator<=>(const Band&, const Band&) = default;
  };
  struct Original {
    EntryIndex entry;
    uint32_t permille = 0;
  };

  void rank_documents();
  // The lowest near duplicate that the document of this rank could name.
  Result<std::optional<Original>> first_by_bands(uint32_t rank);
  Result<std::optional<Original>> first_by_all_pairs(uint32_t rank);
  // The document `other` as what the document `rank` repeats: nullopt if it is no candidate for that, could
  // not be named, or is not alike enough.
  Result<std::optional<Original>> compare(uint32_t rank, uint32_t other);
  Result<uint32_t> permille(const Known& a, const Known& b);
  Result<const neardup::ShingleSet*> shingles_of(const Known& known);
  Result<void> judge(const ContributionFacts& contribution, std::optional<Original> expected);

  const History& history_;
  Recorder& recorder_;
  bool independent_;
  std::map<EntryIndex, Known> known_;
  std::vector<Ranked> ranked_;
  std::vector<Band> bands_;
  std::map<const Known*, neardup::ShingleSet> shingles_;  // of what was compared lately
  size_t shingle_count_ = 0;
};

}  // namespace tribute::audit
