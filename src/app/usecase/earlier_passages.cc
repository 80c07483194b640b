#include "usecase/earlier_passages.h"

#include <algorithm>

#include "datanet/content_store.h"
#include "ngram/index.h"
#include "trace/shared_passages.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

uint64_t count_below(const std::vector<EntryIndex>& ascending, EntryIndex entry) {
  return static_cast<uint64_t>(std::ranges::lower_bound(ascending, entry) - ascending.begin());
}

bool has(const ngram::IndexSource& source, EntryIndex entry) {
  const auto& segments = source.indexes().front().segments();
  return std::ranges::any_of(segments, [&](const ngram::Segment& segment) { return segment.find(entry).has_value(); });
}

}  // namespace

Result<EarlierPassages> EarlierPassages::open(workspace::Workspace& workspace, sql::Transaction& sql,
                                              const datanet::DatanetRow& datanet) {
  EarlierPassages passages(workspace);
  if (const auto newest = TRY(workspace::newest_manifest(sql, datanet.entry))) {
    std::vector<ngram::Index> indexes;
    indexes.push_back(TRY(ngram::Index::open(
        workspace.files(), workspace.layout().index_folder(datanet.datanet.is_public), newest->manifest_sha256)));
    const auto withdrawn = TRY(datanet::withdrawn_below(sql, datanet.entry, TRY(workspace.log().size(sql))));
    passages.manifest_ = newest->entry;
    passages.source_.emplace(TRY(ngram::IndexSource::open(std::move(indexes), withdrawn)));
  }
  for (const auto& row : TRY(datanet::live_contributions(sql, datanet.entry))) {
    if (!passages.source_ || !has(*passages.source_, row.entry)) passages.unindexed_.push_back(row.entry);
  }
  for (const auto& row : TRY(datanet::list_contributions(sql, {.datanet = datanet.entry,
                                                               .contributor = std::nullopt,
                                                               .state = datanet::ContributionState::pending,
                                                               .limit = INT64_MAX,
                                                               .offset = 0}))) {
    passages.pending_.push_back(row.entry);
  }
  return passages;
}

Result<std::optional<PassagesView>> EarlierPassages::find(sql::Transaction& sql, const datanet::ContributionRow& row,
                                                          const PassageLimits& limits) const {
  if (!source_) return std::nullopt;
  const auto text =
      TRY(datanet::read_content(workspace_->files(), workspace_->layout().content_folder(), sql, row.content_sha256));
  const auto tokenized = TRY(workspace_->tokenizer().encode_with_ranges(text));
  const trace::PassageQuestion question{.before = row.entry, .min_tokens = limits.min_tokens, .limit = limits.passages};
  const auto shared = TRY(trace::shared_passages(*source_, tokenized.tokens, question));
  PassagesView view{.manifest = manifest_,
                    .min_tokens = question.min_tokens,
                    .passage_count = shared.count,
                    .covered_token_count = shared.covered_token_count,
                    .longest = {}};
  for (const auto& [run, holder] : shared.longest) {
    const auto datapoint = TRY(datanet::find_contribution(sql, holder.datapoint));
    const auto contributor = TRY(datanet::find_contributor(sql, holder.contributor));
    if (!datapoint || !contributor) {
      return fail(ErrorCode::data_loss, "the index has a datapoint " + std::to_string(holder.datapoint.value()) +
                                            " that the registry lacks; run `tribute doctor`");
    }
    const uint32_t begin_byte = tokenized.ranges[run.begin].begin;
    const uint32_t end_byte = tokenized.ranges[run.end - 1].end;
    view.longest.push_back({.begin = run.begin,
                            .end = run.end,
                            .begin_byte = begin_byte,
                            .end_byte = end_byte,
                            .text = text.substr(begin_byte, end_byte - begin_byte),
                            .datapoint = holder.datapoint,
                            .id = datapoint->source_id,
                            .title = datapoint->title,
                            .contributor = contributor->name});
  }
  return view;
}

UnsearchedView EarlierPassages::unsearched_before(EntryIndex entry) const {
  return {.unindexed_count = count_below(unindexed_, entry), .pending_count = count_below(pending_, entry)};
}

}  // namespace tribute::usecase
