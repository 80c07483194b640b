#include "suffix/run_text.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace tribute::suffix {

RunText::RunText(std::span<const RunFile> runs, uint64_t cached_blocks)
    : runs_(runs), pairs_(std::max<uint64_t>(1, cached_blocks / 2)), bytes_(new char[pairs_.size() * 2 * kBlockBytes]) {
  uint64_t begin = 0;
  for (const RunFile& run : runs) {
    CHECK(run.header().symbol_bytes == runs.front().header().symbol_bytes);
    begins_.push_back(static_cast<uint32_t>(begin));
    begin += run.header().symbol_count;
    CHECK(begin <= kMaxMergedSymbols);
    symbols_per_block_ = static_cast<uint32_t>(run.header().symbols_per_block());
    symbol_bytes_ = run.header().symbol_bytes;
  }
  begins_.push_back(static_cast<uint32_t>(begin));
}

Result<Stretch> RunText::around(uint32_t position) {
  CHECK(position < size());
  const auto run = static_cast<size_t>(std::ranges::upper_bound(begins_, position) - begins_.begin() - 1);
  const uint32_t block = (position - begins_[run]) / symbols_per_block_;
  const uint64_t key = uint64_t{run} << 32 | block;
  // Fibonacci hashing: the blocks of a stretch of text spread over the places.
  const size_t place = (key * 0x9E37'79B9'7F4A'7C15 >> 32) * pairs_.size() >> 32;
  Pair& pair = pairs_[place];
  if (pair.last != key) {
    std::swap(pair.last, pair.other);
    pair.is_last_second = !pair.is_last_second;
  }
  char* const bytes = bytes_.get() + (2 * place + (pair.is_last_second ? 1 : 0)) * kBlockBytes;
  if (pair.last != key) {
    pair.last = kNothing;
    const std::string read = TRY(runs_[run].blocks(runs_[run].header().first_text_block() + block, 1));
    std::memcpy(bytes, read.data(), kBlockBytes);
    pair.last = key;
    ++blocks_read_;
  }
  const uint32_t begin = begins_[run] + block * symbols_per_block_;
  return Stretch(bytes, begin, std::min(begin + symbols_per_block_, begins_[run + 1]), symbol_bytes_);
}

}  // namespace tribute::suffix
