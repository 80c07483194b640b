// tokenizer.json, the file format of the Hugging Face library `tokenizers`.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"
#include "text/bpe_tokenizer.h"

namespace tribute::text {

// Reads a file of a byte-pair encoding over bytes (ByteLevel), or over characters with byte_fallback.
// docs/guide/tokenizers.md lists what is supported. Post-processors of known types are not applied: nothing is
// added before or after a text.
// Errors, with the path in the file: unimplemented for what is known to the format and not supported here, or
// not known; invalid_argument for what is no such file. 100,000 entries take some 100 ms.
Result<std::unique_ptr<BpeTokenizer>> read_hugging_face_tokenizer(std::string_view json);

}  // namespace tribute::text
