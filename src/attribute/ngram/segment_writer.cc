#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ngram/segment.h"
#include "ngram/segment_format.h"

namespace tribute::ngram {
namespace {

constexpr uint64_t kEndOfIds = uint64_t{1} << 63;

}  // namespace

SegmentWriter::SegmentWriter(uint32_t vocabulary_size)
    : vocabulary_size_(vocabulary_size), packer_(token_bits(vocabulary_size)) {}

Result<void> SegmentWriter::add(EntryIndex entry, EntryIndex contributor, std::span<const TokenId> tokens) {
  const std::string document = "document of entry " + std::to_string(entry.value());
  if (last_entry_ && entry <= *last_entry_) {
    return fail(ErrorCode::invalid_argument, document + " comes after that of entry " +
                                                 std::to_string(last_entry_->value()) +
                                                 "; a segment takes documents in ascending order");
  }
  if (entry.value() >= kEndOfIds || contributor.value() >= kEndOfIds) {
    return fail(ErrorCode::invalid_argument, document + " has an entry index of 2^63 or more");
  }
  for (const TokenId token : tokens) {
    if (token.value() >= vocabulary_size_) {
      return fail(ErrorCode::invalid_argument, document + " has token " + std::to_string(token.value()) +
                                                   ", outside the vocabulary of " + std::to_string(vocabulary_size_));
    }
  }
  if (document_count_ == kMaxSegmentDocuments || tokens.size() > kMaxSegmentTokens - packer_.count()) {
    return fail(ErrorCode::resource_exhausted, document + " does not fit into the segment; begin another");
  }
  append_le64(entries_, entry.value());
  append_le64(contributors_, contributor.value());
  append_le64(token_begins_, packer_.count());
  token_hashes_ += tokens_hash(tokens).view();
  for (const TokenId token : tokens) {
    packer_.append(token);
    ++unigrams_[token];
  }
  last_entry_ = entry;
  ++document_count_;
  return {};
}

std::string SegmentWriter::finish() && {
  const SegmentShape shape{
      .document_count = document_count_, .token_count = packer_.count(), .vocabulary_size = vocabulary_size_};
  append_le64(token_begins_, shape.token_count);
  const std::string packed = std::move(packer_).finish();
  std::string unigrams;
  for (const auto& [token, count] : unigrams_) {
    append_le64(unigrams, token.value());
    append_le64(unigrams, count);
  }
  return assemble_segment(shape, {entries_, contributors_, token_begins_, token_hashes_, packed, unigrams});
}

Result<Hash256> SegmentWriter::write(io::FileSystem& files, const std::string& folder) && {
  const std::string bytes = std::move(*this).finish();
  const Hash256 name = sha256(bytes);
  if (Segment::open(files, folder, name)) return name;
  TRY(io::write_file_atomically(files, segment_path(folder, name), bytes));
  return name;
}

}  // namespace tribute::ngram
