#include "pretokenize/testing/real_text.h"

#include <zstd.h>

#include <fstream>
#include <iterator>
#include <memory>

namespace tribute::pretokenize::testing {

std::string real_text(size_t size_bytes) {
  std::ifstream file(TRIBUTE_SHARED_DIR "/data/cpp-docs.jsonl.zst", std::ios::binary);
  const std::string compressed{std::istreambuf_iterator<char>(file), {}};
  std::string text(size_bytes, '\0');
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  ZSTD_inBuffer in = {compressed.data(), compressed.size(), 0};
  ZSTD_outBuffer out = {text.data(), text.size(), 0};
  while (in.pos < in.size && out.pos < out.size) {
    if (ZSTD_isError(ZSTD_decompressStream(stream.get(), &out, &in)) != 0) break;
  }
  text.resize(out.pos);
  // Escaped line breaks are to be line breaks.
  std::string unescaped;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_break = text[i] == '\\' && i + 1 < text.size() && text[i + 1] == 'n';
    unescaped += is_break ? '\n' : text[i];
    if (is_break) ++i;
  }
  return unescaped;
}

}  // namespace tribute::pretokenize::testing
