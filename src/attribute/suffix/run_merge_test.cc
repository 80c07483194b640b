#include "suffix/run_merge.h"
#include "base/testing/stride.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "io/memory_file_system.h"
#include "suffix/suffix_sort.h"
#include "suffix/testing/texts.h"

namespace tribute::suffix {
namespace {

// So little that everything is read again and again.
constexpr MergeOptions kNarrow = {.stream_blocks = 1, .text_blocks = 2, .passages = 4, .parting_symbols = 12};

// Where each run ends: behind a separator, at least `least` symbols from where it begins.
std::vector<size_t> run_ends(const Text& text, size_t least) {
  std::vector<size_t> ends;
  for (size_t i = 0, begin = 0; i < text.size(); ++i) {
    if (text[i] != kSeparator || (i + 1 - begin < least && i + 1 < text.size())) continue;
    ends.push_back(begin = i + 1);
  }
  return ends;
}

template <typename Symbol>
std::vector<std::string> write_runs(io::FileSystem& files, const Text& text, const std::vector<size_t>& ends,
                                    uint32_t threads = 1) {
  const std::vector<Symbol> symbols(text.begin(), text.end());
  std::vector<std::string> paths;
  size_t begin = 0;
  for (const size_t end : ends) {
    const std::string path = "run-" + std::to_string(paths.size());
    paths.push_back(path);
    const RunOptions options{.contents = sha256(path), .symbol_count = symbol_count_of(text), .threads = threads};
    EXPECT_TRUE(write_run(files, path, std::span(symbols).subspan(begin, end - begin), options).has_value());
    begin = end;
  }
  return paths;
}

Result<std::vector<MergedSuffix>> merged(io::FileSystem& files, const std::vector<std::string>& paths,
                                         const MergeOptions& options, size_t at_once = 100) {
  RunMerge merge = TRY(RunMerge::open(files, paths, options));
  std::vector<MergedSuffix> all;
  std::vector<MergedSuffix> some(at_once);
  do {
    some.resize(TRY(merge.next(some)));
    all.insert(all.end(), some.begin(), some.end());
  } while (some.size() == at_once);
  return all;
}

// What the merge must give, by the order of all texts together.
bool is_merged(const Text& text, const std::vector<uint32_t>& order, const std::vector<MergedSuffix>& suffixes,
               uint32_t parting_symbols) {
  const auto separators = static_cast<size_t>(std::ranges::count(text, kSeparator));
  if (suffixes.size() != order.size() - separators) return false;
  for (size_t i = 0; i < suffixes.size(); ++i) {
    const auto& [position, shared, symbol, symbol_before] = suffixes[i];
    if (position != order[separators + i] || symbol != text[position + shared]) return false;
    if (i == 0) {
      if (shared != 0) return false;
      continue;
    }
    const uint32_t before = suffixes[i - 1].position;
    uint32_t length = 0;
    while (text[before + length] == text[position + length] && text[position + length] != kSeparator) ++length;
    if (shared != length || (shared < parting_symbols && symbol_before != text[before + length])) return false;
  }
  return true;
}

template <typename Symbol>
bool is_right(const Text& text, const std::vector<uint32_t>& order, size_t least,
              const MergeOptions& options = kNarrow) {
  io::MemoryFileSystem files;
  const auto suffixes = merged(files, write_runs<Symbol>(files, text, run_ends(text, least)), options);
  return suffixes && is_merged(text, order, *suffixes, options.parting_symbols);
}

// Every text over {separator, a, b} up to length 8, a separator after it, each document a run.
TEST(RunMerge, AgreesWithTheSortOnEveryShortText) {
  uint32_t count = 1;
  for (uint32_t length = 0; length <= 8; ++length, count *= 3) {
    for (uint32_t number = 0; number < count; number += kTestStride) {
      Text text;
      for (uint32_t i = 0, rest = number; i < length; ++i, rest /= 3) text.push_back(rest % 3);
      text.push_back(kSeparator);
      ASSERT_TRUE(is_right<uint16_t>(text, sorted_by_comparison(text), 1)) << length << " " << number;
    }
  }
}

TEST(RunMerge, AgreesWithTheSortOnRandomTexts) {
  EXPECT_TRUE(rc::check([] {
    const auto alphabet = *rc::gen::element(1U, 2U, 3U, 20U, 65'535U, (1U << 18) - 1);
    const auto symbol = rc::gen::inRange(0U, alphabet + 1);
    Text text = *rc::gen::scale(5, rc::gen::container<Text>(symbol));
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {  // repeats
      text.push_back(kSeparator);
      text.insert(text.end(), text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.size()) - 1);
    }
    text.push_back(kSeparator);
    const auto order = sorted_by_comparison(text);
    const size_t least = *rc::gen::inRange<size_t>(1, 1 + text.size());
    RC_ASSERT(is_right<uint32_t>(text, order, least));
    if (alphabet < 1U << 16) RC_ASSERT(is_right<uint16_t>(text, order, least));
  }));
}

TEST(RunMerge, AgreesWithTheSortOnRepetitiveTexts) {
  for (uint32_t seed = 0; seed < 8; ++seed) {
    const uint32_t symbol_count = std::vector{3U, 50U, 1000U, 60'000U}[seed % 4];
    const Text text = repetitive(20'000, symbol_count, seed);
    const auto order = sorted_by_comparison(text);
    for (const size_t least : {1U, 500U, 3000U, 12'000U}) {
      EXPECT_TRUE(is_right<uint16_t>(text, order, least)) << seed;
      EXPECT_TRUE(is_right<uint32_t>(text, order, least, {})) << seed;
    }
  }
}

// What makes a naive merge quadratic, in runs that share all they have: it would not come back. How often the text
// is read stays in proportion.
TEST(RunMerge, ReadsLittleOfTextsThatRepeat) {
  for (const Text& part : periodic_texts((1 << 17) / kTestStride)) {
    Text text;
    for (int i = 0; i < 5; ++i) text.insert(text.end(), part.begin(), part.end());
    const std::vector<uint16_t> symbols(text.begin(), text.end());
    std::vector<uint32_t> order(text.size());
    sort_suffixes(std::span(symbols), symbol_count_of(text), order);
    io::MemoryFileSystem files;
    const auto paths = write_runs<uint16_t>(files, text, run_ends(text, part.size()));
    ASSERT_EQ(paths.size(), 5U);
    auto merge = RunMerge::open(files, paths, {.stream_blocks = 1, .text_blocks = 16, .passages = 1024});
    ASSERT_TRUE(merge.has_value());
    std::vector<MergedSuffix> suffixes(text.size());
    suffixes.resize(merge->next(suffixes).value());
    const auto separators = static_cast<size_t>(std::ranges::count(text, kSeparator));
    ASSERT_EQ(suffixes.size(), text.size() - separators);
    for (size_t i = 0; i < suffixes.size(); ++i) ASSERT_EQ(suffixes[i].position, order[separators + i]);
    EXPECT_LE(merge->text().blocks_read(), 100 + text.size() / 100);
  }
}

TEST(RunMerge, MergesNoneOneAndEmptyRuns) {
  io::MemoryFileSystem files;
  EXPECT_TRUE(merged(files, {}, kNarrow)->empty());
  Text text;
  for (int i = 0; i < 3; ++i) append(text, "");
  EXPECT_TRUE(merged(files, write_runs<uint16_t>(files, text, run_ends(text, 1)), kNarrow)->empty());
  append(text, "b");
  EXPECT_TRUE(is_right<uint16_t>(text, sorted_by_comparison(text), 1));
  EXPECT_TRUE(is_right<uint16_t>(text, sorted_by_comparison(text), 10));
}

TEST(RunMergeThreads, WriteTheSameRun) {
  const Text text = repetitive(1'200'000, 20'000, 1);
  io::MemoryFileSystem files;
  io::MemoryFileSystem others;
  const auto paths = write_runs<uint16_t>(files, text, {text.size()}, 1);
  EXPECT_EQ(write_runs<uint16_t>(others, text, {text.size()}, 3), paths);
  const auto alone = merged(files, paths, {}, text.size() + 1);
  const auto together = merged(others, paths, {}, text.size() + 1);
  ASSERT_TRUE(alone && together);
  const auto is_same = [](const MergedSuffix& a, const MergedSuffix& b) {
    return a.position == b.position && a.shared == b.shared && a.symbol == b.symbol;
  };
  EXPECT_TRUE(std::ranges::equal(*alone, *together, is_same));
}

// Every byte of three runs, changed: an error, or a merge that does not need it, but never another order.
TEST(RunMerge, NoticesDamage) {
  const Text text = repetitive(2'000, 50, 3);
  const auto order = sorted_by_comparison(text);
  io::MemoryFileSystem files;
  const auto paths = write_runs<uint16_t>(files, text, run_ends(text, 700));
  uint32_t noticed = 0;
  uint32_t tried = 0;
  for (const std::string& path : paths) {
    const std::string whole = *io::read_file(files, path);
    for (size_t at = 0; at < whole.size(); at += 97) {
      auto copy = files.clone();
      const auto file = *copy->open(path, io::OpenMode::read_write);
      ASSERT_TRUE(file->write_at(at, std::string(1, static_cast<char>(whole[at] ^ 4))).has_value());
      const auto suffixes = merged(*copy, paths, kNarrow);
      ++tried;
      if (!suffixes) {
        ++noticed;
        EXPECT_EQ(suffixes.error().code, ErrorCode::data_loss);
      } else {
        EXPECT_TRUE(is_merged(text, order, *suffixes, 0)) << path << " " << at;
      }
    }
    for (const size_t size : {size_t{0}, size_t{100}, kBlockBytes, whole.size() - kBlockBytes, whole.size() - 1}) {
      auto copy = files.clone();
      ASSERT_TRUE((*copy->open(path, io::OpenMode::read_write))->truncate(size).has_value());
      EXPECT_EQ(merged(*copy, paths, kNarrow).error().code, ErrorCode::data_loss);
    }
  }
  EXPECT_GT(noticed, tried / 3);
  // A run in the place of another.
  ASSERT_TRUE(files.rename(paths[0], paths[1]).has_value());
  EXPECT_FALSE(merged(files, paths, kNarrow).has_value());
}

TEST(RunMerge, AFileIsThereWhollyOrNotAtAll) {
  const Text text = repetitive(20'000, 50, 3);
  io::MemoryFileSystem whole;
  write_runs<uint16_t>(whole, text, {text.size()});
  const uint64_t operations = whole.operation_count();
  const std::vector<uint16_t> symbols(text.begin(), text.end());
  const RunOptions options{.contents = sha256("run-0"), .symbol_count = symbol_count_of(text)};
  for (const io::Fault fault : {io::Fault::error, io::Fault::disk_full, io::Fault::crash}) {
    for (uint64_t at = 0; at < operations; ++at) {
      io::MemoryFileSystem files;
      files.set_fault_hook(
          [&](io::Operation, const std::string&, uint64_t number) { return number == at ? fault : io::Fault::none; });
      const bool is_written = write_run(files, "run-0", std::span<const uint16_t>(symbols), options).has_value();
      files.set_fault_hook({});
      files.crash();  // what was written stays
      files.restart(at, 0);
      const bool is_there = *files.exists("run-0");
      EXPECT_TRUE(is_there || !is_written);
      if (is_there) {
        const auto suffixes = merged(files, {"run-0"}, kNarrow);
        ASSERT_TRUE(suffixes.has_value()) << suffixes.error().message;
        EXPECT_EQ(suffixes->size(), text.size() - static_cast<size_t>(std::ranges::count(text, kSeparator)));
      }
    }
  }
}

}  // namespace
}  // namespace tribute::suffix
