#include "usecase/near_duplicates.h"

#include <utility>

#include "datanet/content_store.h"
#include "neardup/near_index.h"

namespace tribute::usecase {
namespace {

// What the shingles that are kept may take: 64 MB.
constexpr size_t kMaxKeptShingles = size_t{4} << 20;

Result<std::vector<TokenId>> tokens_of(workspace::Workspace& workspace, sql::Transaction& sql,
                                       const datanet::ContributionRow& row) {
  const std::string text =
      TRY(datanet::read_content(workspace.files(), workspace.layout().content_folder(), sql, row.content_sha256));
  return workspace.tokenizer().encode(text);
}

bool may_be_repeated(const datanet::ContributionRow& row) {
  return row.state == datanet::ContributionState::pending || row.state == datanet::ContributionState::approved;
}

}  // namespace

Result<std::optional<Repetition>> NearDuplicates::find(sql::Transaction& sql, std::span<const TokenId> tokens,
                                                       const neardup::Sketch& sketch) {
  std::optional<neardup::ShingleSet> shingles;  // sorted only if there is something to compare with
  neardup::Candidates candidates(sql, datanet_, sketch);
  while (const auto candidate = TRY(candidates.next())) {
    auto row = TRY(datanet::find_contribution(sql, *candidate));
    if (!row || !may_be_repeated(*row)) continue;
    if (!shingles) shingles.emplace(tokens);
    const uint32_t permille = neardup::jaccard_permille(*shingles, *TRY(shingles_of(sql, *row)));
    if (permille >= neardup::kNearDuplicatePermille) return Repetition{std::move(*row), permille};
  }
  return std::nullopt;
}

Result<const neardup::ShingleSet*> NearDuplicates::shingles_of(sql::Transaction& sql,
                                                               const datanet::ContributionRow& row) {
  if (const auto kept = compared_.find(row.entry); kept != compared_.end()) return &kept->second;
  if (compared_shingles_ > kMaxKeptShingles) {
    compared_.clear();
    compared_shingles_ = 0;
  }
  const auto unstored = unstored_.find(row.entry);
  neardup::ShingleSet shingles(unstored != unstored_.end() ? unstored->second : TRY(tokens_of(workspace_, sql, row)));
  compared_shingles_ += shingles.size();
  return &compared_.emplace(row.entry, std::move(shingles)).first->second;
}

Result<void> NearDuplicates::add(sql::Transaction& sql, EntryIndex entry, std::vector<TokenId> tokens,
                                 const neardup::Sketch& sketch) {
  TRY(neardup::insert(sql, datanet_, entry, sketch));
  unstored_.emplace(entry, std::move(tokens));
  return {};
}

Result<std::optional<uint32_t>> similarity_permille(workspace::Workspace& workspace, sql::Transaction& sql,
                                                    const datanet::ContributionRow& a,
                                                    const datanet::ContributionRow& b) {
  auto of_a = tokens_of(workspace, sql, a);
  auto of_b = tokens_of(workspace, sql, b);
  for (const auto* tokens : {&of_a, &of_b}) {
    if (tokens->has_value()) continue;
    if (tokens->error().code == ErrorCode::not_found) return std::nullopt;
    return std::unexpected(tokens->error());
  }
  return neardup::jaccard_permille(neardup::ShingleSet(*of_a), neardup::ShingleSet(*of_b));
}

}  // namespace tribute::usecase
