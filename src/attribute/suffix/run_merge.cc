#include "suffix/run_merge.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/check.h"
#include "suffix/suffix_sort.h"

namespace tribute::suffix {

Result<RunMerge> RunMerge::open(io::FileSystem& files, const std::vector<std::string>& paths,
                                const MergeOptions& options) {
  std::vector<RunFile> runs;
  uint64_t symbol_count = 0;
  for (const std::string& path : paths) {
    const RunHeader& header = runs.emplace_back(TRY(RunFile::open(files, path))).header();
    if (header.symbol_bytes != runs.front().header().symbol_bytes) return runs.back().damaged();
    symbol_count += header.symbol_count;
    if (symbol_count > kMaxMergedSymbols) {
      return fail(ErrorCode::resource_exhausted, path + ": the runs have more symbols than can be merged");
    }
  }
  RunMerge merge(std::move(runs), options);
  TRY(merge.begin());
  return merge;
}

RunMerge::RunMerge(std::vector<RunFile> files, const MergeOptions& options)
    : files_(std::make_unique<std::vector<RunFile>>(std::move(files))),
      text_(std::make_unique<RunText>(*files_, options.text_blocks)),
      compare_(std::make_unique<RunCompare>(*text_, options.passages)),
      parting_symbols_(options.parting_symbols) {
  CHECK(parting_symbols_ <= kMostPartingSymbols);
  for (const RunFile& file : *files_) runs_.push_back({RunSuffixes(file, options.stream_blocks), {}, {}});
}

// Each inner node of the tree is played once: its loser stays there, its winner goes up.
Result<void> RunMerge::begin() {
  const size_t leaves = std::bit_ceil(std::max<size_t>(1, runs_.size()));
  heads_.resize(leaves, Head{.shared = kExhausted});
  losers_.resize(leaves);
  for (uint32_t run = 0; run < runs_.size(); ++run) TRY(advance(run));
  std::vector<uint32_t> winners(2 * leaves);
  for (uint32_t i = 0; i < leaves; ++i) winners[leaves + i] = i;
  for (size_t node = leaves - 1; node > 0; --node) {
    const uint32_t left = winners[2 * node];
    const uint32_t right = winners[2 * node + 1];
    const bool is_left = is_smaller(heads_[left], heads_[right]);
    winners[node] = is_left ? left : right;
    losers_[node] = is_left ? right : left;
  }
  losers_[0] = winners[1];
  if (failure_) return std::unexpected(*failure_);
  return {};
}

Result<void> RunMerge::advance(uint32_t run) {
  auto& [suffixes, decoded, known] = runs_[run];
  if (decoded.empty()) decoded = TRY(suffixes.next());
  if (decoded.empty()) {
    heads_[run].shared = kExhausted;
    return {};
  }
  const RunSuffix& next = decoded.front();
  Head& head = heads_[run];
  if (next.shared < parting_symbols_) {
    head.symbol_before = TRY(symbol_at_parting(runs_[run], head.position, next));
  }
  head.shared = next.shared;
  head.position = text_->run_begin(run) + next.position;
  head.ahead_begin = next.shared;
  head.ahead_end = next.shared + kSymbolsAhead;
  head.ahead = next.ahead;
  decoded = decoded.subspan(1);
  return {};
}

// Of the suffix before `next`, which stands at `position`, and keeps what is known of `next`.
Result<uint32_t> RunMerge::symbol_at_parting(Run& run, uint32_t position, const RunSuffix& next) {
  std::vector<uint32_t>& known = run.known;
  uint32_t before = 0;  // where it is the run's first one
  if (next.shared < known.size() && known[next.shared] != kUnknown) {
    before = known[next.shared];
  } else if (!known.empty()) {
    before = TRY(text_->around(position + next.shared)).at(position + next.shared);
  }
  known.resize(next.shared, kUnknown);
  known.insert(known.end(), next.ahead.begin(), next.ahead.end());
  return before;
}

Result<size_t> RunMerge::next(std::span<MergedSuffix> suffixes) {
  size_t count = 0;
  for (; count < suffixes.size(); ++count) {
    uint32_t winner = losers_[0];
    const Head& smallest = heads_[winner];
    if (smallest.shared == kExhausted) break;
    // It knows the symbol at which it parted from the one before.
    const auto shared = static_cast<uint32_t>(smallest.shared);
    CHECK(smallest.knows(shared));
    suffixes[count] = {smallest.position, shared, smallest.ahead[shared - smallest.ahead_begin],
                       smallest.symbol_before};
    // All that lost on the way of this one lost to it, so that what they share is what they share with it, as what the
    // next suffix of its run does.
    TRY(advance(winner));
    for (size_t node = (heads_.size() + winner) / 2; node > 0; node /= 2) {
      uint32_t& loser = losers_[node];
      if (is_smaller(heads_[loser], heads_[winner])) std::swap(loser, winner);
    }
    losers_[0] = winner;
    if (failure_) [[unlikely]]
      return std::unexpected(*failure_);
  }
  return count;
}

bool RunMerge::is_smaller(Head& first, Head& second) {
  // What shares more with a smaller suffix is nearer to it.
  if (first.shared != second.shared) return first.shared > second.shared;
  if (first.shared == kExhausted) return true;
  auto shared = static_cast<uint32_t>(first.shared);
  for (; first.knows(shared) && second.knows(shared); ++shared) {
    const uint32_t own = first.ahead[shared - first.ahead_begin];
    const uint32_t other = second.ahead[shared - second.ahead_begin];
    if (own == other && own != kSeparator) continue;
    const bool is_first = own != other ? own < other : first.position < second.position;
    Head& larger = is_first ? second : first;
    larger.shared = shared;
    larger.symbol_before = is_first ? own : other;
    return is_first;
  }
  return is_smaller_by_text(first, second, shared);
}

bool RunMerge::is_smaller_by_text(Head& first, Head& second, uint32_t shared) {
  const auto parting = compare_->compare(first.position, second.position, shared);
  if (!parting) {
    failure_ = parting.error();
    return true;
  }
  const auto& [found, own, other] = *parting;
  const bool is_first = own != other ? own < other : first.position < second.position;
  Head& larger = is_first ? second : first;
  larger.shared = found;
  larger.symbol_before = is_first ? own : other;
  // It will be compared from there on with what comes next.
  if (!larger.knows(found)) {
    larger.ahead_begin = found;
    larger.ahead_end = found + 1;
    larger.ahead[0] = is_first ? other : own;
  }
  return is_first;
}

}  // namespace tribute::suffix
