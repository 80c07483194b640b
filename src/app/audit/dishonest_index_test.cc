// Dishonest directories, manifests and segments.
#include <algorithm>

#include "audit/testing/day.h"
#include "ngram/manifest.h"
#include "ngram/segment_format.h"
#include "text/hugging_face.h"
#include "text/testing/json_file.h"

namespace tribute::audit {
namespace {

ngram::Manifest manifest_of(Day& day, EntryIndex entry) {
  const std::string name = day.op.body<record::Manifest>(entry).manifest_sha256.hex() + ".manifest";
  const auto file = std::ranges::find_if(day.op.files(), [&](const auto& item) { return item.first.ends_with(name); });
  return *ngram::manifest_from_canonical_json(file->second);
}

// The manifest of an index entry, changed, under its new name; the entry follows. The counts of the
// entry follow the file with `with_counts`.
void change_manifest(Day& day, EntryIndex entry, bool with_counts,
                     const std::function<void(ngram::Manifest&)>& change) {
  auto& said = day.op.body<record::Manifest>(entry);
  const std::string name = said.manifest_sha256.hex() + ".manifest";
  const auto file = std::ranges::find_if(day.op.files(), [&](const auto& item) { return item.first.ends_with(name); });
  const std::string folder = io::parent_of(file->first);
  ngram::Manifest manifest = *ngram::manifest_from_canonical_json(file->second);
  change(manifest);
  const std::string bytes = *ngram::to_canonical_json(manifest);
  said.manifest_sha256 = sha256(bytes);
  if (with_counts) {
    said.live_documents = manifest.live_documents;
    said.live_tokens = manifest.live_tokens;
  }
  day.op.files()[io::join(folder, said.manifest_sha256.hex() + ".manifest")] = bytes;
}

// A file of another tokenizer that calls itself the one that the manifests cite.
class ImpostorTokenizer final : public text::Tokenizer {
 public:
  explicit ImpostorTokenizer(const Hash256& name)
      : name_(name), other_(*text::read_hugging_face_tokenizer(text::testing::JsonFile{}.text())) {}

  std::string_view kind() const override { return other_->kind(); }
  uint32_t vocabulary_size() const override { return other_->vocabulary_size(); }
  const Hash256& hash() const override { return name_; }
  bool gives_every_text_back() const override { return true; }
  Result<std::string> decode(std::span<const TokenId> tokens) const override { return other_->decode(tokens); }
  std::unique_ptr<text::StreamDecoder> make_stream_decoder() const override { return other_->make_stream_decoder(); }
  Result<void> verify() const override { return {}; }
  std::string file_payload() const override {
    return std::string(name_.view()) += other_->file_payload().substr(name_.view().size());
  }

 private:
  Result<std::vector<TokenId>> encode_text(std::string_view text, const text::EncodeOptions& options) const override {
    return other_->encode(text, options);
  }
  Result<text::TokenizedText> encode_text_with_ranges(std::string_view text,
                                                      const text::EncodeOptions& options) const override {
    return other_->encode_with_ranges(text, options);
  }

