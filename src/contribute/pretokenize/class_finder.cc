#include "pretokenize/class_finder.h"

#include <utility>

namespace tribute::pretokenize {

ClassFinder::ClassFinder(ClassRun run) : run_(std::move(run)) {
  may_begin_.fill(true);
  for (uint32_t byte = 0; byte < contains_.size(); ++byte) {
    contains_[byte] = run_.characters.contains(byte);
    may_begin_[byte] = contains_[byte] || (run_.before && run_.before->contains(byte));
  }
}

uint32_t ClassFinder::run_end(const TextPart& text, uint32_t position) const {
  const char* const data = text.whole.data();
  const uint32_t begin = position;
  uint32_t count = 0;
  while (position < text.end && count < run_.most) {
    const auto byte = static_cast<uint8_t>(data[position]);
    uint32_t size = 1;
    if (byte < contains_.size()) {
      if (!contains_[byte]) break;
    } else {
      const Character character = decode(data + position, data + text.end);
      if (!run_.characters.contains(character.code)) break;
      size = character.size;
    }
    position += size;
    ++count;
  }
  return count < run_.least ? begin : position;
}

Result<Match> ClassFinder::find(Session&, const TextPart& text, uint32_t position) const {
  const char* const data = text.whole.data();
  while (true) {
    while (position < text.end && !may_begin_[static_cast<uint8_t>(data[position])]) ++position;
    if (position >= text.end) return kNoMatch;
    const Character character = decode(data + position, data + text.end);
    const uint32_t next = position + character.size;
    if (run_.before && run_.before->contains(character.code)) {
      const uint32_t end = run_end(text, next);
      if (end > next) return Match{position, end};
    }
    const uint32_t end = run_end(text, position);
    if (end > position) return Match{position, end};
    position = next;
  }
}

}  // namespace tribute::pretokenize
