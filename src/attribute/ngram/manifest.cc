#include "ngram/manifest.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "record/canonical.h"
#include "record/object_reader.h"

namespace tribute::ngram {
namespace {

using record::Json;
using record::ObjectReader;

constexpr std::string_view kFormat = "tribute manifest";
constexpr uint32_t kVersion = 1;
constexpr uint64_t kEndOfIds = uint64_t{1} << 63;

template <typename List, typename Key = std::identity>
bool ascends_strictly(const List& list, Key key = {}) {
  return std::ranges::adjacent_find(list, std::ranges::greater_equal{}, key) == list.end();
}

// What is wrong with the manifest, or an empty text.
std::string flaw_of(const Manifest& manifest) {
  if (manifest.vocabulary_size == 0) return "vocabulary_size is 0";
  if (manifest.datanet.value() >= kEndOfIds) return "datanet is 2^63 or more";
  if (manifest.first_member_tokens > manifest.live_tokens) return "first_member_tokens exceeds live_tokens";
  if (!ascends_strictly(manifest.segments)) return "segments do not ascend";
  if (!ascends_strictly(manifest.tombstones)) return "tombstones do not ascend";
  if (!manifest.tombstones.empty() && manifest.tombstones.back().value() >= kEndOfIds) {
    return "a tombstone is 2^63 or more";
  }
  if (!ascends_strictly(manifest.unigram_correction, &TokenCount::token)) {
    return "the tokens of unigram_correction do not ascend";
  }
  for (const auto& [token, count] : manifest.unigram_correction) {
    if (token.value() >= manifest.vocabulary_size) return "unigram_correction has a token outside the vocabulary";
    if (count == 0) return "unigram_correction has a count of 0";
  }
  return "";
}

Json json_of(const Manifest& manifest) {
  Json::Array tokens;
  Json::Array counts;
  for (const auto& [token, count] : manifest.unigram_correction) {
    tokens.emplace_back(token.value());
    counts.emplace_back(count);
  }
  return Json::object(
      {{"format", kFormat},
       {"version", kVersion},
       {"datanet", manifest.datanet},
       {"role", record::name_of(manifest.role)},
       {"tokenizer_sha256", manifest.tokenizer_sha256},
       {"vocabulary_size", manifest.vocabulary_size},
       {"log_size", manifest.log_size},
       {"segments", Json::Array(manifest.segments.begin(), manifest.segments.end())},
       {"tombstones", Json::Array(manifest.tombstones.begin(), manifest.tombstones.end())},
       {"live_documents", manifest.live_documents},
       {"live_tokens", manifest.live_tokens},
       {"first_member_tokens", manifest.first_member_tokens},
       {"unigram_correction", Json::object({{"tokens", std::move(tokens)}, {"counts", std::move(counts)}})}});
}

Result<std::vector<Hash256>> read_segments(ObjectReader& reader) {
  std::vector<Hash256> segments;
  for (const Json& value : *TRY(reader.array("segments"))) {
    const std::string* hex = value.string();
    const auto name = hash_from_hex(hex == nullptr ? "" : *hex);
    if (!name) return fail(ErrorCode::data_loss, "manifest.segments has an element that is no hash");
    segments.push_back(*name);
  }
  return segments;
}

Result<std::vector<TokenCount>> read_correction(ObjectReader reader) {
  const auto tokens = TRY(reader.integers<uint32_t>("tokens"));
  const auto counts = TRY(reader.integers<uint64_t>("counts"));
  TRY(reader.finish());
  if (tokens.size() != counts.size()) {
    return fail(ErrorCode::data_loss, "manifest.unigram_correction has not as many counts as tokens");
  }
  std::vector<TokenCount> correction;
  for (size_t i = 0; i < tokens.size(); ++i) correction.push_back({TokenId{tokens[i]}, counts[i]});
  return correction;
}

Result<Manifest> read(const Json& json) {
  ObjectReader reader = TRY(ObjectReader::open(json, "manifest"));
  if (TRY(reader.text("format")) != kFormat) return fail(ErrorCode::data_loss, "manifest.format is another one");
  const auto version = TRY(reader.integer<uint32_t>("version"));
  if (version != kVersion) {
    return fail(ErrorCode::failed_precondition, "manifest version " + std::to_string(version) +
                                                    " is not known to this program, which reads version " +
                                                    std::to_string(kVersion));
  }
  Manifest manifest;
  manifest.datanet = TRY(reader.entry("datanet"));
  manifest.role = TRY(reader.named("role", record::role_from));
  manifest.tokenizer_sha256 = TRY(reader.hash("tokenizer_sha256"));
  manifest.vocabulary_size = TRY(reader.integer<uint32_t>("vocabulary_size"));
  manifest.log_size = TRY(reader.integer<uint64_t>("log_size"));
  manifest.segments = TRY(read_segments(reader));
  manifest.tombstones = TRY(reader.entries("tombstones"));
  manifest.live_documents = TRY(reader.integer<uint64_t>("live_documents"));
  manifest.live_tokens = TRY(reader.integer<uint64_t>("live_tokens"));
  manifest.first_member_tokens = TRY(reader.integer<uint64_t>("first_member_tokens"));
  manifest.unigram_correction = TRY(read_correction(TRY(reader.object("unigram_correction"))));
  TRY(reader.finish());
  return manifest;
}

}  // namespace

Result<std::string> to_canonical_json(const Manifest& manifest) {
  if (const std::string flaw = flaw_of(manifest); !flaw.empty()) {
    return fail(ErrorCode::invalid_argument, "manifest: " + flaw);
  }
  return json_of(manifest).text();
}

Result<Manifest> manifest_from_canonical_json(std::string_view json) {
  Manifest manifest = TRY(read(TRY(record::parse_json(json))));
  if (const std::string flaw = flaw_of(manifest); !flaw.empty()) {
    return fail(ErrorCode::data_loss, "manifest: " + flaw);
  }
  TRY(record::check_spelling("manifest", json, json_of(manifest)));
  return manifest;
}

std::string manifest_path(std::string_view folder, const Hash256& name) {
  return io::join(folder, name.hex() + ".manifest");
}

Result<Hash256> write_manifest(io::FileSystem& files, const std::string& folder, const Manifest& manifest) {
  const std::string json = TRY(to_canonical_json(manifest));
  const Hash256 name = sha256(json);
  TRY(io::write_file_atomically(files, manifest_path(folder, name), json));
  return name;
}

Result<Manifest> read_manifest(io::FileSystem& files, const std::string& folder, const Hash256& name) {
  const std::string path = manifest_path(folder, name);
  const std::string json = TRY(io::read_file(files, path));
  if (sha256(json) != name) {
    return fail(ErrorCode::data_loss,
                path + ": its bytes do not hash to its name; restore the file from a backup or build the index again");
  }
  auto manifest = manifest_from_canonical_json(json);
  if (!manifest) return fail_within(path, std::move(manifest.error()));
  return manifest;
}

}  // namespace tribute::ngram
