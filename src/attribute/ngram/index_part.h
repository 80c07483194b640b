// One segment of one manifest, and what counts in it.
#pragma once

#include <cstdint>

#include "ngram/contributor_runs.h"
#include "ngram/document.h"
#include "ngram/document_set.h"
#include "ngram/search.h"
#include "ngram/segment.h"

namespace tribute::ngram {

struct IndexPart {
  const Segment* segment = nullptr;
  uint32_t manifest = 0;
  Role role = Role::paid;
  DocumentSet tombstones;
  DocumentSet dead;           // tombstoned or withdrawn
  bool has_dead = false;      // so that most segments need not ask
  DocumentSet first_members;  // of the classes of all manifests
  ContributorRuns runs;

  SegmentSearch search() const { return SegmentSearch(*segment, has_dead ? &dead : nullptr); }
};

}  // namespace tribute::ngram
