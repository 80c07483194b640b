// Training of a tokenizer, and the tokenizer.json that comes of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "bpe/definition.h"
#include "pretokenize/splitter.h"
#include "text/piece_counts.h"

namespace tribute::text {

struct TrainingOptions {
  // Entries, the 256 bytes and the special tokens among them: 256 and the special tokens at least, at most 65,535,
  // so that a token and one value more fit 16 bits.
  uint32_t entry_count = 65'535;
  // The last entries, which no text becomes (unless a program asks for them).
  std::vector<std::string> special_tokens = {"<|endoftext|>"};
  // Rarer pieces play no part. 1: all do; 2 needs less memory and takes most names and mistakes out, but also most of
  // the sentences of languages that are written without spaces.
  uint64_t min_piece_count = 1;
  uint64_t min_pair_count = 2;    // as bpe::TrainOptions says
  uint32_t max_entry_bytes = 32;  // as there
  std::function<bool(uint32_t entries)> progress;
};

inline constexpr uint32_t kMaxTrainedEntries = 65'535;
// As count_pieces() is told for training.
inline constexpr uint32_t kMaxTrainedPieceBytes = 256;

// The splitter of the tokenizers that are trained here, that of cl100k.
std::unique_ptr<pretokenize::Splitter> make_training_splitter();

// A byte-level tokenizer with that splitter, as a tokenizer.json that read_hugging_face_tokenizer() and the
// Hugging Face library read alike. The bytes are a function of the counts and options alone, whatever the machine.
// Errors: invalid_argument for options out of their range, an empty special token, two that are the same, or one
// that is not UTF-8; those of bpe::train().
Result<std::string> train_tokenizer(const PieceCounts& counts, const TrainingOptions& options);

// The file of an encoding that bpe::train() made: its entries in byte characters, one a line, then its merges.
std::string to_hugging_face_json(const bpe::Definition& definition, const std::vector<std::string>& special_tokens);

}  // namespace tribute::text
