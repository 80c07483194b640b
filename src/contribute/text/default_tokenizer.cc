#include "text/default_tokenizer.h"

#include <cstddef>

// The assembler copies the file, which takes no time; a compiler would read an array of numbers for minutes. The build
// names the file and watches it.
asm(R"(
.section .rodata
.global tribute_default_tokenizer_begin
.global tribute_default_tokenizer_end
tribute_default_tokenizer_begin:
.incbin ")" TRIBUTE_DEFAULT_TOKENIZER R"("
tribute_default_tokenizer_end:
.byte 0
.text
)");

extern "C" {
extern const char tribute_default_tokenizer_begin[];
extern const char tribute_default_tokenizer_end[];
}

namespace tribute::text {

std::string_view default_tokenizer_json() {
  return {tribute_default_tokenizer_begin,
          static_cast<size_t>(tribute_default_tokenizer_end - tribute_default_tokenizer_begin)};
}

}  // namespace tribute::text
