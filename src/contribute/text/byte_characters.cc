#include "text/byte_characters.h"

#include <array>
#include <utility>
#include <vector>

namespace tribute::text {
namespace {

using pretokenize::Piece;
using pretokenize::Splitter;
using pretokenize::Stretch;

constexpr bool is_its_own(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// Code points by byte, all below U+0144, and bytes by code point (256: none).
constexpr auto kCharacters = [] {
  std::array<uint16_t, 256> characters{};
  uint16_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte)
    characters[byte] = is_its_own(byte) ? static_cast<uint16_t>(byte) : next++;
  return characters;
}();
constexpr auto kBytes = [] {
  std::array<uint16_t, 0x144> bytes{};
  bytes.fill(256);
  for (uint16_t byte = 0; byte < 256; ++byte) bytes[kCharacters[byte]] = byte;
  return bytes;
}();

class ByteCharacterSplitter final : public Splitter {
 public:
  ByteCharacterSplitter(std::unique_ptr<Splitter> first, std::unique_ptr<Splitter> second)
      : first_(std::move(first)), second_(std::move(second)) {}

  Result<uint32_t> split(std::string_view text, Stretch stretch, std::vector<Piece>& pieces) const override {
    std::vector<Piece> coarse;
    const uint32_t end = TRY(first_->split(text, stretch, coarse));
    std::vector<Piece> fine;
    for (const Piece& piece : coarse) {
      const std::string characters = to_byte_characters(text.substr(piece.begin, piece.end - piece.begin));
      fine.clear();
      const auto size = static_cast<uint32_t>(characters.size());
      TRY(second_->split(characters, {.begin = 0, .enough = size}, fine));
      append(piece.begin, characters, fine, pieces);
    }
    return end;
  }

  bool is_lossless() const override { return first_->is_lossless() && second_->is_lossless(); }

 private:
  // Pieces of the characters become pieces of the bytes that these stand for: one a character.
  static void append(uint32_t begin, std::string_view characters, const std::vector<Piece>& fine,
                     std::vector<Piece>& pieces) {
    uint32_t byte = begin;
    uint32_t at = 0;
    const auto advance_to = [&](uint32_t target) {
      for (; at < target; ++at) byte += (static_cast<uint8_t>(characters[at]) & 0xC0) != 0x80 ? 1 : 0;
      return byte;
    };
    for (const Piece& piece : fine) {
      const uint32_t from = advance_to(piece.begin);
      pieces.push_back({.begin = from, .end = advance_to(piece.end)});
    }
  }

  std::unique_ptr<Splitter> first_;
  std::unique_ptr<Splitter> second_;
};

}  // namespace

std::string to_byte_characters(std::string_view bytes) {
  std::string characters;
  characters.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const uint16_t character = kCharacters[static_cast<uint8_t>(byte)];
    if (character < 0x80) {
      characters.push_back(static_cast<char>(character));
    } else {
      characters.push_back(static_cast<char>(0xC0 | character >> 6));
      characters.push_back(static_cast<char>(0x80 | (character & 0x3F)));
    }
  }
  return characters;
}

std::optional<std::string> from_byte_characters(std::string_view characters) {
  std::string bytes;
  bytes.reserve(characters.size());
  for (size_t i = 0; i < characters.size(); ++i) {
    unsigned character = static_cast<uint8_t>(characters[i]);
    if (character >= 0x80) {
      if (character < 0xC2 || character > 0xC5 || i + 1 == characters.size()) return std::nullopt;
      const unsigned next = static_cast<uint8_t>(characters[++i]);
      if ((next & 0xC0) != 0x80) return std::nullopt;
      character = (character & 0x1F) << 6 | (next & 0x3F);
    }
    if (character >= kBytes.size() || kBytes[character] > 255) return std::nullopt;
    bytes.push_back(static_cast<char>(static_cast<uint8_t>(kBytes[character])));
  }
  return bytes;
}

std::unique_ptr<Splitter> make_byte_character_splitter(std::unique_ptr<Splitter> first,
                                                       std::unique_ptr<Splitter> second) {
  return std::make_unique<ByteCharacterSplitter>(std::move(first), std::move(second));
}

}  // namespace tribute::text
