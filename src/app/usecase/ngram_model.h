// Use case: ask the ∞-gram model of DataNets' indexes, or of an index of infini-gram's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "infinigram/folder.h"
#include "io/file_system.h"
#include "lm/documents.h"
#include "lm/model.h"
#include "lm/query.h"
#include "ngram/index_shards.h"
#include "text/tokenizer.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// An opened corpus with what turns texts into its tokens and back. Immutable; movable.
class NgramModel {
 public:
  // The newest indexes of the DataNets less what was withdrawn since. The workspace must outlive it.
  // Errors: invalid_argument for no name, or one that stands twice; not_found, naming what there is;
  // failed_precondition for a DataNet without an index, naming `index build`; those of opening an index.
  static Result<NgramModel> of_datanets(workspace::Workspace& workspace, std::span<const std::string> names);

  // An index of infini-gram's as it lies. `type`: nullopt takes it from an import. `tokenizer`: the one that made its
  // tokens; nullptr where only tokens are asked about. Errors: those of infinigram::Folder::open().
  static Result<NgramModel> of_folder(io::FileSystem& files, const std::string& folder,
                                      std::optional<infinigram::TokenType> type,
                                      std::unique_ptr<text::Tokenizer> tokenizer);

  const lm::Model& model() const { return model_; }

  // Errors: failed_precondition without a tokenizer; those of Tokenizer::encode().
  Result<std::vector<TokenId>> tokens_of(std::string_view text) const;
  // The bytes of tokens; nullopt without a tokenizer, and for tokens that it does not have.
  std::optional<std::string> text_of(std::span<const TokenId> tokens) const;

 private:
  using Shards = std::variant<ngram::IndexShards, infinigram::Folder>;
  NgramModel(Shards shards, const text::Tokenizer* tokenizer, std::unique_ptr<text::Tokenizer> owned);

  Shards shards_;  // moving it moves no shard
  std::unique_ptr<text::Tokenizer> owned_tokenizer_;
  const text::Tokenizer* tokenizer_;  // may be null
  lm::Model model_;
};

// A document that a query matches, with its first window and some tokens around it.
struct NgramHit {
  lm::Hit hit;
  lm::Excerpt excerpt;
  std::optional<std::string> text;  // of the excerpt's tokens
};

struct NgramPage {
  std::vector<NgramHit> hits;
  std::optional<lm::DocumentPlace> next;
};

struct NgramSearch {
  lm::Query query;
  uint32_t limit = 10;         // documents of the page; at least 1 (CHECK)
  lm::DocumentPlace from;      // where the page begins
  uint32_t tokens_around = 8;  // of the excerpt, before the first window and from its last match on
};

// A page of the documents that the query matches. Errors: those of lm::search().
Result<NgramPage> search_documents(const NgramModel& model, const NgramSearch& search);

// What the registry says of a DataNet's document.
struct NgramDatapoint {
  std::string datanet;
  std::string id;
  std::string title;
  std::string contributor;
};
// Per hit. Errors: data_loss for a document that the registry lacks.
Result<std::vector<NgramDatapoint>> describe_hits(workspace::Workspace& workspace, std::span<const NgramHit> hits);

}  // namespace tribute::usecase
