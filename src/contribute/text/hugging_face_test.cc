#include "text/hugging_face.h"

#include <gtest/gtest.h>

#include <functional>

#include "text/testing/tokenizing.h"

namespace tribute::text {
namespace {

using testing::JsonFile;

struct Refusal {
  std::function<void(JsonFile&)> spoil;
  std::string message;  // a part of it, with the path
  ErrorCode code = ErrorCode::unimplemented;
};

TEST(HuggingFace, RefusesWhatItDoesNotDoByPathAndName) {
  constexpr auto kInvalid = ErrorCode::invalid_argument;
  const std::vector<Refusal> refusals{
      {[](JsonFile& f) { f.top = R"(,"speed":9)"; }, "speed: this setting is not supported"},
      {[](JsonFile& f) { f.top = R"(,"version":"1.0")"; }, "version: is there twice", kInvalid},
      {[](JsonFile& f) { f.normalizer = R"({"type":"Lowercase"})"; }, "normalizer.type: 'Lowercase' is not supported"},
      {[](JsonFile& f) { f.normalizer = R"({"type":"NFC","x":1})"; }, "normalizer.x: this setting"},
      {[](JsonFile& f) {
         f.normalizer = R"({"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Precompiled"}]})";
       },
       "normalizer.normalizers[1].type: 'Precompiled' is not supported"},
      {[](JsonFile& f) { f.normalizer = R"({"type":"Replace","pattern":{"Regex":"a+"},"content":"b"})"; },
       "normalizer.pattern.Regex: 'a+' is not supported"},
      {[](JsonFile& f) { f.normalizer = R"({"type":"Replace","pattern":{"String":""},"content":"b"})"; },
       "normalizer.pattern.String: is empty", kInvalid},
      {[](JsonFile& f) { f.normalizer = R"({"normalizers":[]})"; }, "normalizer: has no type", kInvalid},
      {[](JsonFile& f) { f.normalizer = "7"; }, "normalizer: is no object", kInvalid},
      {[](JsonFile& f) {
         f.pre_tokenizer = R"({"type":"Sequence","pretokenizers":[{"type":"Digits"},{"type":"Metaspace"}]})";
       },
       "pre_tokenizer.pretokenizers[1].type: 'Metaspace' is not supported"},
      {[](JsonFile& f) {
         f.pre_tokenizer = R"({"type":"Sequence","pretokenizers":[{"type":"Digits"},{"type":"ByteLevel"}]})";
       },
       "pre_tokenizer.pretokenizers[1].add_prefix_space: is missing", kInvalid},
      {[](JsonFile& f) {
         f.pre_tokenizer =
             R"({"type":"Sequence","pretokenizers":[{"type":"Digits"},{"type":"ByteLevel","add_prefix_space":true}]})";
       },
       "pre_tokenizer.pretokenizers[1].add_prefix_space: 'true' is not supported"},
      {[](JsonFile& f) {
         f.pre_tokenizer = R"({"type":"Split","pattern":{"Regex":"a"},"behavior":"Sideways","invert":false})";
       },
       "pre_tokenizer.behavior: 'Sideways' is not supported"},
      {[](JsonFile& f) { f.pre_tokenizer = R"({"type":"Split","pattern":{"Glob":"a"},"behavior":"Isolated"})"; },
       "pre_tokenizer.pattern.Glob: this setting"},
      {[](JsonFile& f) { f.pre_tokenizer = R"({"type":"Digits"})"; }, "decoder.type: 'ByteLevel' is not supported"},
      {[](JsonFile& f) { f.decoder = "null"; }, "decoder: null would not give texts back", kInvalid},
      {[](JsonFile& f) { f.decoder = R"({"type":"WordPiece"})"; }, "decoder.type: 'WordPiece' is not supported"},
      {[](JsonFile& f) { f.post_processor = R"({"type":"Other"})"; }, "post_processor.type: 'Other' is not supported"},
      {[](JsonFile& f) { f.post_processor = R"({"type":"Sequence","processors":[{"type":"ByteLevel","y":1}]})"; },
       "post_processor.processors[0].y: this setting"},
      {[](JsonFile& f) { f.added_tokens = R"([{"id":300,"content":"a","color":1}])"; },
       "added_tokens[0].color: this setting"},
      {[](JsonFile& f) { f.added_tokens = R"([{"id":300,"content":""}])"; }, "added_tokens[0].content: is empty",
       kInvalid},
      {[](JsonFile& f) { f.added_tokens = R"([{"id":7,"content":"new"}])"; }, "added_tokens: 'new' has the id 7 of",
       kInvalid},
      {[](JsonFile& f) { f.added_tokens = R"([{"id":300,"content":"a"}])"; },
       "added_tokens: 'a' has the id 300, in the vocabulary 97", kInvalid},
      {[](JsonFile& f) { f.added_tokens = R"([{"id":300,"content":"x1"},{"id":300,"content":"x2"}])"; },
       "added_tokens: the id 300 is there twice", kInvalid},
      {[](JsonFile& f) { f.added_tokens = R"([{"id":262144,"content":"x1"}])"; }, "has an id that is not below 262144",
       kInvalid},
      {[](JsonFile& f) { f.model_settings = R"(,"dropout":0.1)"; }, "model.dropout: '0.1' is not supported"},
      {[](JsonFile& f) { f.model_settings = R"(,"end_of_word_suffix":"</w>")"; },
       "model.end_of_word_suffix: '</w>' is not supported"},
      {[](JsonFile& f) { f.model_settings = R"(,"continuing_subword_prefix":"##")"; },
       "model.continuing_subword_prefix: '##' is not supported"},
      {[](JsonFile& f) { f.model_settings = R"(,"temperature":1)"; }, "model.temperature: this setting"},
      {[](JsonFile& f) {
         f.pre_tokenizer = "null";
         f.byte_level = false;
       },
       "decoder.type: 'ByteLevel' is not supported"},
      {[](JsonFile& f) {
         f = testing::llama2();
         f.model_settings = R"(,"ignore_merges":true)";
       },
       "model.ignore_merges: 'true' is not supported"},
      {[](JsonFile& f) {
         f = testing::llama2();
         f.decoder = R"({"type":"Fuse"})";
       },
       "decoder.type: 'Fuse'"},
      {[](JsonFile& f) {
         f = testing::llama2();
         f.decoder = R"({"type":"ByteFallback"})";
       },
       "decoder: lacks ByteFallback and Fuse", kInvalid},
  };
  for (const Refusal& refusal : refusals) {
    JsonFile file;
    refusal.spoil(file);
    const auto result = read_hugging_face_tokenizer(file.text());
    ASSERT_FALSE(result.has_value()) << refusal.message;
    EXPECT_EQ(result.error().code, refusal.code) << result.error().message;
    EXPECT_NE(result.error().message.find(refusal.message), std::string::npos) << result.error().message;
  }
}

// The file's text with one string in it replaced.
std::string edited(std::string_view from, std::string_view to) {
  std::string json = JsonFile{.merges = {{"a", "b"}}}.text();
  const size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(HuggingFace, RefusesAVocabularyThatIsNone) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {edited(R"("a b")", R"("a")"), "model.merges: merge 0 is no pair of strings"},
      {edited(R"("a b")", R"("a b c")"), "merge 0 is no pair"},
      {edited(R"("a b")", R"(["a"])"), "merge 0 is no pair"},
      {edited(R"("a b")", R"(["a",1])"), "merge 0 is no pair"},
      {edited(R"("a b")", R"("a c")"), "merge 0 needs 'ac', which is not in the vocabulary"},
      {edited(R"("a b")", R"("a b","a b")"), "model: merge 1 is there twice"},
      {edited(R"("a":97)", R"("aa":97)"), "merge 0 needs 'a', which is not"},
      {edited(R"("c":99)", R"("cc":99)"), "model: the vocabulary has no entry for the byte 0x63"},
      {edited(R"("a":97)", R"("a":98)"), "model.vocab: 'b' has the id 98 of 'a'"},
      {edited(R"("a":97)", R"("a":-1)"), "model.vocab: the id of 'a' is no integer"},
      {edited(R"("a":97)", R"("a":262144)"), "is not below 262144"},
      {edited(R"("a":97)", R"("a":97,"a":300)"), "model.vocab: 'a' is there twice"},
      {edited(R"("a":97)", R"("":97)"), "model.vocab: '' is empty"},
      {edited(R"("type":"BPE")", R"("type":"Unigram")"), "model.type: 'Unigram' is not supported"},
      {edited(R"("padding":null)", R"("padding":{})"), "padding: is not supported; write null"},
      {edited(R"("version":"1.0")", R"("version":"2.0")"), "version: '2.0' is not supported"},
      {edited(R"("byte_fallback":false)", R"("byte_fallback":true)"), "model.byte_fallback: 'true' is not supported"},
      {edited("}", "]"), "the file is no JSON"},
      {"[]", "the file: is no object"},
      {"{}", "decoder: is missing"},
      {"", "the file is no JSON"},
  };
  for (const auto& [json, message] : cases) {
    const auto result = read_hugging_face_tokenizer(json);
    ASSERT_FALSE(result.has_value()) << message;
    EXPECT_NE(result.error().message.find(message), std::string::npos) << result.error().message;
  }
}

TEST(HuggingFace, ReadsTheFormatsOlderSpellings) {
  // The library's first files name no type and none of the later settings.
  EXPECT_TRUE(read_hugging_face_tokenizer(edited(R"("type":"BPE",)", "")).has_value());
  EXPECT_TRUE(read_hugging_face_tokenizer(edited(R"("byte_fallback":false,)", "")).has_value());
  EXPECT_TRUE(read_hugging_face_tokenizer(edited(R"("version":"1.0",)", "")).has_value());
}

TEST(HuggingFace, PostProcessorsOfKnownTypesAreNotApplied) {
  JsonFile file;
  const auto plain = testing::made(file)->encode("a");
  for (
      const char* processor :
      {R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true})",
       R"({"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"a","type_id":0}}],"pair":[],"special_tokens":{}})",
       R"({"type":"BertProcessing","sep":["a",97],"cls":["a",97]})",
       R"({"type":"RobertaProcessing","sep":["a",97],"cls":["a",97],"trim_offsets":true,"add_prefix_space":true})"}) {
    file.post_processor = processor;
    EXPECT_EQ(testing::made(file)->encode("a"), plain) << processor;
  }
}

}  // namespace
}  // namespace tribute::text
