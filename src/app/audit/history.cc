#include "audit/history.h"

namespace tribute::audit {

bool is_withdrawn_below(const ContributionFacts& contribution, uint64_t log_size) {
  return contribution.withdrawn_at && contribution.withdrawn_at->value() < log_size;
}

bool is_live_at(const ContributionFacts& contribution, uint64_t log_size) {
  if (contribution.entry.value() >= log_size || is_withdrawn_below(contribution, log_size)) return false;
  if (!contribution.needs_approval) return true;
  return contribution.decided_at && contribution.decided_at->value() < log_size && contribution.approved;
}

bool may_be_repeated_at(const ContributionFacts& contribution, EntryIndex at) {
  const bool rejected = contribution.decided_at && *contribution.decided_at < at && !contribution.approved;
  return contribution.entry < at && !rejected && !is_withdrawn_below(contribution, at.value());
}

bool belongs_to(const ManifestFacts& manifest, const ContributionFacts& contribution) {
  return contribution.datanet == manifest.manifest.datanet && is_live_at(contribution, manifest.base_log_size) &&
         !is_withdrawn_below(contribution, manifest.manifest.log_size);
}

}  // namespace tribute::audit
