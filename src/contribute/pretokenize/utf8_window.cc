#include "pretokenize/utf8_window.h"

#include <algorithm>

#include "base/bytes.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize {
namespace {

constexpr std::string_view kNoncharacter = "\xef\xbf\xbf";
constexpr uint32_t kAdded = 2;  // bytes that a replacement is longer

// The begin of the character that byte `position` belongs to; the end where there is none.
uint32_t begin_of_character(const TextPart& text, uint32_t position) {
  if (position >= text.end) return text.end;
  const char* const data = text.whole.data();
  return static_cast<uint32_t>(character_begin(data + text.begin, data + position, data + text.end) - data);
}

}  // namespace

void Utf8Window::show(const TextPart& text, uint32_t position, uint32_t lookbehind, uint32_t size) {
  begin_ = position;
  for (; lookbehind > 0 && begin_ > text.begin; --lookbehind) begin_ = begin_of_character(text, begin_ - 1);
  end_ = size < text.end - position ? begin_of_character(text, position + size) : text.end;
  bytes_ = text.whole.substr(begin_, end_ - begin_);
  replaced_.clear();
  if (is_valid_utf8(bytes_)) return;

  copy_.clear();
  const char* const data = text.whole.data();
  for (uint32_t i = begin_; i < end_;) {
    const Character character = decode(data + i, data + end_);
    if (character.is_well_formed()) {
      copy_.append(data + i, character.size);
    } else {
      replaced_.push_back(i);
      copy_ += kNoncharacter;
    }
    i += character.size;
  }
  bytes_ = copy_;
}

uint32_t Utf8Window::to_window(uint32_t position) const {
  const auto before = std::ranges::lower_bound(replaced_, position) - replaced_.begin();
  return position - begin_ + kAdded * static_cast<uint32_t>(before);
}

uint32_t Utf8Window::to_text(uint32_t offset) const {
  // The i-th replaced byte stands at offset replaced_[i] - begin_ + kAdded * i; how many stand before?
  size_t low = 0;
  size_t high = replaced_.size();
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (replaced_[middle] - begin_ + kAdded * middle < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return begin_ + offset - kAdded * static_cast<uint32_t>(low);
}

}  // namespace tribute::pretokenize
