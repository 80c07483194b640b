#include "ngram/write_index.h"

#include "ngram/columns.h"
#include "ngram/index.h"
#include "ngram/manifest.h"
#include "ngram/segment.h"
#include "ngram/segment_writer.h"

namespace tribute::ngram {

std::vector<TokenId> token_ids(std::span<const uint32_t> numbers) { return {numbers.begin(), numbers.end()}; }

std::vector<TokenId> token_ids(std::initializer_list<uint32_t> numbers) { return {numbers.begin(), numbers.end()}; }

Result<Hash256> write_index(io::FileSystem& files, const std::string& folder,
                            std::span<const std::vector<TokenId>> documents, uint32_t vocabulary_size,
                            PageLayout page_layout) {
  if (vocabulary_size == 0 || vocabulary_size > kMaxVocabularySize) {
    return fail(ErrorCode::invalid_argument, "a vocabulary of " + std::to_string(vocabulary_size) +
                                                 " tokens cannot be indexed; give from 1 to " +
                                                 std::to_string(kMaxVocabularySize));
  }
  SegmentWriter writer(vocabulary_size, page_layout);
  for (size_t i = 0; i < documents.size(); ++i) TRY(writer.add(EntryIndex{i}, EntryIndex{0}, documents[i]));
  TRY(io::make_folders(files, folder));
  const Hash256 name = TRY(std::move(writer).write(files, folder));
  const Segment segment = TRY(Segment::open(files, folder, name));
  const ManifestHead head = {.vocabulary_size = vocabulary_size, .log_size = documents.size()};
  return write_manifest(files, folder, TRY(make_manifest(head, {&segment, 1}, {})));
}

}  // namespace tribute::ngram
