#include "text/hugging_face.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "bpe/string_index.h"
#include "text/byte_characters.h"
#include "text/hugging_face_parts.h"
#include "text/json_value.h"

namespace tribute::text {
namespace {

using bpe::Definition;
using bpe::EntryUse;

constexpr size_t kMaxFileBytes = size_t{1} << 30;

// Strings by id, and ids by string, as the file spells them.
struct Vocabulary {
  std::vector<std::string_view> strings;  // empty: the id is not used
  bpe::StringIndex ids;
};

Result<void> insert(Vocabulary& vocabulary, const JsonValue& value, std::string_view string, uint32_t id) {
  const auto wrong = [&](std::string_view problem) {
    return value.wrong("'" + to_printable_utf8(string) + "' " + std::string(problem));
  };
  if (id >= bpe::kMaxEntries) return wrong("has an id that is not below " + std::to_string(bpe::kMaxEntries));
  if (string.empty()) return wrong("is empty");
  if (id >= vocabulary.strings.size()) vocabulary.strings.resize(id + size_t{1});
  if (!vocabulary.strings[id].empty()) {
    return wrong("has the id " + std::to_string(id) + " of '" + to_printable_utf8(vocabulary.strings[id]) + "'");
  }
  if (vocabulary.ids.insert(string, id) != bpe::kNone) return wrong("is there twice");
  vocabulary.strings[id] = string;
  return {};
}

// With room for `added_count` strings more.
Result<Vocabulary> read_vocabulary(const JsonValue& value, size_t added_count) {
  simdjson::dom::object fields;
  if (value.element().get(fields) != simdjson::SUCCESS) return value.wrong("is no object");
  size_t count = 0;
  for ([[maybe_unused]] const auto& field : fields) ++count;
  if (count > bpe::kMaxEntries) return value.wrong("has more than " + std::to_string(bpe::kMaxEntries) + " entries");
  Vocabulary vocabulary{.strings = {}, .ids = bpe::StringIndex(count + added_count)};
  for (const auto& field : fields) {
    uint64_t id = 0;
    if (field.value.get(id) != simdjson::SUCCESS || id > UINT32_MAX) {
      return value.wrong("the id of '" + to_printable_utf8(field.key) + "' is no integer of 32 bits");
    }
    TRY(insert(vocabulary, value, field.key, static_cast<uint32_t>(id)));
  }
  return vocabulary;
}

// "<0x0A>" is the byte of a character without an entry; nullopt for any other string.
std::optional<std::string> fallback_byte(std::string_view string) {
  if (string.size() != 6 || !string.starts_with("<0x") || string.back() != '>') return std::nullopt;
  std::string hex(string.substr(3, 2));
  if (std::ranges::any_of(hex, [](char c) { return c >= 'a' && c <= 'f'; })) return std::nullopt;
  std::ranges::transform(hex, hex.begin(), [](char c) { return c >= 'A' ? static_cast<char>(c - 'A' + 'a') : c; });
  const Result<std::string> byte = from_hex(hex);
  return byte ? std::optional(*byte) : std::nullopt;
}

void append_entry(std::string_view string, bool is_added_alone, bool is_byte_level, bpe::Entries& entries) {
  if (string.empty()) return entries.append({}, EntryUse::absent);
  if (is_added_alone) return entries.append(string, EntryUse::decode_only);
  if (is_byte_level) {
    const std::optional<std::string> bytes = from_byte_characters(string);
    return bytes ? entries.append(*bytes, EntryUse::text) : entries.append(string, EntryUse::decode_only);
  }
  const std::optional<std::string> byte = fallback_byte(string);
  return byte ? entries.append(*byte, EntryUse::byte) : entries.append(string, EntryUse::text);
}

// The parts' strings of a merge, "a b" or ["a", "b"].
Result<std::pair<std::string_view, std::string_view>> read_pair(const simdjson::dom::element& element,
                                                                const JsonValue& merges, size_t rank) {
  const auto wrong = [&] { return merges.wrong("merge " + std::to_string(rank) + " is no pair of strings"); };
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) {
    const size_t space = text.find(' ');
    if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos) return wrong();
    return std::pair(text.substr(0, space), text.substr(space + 1));
  }
  simdjson::dom::array parts;
  if (element.get(parts) != simdjson::SUCCESS || parts.size() != 2) return wrong();
  std::string_view left;
  std::string_view right;
  if (parts.at(0).get(left) != simdjson::SUCCESS || parts.at(1).get(right) != simdjson::SUCCESS) return wrong();
  return std::pair(left, right);
}

