#include "bpe/tables.h"

namespace tribute::bpe {

uint64_t hash_of_long(std::string_view bytes) {
  uint64_t hash = bytes.size();
  while (bytes.size() > 8) {
    hash = mix(hash ^ load_word(bytes.data()), 0xD1B5'4A32'D192'ED03);
    bytes.remove_prefix(8);
  }
  uint64_t last = 0;
  std::memcpy(&last, bytes.data(), bytes.size());
  return mix(hash ^ last, 0x9E37'79B9'7F4A'7C15);
}

}  // namespace tribute::bpe
