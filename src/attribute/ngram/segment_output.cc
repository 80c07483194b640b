#include "ngram/segment_output.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ngram/directory.h"
#include "ngram/packed_ints.h"
#include "ngram/segment_format.h"

namespace tribute::ngram {
namespace {

// The blocks after the header, in order: hashes them, keeps their checksums, and passes them on in parts.
class BlockOutput {
 public:
  explicit BlockOutput(SegmentTarget& target) : target_(target) {}

  Result<void> append(std::string_view bytes) {
    part_ += bytes;
    return part_.size() < kPartBytes ? Result<void>() : pass_on();
  }

  // Fills the last block with zeros.
  Result<void> finish_block() {
    part_.resize((part_.size() + kBlockBytes - 1) / kBlockBytes * kBlockBytes);
    return append({});
  }

  uint64_t position() const { return written_ + part_.size(); }
  // Of the whole blocks since the last call.
  Result<std::string> take_checksums() {
    TRY(pass_on());
    return std::exchange(checksums_, {});
  }
  Sha256& hasher() { return hasher_; }

 private:
  static constexpr size_t kPartBytes = size_t{1} << 20;

  Result<void> pass_on() {
    const size_t whole = part_.size() / kBlockBytes * kBlockBytes;
    const std::string_view blocks = std::string_view(part_).substr(0, whole);
    for (size_t i = 0; i < whole; i += kBlockBytes) {
      append_le64(checksums_, checksum_of(blocks.substr(i, kBlockBytes)));
    }
    hasher_.update(blocks);
    TRY(target_.write_at(written_, blocks));
    written_ += whole;
    part_.erase(0, whole);
    return {};
  }

  SegmentTarget& target_;
  uint64_t written_ = kBlockBytes;
  std::string part_;
  std::string checksums_;
  Sha256 hasher_;
};

class SegmentOutput {
 public:
  SegmentOutput(SortedText& text, const SegmentColumns& columns, SegmentTarget& target, SegmentProgress& progress)
      : text_(text),
        columns_(columns),
        unigrams_(unigrams()),
        layout_({.document_count = columns.token_begins.size(),
                 .token_count = columns.token_count,
                 .unigram_count = unigrams_.size() / 16,
                 .vocabulary_size = columns.vocabulary_size,
                 .page_layout = columns.page_layout}),
        target_(target),
        progress_(progress),
        output_(target),
        first_positions_(layout_.position_bits()) {}

  Result<Hash256> write() {
    std::string directory;
    std::vector<uint64_t> minima;
    TRY(write_suffixes(directory, minima));
    TRY(put(Section::directory, directory));
    TRY(put(Section::minima, packed_minima(std::move(minima))));
    if (layout_.is_for_disk()) TRY(put(Section::first_positions, std::move(first_positions_).finish()));
    TRY(write_text());
    TRY(write_columns());
    TRY(put(Section::entries, columns_.entries));
    TRY(put(Section::contributors, columns_.contributors));
    TRY(put(Section::token_hashes, columns_.token_hashes));
    TRY(put(Section::unigrams, unigrams_));
    TRY(output_.finish_block());
    SegmentHeader header{.shape = layout_.shape(), .content_sha256 = {}, .checksums_root = 0};
    std::string checksums = TRY(output_.take_checksums());
    header.content_sha256 = std::move(output_.hasher()).finish();
    output_.hasher() = Sha256();  // the checksums follow from what was hashed
    // Level by level; the last one is one block.
    while (true) {
      CHECK(output_.position() % kBlockBytes == 0);
      const bool is_last = checksums.size() <= kBlockBytes;
      TRY(output_.append(checksums));
      TRY(output_.finish_block());
      checksums = TRY(output_.take_checksums());
      if (is_last) break;
    }
    header.checksums_root = load_le64(checksums);
    CHECK(output_.position() == layout_.file_bytes());
    const std::string block = to_bytes(header);
    TRY(target_.write_at(0, block));
    return sha256(block);
  }

 private:
  Result<void> put(Section section, std::string_view bytes) {
    CHECK(output_.position() == layout_.of(section).begin && bytes.size() == layout_.of(section).size);
    return output_.append(bytes);
  }

  // The unigrams section.
  std::string unigrams() const {
    CHECK(columns_.symbol_counts.size() == columns_.vocabulary_size + size_t{1});
    std::string unigrams;
    for (uint32_t token = 0; token < columns_.vocabulary_size; ++token) {
      const uint64_t count = columns_.symbol_counts[token + size_t{1}];
      if (count == 0) continue;
      append_le64(unigrams, token);
      append_le64(unigrams, count);
    }
    return unigrams;
  }