// A merge's parts and their concatenation.
struct SpelledMerge {
  std::string_view left;
  std::string_view right;
  std::string both;
};

Result<bpe::Merge> find_parts(const SpelledMerge& spelled, const Vocabulary& vocabulary, const JsonValue& value,
                              size_t rank) {
  bpe::Merge merge;
  for (const auto& [part, id] : {std::pair(spelled.left, &merge.left), std::pair(spelled.right, &merge.right),
                                 std::pair(std::string_view(spelled.both), &merge.result)}) {
    *id = vocabulary.ids.find(part);
    if (*id == bpe::kNone) {
      return value.wrong("merge " + std::to_string(rank) + " needs '" + to_printable_utf8(part) +
                         "', which is not in the vocabulary");
    }
  }
  return merge;
}

Result<std::vector<bpe::Merge>> read_merges(const JsonValue& value, const Vocabulary& vocabulary) {
  simdjson::dom::array elements;
  if (value.element().get(elements) != simdjson::SUCCESS) return value.wrong("is no array");
  std::vector<bpe::Merge> merges;
  // So many at a time that memory is waited for once for all of them.
  std::array<SpelledMerge, 32> batch;
  for (auto next = elements.begin(); next != elements.end();) {
    size_t count = 0;
    for (; count < batch.size() && next != elements.end(); ++count, ++next) {
      SpelledMerge& spelled = batch[count];
      std::tie(spelled.left, spelled.right) = TRY(read_pair(*next, value, merges.size() + count));
      spelled.both = spelled.left;
      spelled.both += spelled.right;
      for (const std::string_view part : {spelled.left, spelled.right, std::string_view(spelled.both)}) {
        vocabulary.ids.prefetch(part);
      }
    }
    for (size_t i = 0; i < count; ++i) merges.push_back(TRY(find_parts(batch[i], vocabulary, value, merges.size())));
  }
  return merges;
}

// Added tokens that the vocabulary has must have its ids; the others get theirs.
Result<std::vector<bool>> add_added_tokens(const std::vector<AddedToken>& added, const JsonValue& value,
                                           Vocabulary& vocabulary) {
  std::vector<bool> is_added_alone(vocabulary.strings.size());
  for (const AddedToken& token : added) {
    const uint32_t known = vocabulary.ids.find(token.content);
    if (known != bpe::kNone) {
      if (known == token.id) continue;
      return value.wrong("'" + to_printable_utf8(token.content) + "' has the id " + std::to_string(token.id) +
                         ", in the vocabulary " + std::to_string(known));
    }
    TRY(insert(vocabulary, value, token.content, token.id));
    is_added_alone.resize(vocabulary.strings.size());
    is_added_alone[token.id] = true;
  }
  return is_added_alone;
}

struct ModelReader {
  const JsonValue& model;
  const JsonValue& added_value;
  const std::vector<AddedToken>& added;
  bool is_byte_level = false;

