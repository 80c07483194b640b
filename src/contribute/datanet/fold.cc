#include "datanet/fold.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "base/check.h"

namespace tribute::datanet {
namespace {

bool is_ascii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }

bool is_white_space(utf8proc_int32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

const utf8proc_uint8_t* as_utf8(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

// The first character of `text` and its length in bytes, or a negative character where the text is
// ill-formed there.
struct Character {
  utf8proc_int32_t value = -1;
  size_t length = 0;
};
Character first_character(std::string_view text) {
  Character character;
  const auto length = utf8proc_iterate(as_utf8(text), static_cast<utf8proc_ssize_t>(text.size()), &character.value);
  if (length <= 0) return {};
  character.length = static_cast<size_t>(length);
  return character;
}

// utf8proc hands out memory of malloc().
struct FreeDeleter {
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
  void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }
};

// Collects the folded text; white space is written when something follows it.
class Folder {
 public:
  explicit Folder(size_t expected_size) { text_.reserve(expected_size); }

  void add_bytes(std::string_view bytes) {
    if (space_pending_ && !text_.empty()) text_.push_back(' ');
    space_pending_ = false;
    text_ += bytes;
  }

  // Well-formed UTF-8 in form KC.
  void add_normalised(std::string_view text) {
    while (!text.empty()) {
      const Character character = first_character(text);
      CHECK(character.length > 0);
      if (is_white_space(character.value)) {
        space_pending_ = true;
      } else {
        add_bytes(text.substr(0, character.length));
      }
      text.remove_prefix(character.length);
    }
  }

  std::string finish() && { return std::move(text_); }

 private:
  std::string text_;
  bool space_pending_ = false;
};

// Well-formed UTF-8 to form KC.
void normalise_into(Folder& folder, std::string_view text) {
  if (text.size() == 1) {  // an ASCII character is its own normal form
    folder.add_normalised(text);
    return;
  }
  utf8proc_uint8_t* buffer = nullptr;
  // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): the library's flags are an enumeration.
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  const auto size = utf8proc_map(as_utf8(text), static_cast<utf8proc_ssize_t>(text.size()), &buffer, options);
  const std::unique_ptr<utf8proc_uint8_t, FreeDeleter> owner(buffer);
  // The text is well-formed, so only memory can be lacking, which ends the program elsewhere too.
  CHECK(size >= 0);
  folder.add_normalised({reinterpret_cast<const char*>(buffer), static_cast<size_t>(size)});
}

}  // namespace

std::string folded_text(std::string_view text) {
  Folder folder(text.size());
  // ASCII characters neither change nor combine with what stands before them, so a text can be cut
  // before each of them and the pieces be normalised one by one. A piece is an ASCII character and
  // the others up to the next one, with which it may combine: mostly the ASCII character alone.
  size_t begin = 0;
  while (begin < text.size()) {
    size_t end = begin;
    if (is_ascii(text[end])) ++end;
    while (end < text.size() && !is_ascii(text[end])) {
      const Character character = first_character(text.substr(end));
      if (character.length == 0) break;
      end += character.length;
    }
    if (end > begin) {
      normalise_into(folder, text.substr(begin, end - begin));
      begin = end;
    } else {
      folder.add_bytes(text.substr(begin, 1));
      ++begin;
    }
  }
  return std::move(folder).finish();
}

Hash256 folded_hash(std::string_view text) { return sha256(folded_text(text)); }

}  // namespace tribute::datanet
