#include "infinigram/folder.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "infinigram/directory.h"

namespace tribute::infinigram {
namespace {

constexpr std::string_view kTokens = "tokenized.";

// The names of the shards: what stands behind the dot, digits.
Result<std::vector<std::string>> shard_names(io::FileSystem& files, const std::string& path) {
  std::vector<std::string> names;
  for (const io::FolderEntry& entry : TRY(files.list(path))) {
    if (entry.kind != io::EntryKind::file || !entry.name.starts_with(kTokens)) continue;
    const std::string name = entry.name.substr(kTokens.size());
    const bool is_number = !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
    if (is_number) names.push_back(name);
  }
  if (names.empty()) {
    return fail(ErrorCode::not_found, path + ": it has no tokenized.0; name the folder of an infini-gram index");
  }
  return names;
}

Result<TokenType> type_of(io::FileSystem& files, const std::string& path, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::string directory = directory_path(path, name);
    if (TRY(files.exists(directory))) return Directory::token_type(files, directory);
  }
  return fail(ErrorCode::failed_precondition,
              path + ": it does not say how wide its tokens are; import it, or name u8, u16 or u32");
}

}  // namespace

Result<Folder> Folder::open(io::FileSystem& files, const std::string& path, std::optional<TokenType> type) {
  const std::vector<std::string> names = TRY(shard_names(files, path));
  if (!type) type = TRY(type_of(files, path, names));
  Folder folder;
  uint64_t documents = 0;
  for (const std::string& name : names) {
    folder.shards_.push_back(TRY(TableShard::open(files, path, name, {.type = *type, .first_id = documents})));
    documents += folder.shards_.back()->document_count();
  }
  return folder;
}

std::vector<const ngram::Shard*> Folder::pointers() const {
  std::vector<const ngram::Shard*> pointers;
  for (const auto& shard : shards_) pointers.push_back(shard.get());
  return pointers;
}

Result<Imported> import_folder(io::FileSystem& files, const std::string& path, TokenType type,
                               const ImportWatch& watch) {
  const std::vector<std::string> names = TRY(shard_names(files, path));
  std::vector<std::unique_ptr<TableFiles>> tables;
  uint64_t total = 0;
  for (const std::string& name : names) {
    tables.push_back(TRY(TableFiles::open(files, path, name, type)));
    total += Directory::page_count(*tables.back());
  }
  Imported imported;
  uint64_t done = 0;
  const auto advance = [&](uint64_t pages) {
    done += pages;
    return !watch || watch(done, total);
  };
  for (size_t i = 0; i < names.size(); ++i) {
    imported.directory_bytes += TRY(Directory::write(files, directory_path(path, names[i]), *tables[i], advance));
    ++imported.shards;
    imported.documents += tables[i]->document_count();
    imported.tokens += tables[i]->suffix_count() - tables[i]->document_count();
  }
  return imported;
}

}  // namespace tribute::infinigram
