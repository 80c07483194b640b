#include "ngram/range_reader.h"

#include <array>

namespace tribute::ngram {

void RangeReader::for_each_documents(RankRange range, const VisitDocuments& visit) {
  std::array<DocId, Segment::kLookupsAtOnce> buffer;
  const auto look_up = [&](std::span<const uint64_t> positions) {
    std::span<DocId> found = std::span(buffer).first(positions.size());
    part_->segment->documents_at(positions, found);
    if (part_->has_dead) found = part_->dead.without(found);
    visit(found);
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
