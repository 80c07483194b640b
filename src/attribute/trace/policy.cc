#include "trace/policy.h"

#include <algorithm>

#include "record/validate.h"

namespace tribute::trace {
namespace {

constexpr uint64_t kCommonsPart = 20;
constexpr uint64_t kFewestCommons = 8;
constexpr uint64_t kMostCommons = 64;

}  // namespace

Result<void> validate(const Policy& policy) { return record::validate_policy(policy); }

uint32_t commons_limit(const Policy& policy, uint64_t contributor_count) {
  if (policy.commons_contributors) return *policy.commons_contributors;
  const uint64_t part = contributor_count / kCommonsPart + (contributor_count % kCommonsPart == 0 ? 0 : 1);
  return static_cast<uint32_t>(std::clamp(part, kFewestCommons, kMostCommons));
}

}  // namespace tribute::trace
