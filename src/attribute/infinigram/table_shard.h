// TableShard: one shard of an infini-gram index as an ngram::Shard.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "infinigram/directory.h"
#include "infinigram/table_files.h"
#include "infinigram/table_search.h"
#include "io/file_system.h"
#include "ngram/shard.h"

namespace tribute::infinigram {

// A shard's documents as infini-gram numbers them: an id is the number of a document among those of all
// shards. Positions are those of tokens and separators in `tokenized`, ranks those of `table`: its pointers
// are positions times the token's width. All documents are live.
//
// Suffixes go on over the ends of documents, but no run that is asked for holds a separator, so what begins
// with one does so within a document. What follows a run stands in the order of the files: the file's end
// first, then tokens by their bytes, separators, which are ends of documents too, last.
class TableShard final : public ngram::Shard {
 public:
  // Opens files (see TableFiles::open()) and the directory beside them if there is one and it is asked for
  // (see Directory::open()). `first_id`: the first document's id.
  struct Options {
    TokenType type = TokenType::u16;
    uint64_t first_id = 0;
    bool use_directory = true;
  };
  static Result<std::unique_ptr<TableShard>> open(io::FileSystem& files, const std::string& folder,
                                                  const std::string& name, const Options& options);

  const TableFiles& files() const { return *files_; }
  bool has_directory() const { return directory_ != nullptr; }

  // The separator is the highest number that a token's bytes hold.
  uint32_t vocabulary_size() const override { return files_->separator_key(); }
  uint64_t document_count() const override { return files_->document_count(); }
  ngram::LiveCounts live() const override { return {document_count(), suffixes().size()}; }
  uint64_t position_end() const override { return files_->suffix_count(); }
  ngram::RankRange suffixes() const override { return {0, files_->suffix_count() - files_->document_count()}; }
  std::vector<ngram::RankRange> find(std::span<const std::span<const TokenId>> runs) const override;
  std::vector<uint32_t> longest_matches(std::span<const TokenId> text) const override;
  uint64_t count(ngram::RankRange range) const override { return range.size(); }
  bool has_live(ngram::RankRange range) const override { return !range.is_empty(); }
  std::vector<ngram::Tail> tails(ngram::RankRange range, std::span<const TokenId> text, uint32_t length) const override;
  ngram::Continuations continuations(ngram::RankRange range, uint64_t length) const override;
  void positions(ngram::RankRange range, std::span<uint64_t> positions) const override;
  ngram::ShardDocument document(uint64_t index) const override;
  ngram::ShardDocument document_at(uint64_t position) const override;
  std::optional<uint64_t> find_document(uint64_t id) const override;
  std::vector<TokenId> tokens(uint64_t position, uint64_t count) const override;
  // The line of `metadata`: JSON, as infini-gram's indexer writes it.
  std::string metadata(uint64_t index) const override { return files_->metadata(index); }
  Result<void> status() const override { return files_->status(); }

 private:
  TableShard(std::unique_ptr<TableFiles> files, std::unique_ptr<Directory> directory, uint64_t first_id);
  // The keys of the tokens before the first one that no document can hold.
  std::vector<uint32_t> keys_of(std::span<const TokenId> tokens) const;
  // What follows the first `length` tokens of each rank's suffix: keys and 1, or kEndOfFile.
  void keys_after(std::span<const uint64_t> ranks, uint64_t length, std::span<uint64_t> keys) const;

  std::unique_ptr<TableFiles> files_;
  std::unique_ptr<Directory> directory_;  // may be null
  TableSearch search_;
  uint64_t first_id_;
};

}  // namespace tribute::infinigram
