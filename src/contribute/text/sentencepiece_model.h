// What a SentencePiece model file says that its library does not tell, and whether it is sound.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace tribute::text {

struct SentencePieceSettings {
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool treat_whitespace_as_suffix = false;
  bool has_denormalizer = false;
  std::string unk_surface = " \xE2\x81\x87 ";
};

// Reads the settings of a ModelProto (sentencepiece_model.proto of SentencePiece) and checks its normalization
// table, whose offsets the library follows unchecked: a table of this kind in anyone's file must not make it
// read beyond. Errors: data_loss, saying what is wrong.
Result<SentencePieceSettings> read_sentencepiece_settings(std::string_view model);

}  // namespace tribute::text
