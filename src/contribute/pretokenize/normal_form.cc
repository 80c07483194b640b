#include "pretokenize/normal_form.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/check.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize {
namespace {

bool composes(Form form) { return form == Form::nfc || form == Form::nfkc; }
bool is_compatible(Form form) { return form == Form::nfkc || form == Form::nfkd; }

// Tells which characters neither change in a form nor reorder or compose with what is before them.
class StableCharacters {
 public:
  explicit StableCharacters(Form form)
      : table_(NormalizationTable::get()), bit_(static_cast<uint8_t>(1U << static_cast<uint8_t>(form))) {}
  bool contains(uint32_t code) const { return (table_[code] & bit_) == 0; }

 private:
  const NormalizationTable& table_;
  uint8_t bit_;
};

// The begin of the first well-formed character at or after `position` that is not stable; the size if there is none.
size_t find_unstable(const StableCharacters& stable, std::string_view text, size_t position) {
  const char* const data = text.data();
  while (position < text.size()) {
#if defined(__SSE2__)
    while (text.size() - position >= 16 &&
           _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data + position))) == 0) {
      position += 16;
    }
    if (position >= text.size()) break;
#endif
    // ASCII is stable in every form.
    while (position < text.size() && static_cast<uint8_t>(data[position]) < 0x80) ++position;
    while (position < text.size() && static_cast<uint8_t>(data[position]) >= 0x80) {
      const Character character = decode(data + position, data + text.size());
      if (character.is_well_formed() && !stable.contains(character.code)) return position;
      position += character.size;
    }
  }
  return text.size();
}

void append_utf8(uint32_t code, std::string& bytes) {
  std::array<utf8proc_uint8_t, 4> buffer{};
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), buffer.data());
  bytes.append(reinterpret_cast<const char*>(buffer.data()), static_cast<size_t>(size));
}

// Normalizes what stands between two stable characters, one part after another.
class PartNormalizer {
 public:
  PartNormalizer(Form form, std::string_view text, TextBuilder& builder)
      : form_(form), stable_(form), text_(text), builder_(&builder) {}

  // Well-formed characters [begin, end).
  void normalize(size_t begin, size_t end) {
    begin_ = begin;
    for (size_t i = begin; i < end;) {
      const Character character = decode(text_.data() + i, text_.data() + end);
      decompose(character.code);
      if (stable_.contains(decomposed_.front()) && !part_.empty()) finish_part(i);
      part_.insert(part_.end(), decomposed_.begin(), decomposed_.end());
      i += character.size;
    }
    finish_part(end);
  }

 private:
  void decompose(uint32_t code) {
    constexpr size_t kLongest = 32;  // U+FDFA becomes 18
    std::array<utf8proc_int32_t, kLongest> codes{};
    int unused = 0;
    const auto options =
        static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | (is_compatible(form_) ? UTF8PROC_COMPAT : 0));
    const auto count =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), codes.data(), kLongest, options, &unused);
    CHECK(count > 0 && count <= static_cast<utf8proc_ssize_t>(kLongest));
    decomposed_.assign(codes.begin(), codes.begin() + count);
  }

  // Orders, composes and gives out what has been collected of [begin_, end).
  void finish_part(size_t end) {
    order();
    auto count = static_cast<utf8proc_ssize_t>(part_.size());
    if (composes(form_)) {
      static_assert(sizeof(utf8proc_int32_t) == sizeof(uint32_t));
      count = utf8proc_normalize_utf32(reinterpret_cast<utf8proc_int32_t*>(part_.data()), count,
                                       static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
      CHECK(count >= 0);
    }
    bytes_.clear();
    for (utf8proc_ssize_t i = 0; i < count; ++i) append_utf8(part_[static_cast<size_t>(i)], bytes_);
    if (bytes_ == text_.substr(begin_, end - begin_)) {
      builder_->keep(begin_, end);
    } else {
      builder_->put(bytes_, begin_);
    }
    part_.clear();
    begin_ = end;
  }

  // The canonical order. utf8proc's own takes quadratic time on long rows of marks.
  void order() {
    const auto combining_class = [](uint32_t code) {
      return utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->combining_class;
    };
    const auto is_starter = [&](uint32_t code) { return combining_class(code) == 0; };
    for (auto row = part_.begin(); row != part_.end();) {
      row = std::find_if_not(row, part_.end(), is_starter);
      const auto row_end = std::find_if(row, part_.end(), is_starter);
      std::ranges::stable_sort(row, row_end, {}, combining_class);
      row = row_end;
    }
  }

  Form form_;
  StableCharacters stable_;
  std::string_view text_;
  TextBuilder* builder_;
  size_t begin_ = 0;                  // of the part in the text
  std::vector<uint32_t> part_;        // decomposed
  std::vector<uint32_t> decomposed_;  // of one character
  std::string bytes_;
};

}  // namespace

bool needs_normalization(Form form, std::string_view text) {
  return find_unstable(StableCharacters(form), text, 0) < text.size();
}

void normalize_to(Form form, std::string_view text, TextBuilder& builder) {
  const StableCharacters stable(form);
  const char* const data = text.data();
  const char* const data_end = data + text.size();
  PartNormalizer parts(form, text, builder);
  size_t kept = 0;
  while (kept < text.size() && builder.fits()) {
    const size_t unstable = find_unstable(stable, text, kept);
    // A stable character may compose with what follows it.
    size_t begin = unstable;
    if (unstable > kept && unstable < text.size()) {
      const char* const before = character_begin(data + kept, data + unstable - 1, data_end);
      if (decode(before, data_end).is_well_formed()) begin = static_cast<size_t>(before - data);
    }
    builder.keep(kept, begin);
    size_t end = unstable;
    while (end < text.size()) {
      const Character character = decode(data + end, data_end);
      if (!character.is_well_formed() || stable.contains(character.code)) break;
      end += character.size;
    }
    if (begin < end) parts.normalize(begin, end);
    kept = end;
  }
}

}  // namespace tribute::pretokenize