  Hash256 name_;
  std::unique_ptr<text::Tokenizer> other_;
};

const std::vector<Deed> kIndexDeeds = {
    {"AContributorIsLeftOut",
     [](Day& day) { day.op.build_index(day.essays, {.left_out = day.harbour}); },
     {"manifest | sealed/index/*.manifest | lacks datapoint 7 of contributor 4, which is live at log size 32"}},
    {"AContributorIsLeftOutOfASealedIndex",
     [](Day& day) { day.op.build_index(day.essays, {.left_out = day.harbour}); },
     {"manifest | entry 32 | says that 2 datapoints with "},
     false},
    {"ARejectedDatapointIsAdded",
     [](Day& day) { day.op.build_index(day.essays, {.added = day.rejected}); },
     {"manifest | sealed/index/*.manifest | holds datapoint 8 of contributor 5, which was rejected by entry 11"}},
    {"AWithdrawnDatapointIsAdded",
     [](Day& day) { day.op.build_index(day.notes, {.added = day.snow}); },
     {"manifest | public/index/*.manifest | holds datapoint 13 of contributor 5, which was withdrawn by entry 27"}},
    {"ADocumentIsGivenToAnotherContributor",
     [](Day& day) {
       auto& harbour = day.op.body<record::Contribution>(day.harbour);
       harbour.contributor = day.cleo;
       day.op.build_index(day.essays);
       day.op.body<record::Contribution>(day.harbour).contributor = day.ben;
     },
     {"document | sealed/index/*.segment | datapoint 7 is said to be of contributor 5, its entry says contributor 4"}},
    {"AManifestSaysAnotherSize",
     [](Day& day) { day.op.body<record::Manifest>(day.essays_index).log_size -= 1; },
     {"manifest | sealed/index/*.manifest | log_size is 20, its entry 20 says 19",
      "manifest | sealed/index/*.manifest | holds datapoint 18 of contributor 4, which was not approved by log size "
      "19"}},
    {"AManifestLooksAheadOfItself",
     [](Day& day) {
       change_manifest(day, day.second_notes_index, false, [](ngram::Manifest& file) { file.log_size = 29; });
       day.op.body<record::Manifest>(day.second_notes_index).log_size = 29;
     },
     {"manifest | entry 28 | log_size is 29, beyond the entry itself"}},
    {"AManifestIsOfAnotherDatanet",
     [](Day& day) {
       change_manifest(day, day.classics_index, false, [&day](ngram::Manifest& file) { file.datanet = day.notes; });
     },
     {"manifest | public/index/*.manifest | datanet is 1, its entry 22 says 2"}},
    {"AManifestSucceedsAnotherDatanets",
     [](Day& day) { day.op.body<record::Manifest>(day.second_notes_index).succeeds = day.classics_index; },
     {"reference | entry 28 | succeeds entry 22, a manifest of another DataNet"}},
    {"ADocumentStandsInTwoSegments",
     [](Day& day) {
       // The DataNet's two manifests have a segment each, with the same documents but for one.
       const EntryIndex fresh = day.op.contribute(day.notes, day.ben, "A thought that came after all the others.");
       const EntryIndex third = day.op.build_index(day.notes);
       const Hash256 other = manifest_of(day, day.notes_index).segments[0];
       change_manifest(day, third, false, [&other](ngram::Manifest& file) {
         file.segments.push_back(other);
         std::ranges::sort(file.segments);
       });
       ASSERT_EQ(fresh.value(), 32U);
     },
     {"manifest | public/index/*.manifest | holds entry 14 in two segments"}},
    {"AManifestIsOfAnotherRole",
     [](Day& day) {
       change_manifest(day, day.classics_index, false, [](ngram::Manifest& file) { file.role = record::Role::paid; });
     },
     {"manifest | public/index/*.manifest | role is paid, the DataNet's is guard"}},
    {"AManifestIsOfAnotherTokenizer",
     [](Day& day) {
       change_manifest(day, day.classics_index, false,
                       [](ngram::Manifest& file) { file.tokenizer_sha256 = sha256("other"); });
       day.op.body<record::Manifest>(day.classics_index).tokenizer_sha256 = sha256("other");
     },
     {"tokenizer | entry 22 | tokenizer_sha256 is "}},
    {"AManifestCountsDocumentsThatAreNotThere",
     [](Day& day) {
       change_manifest(day, day.classics_index, true, [](ngram::Manifest& file) { file.live_documents += 1; });
     },
     {"manifest | public/index/*.manifest | live_documents is 2, by its segments it is 1"}},
    {"AnEntryCountsTokensThatAreNotThere",
     [](Day& day) { day.op.body<record::Manifest>(day.classics_index).live_tokens += 1; },
     {"manifest | public/index/*.manifest | live_tokens is 108, its entry 22 says 109"}},
    {"AnEntryCountsDocumentsThatAreNotThere",
     [](Day& day) { day.op.body<record::Manifest>(day.classics_index).live_documents += 1; },
     {"manifest | public/index/*.manifest | live_documents is 1, its entry 22 says 2"}},
    {"AManifestCountsTokensThatAreNotThere",
     [](Day& day) {
       change_manifest(day, day.classics_index, true, [](ngram::Manifest& file) { file.live_tokens += 1; });
     },
     {"manifest | public/index/*.manifest | live_tokens is 109, by its segments it is 108"}},
    {"AManifestIsOfAnotherTokenizerThanItsEntry",
     [](Day& day) {
       change_manifest(day, day.classics_index, false,
                       [](ngram::Manifest& file) { file.tokenizer_sha256 = sha256("other"); });
     },
     {"manifest | public/index/*.manifest | tokenizer_sha256 is "}},
    {"ALiveDatapointIsTombstonedAndNotPaid",
     [](Day& day) {
       day.op.build_index(day.essays, {.left_out = day.harbour});
       const EntryIndex third = day.op.register_model("storyteller", {day.essays, day.notes, day.classics}, day.model);
       day.op.charge(third, "A harbour in winter keeps its own hours: the lamps go out before the gulls wake.");
     },
     {"manifest | sealed/index/*.manifest | lacks datapoint 7 of contributor 4, which is live at log size 32"}},
    {"ASegmentHashesItsTokensWrong",
     [](Day& day) {
       ngram::Manifest file = manifest_of(day, day.classics_index);
       const std::string old_bytes = day.op.files().at("public/index/" + file.segments[0].hex() + ".segment");
       const ngram::SegmentLayout layout(ngram::parse_header(old_bytes)->shape);
       std::string bytes = old_bytes;
       char& hash = bytes[layout.of(ngram::Section::token_hashes).begin];
       hash = static_cast<char>(hash ^ 1);
       bytes = ngram::resealed(std::move(bytes));
       const Hash256 name = sha256(bytes.substr(0, ngram::kBlockBytes));
       day.op.files()["public/index/" + name.hex() + ".segment"] = bytes;
       change_manifest(day, day.classics_index, false,
                       [&name](ngram::Manifest& manifest) { manifest.segments = {name}; });
     },
     {"segment | public/index/*.segment | "}},
    {"AManifestCorrectsNoUnigrams",
     [](Day& day) {
       change_manifest(day, day.second_notes_index, false,
                       [](ngram::Manifest& file) { file.unigram_correction.clear(); });
     },
     {"manifest | public/index/*.manifest | unigram_correction is not what its segments and tombstones make it"}},
    {"AManifestCountsOtherFirstMembers",
     [](Day& day) {
       change_manifest(day, day.second_notes_index, false,
                       [](ngram::Manifest& file) { file.first_member_tokens -= 1; });
     },
     {"manifest | public/index/*.manifest | first_member_tokens is 232, by its segments it is 233"}},
    {"ATombstoneStandsForNothing",
     [](Day& day) {
       change_manifest(day, day.second_notes_index, false,
                       [&day](ngram::Manifest& file) { file.tombstones.insert(file.tombstones.begin(), day.bridge); });
     },
     {"manifest | public/index/*.manifest | has a tombstone for a datapoint that is in none of its segments"}},
    {"AManifestIsMissing",
     [](Day& day) {
       std::erase_if(day.op.files(), [&day](const auto& file) {
         return file.first.contains(day.op.body<record::Manifest>(day.notes_index).manifest_sha256.hex());
       });
     },
     {"manifest | public/index/*.manifest | is missing"}},
    {"ASegmentIsMissing",
     [](Day& day) {
       std::erase_if(day.op.files(), [](const auto& file) {
         return file.first.starts_with("sealed/") && file.first.ends_with(".segment");
       });
     },
     {"segment | sealed/index/*.segment | is missing"}},
    {"ASegmentIsDamaged",
     [](Day& day) {
       for (auto& [path, bytes] : day.op.files()) {
         if (path.starts_with("sealed/") && path.ends_with(".segment")) bytes[100] = static_cast<char>(bytes[100] ^ 1);
       }
     },
     {"segment | sealed/index/*.segment | its header does not hash to its name"}},
    {"APageOfASegmentIsDamaged",
     [](Day& day) {
       for (auto& [path, bytes] : day.op.files()) {
         if (!path.starts_with("sealed/") || !path.ends_with(".segment")) continue;
         bytes[ngram::kBlockBytes + 9] = static_cast<char>(bytes[ngram::kBlockBytes + 9] ^ 1);
       }
     },
     {"segment | sealed/index/*.segment | the checksum of the block at byte 4096 is wrong"}},
    {"TheTokensOfADatapointAreOthers",
     [](Day& day) { day.op.body<record::Contribution>(day.psalm).tokens_sha256 = sha256("other"); },
     {"document | public/index/*.segment | datapoint 16 has tokens that hash to "}},
    {"TheTokenCountOfADatapointIsAnother",
     [](Day& day) { day.op.body<record::Contribution>(day.psalm).token_count -= 1; },
     {"document | public/index/*.segment | datapoint 16 has 108 tokens, its entry says 107"}},
    {"TheContentOfADatapointIsAnother",
     [](Day& day) { day.op.body<record::Contribution>(day.psalm).content_sha256 = sha256("other"); },
     {"document | public/index/*.segment | datapoint 16 has a content that hashes to "}},
    {"ADatapointIsOfAnotherDatanet",
     [](Day& day) { day.op.body<record::Contribution>(day.psalm).datanet = day.notes; },
     {"manifest | public/index/*.manifest | lacks datapoint 16 of contributor 5, which is live at log size 21",
      "manifest | public/index/*.manifest | lacks datapoint 16 of contributor 5, which is live at log size 28",
      "document | public/index/*.segment | datapoint 16 is of DataNet 1, the segment of DataNet 2"}},
    {"ANameInTheDirectoryIsAnother",
     [](Day& day) { day.op.body<record::Contributor>(day.cleo).name_hash = sha256("other"); },
     {"directory | public/directory/contributors.jsonl | the row of entry 5 hashes to "}},
    {"ASourceInTheDirectoryIsAnother",
     [](Day& day) { day.op.body<record::Contribution>(day.psalm).source_hash = sha256("other"); },
     {"directory | public/directory/datanet-000000000002.jsonl | the row of entry 16 hashes to "}},
    {"ADirectoryRowIsOfNoEntryOfItsKind",
     [](Day& day) {
       day.op.add_contributor("Dora");
       day.op.entries().back().body = record::Datanet{.name = "not-dora"};
     },
     {"directory | public/directory/contributors.jsonl | has a row of entry 32, which is no contributor"}},
    {"ADocumentIsOfNoContribution",
     [](Day& day) { day.op.entries()[day.psalm.value()].body = record::Datanet{.name = "not-a-psalm"}; },
     {"document | public/index/*.segment | holds entry 16, which is no contribution"}},
    {"TwoContributorsHaveOneName",
     [](Day& day) { day.op.add_contributor("Ann"); },
     {"name | public/directory/contributors.jsonl | entry 32 has the name 'Ann' of entry 3"}},
    {"TheTokenizerIsMissing",
     [](Day& day) { day.op.files().erase("public/tokenizer"); },
     {"tokenizer | public/tokenizer | is missing"}},
    {"TheTokenizerIsDamaged",
     [](Day& day) { day.op.files().at("public/tokenizer")[20] = '!'; },
     {"tokenizer | public/tokenizer | the tokenizer file is damaged: its checksum is wrong"}},
    {"TheTokenizerIsAnother",
     [](Day& day) {
       std::string& file = day.op.files().at("public/tokenizer");
       file = text::to_tokenizer_file(ImpostorTokenizer((*text::parse_tokenizer_file(file))->hash()));
     },
     {"tokenizer | public/tokenizer | the tokenizer is damaged: its hash "}},
};

INSTANTIATE_TEST_SUITE_P(Index, DishonestOperator, testing::ValuesIn(kIndexDeeds), name_of_deed);

}  // namespace
}  // namespace tribute::audit
