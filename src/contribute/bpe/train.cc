#include "bpe/train.h"

#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bpe/pair_table.h"

namespace tribute::bpe {
namespace {

constexpr uint32_t kBytes = 256;
constexpr uint64_t kMaxPieceBytesInAll = uint64_t{1} << 30;  // so that places of pairs are below 2^32
constexpr int64_t kMaxCount = int64_t{1} << 62;

Result<void> check(std::span<const CountedPiece> pieces, const TrainOptions& options) {
  const auto refuse = [](std::string_view what) { return fail(ErrorCode::invalid_argument, std::string(what)); };
  if (options.entry_count < kBytes || options.entry_count > kMaxEntries) {
    return refuse("an encoding has 256 to " + std::to_string(kMaxEntries) + " entries, not " +
                  std::to_string(options.entry_count));
  }
  if (options.min_pair_count < 1) return refuse("the least count of a pair is at least 1");
  if (options.max_entry_bytes < 2) return refuse("the longest entry has at least 2 bytes");
  uint64_t bytes = 0;
  int64_t total = 0;
  for (const CountedPiece& piece : pieces) {
    if (piece.bytes.empty()) return refuse("a piece of no bytes cannot be counted");
    bytes += piece.bytes.size();
    int64_t weight = 0;
    if (bytes > kMaxPieceBytesInAll || piece.count > static_cast<uint64_t>(kMaxCount) ||
        __builtin_mul_overflow(static_cast<int64_t>(piece.count), static_cast<int64_t>(piece.bytes.size()), &weight) ||
        __builtin_add_overflow(total, weight, &total) || total > kMaxCount) {
      return fail(ErrorCode::out_of_range, "the pieces are too many; train on less text");
    }
  }
  return {};
}

class Trainer {
 public:
  Trainer(std::span<const CountedPiece> pieces, const TrainOptions& options) : options_(options) {
    definition_.symbols = Symbols::bytes;
    definition_.order = MergeOrder::listed;
    for (uint32_t byte = 0; byte < kBytes; ++byte) append_entry(std::string(1, static_cast<char>(byte)));
    begins_.reserve(pieces.size() + 1);
    for (const CountedPiece& piece : pieces) {
      if (piece.count == 0 || piece.bytes.size() < 2) continue;  // no pair stands in it
      add_piece(piece);
    }
  }

  Result<Definition> run() {
    push_grown();
    while (definition_.entries.size() < options_.entry_count) {
      const std::optional<uint64_t> key = pop_best();
      if (!key) break;
      merge(*key);
      constexpr uint32_t kMergesBetweenReports = 64;
      if (round_ % kMergesBetweenReports == 0 && options_.progress && !options_.progress(definition_.entries.size())) {
        return fail(ErrorCode::cancelled, "the training was stopped");
      }
    }
    return std::move(definition_);
  }

 private:
  // A pair and what its count was when it was put into the queue. The count may have fallen since: then the
  // candidate comes back with the count it has; if it has grown, a newer candidate says so.
  struct Candidate {
    int64_t count = 0;
    uint64_t key = 0;
  };

  // Orders the queue: true if `a` comes after `b`. No two pairs are equal, since no two entries have the same bytes.
  struct Later {
    const Trainer* trainer;
    bool operator()(const Candidate& a, const Candidate& b) const {
      if (a.count != b.count) return a.count < b.count;
      const Entries& entries = trainer->definition_.entries;
      const int left = entries.bytes(left_of(a.key)).compare(entries.bytes(left_of(b.key)));
      if (left != 0) return left > 0;
      return entries.bytes(right_of(a.key)).compare(entries.bytes(right_of(b.key))) > 0;
    }
  };

  uint32_t append_entry(const std::string& bytes) {
    const uint32_t id = definition_.entries.size();
    const auto [found, is_new] = ids_.emplace(bytes, id);
    if (is_new) definition_.entries.append(bytes, EntryUse::text);
    return found->second;
  }

