#include "usecase/answer.h"

#include <algorithm>
#include <map>

#include "credit/shares.h"
#include "datanet/registry.h"
#include "ngram/index.h"
#include "usecase/manifests.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

using workspace::Workspace;

// Looks datapoints up in the registry, each name once.
class Names {
 public:
  explicit Names(sql::Transaction& sql) : sql_(sql) {}

  Result<std::string> contributor(EntryIndex entry) {
    return named(contributors_, entry, [&]() -> Result<std::string> {
      const auto row = TRY(datanet::find_contributor(sql_, entry));
      return row ? row->name : "";
    });
  }

  Result<std::string> datanet(EntryIndex entry) {
    return named(datanets_, entry, [&]() -> Result<std::string> {
      const auto row = TRY(datanet::find_datanet(sql_, entry));
      return row ? row->datanet.name : "";
    });
  }

  Result<DatapointView> datapoint(EntryIndex entry) {
    const auto row = TRY(datanet::find_contribution(sql_, entry));
    if (!row) {
      return fail(ErrorCode::data_loss, "the index has a datapoint " + std::to_string(entry.value()) +
                                            " that the registry lacks; run `tribute doctor`");
    }
    return DatapointView{.id = row->source_id,
                         .title = row->title,
                         .datanet = TRY(datanet(row->datanet)),
                         .entry = entry,
                         .contributor = row->contributor,
                         .contributor_name = TRY(contributor(row->contributor))};
  }

 private:
  template <typename Find>
  static Result<std::string> named(std::map<EntryIndex, std::string>& known, EntryIndex entry, Find find) {
    const auto found = known.find(entry);
    if (found != known.end()) return found->second;
    return known[entry] = TRY(find());
  }

  sql::Transaction& sql_;
  std::map<EntryIndex, std::string> contributors_;
  std::map<EntryIndex, std::string> datanets_;
};

// What a model version rests on: its manifests, and what was withdrawn since they were made.
struct ModelIndex {
  std::vector<ngram::Index> indexes;
  std::vector<EntryIndex> withdrawn;
};

Result<ModelIndex> open_index(Workspace& workspace, sql::Transaction& sql, const record::Model& model,
                              uint64_t log_size) {
  ModelIndex index;
  for (const auto& pinned : model.datanets) {
    const auto datanet = TRY(datanet::find_datanet(sql, pinned.datanet));
    if (!datanet) return fail(ErrorCode::data_loss, "the model's DataNet is not in the registry; run `tribute doctor`");
    const auto manifest = TRY(workspace.entry<record::Manifest>(sql, pinned.manifest));
    index.indexes.push_back(TRY(ngram::Index::open(
        workspace.files(), workspace.layout().index_folder(datanet->datanet.is_public), manifest.manifest_sha256)));
    std::ranges::copy(TRY(datanet::withdrawn_below(sql, pinned.datanet, log_size)),
                      std::back_inserter(index.withdrawn));
  }
  return index;
}

}  // namespace

Result<std::vector<ngram::Document>> documents_of(Workspace& workspace, sql::Transaction& sql,
                                                  const record::Model& model, uint64_t log_size) {
  const ModelIndex index = TRY(open_index(workspace, sql, model, log_size));
  std::vector<const ngram::Index*> pointers;
  for (const auto& of_datanet : index.indexes) pointers.push_back(&of_datanet);
  return ngram::live_documents(pointers, {.withdrawn = index.withdrawn});
}

Result<ngram::IndexSource> open_source(Workspace& workspace, sql::Transaction& sql, const record::Model& model,
                                       uint64_t log_size) {
  ModelIndex index = TRY(open_index(workspace, sql, model, log_size));
  return ngram::IndexSource::open(std::move(index.indexes), index.withdrawn);
}

Result<trace::Attribution> attribute_at(Workspace& workspace, const AttributionBasis& basis, uint32_t datapoint_limit) {
  auto sql = TRY(workspace.database().begin());
  const auto model = TRY(model_in_force(workspace, sql, basis.model));
  const auto source = TRY(open_source(workspace, sql, model, basis.log_size));
  return trace::attribute(source, basis.tokens, basis.copied, model.policy, {.datapoint_limit = datapoint_limit});
}

Result<TokenizedAnswer> tokenize(const Workspace& workspace, const Answer& answer, const record::Policy& policy) {
  TokenizedAnswer result{.tokens = TRY(workspace.tokenizer().encode(answer.output)), .copied = {}, .tokens_in = 0};
  std::vector<std::vector<TokenId>> messages;
  for (const auto& prompt : answer.prompts) {
    messages.push_back(TRY(workspace.tokenizer().encode(prompt)));
    result.tokens_in += messages.back().size();
  }
  result.copied = trace::copied_tokens(result.tokens, messages, policy.min_span_tokens);
  return result;
}

Result<AttributionView> view_of(Workspace& workspace, const AttributionBasis& basis,
                                const trace::Attribution& attribution) {
  auto sql = TRY(workspace.database().begin());
  Names names(sql);
  const auto text_of = [&](uint64_t begin, uint64_t end) {
    return workspace.tokenizer().decode(std::span(basis.tokens).subspan(begin, end - begin));
  };
  const auto model = TRY(workspace::model_version(sql, basis.model));
  if (!model) return fail(ErrorCode::data_loss, "the model version is not in the catalog; run `tribute doctor`");
  AttributionView view{.model = model->name,
                       .model_version = model->version,
                       .tokens = basis.tokens.size(),
                       .total_millibits = attribution.total_millibits,
                       .credited_millibits = attribution.credited_millibits,
                       .spans = {},
                       .credits = {},
                       .contributors = {}};
  for (const auto& span : attribution.spans) {
    SpanView shown{.begin = span.run.begin,
                   .end = span.run.end,
                   .text = TRY(text_of(span.run.begin, span.run.end)),
                   .count = span.count,
                   .surprisal_millibits = span.surprisal_millibits,
                   .evidence = span.evidence,
                   .datapoint_count = span.datapoint_count,
                   .datapoints = {}};
    for (const EntryIndex entry : span.datapoints) shown.datapoints.push_back(TRY(names.datapoint(entry)));
    view.spans.push_back(std::move(shown));
  }
  for (const auto& credit : credit::runs(attribution)) {
    view.credits.push_back({credit, TRY(text_of(credit.begin, credit.end)),
                            credit.contributor ? TRY(names.contributor(*credit.contributor)) : ""});
  }
  for (const auto& share : credit::shares(attribution)) {
    view.contributors.push_back(
        {share.contributor, TRY(names.contributor(share.contributor)), share.millibits, share.share_ppm});
  }
  std::ranges::stable_sort(view.contributors, std::ranges::greater(), &ContributorShare::millibits);
  return view;
}

}  // namespace tribute::usecase
