#include "ngram/contributor_runs.h"

namespace tribute::ngram {
namespace {

constexpr uint64_t kPartsPerRun = 16;

}  // namespace

void ContributorRuns::append(uint64_t text_begin, const Stretch& document) {
  if (!stretches_.empty() && stretches_.back() == document) return;
  begins_.push_back(text_begin);
  stretches_.push_back(document);
}

void ContributorRuns::finish(uint64_t symbol_count) {
  if (begins_.empty()) return;
  while (symbol_count >> part_bits_ > begins_.size() * kPartsPerRun) ++part_bits_;
  uint32_t run = 0;
  for (uint64_t begin = 0; begin < symbol_count; begin += uint64_t{1} << part_bits_) {
    while (run + 1 < begins_.size() && begins_[run + size_t{1}] <= begin) ++run;
    part_first_.push_back(run);
  }
  part_first_.resize(part_first_.size() + 2, static_cast<uint32_t>(begins_.size() - 1));
}

}  // namespace tribute::ngram
