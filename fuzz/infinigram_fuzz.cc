// An infini-gram index: any bytes in its files are refused or read without a crash, and what is found lies in
// the files; damage to a real one is found or gives any answer; a damaged directory is refused.
#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "fuzz.h"
#include "infinigram/directory.h"
#include "infinigram/folder.h"
#include "io/file_system.h"
#include "io/memory_file_system.h"
#include "lm/documents.h"
#include "lm/model.h"
#include "lm/query.h"
#include "lm/sampler.h"

namespace {

using namespace tribute;

constexpr std::string_view kNames[] = {"tokenized.0", "table.0", "offset.0", "metadata.0", "metaoff.0"};

void put(io::FileSystem& files, std::string_view name, std::string_view bytes) {
  CHECK(io::write_file_atomically(files, std::string(name), bytes).has_value());
}

void ask(const infinigram::Folder& folder) {
  const lm::Model model(folder.pointers());
  const infinigram::TableShard& shard = *folder.shards().front();
  const std::vector<TokenId> text = {TokenId{1}, TokenId{2}, TokenId{1}, TokenId{300}};
  const std::span<const TokenId> run = text;
  const ngram::RankRange range = shard.find(std::span(&run, 1)).front();
  CHECK(range.begin <= range.end && range.end <= shard.position_end());
  for (const uint32_t length : shard.longest_matches(run)) CHECK(length <= text.size());
  for (uint64_t i = 0; i < std::min<uint64_t>(shard.document_count(), 8); ++i) {
    const ngram::ShardDocument document = shard.document(i);
    CHECK(document.begin <= document.end && document.end <= std::max(document.begin, shard.position_end()));
    static_cast<void>(lm::document_by_id(model, i));
  }
  for (uint64_t i = 0; i < std::min<uint64_t>(shard.position_end(), 8); ++i) {
    static_cast<void>(lm::document_by_rank(model, 0, i));
    static_cast<void>(lm::document_by_position(model, 0, i));
  }
  const auto distribution = model.distribution({});
  if (distribution) CHECK(distribution->count == model.live().tokens + model.live().documents);
  static_cast<void>(model.maximal_spans(text));
  static_cast<void>(lm::count(model, {.clauses = {{{TokenId{1}}}, {{TokenId{2}}, {TokenId{1}, TokenId{2}}}}}));
  static_cast<void>(lm::generate(model, text, {.max_tokens = 4}));
}

// Two documents of bytes.
void write_small(io::FileSystem& files) {
  using std::string_view_literals::operator""sv;
  put(files, kNames[0], "\xff\x01\x02\xff\x01"sv);
  put(files, kNames[1], "\x04\x01\x02\x03\x00"sv);
  put(files, kNames[2], "\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0"sv);
  put(files, kNames[3], "{}\n{}\n"sv);
  put(files, kNames[4], "\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0"sv);
}

// The input cut into the five files, by lengths that it gives.
void any_files(std::string_view input, infinigram::TokenType type) {
  io::MemoryFileSystem files;
  for (const std::string_view name : kNames) {
    const size_t size = input.empty() ? 0 : std::min<size_t>(static_cast<uint8_t>(input.front()), input.size() - 1);
    if (!input.empty()) input.remove_prefix(1);
    put(files, name, input.substr(0, size));
    input.remove_prefix(size);
  }
  static_cast<void>(infinigram::import_folder(files, ".", type));
  const auto folder = infinigram::Folder::open(files, ".", type);
  if (folder) ask(*folder);
}

void damage(std::string_view input) {
  io::MemoryFileSystem files;
  write_small(files);
  CHECK(infinigram::import_folder(files, ".", infinigram::TokenType::u8).has_value());
  while (input.size() >= 3) {
    const size_t which = static_cast<uint8_t>(input[0]) % 6;
    const std::string name = which < 5 ? std::string(kNames[which]) : infinigram::directory_path(".", "0");
    std::string bytes = io::read_file(files, name).value();
    bytes[static_cast<uint8_t>(input[1]) % bytes.size()] = input[2];
    put(files, name, bytes);
    input.remove_prefix(3);
  }
  const auto with = infinigram::Folder::open(files, ".", infinigram::TokenType::u8);
  if (with) ask(*with);
  CHECK(files.remove(infinigram::directory_path(".", "0")).has_value());
  const auto without = infinigram::Folder::open(files, ".", infinigram::TokenType::u8);
  if (without) ask(*without);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::view_of(data, size);
  for (const auto type : {infinigram::TokenType::u8, infinigram::TokenType::u16, infinigram::TokenType::u32}) {
    any_files(input, type);
  }
  damage(input);
  return 0;
}
