// Segments: immutable files of documents and their sorted suffixes, named by a hash.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "io/resident_file.h"
#include "ngram/columns.h"
#include "ngram/directory.h"
#include "ngram/packed_ints.h"
#include "ngram/segment_format.h"
#include "ngram/verified_file.h"

namespace tribute::ngram {

// `<folder>/<name>.segment`
std::string segment_path(std::string_view folder, const Hash256& name);

// An opened segment. It keeps its file mapped. Immutable, thread-safe, movable.
// Invariant: entries ascend strictly, documents tile the tokens, the unigram counts sum to the tokens.
//
// The columns are verified when it is opened; tokens, suffixes, directory and minima are verified block
// by block when they are first read. What is read of those may be anything that fits its type where the
// file is damaged, and status() says so afterwards.
class Segment {
 public:
  // Maps the segment, or reads it into memory, and verifies its header, by its name, and its columns. O(documents +
  // distinct tokens). Errors: those of the file system; data_loss naming the file and what is wrong with it;
  // failed_precondition for a version that is not known.
  static Result<Segment> open(io::FileSystem& files, const std::string& folder, const Hash256& name,
                              io::Residence residence = io::Residence::mapped);

  // Reads all into memory but the suffixes and the text, which another reader brings (cold_search.h). What says below
  // that it reads these must not be asked: it finds damage.
  static Result<Segment> open_columns(io::FileSystem& files, const std::string& folder, const Hash256& name);

  // The same for a file of any name.
  static Result<Segment> open_file(io::FileSystem& files, const std::string& path);

  const Hash256& name() const { return name_; }  // SHA-256 of the header
  const SegmentLayout& layout() const { return layout_; }
  uint64_t file_bytes() const { return layout_.file_bytes(); }
  uint32_t vocabulary_size() const { return layout_.shape().vocabulary_size; }
  uint32_t document_count() const { return static_cast<uint32_t>(layout_.shape().document_count); }
  uint64_t token_count() const { return layout_.shape().token_count; }

  // Columns of a document; `document` must be below document_count() (CHECK).
  DocumentRow row(DocId document) const;
  EntryIndex entry_of(DocId document) const;
  EntryIndex contributor_of(DocId document) const;
  // Its tokens. Errors: data_loss.
  Result<std::vector<TokenId>> tokens(DocId document) const;

  // The document that `entry` contributed, or nullopt. O(log documents).
  std::optional<DocId> find(EntryIndex entry) const;

  // Occurrences over all documents of the segment, of each token that occurs.
  std::vector<TokenCount> unigrams() const;

  // Errors: data_loss if anything that was read so far is damaged.
  Result<void> status() const { return file_->status(); }
  // Compares every block with its checksum. Errors: data_loss. O(file size).
  Result<void> check_blocks() const { return file_->verify_all(); }
  // Does not believe the writer either: hashes all tokens, sorts the suffixes again and compares the
  // segment that this makes. Errors: data_loss naming the document or what is wrong. Time and memory of
  // building it.
  Result<void> verify() const;

