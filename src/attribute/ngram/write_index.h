// Indexes of documents in one call, for whoever searches documents of their own and has no log.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "ngram/segment_format.h"

namespace tribute::ngram {

// The numbers as tokens, for callers whose tokenizer gives plain numbers.
std::vector<TokenId> token_ids(std::span<const uint32_t> numbers);
std::vector<TokenId> token_ids(std::initializer_list<uint32_t> numbers);

// Writes an index of the documents into `folder`, which is made if it is absent: one segment and a manifest,
// whose name is returned, as Index::open() takes it. Document i has the entry i and the contributor 0; the
// manifest is of DataNet 0 and the tokenizer whose hash is all zeros. Nothing else in the folder is touched but a
// left-over `building.segment.tmp`; nobody else may write into it meanwhile. The same documents give the same
// files and names.
// Errors: invalid_argument if the vocabulary is not of 1 to kMaxVocabularySize tokens, or naming the entry of the
// document with a token outside of it; the others of SegmentWriter::add(), and those of the file system. After an error
// there may be a segment that no manifest names.
// Cost and memory: those of a SegmentWriter without runs. Whoever has more documents than memory, or adds some
// later, uses SegmentWriter::with_runs() and make_manifest().
Result<Hash256> write_index(io::FileSystem& files, const std::string& folder,
                            std::span<const std::vector<TokenId>> documents, uint32_t vocabulary_size,
                            PageLayout page_layout = PageLayout::standard);

}  // namespace tribute::ngram
