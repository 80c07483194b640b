#include "infinigram/testing/writer.h"

#include <algorithm>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::infinigram::testing {
namespace {

void append(std::string& bytes, uint64_t value, uint32_t width) {
  for (uint32_t i = 0; i < width; ++i) bytes += static_cast<char>(value >> 8 * i & 0xff);
}

}  // namespace

std::string metadata_of(uint64_t index) {
  return R"({"path": "part.jsonl", "linenum": )" + std::to_string(index) + R"(, "metadata": {}})";
}

void write_shard(io::FileSystem& files, const std::string& folder, const std::string& name,
                 const std::vector<std::vector<TokenId>>& documents, const WriteOptions& options) {
  const auto width = static_cast<uint32_t>(options.type);
  std::string tokens;
  std::string offsets;
  std::string metadata;
  std::string metadata_offsets;
  for (size_t i = 0; i < documents.size(); ++i) {
    append_le64(offsets, tokens.size());
    append_le64(metadata_offsets, metadata.size());
    tokens.append(width, '\xff');
    for (const TokenId token : documents[i]) append(tokens, token.value(), width);
    metadata += metadata_of(i) + "\n";
  }
  std::vector<uint64_t> pointers;
  for (uint64_t at = 0; at < tokens.size(); at += width) pointers.push_back(at);
  std::ranges::sort(pointers, {}, [&](uint64_t at) { return std::string_view(tokens).substr(at); });
  // ceil(log2(size) / 8) bytes, as the indexer makes them.
  uint32_t pointer_bytes = 0;
  while (pointer_bytes < 8 && uint64_t{1} << 8 * pointer_bytes < tokens.size()) ++pointer_bytes;
  std::string table;
  for (const uint64_t pointer : pointers) append(table, pointer, pointer_bytes);
  const auto write = [&](const std::string& kind, const std::string& bytes) {
    CHECK(io::write_file_atomically(files, io::join(folder, kind + "." + name), bytes).has_value());
  };
  write("tokenized", tokens);
  write("table", table);
  write("offset", offsets);
  if (!options.add_metadata) return;
  write("metadata", metadata);
  write("metaoff", metadata_offsets);
}

}  // namespace tribute::infinigram::testing