  Result<void> write_suffixes(std::string& directory, std::vector<uint64_t>& minima) {
    std::vector<uint32_t> places;  // of the pages
    std::vector<uint32_t> page;
    std::vector<uint8_t> bits;       // in the disk layout: what each suffix shares with the one before
    std::string last;                // the page before, of which the last suffix's shared bits are not known yet
    uint32_t since_page = kNoPlace;  // of the groups since the last page's first one
    for (uint64_t begin = 0; begin < columns_.token_count; begin += page.size()) {
      page.resize(std::min(layout_.suffixes_per_page(), columns_.token_count - begin));
      bits.resize(layout_.is_for_disk() ? page.size() : 0);
      std::string bytes;
      uint32_t place = 0;  // of the page
      for (size_t at = 0; at < page.size(); at += layout_.suffixes_per_group()) {
        const size_t size = std::min<size_t>(layout_.suffixes_per_group(), page.size() - at);
        const uint32_t of_group = TRY(text_.next_group(
            std::span(page).subspan(at, size), bits.empty() ? std::span(bits) : std::span(bits).subspan(at, size)));
        if (at > 0) append_le32(bytes, of_group);
        since_page = combined_place(since_page, of_group);
        if (at == 0) place = std::exchange(since_page, kNoPlace);
      }
      if (begin > 0) places.push_back(place);
      bytes.resize(layout_.page_header_bytes());
      minima.push_back(std::ranges::min(page));
      IntPacker packer(layout_.position_bits());
      for (const uint32_t position : page) packer.append(position);
      bytes += std::move(packer).finish();
      bytes.resize(kBlockBytes);
      if (!bits.empty()) {
        first_positions_.append(page.front());
        if (begin > 0) last.back() = static_cast<char>(bits.front());
        std::copy(bits.begin() + 1, bits.end(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(layout_.shared_bits_begin()));
        TRY(output_.append(std::exchange(last, std::move(bytes))));
      } else {
        TRY(output_.append(bytes));
      }
      progress_.advance(begin + page.size());
      if (progress_.stop_requested()) return fail(ErrorCode::cancelled, "stopped while the segment was written");
    }
    TRY(output_.append(last));
    directory = make_directory(places);
    return {};
  }

  std::string packed_minima(std::vector<uint64_t> level) const {
    IntPacker packer(layout_.position_bits());
    while (!level.empty()) {
      for (const uint64_t minimum : level) packer.append(minimum);
      if (level.size() == 1) break;
      std::vector<uint64_t> above;
      for (size_t i = 0; i < level.size(); i += kMinimaFanOut) {
        const size_t end = std::min<size_t>(level.size(), i + kMinimaFanOut);
        above.push_back(*std::min_element(level.begin() + static_cast<std::ptrdiff_t>(i),
                                          level.begin() + static_cast<std::ptrdiff_t>(end)));
      }
      level = std::move(above);
    }
    return std::move(packer).finish();
  }

  Result<void> write_text() {
    CHECK(output_.position() == layout_.of(Section::text).begin);
    IntPacker packer(layout_.symbol_bits());
    constexpr uint64_t kSymbolsAtOnce = uint64_t{1} << 14;
    std::vector<uint32_t> symbols;
    for (uint64_t begin = 0; begin < layout_.symbol_count(); begin += symbols.size()) {
      symbols.resize(std::min(kSymbolsAtOnce, layout_.symbol_count() - begin));
      TRY(text_.next_symbols(symbols));
      for (const uint32_t symbol : symbols) packer.append(symbol);
      TRY(output_.append(packer.take_words()));
    }
    return output_.append(std::move(packer).finish());
  }

  Result<void> write_columns() {
    std::string begins;
    for (const uint64_t begin : columns_.token_begins) append_le64(begins, begin);
    append_le64(begins, columns_.token_count);
    TRY(put(Section::token_begins, begins));
    std::string notes;
    uint32_t document = 0;
    const uint64_t size = layout_.of(Section::document_notes).size;
    const auto text_begin = [&](uint32_t i) { return columns_.token_begins[i] + i; };
    for (uint64_t at = 0; at < layout_.symbol_count() + kSymbolsPerNote && size > 0; at += kSymbolsPerNote) {
      while (document + 1 < columns_.token_begins.size() && text_begin(document + 1) <= at) ++document;
      append_le32(notes, document);
    }
    notes.resize(size);
    return put(Section::document_notes, notes);
  }

  SortedText& text_;
  const SegmentColumns& columns_;
  std::string unigrams_;
  SegmentLayout layout_;
  SegmentTarget& target_;
  SegmentProgress& progress_;
  BlockOutput output_;
  IntPacker first_positions_;
};

}  // namespace

Result<Hash256> write_segment(SortedText& text, const SegmentColumns& columns, SegmentTarget& target,
                              SegmentProgress& progress) {
  return SegmentOutput(text, columns, target, progress).write();
}

}  // namespace tribute::ngram
