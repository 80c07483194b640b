// Bytes that come in parts, passed on in whole UTF-8 characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tribute::text {

// How many of the last bytes are the beginning of a well-formed UTF-8 character that more bytes
// could complete: 0 to 3. O(1).
size_t incomplete_suffix_length(std::string_view bytes);

// Passes bytes on unchanged, but holds back an incomplete character at the end until it is
// complete, or can no longer become well-formed. Not thread-safe.
class WholeCharacters {
 public:
  // What may be passed on after these bytes came; possibly nothing.
  std::string push(std::string_view bytes);
  // What is held back (at most 3 bytes); then nothing is.
  std::string finish();

 private:
  std::string held_;
};

}  // namespace tribute::text
