// A segment's file: any bytes, and columns of any content behind right checksums, are refused or read
// without a crash.
#include <algorithm>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "fuzz.h"
#include "io/file_system.h"
#include "io/memory_file_system.h"
#include "ngram/packed_tokens.h"
#include "ngram/segment.h"
#include "ngram/segment_format.h"

namespace {

using namespace tribute;

void open_and_read(const std::string& file) {
  io::MemoryFileSystem files;
  CHECK(io::write_file_atomically(files, "file", file).has_value());
  const auto segment = ngram::Segment::open_file(files, "file");
  if (!segment) return;
  for (uint32_t i = 0; i < segment->document_count(); ++i) {
    const DocId document{i};
    CHECK(segment->find(segment->row(document).entry) == document);
    CHECK(segment->tokens(document).size() == segment->row(document).token_count);
  }
  static_cast<void>(segment->verify());
}

// Takes the fuzzer's bytes one by one, and zeros after them.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  uint8_t next() {
    if (bytes_.empty()) return 0;
    const char first = bytes_.front();
    bytes_.remove_prefix(1);
    return static_cast<uint8_t>(first);
  }
  // `count` integers below 256, as a column of 64-bit ones.
  std::string column(uint64_t count) {
    std::string column;
    for (uint64_t i = 0; i < count; ++i) append_le64(column, next());
    return column;
  }
  std::string string(uint64_t size) {
    std::string string;
    for (uint64_t i = 0; i < size; ++i) string.push_back(static_cast<char>(next()));
    return string;
  }

 private:
  std::string_view bytes_;
};

// Columns of the right sizes and of any content: what a checksum does not stop.
std::string assemble(std::string_view input) {
  Bytes bytes(input);
  ngram::SegmentShape shape;
  shape.document_count = bytes.next() % 8;
  shape.token_count = bytes.next() % 64;
  shape.vocabulary_size = bytes.next() + uint32_t{1};
  const uint64_t unigram_count = bytes.next() % std::min(shape.vocabulary_size, uint32_t{8});
  const std::string entries = bytes.column(shape.document_count);
  const std::string contributors = bytes.column(shape.document_count);
  const std::string token_begins = bytes.column(shape.document_count + 1);
  const std::string token_hashes = bytes.string(32 * shape.document_count);
  const std::string tokens =
      bytes.string(ngram::packed_size(shape.token_count, ngram::token_bits(shape.vocabulary_size)));
  const std::string unigrams = bytes.column(2 * unigram_count);
  return ngram::assemble_segment(shape, {entries, contributors, token_begins, token_hashes, tokens, unigrams});
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::view_of(data, size);
  open_and_read(std::string(input));
  open_and_read(assemble(input));
  return 0;
}
