// Near duplicates at the door: which earlier datapoint a document repeats, and how much of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "datanet/registry.h"
#include "neardup/shingles.h"
#include "neardup/sketch.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// An earlier datapoint and how alike the two are, in thousandths.
struct Repetition {
  datanet::ContributionRow original;
  uint32_t permille = 0;
};

// Finds near duplicates in one DataNet. Keeps the shingles of what it compared lately, for most documents
// that repeat something repeat what others did. Not thread-safe; the workspace must outlive it.
class NearDuplicates {
 public:
  NearDuplicates(workspace::Workspace& workspace, EntryIndex datanet) : workspace_(workspace), datanet_(datanet) {}

  // The datapoint with the lowest entry among the candidates (neardup/near_index.h) that is neither rejected
  // nor withdrawn and is a near duplicate of the document. Whether that one repeats another plays no part.
  // Errors: those of the stores; data_loss for a candidate whose content is damaged or absent.
  Result<std::optional<Repetition>> find(sql::Transaction& sql, std::span<const TokenId> tokens,
                                         const neardup::Sketch& sketch);

  // Makes a new datapoint findable. Its tokens are kept until stored() says that its text can be read.
  Result<void> add(sql::Transaction& sql, EntryIndex entry, std::vector<TokenId> tokens, const neardup::Sketch& sketch);
  void stored() { unstored_.clear(); }

 private:
  Result<const neardup::ShingleSet*> shingles_of(sql::Transaction& sql, const datanet::ContributionRow& row);

  workspace::Workspace& workspace_;
  EntryIndex datanet_;
  std::unordered_map<EntryIndex, std::vector<TokenId>> unstored_;
  std::unordered_map<EntryIndex, neardup::ShingleSet> compared_;
  size_t compared_shingles_ = 0;
};

// How alike two datapoints are, in thousandths; nullopt where the content of one is erased.
// Errors: those of the stores.
Result<std::optional<uint32_t>> similarity_permille(workspace::Workspace& workspace, sql::Transaction& sql,
                                                    const datanet::ContributionRow& a,
                                                    const datanet::ContributionRow& b);

}  // namespace tribute::usecase
