// A segment's file: any bytes are refused or read without a crash; damage to a real one is found or
// harmless; and damage with checksums that fit, as a hostile writer makes it, does not crash.
#include <span>
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz.h"
#include "io/file_system.h"
#include "io/memory_file_system.h"
#include "ngram/search.h"
#include "ngram/segment.h"
#include "ngram/segment_format.h"
#include "ngram/segment_writer.h"

namespace {

using namespace tribute;
using Answers = std::vector<uint64_t>;
using Tokens = std::vector<TokenId>;

// What the segment says of itself and of some texts; an error if it noticed damage.
Result<Answers> ask(const std::string& file, const std::vector<Tokens>& texts) {
  io::MemoryFileSystem files;
  CHECK(io::write_file_atomically(files, "file", file).has_value());
  const auto segment = TRY(ngram::Segment::open_file(files, "file"));
  Answers answers;
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    const DocId document{i};
    CHECK(segment.find(segment.row(document).entry) == document);
    const auto tokens = segment.tokens(document);
    CHECK(!tokens || tokens->size() == segment.row(document).token_count);
    if (!tokens) continue;
    for (const TokenId token : *tokens) answers.push_back(token.value());
  }
  for (const auto& [token, count] : segment.unigrams()) answers.push_back(count);
  const ngram::SegmentSearch search(segment);
  for (const Tokens& text : texts) {
    const uint32_t longest = search.longest_match(text);
    CHECK(longest <= text.size());
    answers.push_back(longest);
    if (text.empty()) continue;
    const ngram::RankRange range = search.find(text);
    CHECK(range.begin <= range.end && range.end <= segment.token_count());
    const auto first = search.first_position(range);
    answers.insert(answers.end(), {range.begin, range.end, first.value_or(UINT64_MAX)});
    search.for_each_documents(range, [&](std::span<const DocId> documents) {
      for (const DocId document : documents) {
        CHECK(document.value() < segment.document_count());
        answers.push_back(document.value());
      }
    });
  }
  const auto status = segment.status();
  const auto verified = segment.verify();
  CHECK(status.has_value() || !verified.has_value());
  TRY(status);
  return answers;
}

// Takes the fuzzer's bytes one by one, and zeros after them.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }
  uint8_t next() {
    if (bytes_.empty()) return 0;
    const char first = bytes_.front();
    bytes_.remove_prefix(1);
    return static_cast<uint8_t>(first);
  }
  Tokens tokens(uint32_t vocabulary_size, uint32_t most) {
    Tokens tokens(next() % most);
    for (TokenId& token : tokens) token = TokenId{next() % vocabulary_size};
    return tokens;
  }

 private:
  std::string_view bytes_;
};

void damage(std::string_view input) {
  Bytes bytes(input);
  const uint32_t vocabulary_size = bytes.next() % 5 + 1;
  ngram::SegmentWriter writer(vocabulary_size);
  for (uint64_t i = 0, documents = bytes.next() % 6; i < documents; ++i) {
    CHECK(writer.add(EntryIndex{i}, EntryIndex{bytes.next()}, bytes.tokens(vocabulary_size, 40)).has_value());
  }
  const std::string good = std::move(writer).finish();
  const std::vector<Tokens> texts = {bytes.tokens(vocabulary_size, 12), bytes.tokens(vocabulary_size + 2, 12)};
  const auto right = ask(good, texts);
  CHECK(right.has_value());
  std::string bad = good;
  std::string resealable = good;
  while (!bytes.empty()) {
    const size_t at = bytes.next() * size_t{256} + bytes.next();
    const char value = static_cast<char>(bytes.next());
    bad[at % bad.size()] = value;
    // The header stays, so that the file can be sealed again.
    const size_t content = good.size() - ngram::kBlockBytes;
    resealable[ngram::kBlockBytes + at % content] = value;
  }
  const auto answers = ask(bad, texts);
  CHECK(answers
            ? *answers == *right
            : answers.error().code == ErrorCode::data_loss || answers.error().code == ErrorCode::failed_precondition);
  static_cast<void>(ask(ngram::resealed(resealable), texts));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::view_of(data, size);
  static_cast<void>(ask(std::string(input), {}));
  damage(input);
  return 0;
}
