// A stretch of a text as well-formed UTF-8, with the way back. Inside the module.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pretokenize/stage.h"

namespace tribute::pretokenize {

// Bytes [begin, end) of a text part, both where characters begin. Each byte that belongs to no well-formed
// character is replaced by U+FFFF, a noncharacter; without such bytes nothing is copied.
class Utf8Window {
 public:
  // Shows `text` from `lookbehind` characters before `position` to `size` bytes after it, to the nearest
  // begins of characters. O(size).
  void show(const TextPart& text, uint32_t position, uint32_t lookbehind, uint32_t size);

  uint32_t begin() const { return begin_; }
  uint32_t end() const { return end_; }
  std::string_view bytes() const { return bytes_; }

  // Between positions in the text and in bytes(), where characters begin. O(log of the replaced bytes).
  uint32_t to_window(uint32_t position) const;
  uint32_t to_text(uint32_t offset) const;

 private:
  uint32_t begin_ = 0;
  uint32_t end_ = 0;
  std::string_view bytes_;  // the text's own, or copy_
  std::string copy_;
  std::vector<uint32_t> replaced_;  // where in the text
};

}  // namespace tribute::pretokenize
