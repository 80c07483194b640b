// The parts of a compiled model, one after the other in its block of bytes (docs/formats/tokenizer.md).
#pragma once

#include <cstdint>

#include "bpe/definition.h"
#include "bpe/tables.h"

namespace tribute::bpe {

// The block begins with this; each part after it begins at a multiple of 64, zeros between.
struct ModelHeader {
  uint32_t entry_count;
  uint32_t listed_merge_count;
  uint8_t symbols;
  uint8_t ignore_merges;
  uint8_t order;
  uint8_t zero;
  uint32_t entry_line_count;
  uint32_t long_slot_count;
  uint32_t merge_line_count;
  uint64_t entry_bytes_size;
  uint64_t zeros[4];
};
static_assert(sizeof(ModelHeader) == kLineBytes);

// A part's place in the block, in bytes.
struct Part {
  uint64_t begin = 0;
  uint64_t size = 0;
};

struct Layout {
  Part begins;  // u32, one more than there are entries
  Part uses;    // u8 an entry
  Part entry_bytes;
  Part merges;       // Merge
  Part entry_lines;  // EntryLine
  Part long_slots;   // LongSlot
  Part merge_lines;  // MergeLine
  Part joins;        // 256 × 256 bits, the last byte's row by row, the first byte's bit in it
  Part byte_ids;     // u32, 256
  uint64_t size = 0;
};

constexpr uint64_t padded_to_line(uint64_t size) { return (size + kLineBytes - 1) / kLineBytes * kLineBytes; }

// The places that the header's counts give. No count can overflow: the sizes are below 2^40.
constexpr Layout layout_of(const ModelHeader& header) {
  Layout layout;
  uint64_t end = sizeof(ModelHeader);
  const auto place = [&end](uint64_t size) {
    const Part part{.begin = end, .size = size};
    end += padded_to_line(size);
    return part;
  };
  layout.begins = place((uint64_t{header.entry_count} + 1) * sizeof(uint32_t));
  layout.uses = place(header.entry_count);
  layout.entry_bytes = place(header.entry_bytes_size);
  layout.merges = place(uint64_t{header.listed_merge_count} * sizeof(Merge));
  layout.entry_lines = place(uint64_t{header.entry_line_count} * sizeof(EntryLine));
  layout.long_slots = place(uint64_t{header.long_slot_count} * sizeof(LongSlot));
  layout.merge_lines = place(uint64_t{header.merge_line_count} * sizeof(MergeLine));
  layout.joins = place(256 * 256 / 8);
  layout.byte_ids = place(256 * sizeof(uint32_t));
  layout.size = end;
  return layout;
}

}  // namespace tribute::bpe
