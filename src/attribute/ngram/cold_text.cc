#include "ngram/cold_text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace tribute::ngram {
namespace {

// The integer of `bits` bits, at most kMaxPackedBits, at bit `bit` of the block, which it does not pass.
uint64_t packed_in(const char* block, uint64_t bit, uint32_t bits) {
  uint64_t word = 0;
  const uint64_t byte = bit / 8;
  std::memcpy(&word, block + byte, std::min<uint64_t>(sizeof(word), kBlockBytes - byte));
  return word >> bit % 8 & ((uint64_t{1} << bits) - 1);
}

// The same where it may begin in one block and end in the next.
uint64_t packed_across(const char* block, const char* next, uint64_t bit, uint32_t bits) {
  std::array<char, 16> both{};
  std::memcpy(both.data(), block + kBlockBytes - 8, 8);
  std::memcpy(both.data() + 8, next, 8);
  uint64_t word = 0;
  std::memcpy(&word, both.data() + (bit / 8 - (kBlockBytes - 8)), sizeof(word));
  return word >> bit % 8 & ((uint64_t{1} << bits) - 1);
}

}  // namespace

ColdText::ColdText(const Segment& segment, PageCache& cache)
    : segment_(segment),
      cache_(cache),
      text_begin_(segment.layout().of(Section::text).begin),
      symbol_count_(segment.layout().symbol_count()),
      symbol_bits_(segment.layout().symbol_bits()),
      position_bits_(segment.layout().position_bits()),
      per_page_(segment.layout().suffixes_per_page()) {}

std::optional<SuffixPage> ColdText::page(uint64_t page) {
  const char* const bytes = cache_.find(1 + page);
  if (bytes == nullptr) return std::nullopt;
  return SuffixPage{bytes, static_cast<uint32_t>(std::min(per_page_, segment_.token_count() - page * per_page_))};
}

uint64_t ColdText::checked(uint64_t position) {
  if (position < symbol_count_) return position;
  is_position_wrong_ = true;
  return 0;
}

uint64_t ColdText::position_in(const SuffixPage& page, uint32_t place) {
  const uint64_t bit = segment_.layout().page_header_bytes() * 8 + uint64_t{place} * position_bits_;
  return checked(packed_in(page.bytes, bit, position_bits_));
}

std::optional<uint64_t> ColdText::first_position(uint64_t page) {
  if (segment_.layout().is_for_disk()) return checked(segment_.first_position(page));
  const auto suffixes = this->page(page);
  if (!suffixes) return std::nullopt;
  return position_in(*suffixes, 0);
}

std::optional<TextParting> ColdText::compare(std::span<const uint32_t> run, uint64_t position, uint32_t known) {
  const auto reach = static_cast<uint32_t>(std::min<uint64_t>(run.size(), symbol_count_ - position));
  for (uint32_t length = std::min(known, reach); length < reach;) {
    const uint64_t bit = text_begin_ * 8 + (position + length) * symbol_bits_;
    const uint64_t block = bit / 8 / kBlockBytes;
    const uint64_t in_block = bit - block * kBlockBytes * 8;
    const auto whole = static_cast<uint32_t>((kBlockBytes * 8 - in_block) / symbol_bits_);
    const char* const bytes = cache_.find(block);
    const char* next = nullptr;
    if (std::min(reach - length, kSymbolsAhead) > whole) {
      next = cache_.find(block + 1);
      if (next == nullptr && whole == 0) return std::nullopt;
    }
    if (bytes == nullptr) return std::nullopt;
    if (whole == 0) {
      const auto symbol = static_cast<uint32_t>(packed_across(bytes, next, in_block, symbol_bits_));
      if (symbol != run[length]) return TextParting{length, symbol};
      ++length;
      continue;
    }
    for (const uint32_t end = std::min(reach, length + whole), begin = length; length < end; ++length) {
      const auto symbol =
          static_cast<uint32_t>(packed_in(bytes, in_block + uint64_t{length - begin} * symbol_bits_, symbol_bits_));
      if (symbol != run[length]) return TextParting{length, symbol};
    }
  }
  // Behind the text's end stands nothing, below all runs.
  return TextParting{reach, 0};
}

Result<void> ColdText::status() const {
  if (is_position_wrong_) {
    return fail(ErrorCode::data_loss, "segment " + segment_.path() +
                                          ": a suffix begins beyond the text; restore the file from a backup or build "
                                          "the index again");
  }
  return segment_.status();
}

}  // namespace tribute::ngram
