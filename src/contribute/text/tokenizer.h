// Tokenizers: bytes to tokens and back, with the place of every token in the bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"

namespace tribute::text {

// The longest text that is tokenized in one piece, so that byte offsets fit 32 bits.
inline constexpr uint64_t kMaxTextBytes = 0xFFFF'FFFF;

// Bytes [begin, end) of a text.
struct ByteRange {
  uint32_t begin = 0;
  uint32_t end = 0;

  friend auto operator<=>(const ByteRange&, const ByteRange&) = default;
};

// Tokens and the bytes that each stands for; `ranges` has one range per token. Both ends ascend
// (never fall), ranges lie inside the text, and every byte of the text is in some range unless the
// tokenizer's own normalisation drops it. A range may begin or end inside a UTF-8 character.
struct TokenizedText {
  std::vector<TokenId> tokens;
  std::vector<ByteRange> ranges;
};

// Turns tokens that come one by one into bytes. Not thread-safe; must not outlive its Tokenizer.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;

  // The bytes that this token completes. Bytes of a UTF-8 character that is still incomplete are
  // held back until a later token completes it or makes it ill-formed, so that what is returned
  // never ends inside a character. Errors: invalid_argument for an unknown token, which is skipped.
  virtual Result<std::string> push(TokenId token) = 0;

  // The bytes held back; then the decoder begins anew. All that push() and finish() returned, put
  // together, is what decode() returns for all tokens.
  virtual std::string finish() = 0;
};

// A vocabulary and the rule that cuts texts into its entries. Encoding is a function of the bytes
// alone: any bytes are a text (invalid UTF-8 and NUL too), special-token strings are plain text,
// and no begin or end tokens are added. Immutable; thread-safe.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // The word that the tokenizer file and messages use for this kind of tokenizer ("bytes").
  virtual std::string_view kind() const = 0;
  // Token ids are [0, vocabulary_size()); at most 2^18.
  virtual uint32_t vocabulary_size() const = 0;
  // Names the tokenizer: two tokenizers with equal hashes encode every text alike.
  // docs/formats/tokenizer.md says for each kind what is hashed.
  virtual const Hash256& hash() const = 0;

  // Errors: out_of_range for a text over kMaxTextBytes. O(n).
  virtual Result<std::vector<TokenId>> encode(std::string_view text) const = 0;
  // The same tokens, with their ranges.
  virtual Result<TokenizedText> encode_with_ranges(std::string_view text) const = 0;

  // The bytes that the tokens stand for. A tokenizer that does not normalise gives back what was
  // encoded. Errors: invalid_argument for an unknown token.
  virtual Result<std::string> decode(std::span<const TokenId> tokens) const = 0;
  virtual std::unique_ptr<StreamDecoder> make_stream_decoder() const = 0;

  // The part of the tokenizer file that is this kind's own.
  virtual std::string file_payload() const = 0;
};

// A tokenizer file's bytes (docs/formats/tokenizer.md), and the tokenizer in such bytes.
// Errors: data_loss for a damaged file; failed_precondition for a newer version of the format;
// unimplemented, naming the kind, for a kind that this program does not know.
std::string to_tokenizer_file(const Tokenizer& tokenizer);
Result<std::unique_ptr<Tokenizer>> parse_tokenizer_file(std::string_view bytes);

// The same with a file. Errors: those of the file system and of parse_tokenizer_file(), after the path.
Result<void> save_tokenizer(io::FileSystem& files, const std::string& path, const Tokenizer& tokenizer);
Result<std::unique_ptr<Tokenizer>> open_tokenizer(io::FileSystem& files, const std::string& path);

}  // namespace tribute::text
