#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "text/bpe_tokenizer.h"
#include "text/byte_tokenizer.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/tokenizer.h"

namespace tribute::text {
namespace {

// The layout of docs/formats/tokenizer.md. The payload stands at a multiple of 64 bytes so that
// tables in it can be used where they are mapped.
constexpr std::string_view kMagic = "TRBTOKEN";
constexpr uint32_t kVersion = 1;
constexpr size_t kVersionOffset = 8;
constexpr size_t kKindOffset = 16;
constexpr size_t kKindBytes = 16;
constexpr size_t kPayloadSizeOffset = 32;
constexpr size_t kPayloadChecksumOffset = 40;
constexpr size_t kHeaderChecksumOffset = 56;
constexpr size_t kHeaderBytes = 64;

void append_checksum(std::string& out, std::string_view bytes) {
  append_le64(out, XXH3_64bits(bytes.data(), bytes.size()));
}

bool has_checksum(std::string_view bytes, std::string_view checksum) {
  return XXH3_64bits(bytes.data(), bytes.size()) == load_le64(checksum);
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::data_loss, "the tokenizer file is damaged: " + std::string(what));
}

// The field's text without the zeros that fill it up; empty where it is no name.
std::string_view kind_name(std::string_view field) {
  const std::string_view name = field.substr(0, field.find('\0'));
  const bool is_name = std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  const bool is_filled = std::ranges::all_of(field.substr(name.size()), [](char c) { return c == '\0'; });
  return is_name && is_filled ? name : std::string_view();
}

Result<std::unique_ptr<Tokenizer>> make_from_payload(std::string_view kind, std::string_view payload,
                                                     std::shared_ptr<const void> owner) {
  if (kind == ByteTokenizer::kKind) {
    if (!payload.empty()) return damaged("a tokenizer of kind 'bytes' has no payload");
    return std::make_unique<ByteTokenizer>();
  }
  if (kind == BpeTokenizer::kKind) return TRY(BpeTokenizer::open(payload, std::move(owner)));
  if (kind == SentencePieceTokenizer::kKind) return TRY(SentencePieceTokenizer::create(std::string(payload)));
  return fail(ErrorCode::unimplemented, "this program does not know tokenizers of kind '" + std::string(kind) +
                                            "'; use the version of Tribute that made the file, or a newer one");
}

// `owner` keeps `bytes`, which the tokenizer may go on using.
Result<std::unique_ptr<Tokenizer>> open_bytes(std::string_view bytes, std::shared_ptr<const void> owner) {
  if (!is_tokenizer_file(bytes)) return fail(ErrorCode::data_loss, "this is no tokenizer file");
  if (bytes.size() < kHeaderBytes) return damaged("it is cut short");
  const uint32_t version = load_le32(bytes.substr(kVersionOffset));
  if (version > kVersion) {
    return fail(ErrorCode::failed_precondition, "the tokenizer file has version " + std::to_string(version) +
                                                    ", this program reads " + std::to_string(kVersion) +
                                                    "; use a newer Tribute");
  }
  const std::string_view payload = bytes.substr(kHeaderBytes);
  if (!has_checksum(bytes.substr(0, kHeaderChecksumOffset), bytes.substr(kHeaderChecksumOffset))) {
    return damaged("its checksum is wrong");
  }
  if (load_le64(bytes.substr(kPayloadSizeOffset)) != payload.size()) return damaged("its size is wrong");
  if (!has_checksum(payload, bytes.substr(kPayloadChecksumOffset))) return damaged("its checksum is wrong");
  const std::string_view kind = kind_name(bytes.substr(kKindOffset, kKindBytes));
  if (version == 0 || load_le32(bytes.substr(kVersionOffset + 4)) != 0 || kind.empty() ||
      load_le64(bytes.substr(kPayloadChecksumOffset + 8)) != 0) {
    return damaged("its header is wrong");
  }
  return make_from_payload(kind, payload, std::move(owner));
}

}  // namespace

bool is_tokenizer_file(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::string to_tokenizer_file(const Tokenizer& tokenizer) {
  const std::string payload = tokenizer.file_payload();
  const std::string_view kind = tokenizer.kind();
  CHECK(!kind.empty() && kind.size() <= kKindBytes);
  std::string bytes(kMagic);
  append_le32(bytes, kVersion);
  append_le32(bytes, 0);
  bytes += kind;
  bytes.resize(kPayloadSizeOffset);
  append_le64(bytes, payload.size());
  append_checksum(bytes, payload);
  append_le64(bytes, 0);
  append_checksum(bytes, bytes);
  bytes += payload;
  return bytes;
}

Result<std::unique_ptr<Tokenizer>> parse_tokenizer_file(std::string_view bytes) {
  const auto copy = std::make_shared<const std::string>(bytes);
  return open_bytes(*copy, copy);
}

Result<void> save_tokenizer(io::FileSystem& files, const std::string& path, const Tokenizer& tokenizer) {
  return io::write_file_atomically(files, path, to_tokenizer_file(tokenizer));
}

Result<std::unique_ptr<Tokenizer>> open_tokenizer(io::FileSystem& files, const std::string& path) {
  const std::shared_ptr<const io::FileMap> map = TRY(files.map(path));
  auto tokenizer = open_bytes(map->bytes(), map);
  if (!tokenizer) return fail_within(path, std::move(tokenizer).error());
  return tokenizer;
}

}  // namespace tribute::text
