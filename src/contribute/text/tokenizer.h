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

// Errors: out_of_range, with the limit, for a longer text.
Result<void> check_text_size(std::string_view text);

// Bytes [begin, end) of a text.
struct ByteRange {
  uint32_t begin = 0;
  uint32_t end = 0;

  friend auto operator<=>(const ByteRange&, const ByteRange&) = default;
};

// Tokens and the bytes that each stands for; `ranges` has one range per token. The ranges tile the text: the
// first begins at 0, each begins where the one before ends, the last ends at the text's end. So a range is
// empty where its token stands for nothing of the text alone: what a normalizer put in, or the first bytes
// of a character that a normalizer made and several tokens share, whose last token has all of it. Bytes that
// a normalizer or a pre-tokenizer drops belong to the token after them, or else the last. Only a text that
// is dropped whole has no tokens and no ranges. A range may begin or end inside a UTF-8 character.
struct TokenizedText {
  std::vector<TokenId> tokens;
  std::vector<ByteRange> ranges;
};

struct EncodeOptions {
  // The strings of special tokens become these tokens; else they are plain text, as in documents, prompts and
  // answers they must be.
  bool special_tokens = false;
  // At most so many threads work on one text, each on a MiB at least. The tokens are the same.
  uint32_t threads = 1;
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
// alone: any bytes are a text (invalid UTF-8 and NUL too), special-token strings are plain text unless
// options say otherwise, and no begin or end tokens are added. Immutable; thread-safe.
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

  // The text's tokens. O(n).
  // Errors: out_of_range for a text over kMaxTextBytes; resource_exhausted where the tokenizer would need
  // more steps or memory for a hostile text than its bound, which does not depend on the machine.
  Result<std::vector<TokenId>> encode(std::string_view text, const EncodeOptions& options = {}) const {
    return encode_text(text, options);
  }
  // The same tokens, with their ranges.
  Result<TokenizedText> encode_with_ranges(std::string_view text, const EncodeOptions& options = {}) const {
    return encode_text_with_ranges(text, options);
  }

  // True if decoding gives back every text that was encoded, byte for byte.
  virtual bool gives_every_text_back() const = 0;
  // The bytes that the tokens stand for. A tokenizer that does not normalise gives back what was
  // encoded, any other the normalized text. Errors: invalid_argument for an unknown token.
  virtual Result<std::string> decode(std::span<const TokenId> tokens) const = 0;
  virtual std::unique_ptr<StreamDecoder> make_stream_decoder() const = 0;

  // What opening a file does not do, since a workspace is opened often: recomputes hash() from what is
  // hashed, and everything that is derived. Whoever did not make the file calls it. O(vocabulary).
  // Errors: data_loss, saying what is not as it should be.
  virtual Result<void> verify() const = 0;

  // The part of the tokenizer file that is this kind's own.
  virtual std::string file_payload() const = 0;

 private:
  virtual Result<std::vector<TokenId>> encode_text(std::string_view text, const EncodeOptions& options) const = 0;
  virtual Result<TokenizedText> encode_text_with_ranges(std::string_view text, const EncodeOptions& options) const = 0;
};

// A tokenizer file's bytes (docs/formats/tokenizer.md), and the tokenizer in such bytes, which are copied.
// The bytes may be anyone's: verify() says whether the tokenizer is what its hash() names.
// Errors: data_loss for a damaged file; failed_precondition for a newer version of the format;
// unimplemented, naming the kind, for a kind that this program does not know.
std::string to_tokenizer_file(const Tokenizer& tokenizer);
Result<std::unique_ptr<Tokenizer>> parse_tokenizer_file(std::string_view bytes);
// True if the bytes begin as such a file does.
bool is_tokenizer_file(std::string_view bytes);

// The same with a file, which is mapped for the tokenizer's life and used in place: milliseconds, whatever its
// size. Errors: those of the file system and of parse_tokenizer_file(), after the path.
Result<void> save_tokenizer(io::FileSystem& files, const std::string& path, const Tokenizer& tokenizer);
Result<std::unique_ptr<Tokenizer>> open_tokenizer(io::FileSystem& files, const std::string& path);

}  // namespace tribute::text