  // For searching. Positions are those of the text's symbols, ranks those of suffixes, which begin with a
  // token, below token_count(); a position is within the text whatever the file holds. Not checked.
  uint64_t position_of(uint64_t rank) const {
    const uint64_t page = rank / suffixes_per_page_;
    return position_in(page_at(page), rank - page * suffixes_per_page_);
  }
  // A page of suffixes, the place of one of its groups, from 1 on, against the group before, and the position of a
  // suffix by its number in the page.
  const char* page_at(uint64_t page) const { return file_->at(kBlockBytes + page * kBlockBytes, kBlockBytes); }
  static uint32_t group_place(const char* page, uint32_t group) {
    return load_le32({page + uint64_t{group - 1} * 4, 4});
  }
  uint64_t position_in(const char* page, uint64_t place) const {
    const uint64_t position = packed_at(page + page_header_bytes_, place, position_bits_);
    if (position >= symbol_count_) [[unlikely]]
      return report_position();
    return position;
  }
  // The positions of the suffixes of a page from `place` on. O(positions), a few instructions for each.
  void positions_in(const char* page, uint64_t place, std::span<uint64_t> positions) const;
  // Those of some ranks, whose waiting overlaps; both have the same size (CHECK) and may be one.
  void positions_of(std::span<const uint64_t> ranks, std::span<uint64_t> positions) const;
  // Where symbols have 16 bits: whether 64 bits of them from a position on are there and verified, and these.
  bool are_halves_readable(uint64_t position) const {
    const uint64_t byte = text_begin_ + position * sizeof(uint16_t);
    const uint64_t first = byte / kBlockBytes;
    const uint64_t last = (byte + sizeof(uint64_t) - 1) / kBlockBytes;
    return position < symbol_count_ && file_->is_verified(first) && (first == last || file_->is_verified(last));
  }
  uint64_t halves_at(uint64_t position) const {
    uint64_t halves = 0;
    std::memcpy(&halves, text_ + position * sizeof(uint16_t), sizeof(halves));
    return halves;
  }
  // The text, of which the symbols [position, position + count) may be read: symbol i is packed_at(text, i,
  // layout().symbol_bits()). count ≥ 1.
  const char* text_at(uint64_t position, uint64_t count) const {
    const uint64_t first = position * symbol_bits_ / 8;
    const uint64_t last = ((position + count) * symbol_bits_ - 1) / 8;
    file_->at(text_begin_ + first, last - first + 1);
    return text_;
  }
  // The nodes of the directory, the pages less one, all of them verified by the first call.
  const DirectoryNode* directory() const {
    if (!file_->is_directory_verified()) file_->verify_directory(layout_.of(Section::directory));
    return directory_;
  }
  // Begins to fetch what position_in(), group_place() and text_at() will read, and reads nothing.
  void fetch_page(uint64_t page, uint64_t place) const {
    __builtin_prefetch(unverified_page(page) + page_header_bytes_ + place * position_bits_ / 8);
  }
  void fetch_groups(uint64_t page) const { __builtin_prefetch(unverified_page(page)); }
  void fetch_text(uint64_t position) const { __builtin_prefetch(text_ + position * symbol_bits_ / 8); }
  // Where a document's symbols begin; its separator is the last one.
  uint64_t text_begin(DocId document) const { return begin_of(document.value()) + document.value(); }
  // The document that holds the symbol at `position`. O(log documents per 512 symbols).
  DocId document_at(uint64_t position) const;
  // The same of at most kLookupsAtOnce positions, whose waiting overlaps; both have the same size (CHECK).
  static constexpr size_t kLookupsAtOnce = 64;
  void documents_at(std::span<const uint64_t> positions, std::span<DocId> documents) const;
  // Entry `i` of the minima.
  uint64_t minimum(uint64_t i) const;
  // In the disk layout: the position of a page's first suffix; any where the file is damaged.
  uint64_t first_position(uint64_t page) const;
  // Whether these are the kBlockBytes bytes of a block after the header, by its checksum.
  bool is_block(uint64_t block, std::string_view bytes) const { return file_->is_block(block, bytes); }
  const std::string& path() const { return path_; }

 private:
  Segment(std::unique_ptr<io::FileMap> map, const SegmentHeader& header, const Hash256& name, const std::string& path);
  static Result<Segment> read(std::unique_ptr<io::FileMap> map, const std::string& path, const Hash256* expected_name);
  Result<void> check_columns() const;
  Result<void> check_unigrams() const;
  const char* unverified_page(uint64_t page) const { return file_->bytes().data() + (1 + page) * kBlockBytes; }
  uint64_t begin_of(uint64_t document) const { return load_le64({token_begins_.data() + document * 8, 8}); }
  // The documents from which and to which the one of `position` is one, as the notes have it.
  struct DocumentRange {
    uint32_t low = 0;
    uint32_t high = 0;
  };
  DocumentRange noted_at(uint64_t position) const;
  DocId document_in(DocumentRange range, uint64_t position) const;
  uint64_t report_position() const;
  uint64_t packed_in(Section section, uint64_t i) const;

  SegmentHeader header_;
  SegmentLayout layout_;
  std::unique_ptr<VerifiedFile> file_;  // a pointer: it does not move
  std::string path_;                    // for messages
  Hash256 name_;
  std::string_view entries_;
  std::string_view contributors_;
  std::string_view token_begins_;
  std::string_view document_notes_;
  std::string_view token_hashes_;
  std::string_view unigrams_;
  // Copies of what the searches read all the time.
  const char* text_ = nullptr;
  const DirectoryNode* directory_ = nullptr;
  uint64_t text_begin_;
  uint64_t symbol_count_;
  uint64_t suffixes_per_page_;
  uint64_t page_header_bytes_;
  uint32_t position_bits_;
  uint32_t symbol_bits_;
};

}  // namespace tribute::ngram
