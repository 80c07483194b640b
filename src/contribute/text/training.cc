#include "text/training.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "bpe/train.h"
#include "pretokenize/rules.h"
#include "text/byte_characters.h"

namespace tribute::text {
namespace {

constexpr uint32_t kBytes = 256;

// A JSON string of well-formed UTF-8.
std::string quoted(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (byte < 0x20) {
      json += "\\u00";
      json += {kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      json += c;
    }
  }
  return json + "\"";
}

Result<void> check(const TrainingOptions& options) {
  const auto refuse = [](std::string what) { return fail(ErrorCode::invalid_argument, std::move(what)); };
  const uint64_t least = kBytes + options.special_tokens.size();
  if (options.entry_count < least || options.entry_count > kMaxTrainedEntries) {
    return refuse("a tokenizer is trained to " + std::to_string(least) + " to " + std::to_string(kMaxTrainedEntries) +
                  " entries, not " + std::to_string(options.entry_count));
  }
  std::set<std::string> seen;
  for (const std::string& token : options.special_tokens) {
    if (token.empty()) return refuse("a special token must not be empty");
    if (!is_valid_utf8(token)) return refuse("the special token '" + to_printable_utf8(token) + "' is not UTF-8");
    if (!seen.insert(token).second) return refuse("the special token '" + token + "' is given twice");
  }
  return {};
}

// The entries without those whose bytes are a special token's, which has an id of its own.
bool is_free_of(const bpe::Definition& definition, const std::vector<std::string>& special_tokens) {
  for (uint32_t id = 0; id < definition.entries.size(); ++id) {
    if (std::ranges::find(special_tokens, definition.entries.bytes(id)) != special_tokens.end()) return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<pretokenize::Splitter> make_training_splitter() {
  const std::array<pretokenize::Rule, 1> rules = {
      pretokenize::Split{.pattern = std::string(pretokenize::cl100k_pattern())}};
  auto splitter = pretokenize::make_splitter(rules);
  CHECK(splitter.has_value());
  return std::move(*splitter);
}

Result<std::string> train_tokenizer(const PieceCounts& counts, const TrainingOptions& options) {
  TRY(check(options));
  const auto special_count = static_cast<uint32_t>(options.special_tokens.size());
  const bpe::Definition definition =
      TRY(bpe::train(counts.pieces(options.min_piece_count), {.entry_count = options.entry_count - special_count,
                                                              .min_pair_count = options.min_pair_count,
                                                              .max_entry_bytes = options.max_entry_bytes,
                                                              .progress = options.progress}));
  if (!is_free_of(definition, options.special_tokens)) {
    return fail(ErrorCode::invalid_argument,
                "the texts are full of a special token, which became an entry; name another, or take it out of them");
  }
  return to_hugging_face_json(definition, options.special_tokens);
}

std::string to_hugging_face_json(const bpe::Definition& definition, const std::vector<std::string>& special_tokens) {
  const bpe::Entries& entries = definition.entries;
  const auto spelt = [&](uint32_t id) { return to_byte_characters(entries.bytes(id)); };
  std::string json = "{\n\"version\": \"1.0\",\n\"truncation\": null,\n\"padding\": null,\n\"added_tokens\": [";
  for (size_t i = 0; i < special_tokens.size(); ++i) {
    json += std::string(i == 0 ? "" : ",") + "\n{\"id\": " + std::to_string(entries.size() + i) +
            ", \"content\": " + quoted(special_tokens[i]) +
            ", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}";
  }
  json += "\n],\n\"normalizer\": null,\n\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [\n";
  json += "{\"type\": \"Split\", \"pattern\": {\"Regex\": " + quoted(pretokenize::cl100k_pattern()) +
          "}, \"behavior\": \"Isolated\", \"invert\": false},\n";
  json += "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": false}\n]},\n";
  json += "\"post_processor\": null,\n";
  json +=
      "\"decoder\": {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": "
      "false},\n";
  json +=
      "\"model\": {\"type\": \"BPE\", \"dropout\": null, \"unk_token\": null, \"continuing_subword_prefix\": null,"
      " \"end_of_word_suffix\": null, \"fuse_unk\": false, \"byte_fallback\": false, \"ignore_merges\": false,\n";
  json += "\"vocab\": {";
  for (uint32_t id = 0; id < entries.size(); ++id) {
    json += (id == 0 ? "\n" : ",\n") + quoted(spelt(id)) + ": " + std::to_string(id);
  }
  for (size_t i = 0; i < special_tokens.size(); ++i) {
    json += ",\n" + quoted(special_tokens[i]) + ": " + std::to_string(entries.size() + i);
  }
  json += "\n},\n\"merges\": [";
  for (size_t i = 0; i < definition.merges.size(); ++i) {
    const bpe::Merge& merge = definition.merges[i];
    // No byte character is a space, so one space tells the two apart.
    json += (i == 0 ? "\n" : ",\n") + quoted(spelt(merge.left) + " " + spelt(merge.right));
  }
  return json + "\n]}\n}\n";
}

}  // namespace tribute::text
