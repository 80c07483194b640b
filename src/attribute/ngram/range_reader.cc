#include "ngram/range_reader.h"

#include <array>

namespace tribute::ngram {

void RangeReader::for_each_documents(RankRange range, const VisitDocuments& visit) {
  std::array<DocId, Segment::kLookupsAtOnce> buffer;
  const auto look_up = [&](std::span<const uint64_t> positions) {
    visit(live_documents_at(*part_->segment, part_->has_dead ? &part_->dead : nullptr, positions, buffer));
    return true;
  };
  for_each_positions(range, std::cref(look_up));
}

uint64_t RangeReader::count(RankRange range) {
  if (!part_->has_dead) return range.size();
  uint64_t count = 0;
  for_each_documents(range, [&count](std::span<const DocId> documents) { count += documents.size(); });
  return count;
}

}  // namespace tribute::ngram
