// Compares the documents of segments with the contributions that they are of.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "audit/history.h"
#include "audit/near_duplicate_audit.h"
#include "audit/report.h"
#include "base/hash.h"
#include "base/ids.h"
#include "ngram/segment.h"
#include "text/tokenizer.h"

namespace tribute::audit {

// Not thread-safe. All arguments must outlive it. Memory: 50 bytes per document, for the hashes of
// their folded texts.
class DocumentAudit {
 public:
  // `tokenizer` may be nullptr: then tokens are not compared with content hashes. Documents with the tokens
  // that their entries say are given to `near_duplicates`.
  DocumentAudit(const History& history, const text::Tokenizer* tokenizer, NearDuplicateAudit& near_duplicates,
                Recorder& recorder)
      : history_(history), tokenizer_(tokenizer), near_duplicates_(near_duplicates), recorder_(recorder) {}

  // Every document of a segment of `datanet`, and the segment's own columns. `place`: how reports spell it.
  void check_segment(const ngram::Segment& segment, EntryIndex datanet, const std::string& place);

  // `duplicate_of` of every contribution whose text stood in some segment, once all segments are checked.
  void check_duplicates();

 private:
  // False once the report says that the document is not what its entry says.
  bool check_document(const ngram::Segment& segment, DocId document, EntryIndex datanet, const std::string& place);
  bool check_content(const ContributionFacts& contribution, const std::vector<TokenId>& tokens,
                     const std::string& place);
  void check_duplicate(const ContributionFacts& contribution, std::optional<EntryIndex> expected);

  const History& history_;
  const text::Tokenizer* tokenizer_;
  NearDuplicateAudit& near_duplicates_;
  Recorder& recorder_;
  std::map<EntryIndex, Hash256> folded_;  // by contribution
};

}  // namespace tribute::audit
