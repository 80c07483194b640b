#include "text/sentencepiece_model.h"

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace tribute::text {
namespace {

std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::data_loss, "this is no sound SentencePiece model: " + std::string(what));
}

// One field of a protocol buffer message.
struct Field {
  uint64_t number = 0;
  uint64_t integer = 0;    // of a varint
  std::string_view bytes;  // of a length-delimited one
};

class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}

  bool is_at_end() const { return rest_.empty(); }

  std::optional<Field> next() {
    const std::optional<uint64_t> key = varint();
    if (!key) return std::nullopt;
    Field field{.number = *key >> 3};
    std::optional<uint64_t> size;
    switch (*key & 7) {
      case 0: {
        const std::optional<uint64_t> value = varint();
        if (!value) return std::nullopt;
        field.integer = *value;
        return field;
      }
      case 1: size = 8; break;
      case 2: size = varint(); break;
      case 5: size = 4; break;
      default: return std::nullopt;
    }
    if (!size || *size > rest_.size()) return std::nullopt;
    field.bytes = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return field;
  }

 private:
  std::optional<uint64_t> varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  }

  std::string_view rest_;
};

// The table: the trie's size in bytes, the trie, strings that each end in a zero byte. The trie is a double array
// (Darts-clone): from a unit at p, byte b leads to the unit at p ^ offset ^ b; if it has a leaf, the unit at
// p ^ offset says where its string is.
Result<void> check_table(std::string_view table) {
  if (table.empty()) return {};
  if (table.size() < 4) return damaged("its normalization table is cut short");
  const uint64_t trie_size = load_le32(table);
  if (trie_size > table.size() - 4 || trie_size % 4 != 0 || trie_size == 0) {
    return damaged("its normalization table has a wrong size");
  }
  const std::string_view trie = table.substr(4, trie_size);
  const std::string_view strings = table.substr(4 + trie_size);
  if (strings.empty() || strings.back() != '\0') return damaged("its normalization table's strings do not end");
  const uint64_t count = trie_size / 4;
  const auto unit_at = [trie](uint64_t place) { return load_le32(trie.substr(place * 4)); };
  for (uint64_t place = 0; place < count; ++place) {
    const uint32_t unit = unit_at(place);
    // A leaf, which no byte leads to.
    if ((unit >> 31) != 0) continue;
    const uint64_t target = place ^ (uint64_t{unit >> 10} << ((unit >> 9 & 1) * 8));
    if ((target | 0xFF) >= count) return damaged("its normalization table points beyond its end");
    const bool has_leaf = (unit >> 8 & 1) != 0;
    if (has_leaf && (unit_at(target) & 0x7FFF'FFFF) >= strings.size()) {
      return damaged("its normalization table points beyond its strings");
    }
  }
  return {};
}

Result<void> read_normalizer(std::string_view message, SentencePieceSettings& settings) {
  Fields fields(message);
  while (!fields.is_at_end()) {
    const std::optional<Field> field = fields.next();
    if (!field) return damaged("its normalizer is cut short");
    if (field->number == 2) TRY(check_table(field->bytes));
    if (field->number == 3) settings.add_dummy_prefix = field->integer != 0;
    if (field->number == 4) settings.remove_extra_whitespaces = field->integer != 0;
  }
  return {};
}

Result<void> read_trainer(std::string_view message, SentencePieceSettings& settings) {
  Fields fields(message);
  while (!fields.is_at_end()) {
    const std::optional<Field> field = fields.next();
    if (!field) return damaged("its trainer's settings are cut short");
    if (field->number == 24) settings.treat_whitespace_as_suffix = field->integer != 0;
    if (field->number == 44) settings.unk_surface = field->bytes;
  }
  return {};
}

Result<void> read_denormalizer(std::string_view message, SentencePieceSettings& settings) {
  Fields fields(message);
  while (!fields.is_at_end()) {
    const std::optional<Field> field = fields.next();
    if (!field) return damaged("its denormalizer is cut short");
    if (field->number == 2 && !field->bytes.empty()) settings.has_denormalizer = true;
  }
  return {};
}

}  // namespace

Result<SentencePieceSettings> read_sentencepiece_settings(std::string_view model) {
  SentencePieceSettings settings;
  Fields fields(model);
  bool has_pieces = false;
  while (!fields.is_at_end()) {
    const std::optional<Field> field = fields.next();
    if (!field) return damaged("it is cut short or of another kind");
    has_pieces = has_pieces || field->number == 1;
    if (field->number == 2) TRY(read_trainer(field->bytes, settings));
    if (field->number == 3) TRY(read_normalizer(field->bytes, settings));
    if (field->number == 5) TRY(read_denormalizer(field->bytes, settings));
  }
  if (!has_pieces) return damaged("it has no pieces");
  return settings;
}

}  // namespace tribute::text
