// The characters that byte-level vocabularies write bytes as: a printable one for every byte.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pretokenize/splitter.h"

namespace tribute::text {

// The string with each byte as its character: '!'…'~', U+00A1…U+00AC and U+00AE…U+00FF stand for the bytes of
// their code points, U+0100… in order for the others (OpenAI's GPT-2, `bytes_to_unicode`). O(n).
std::string to_byte_characters(std::string_view bytes);
// The bytes back; nullopt if any character stands for no byte. O(n).
std::optional<std::string> from_byte_characters(std::string_view characters);

// Cuts by `first`, then each piece, spelt in byte characters, by `second`, as pre-tokenizers do that stand
// after the change to byte characters: there a continuation byte may be a digit (0xBD is '½').
std::unique_ptr<pretokenize::Splitter> make_byte_character_splitter(std::unique_ptr<pretokenize::Splitter> first,
                                                                    std::unique_ptr<pretokenize::Splitter> second);

}  // namespace tribute::text
