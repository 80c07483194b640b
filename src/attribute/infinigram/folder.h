// Folders of infini-gram indexes: all shards of one, and the directories that make their search faster.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "infinigram/table_files.h"
#include "infinigram/table_shard.h"
#include "io/file_system.h"
#include "ngram/shard.h"

namespace tribute::infinigram {

// The shards of an index of format version 4, opened as they lie: nothing is converted or copied. They stand
// in the bytewise order of their files' names (`tokenized.10` before `tokenized.2`), and documents are numbered
// over all of them: shard numbers, ranks and document numbers are those of infini-gram's own engine.
// Immutable; thread-safe; movable.
class Folder {
 public:
  // `type`: what the index was built with; nullopt takes it from the directories that import_folder() made.
  // O(1) per shard, and the size of its directory.
  // Errors: those of TableShard::open() and the file system; not_found if there is no shard;
  // failed_precondition if the type is nullopt and there is no directory.
  static Result<Folder> open(io::FileSystem& files, const std::string& path,
                             std::optional<TokenType> type = std::nullopt);

  const std::vector<std::unique_ptr<TableShard>>& shards() const { return shards_; }
  // The same for a lm::Model, as long as the folder lives.
  std::vector<const ngram::Shard*> pointers() const;

 private:
  Folder() = default;

  std::vector<std::unique_ptr<TableShard>> shards_;
};

// What an import did.
struct Imported {
  uint64_t shards = 0;
  uint64_t documents = 0;
  uint64_t tokens = 0;
  uint64_t directory_bytes = 0;

  friend bool operator==(const Imported&, const Imported&) = default;
};

// Told how far an import is, in pages of the tables of all shards; stops it by returning false.
using ImportWatch = std::function<bool(uint64_t done, uint64_t total)>;

// Writes the directory of every shard into the folder, `tribute.directory.N`; one that is there is made
// again. Reads one suffix per 4096 bytes of the tables; infini-gram's own engine does not mind the files.
// Errors: as Folder::open() and Directory::write(); before all tables are opened nothing is written.
Result<Imported> import_folder(io::FileSystem& files, const std::string& path, TokenType type,
                               const ImportWatch& watch = {});

}  // namespace tribute::infinigram
