// Cuts a text into pieces and encodes them, by one thread or several.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "pretokenize/splitter.h"
#include "text/encoder_pool.h"

namespace tribute::text {

struct PieceEncoding {
  uint32_t threads = 1;
  uint32_t cell_bytes = 1U << 14;        // how much is cut before it is encoded
  uint32_t bytes_per_thread = 1U << 20;  // a thread more for each so many bytes
};

// Appends the tokens of `text`. With several threads each begins to cut at some character; where its pieces
// meet those of the thread before it at a common boundary, both are joined (pretokenize::Splitter says why
// the tokens are the same). A text whose cuttings do not meet is cut and encoded twice.
// Errors: those of the splitter and the encoder.
Result<void> encode_by_pieces(std::string_view text, const pretokenize::Splitter& splitter, EncoderPool& encoders,
                              const PieceEncoding& how, std::vector<TokenId>& tokens);

}  // namespace tribute::text