  Result<Definition> read() const {
    const JsonObject object =
        TRY(model.object({"type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
                          "byte_fallback", "ignore_merges", "vocab", "merges"}));
    // Files of the library's first versions have no type; only byte-pair encodings have merges.
    if (object.find("type") && TRY(model.type()) != "BPE") return model.unsupported_type();
    TRY(check_settings(object));
    Vocabulary vocabulary = TRY(read_vocabulary(TRY(object.require("vocab")), added.size()));
    Definition definition{.symbols = is_byte_level ? bpe::Symbols::bytes : bpe::Symbols::characters,
                          .ignore_merges = TRY(object.boolean_or("ignore_merges", false))};
    definition.merges = TRY(read_merges(TRY(object.require("merges")), vocabulary));
    const std::vector<bool> is_added_alone = TRY(add_added_tokens(added, added_value, vocabulary));
    for (size_t id = 0; id < vocabulary.strings.size(); ++id) {
      append_entry(vocabulary.strings[id], is_added_alone[id], is_byte_level, definition.entries);
    }
    return definition;
  }

 private:
  Result<void> check_settings(const JsonObject& object) const {
    TRY(object.expect_absent_or("continuing_subword_prefix", ""));
    TRY(object.expect_absent_or("end_of_word_suffix", ""));
    if (const std::optional<JsonValue> dropout = object.find("dropout"); dropout && !dropout->is_null()) {
      double rate = 1;
      if (dropout->element().get(rate) != simdjson::SUCCESS || rate != 0) return dropout->unsupported();
    }
    // No text has an unknown part, since every byte has an entry: how they would be written plays no part.
    if (const std::optional<JsonValue> unknown = object.find("unk_token"); unknown && !unknown->is_null()) {
      TRY(unknown->string());
    }
    TRY(object.boolean_or("fuse_unk", false));
    const bool byte_fallback = TRY(object.boolean_or("byte_fallback", false));
    if (is_byte_level && byte_fallback) return TRY(object.require("byte_fallback")).unsupported();
    if (!is_byte_level && !byte_fallback) {
      return model.wrong(
          "without byte_fallback or a ByteLevel pre-tokenizer is not supported: some texts could "
          "not be given back");
    }
    // A piece that spells a byte's name would become that byte.
    if (byte_fallback) TRY(object.expect_absent_or_false("ignore_merges"));
    return {};
  }
};

Result<std::unique_ptr<BpeTokenizer>> read_document(const JsonValue& document) {
  const JsonObject object = TRY(document.object({"version", "truncation", "padding", "added_tokens", "normalizer",
                                                 "pre_tokenizer", "post_processor", "decoder", "model"}));
  TRY(object.expect_absent_or("version", "1.0"));
  for (const std::string_view key : {"truncation", "padding"}) {
    const std::optional<JsonValue> value = object.find(key);
    if (value && !value->is_null()) return value->wrong("is not supported; write null");
  }
  BpeSettings settings;
  if (const auto value = object.find("normalizer")) settings.normalizer = TRY(read_normalizer(*value));
  bool is_byte_level = false;
  if (const auto value = object.find("pre_tokenizer")) is_byte_level = TRY(read_pre_tokenizer(*value, settings));
  if (const auto value = object.find("post_processor")) TRY(check_post_processor(*value));
  TRY(read_decoder(TRY(object.require("decoder")), is_byte_level, settings));
  const JsonValue added_value = TRY(object.require("added_tokens"));
  settings.added = TRY(read_added_tokens(added_value));
  const JsonValue model_value = TRY(object.require("model"));
  const ModelReader reader{
      .model = model_value, .added_value = added_value, .added = settings.added, .is_byte_level = is_byte_level};
  const Definition definition = TRY(reader.read());
  Result<bpe::Model> model = bpe::Model::build(definition);
  if (!model) return fail_within("model", std::move(model).error());
  return BpeTokenizer::create(std::move(settings), *std::move(model));
}

}  // namespace

Result<std::unique_ptr<BpeTokenizer>> read_hugging_face_tokenizer(std::string_view json) {
  if (json.size() > kMaxFileBytes) return fail(ErrorCode::out_of_range, "the file is larger than 1 GiB");
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  const auto error = parser.parse(json.data(), json.size()).get(document);
  if (error != simdjson::SUCCESS) {
    return fail(ErrorCode::invalid_argument, std::string("the file is no JSON: ") + simdjson::error_message(error));
  }
  return read_document(JsonValue(document, ""));
}

}  // namespace tribute::text
