#include "usecase/ngram_model.h"

#include <algorithm>
#include <utility>

#include "datanet/registry.h"
#include "ngram/index.h"
#include "usecase/lookup.h"
#include "workspace/catalog.h"

namespace tribute::usecase {

NgramModel::NgramModel(Shards shards, const text::Tokenizer* tokenizer, std::unique_ptr<text::Tokenizer> owned)
    : shards_(std::move(shards)),
      owned_tokenizer_(std::move(owned)),
      tokenizer_(tokenizer),
      model_(std::visit([](const auto& opened) { return opened.pointers(); }, shards_)) {}

Result<NgramModel> NgramModel::of_datanets(workspace::Workspace& workspace, std::span<const std::string> names) {
  if (names.empty()) return fail(ErrorCode::invalid_argument, "name at least one DataNet");
  auto sql = TRY(workspace.database().begin());
  const uint64_t log_size = TRY(workspace.log().size(sql));
  std::vector<ngram::Index> indexes;
  std::vector<EntryIndex> withdrawn;
  std::vector<EntryIndex> seen;
  for (const std::string& name : names) {
    const auto datanet = TRY(require_datanet(sql, name));
    if (std::ranges::find(seen, datanet.entry) != seen.end()) {
      return fail(ErrorCode::invalid_argument, "DataNet '" + datanet.datanet.name + "' stands twice; name it once");
    }
    seen.push_back(datanet.entry);
    const auto newest = TRY(workspace::newest_manifest(sql, datanet.entry));
    if (!newest) {
      return fail(ErrorCode::failed_precondition, "DataNet '" + datanet.datanet.name +
                                                      "' has no index yet; build it with `tribute index build " +
                                                      datanet.datanet.name + "`");
    }
    indexes.push_back(TRY(ngram::Index::open(
        workspace.files(), workspace.layout().index_folder(datanet.datanet.is_public), newest->manifest_sha256)));
    const auto gone = TRY(datanet::withdrawn_below(sql, datanet.entry, log_size));
    withdrawn.insert(withdrawn.end(), gone.begin(), gone.end());
  }
  return NgramModel(TRY(ngram::IndexShards::open(std::move(indexes), withdrawn)), &workspace.tokenizer(), nullptr);
}

Result<NgramModel> NgramModel::of_folder(io::FileSystem& files, const std::string& folder,
                                         std::optional<infinigram::TokenType> type,
                                         std::unique_ptr<text::Tokenizer> tokenizer) {
  const text::Tokenizer* const pointer = tokenizer.get();
  return NgramModel(TRY(infinigram::Folder::open(files, folder, type)), pointer, std::move(tokenizer));
}

Result<std::vector<TokenId>> NgramModel::tokens_of(std::string_view text) const {
  if (tokenizer_ == nullptr) {
    return fail(ErrorCode::failed_precondition, "without a tokenizer only tokens can be asked about");
  }
  return tokenizer_->encode(text);
}

std::optional<std::string> NgramModel::text_of(std::span<const TokenId> tokens) const {
  if (tokenizer_ == nullptr) return std::nullopt;
  auto text = tokenizer_->decode(tokens);
  if (!text) return std::nullopt;
  return std::move(*text);
}

Result<NgramPage> search_documents(const NgramModel& model, const NgramSearch& search) {
  lm::Page page = TRY(lm::search(model.model(), search.query, search.limit, search.from));
  NgramPage result{.hits = {}, .next = page.next};
  for (const lm::Hit& hit : page.hits) {
    const uint64_t after = hit.first_end - hit.first_begin + search.tokens_around;
    auto excerpt = TRY(lm::document_by_place(model.model(), hit.place, hit.first_begin,
                                             {.before = search.tokens_around, .after = after}));
    auto text = model.text_of(excerpt.tokens);
    result.hits.push_back({hit, std::move(excerpt), std::move(text)});
  }
  return result;
}

Result<std::vector<NgramDatapoint>> describe_hits(workspace::Workspace& workspace, std::span<const NgramHit> hits) {
  auto sql = TRY(workspace.database().begin());
  std::vector<NgramDatapoint> described;
  for (const NgramHit& hit : hits) {
    const auto row = TRY(datanet::find_contribution(sql, EntryIndex{hit.hit.id}));
    if (row) {
      const auto datanet = TRY(datanet::find_datanet(sql, row->datanet));
      const auto contributor = TRY(datanet::find_contributor(sql, row->contributor));
      if (datanet && contributor) {
        described.push_back({datanet->datanet.name, row->source_id, row->title, contributor->name});
        continue;
      }
    }
    return fail(ErrorCode::data_loss, "the index has a datapoint " + std::to_string(hit.hit.id) +
                                          " that the registry lacks; run `tribute doctor`");
  }
  return described;
}

}  // namespace tribute::usecase
