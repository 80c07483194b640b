#include "audit/near_duplicate_audit.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

namespace tribute::audit {
namespace {

// What the shingles that are kept may take: 64 MB.
constexpr size_t kMaxKeptShingles = size_t{4} << 20;

// The runs of a document by the words of the definition, for the independent count.
std::set<std::vector<TokenId>> runs_of(std::span<const TokenId> tokens) {
  std::set<std::vector<TokenId>> runs;
  if (!tokens.empty() && tokens.size() < neardup::kShingleTokens) runs.emplace(tokens.begin(), tokens.end());
  for (size_t i = 0; i + neardup::kShingleTokens <= tokens.size(); ++i) {
    const auto run = tokens.subspan(i, neardup::kShingleTokens);
    runs.emplace(run.begin(), run.end());
  }
  return runs;
}

uint32_t naive_permille(std::span<const TokenId> a, std::span<const TokenId> b) {
  constexpr uint32_t kWhole = 1'000;
  const auto runs_of_a = runs_of(a);
  const auto runs_of_b = runs_of(b);
  const auto common = static_cast<uint64_t>(
      std::ranges::count_if(runs_of_a, [&runs_of_b](const auto& run) { return runs_of_b.contains(run); }));
  const uint64_t all = runs_of_a.size() + runs_of_b.size() - common;
  return all == 0 ? kWhole : static_cast<uint32_t>(common * kWhole / all);
}

bool share_a_band(const neardup::Sketch& a, const neardup::Sketch& b) {
  for (size_t i = 0; i < a.bands.size(); ++i) {
    if (a.bands[i] == b.bands[i]) return true;
  }
  return false;
}

}  // namespace

void NearDuplicateAudit::add(const ngram::Segment& segment, DocId document, std::span<const TokenId> tokens) {
  const auto [place, is_new] = known_.try_emplace(segment.row(document).entry);
  if (is_new) place->second = {&segment, document, neardup::sketch_of(tokens)};
}

Result<void> NearDuplicateAudit::check(EntryIndex datanet) {
  rank_documents();
  uint64_t absent = 0;
  for (const ContributionFacts& contribution : history_.contributions.all()) {
    absent += contribution.datanet == datanet && !known_.contains(contribution.entry) ? 1 : 0;
  }
  recorder_.unchecked("near duplicates of contributions whose text is in no segment", absent);
  for (uint32_t rank = 0; rank < ranked_.size(); ++rank) {
    TRY(judge(*ranked_[rank].contribution, TRY(independent_ ? first_by_all_pairs(rank) : first_by_bands(rank))));
  }
  shingles_.clear();
  shingle_count_ = 0;
  bands_.clear();
  ranked_.clear();
  known_.clear();
  return {};
}

void NearDuplicateAudit::rank_documents() {
  for (const auto& [entry, known] : known_) {
    if (!independent_) {
      for (const uint64_t band : known.sketch.bands) bands_.push_back({band, static_cast<uint32_t>(ranked_.size())});
    }
    ranked_.push_back({history_.contributions.find(entry), &known});
  }
  std::ranges::sort(bands_);
}

Result<std::optional<NearDuplicateAudit::Original>> NearDuplicateAudit::first_by_bands(uint32_t rank) {
  std::array<std::vector<Band>::const_iterator, neardup::kBands> next;
  for (size_t i = 0; i < next.size(); ++i) {
    next[i] = std::ranges::lower_bound(bands_, Band{ranked_[rank].known->sketch.bands[i], 0});
  }
  // Every band leads to the document itself at last, so that none runs out before.
  while (true) {
    const uint32_t lowest = (*std::ranges::min_element(next, {}, [](const auto& place) { return place->rank; }))->rank;
    if (lowest >= rank) return std::nullopt;
    if (const auto original = TRY(compare(rank, lowest))) return original;
    for (auto& place : next) {
      if (place->rank == lowest) ++place;
    }
  }
}

Result<std::optional<NearDuplicateAudit::Original>> NearDuplicateAudit::first_by_all_pairs(uint32_t rank) {
  for (uint32_t other = 0; other < rank; ++other) {
    if (!share_a_band(ranked_[rank].known->sketch, ranked_[other].known->sketch)) continue;
    if (const auto original = TRY(compare(rank, other))) return original;
  }
  return std::nullopt;
}

Result<std::optional<NearDuplicateAudit::Original>> NearDuplicateAudit::compare(uint32_t rank, uint32_t other) {
  const Ranked& later = ranked_[rank];
  const Ranked& earlier = ranked_[other];
  if (neardup::agreement(later.known->sketch, earlier.known->sketch) < neardup::kLeastAgreement ||
      !may_be_repeated_at(*earlier.contribution, later.contribution->entry)) {
    return std::nullopt;
  }
  const uint32_t alike = TRY(permille(*later.known, *earlier.known));
  if (alike < neardup::kNearDuplicatePermille) return std::nullopt;
  return Original{earlier.contribution->entry, alike};
}

Result<uint32_t> NearDuplicateAudit::permille(const Known& a, const Known& b) {
  if (independent_) {
    return naive_permille(TRY(a.segment->tokens(a.document)), TRY(b.segment->tokens(b.document)));
  }
  if (shingle_count_ > kMaxKeptShingles) {
    shingles_.clear();
    shingle_count_ = 0;
  }
  const neardup::ShingleSet* of_a = TRY(shingles_of(a));
  return neardup::jaccard_permille(*of_a, *TRY(shingles_of(b)));
}

Result<const neardup::ShingleSet*> NearDuplicateAudit::shingles_of(const Known& known) {
  if (const auto kept = shingles_.find(&known); kept != shingles_.end()) return &kept->second;
  neardup::ShingleSet shingles(TRY(known.segment->tokens(known.document)));
  shingle_count_ += shingles.size();
  return &shingles_.emplace(&known, std::move(shingles)).first->second;
}

Result<void> NearDuplicateAudit::judge(const ContributionFacts& contribution, std::optional<Original> expected) {
  const std::optional<EntryIndex> named = contribution.near_duplicate_of;
  const auto known = named ? known_.find(*named) : known_.end();
  // A datapoint that stands in no segment, because it was withdrawn or still waits, may have come first.
  if (named && known == known_.end() && (!expected || *named < expected->entry)) {
    recorder_.unchecked("near duplicates of datapoints whose text is in no segment");
    return {};
  }
  recorder_.checked("near duplicates");
  if (named == (expected ? std::optional(expected->entry) : std::nullopt)) return {};
  const auto spell = [](EntryIndex entry, uint32_t alike) {
    return "datapoint " + std::to_string(entry.value()) + " (" + std::to_string(alike) + " thousandths alike)";
  };
  std::string said = named ? "datapoint " + std::to_string(named->value()) : "none";
  if (known != known_.end()) {
    said = spell(*named, TRY(permille(known_.at(contribution.entry), known->second)));
  }
  recorder_.wrong_entry(Rule::near_duplicate, contribution.entry,
                        "near_duplicate_of is " + said + ", the first near duplicate is " +
                            (expected ? spell(expected->entry, expected->permille) : "none"));
  return {};
}

}  // namespace tribute::audit