  void add_piece(const CountedPiece& piece) {
    const auto index = static_cast<uint32_t>(counts_.size());
    const auto count = static_cast<int64_t>(piece.count);
    begins_.push_back(static_cast<uint32_t>(symbols_.size()));
    sizes_.push_back(static_cast<uint32_t>(piece.bytes.size()));
    counts_.push_back(count);
    for (const char c : piece.bytes) symbols_.push_back(static_cast<uint8_t>(c));
    for (size_t i = begins_.back(); i + 1 < symbols_.size(); ++i) grow(symbols_[i], symbols_[i + 1], count, index);
  }

  void grow(uint32_t left, uint32_t right, int64_t count, uint32_t piece) {
    const uint64_t key = key_of(left, right);
    if (pairs_.add(key, count, piece, round_)) grown_.push_back(key);
  }

  bool is_short_enough(uint64_t key) const {
    const Entries& entries = definition_.entries;
    return entries.bytes(left_of(key)).size() + entries.bytes(right_of(key)).size() <= options_.max_entry_bytes;
  }

  // Queues the pairs that became more frequent in this round; the next round begins.
  void push_grown() {
    for (const uint64_t key : grown_) push(key);
    grown_.clear();
    ++round_;
  }

  void push(uint64_t key) {
    const int64_t count = pairs_.count(key);
    if (count > 0 && static_cast<uint64_t>(count) >= options_.min_pair_count && is_short_enough(key)) {
      queue_.push({.count = count, .key = key});
    }
  }

  std::optional<uint64_t> pop_best() {
    while (!queue_.empty()) {
      const Candidate candidate = queue_.top();
      queue_.pop();
      const int64_t count = pairs_.count(candidate.key);
      if (count == candidate.count) return candidate.key;
      if (count < candidate.count) push(candidate.key);
    }
    return std::nullopt;
  }

  void merge(uint64_t key) {
    const uint32_t left = left_of(key);
    const uint32_t right = right_of(key);
    const Entries& entries = definition_.entries;
    const uint32_t result = append_entry(std::string(entries.bytes(left)) + std::string(entries.bytes(right)));
    definition_.merges.push_back({.left = left, .right = right, .result = result});
    pairs_.take(key, touched_);
    for (const uint32_t piece : touched_) merge_in(piece, key, result);
    push_grown();
  }

  // Merges every pair in one piece, from the left, and keeps the counts of its neighbours.
  void merge_in(uint32_t piece, uint64_t key, uint32_t result) {
    const uint32_t left = left_of(key);
    const uint32_t right = right_of(key);
    const int64_t count = counts_[piece];
    const std::span<uint32_t> symbols(symbols_.data() + begins_[piece], sizes_[piece]);
    // The merged pair is no longer in the table; of one entry twice, it stands beside itself.
    const auto shrink = [&](uint32_t a, uint32_t b) {
      if (key_of(a, b) != key) pairs_.subtract(key_of(a, b), count);
    };
    size_t written = 0;
    for (size_t read = 0; read < symbols.size(); ++read) {
      if (symbols[read] != left || read + 1 == symbols.size() || symbols[read + 1] != right) {
        symbols[written++] = symbols[read];
        continue;
      }
      if (written > 0) {
        shrink(symbols[written - 1], left);
        grow(symbols[written - 1], result, count, piece);
      }
      if (read + 2 < symbols.size()) {
        shrink(right, symbols[read + 2]);
        grow(result, symbols[read + 2], count, piece);
      }
      symbols[written++] = result;
      ++read;
    }
    sizes_[piece] = static_cast<uint32_t>(written);
  }

  const TrainOptions& options_;
  Definition definition_;
  std::unordered_map<std::string, uint32_t> ids_;
  // The pieces: entries, where each begins, how many it has by now, how often it stands.
  std::vector<uint32_t> symbols_;
  std::vector<uint32_t> begins_;
  std::vector<uint32_t> sizes_;
  std::vector<int64_t> counts_;
  PairTable pairs_;
  std::priority_queue<Candidate, std::vector<Candidate>, Later> queue_{Later{this}};
  std::vector<uint64_t> grown_;
  std::vector<uint32_t> touched_;
  uint32_t round_ = 1;
};

}  // namespace

Result<Definition> train(std::span<const CountedPiece> pieces, const TrainOptions& options) {
  TRY(check(pieces, options));
  return Trainer(pieces, options).run();
}

}  // namespace tribute::bpe
