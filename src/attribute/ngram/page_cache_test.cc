#include "ngram/page_cache.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <set>

#include "io/memory_file_system.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::Library;
using testing::Tokens;

// A list of blocks, the one that was used last at the front.
class NaiveCache {
 public:
  explicit NaiveCache(uint64_t capacity) : capacity_(capacity) {}

  bool find(uint64_t block) {
    held_.insert(block);
    const auto at = std::ranges::find(blocks_, block);
    const bool is_there = at != blocks_.end() && !wanted_.contains(block);
    if (at != blocks_.end()) blocks_.erase(at);
    blocks_.push_front(block);
    if (!is_there) wanted_.insert(block);
    return is_there;
  }
  uint64_t fetch() {
    drop();
    const uint64_t count = wanted_.size();
    wanted_.clear();
    return count;
  }
  void release() {
    held_.clear();
    drop();
  }
  uint64_t size() const { return blocks_.size(); }

 private:
  void drop() {
    while (blocks_.size() > capacity_ && !held_.contains(blocks_.back())) blocks_.pop_back();
  }

  uint64_t capacity_;
  std::deque<uint64_t> blocks_;
  std::set<uint64_t> held_;
  std::set<uint64_t> wanted_;
};

TEST(PageCache, KeepsWhatWasUsedLast) {
  Library library(10);
  const std::vector<Document> documents = {document_of(1, 1, Tokens(60'000, TokenId{3}))};
  const Hash256 name = library.write_segment(documents);
  const Segment segment = *Segment::open_columns(library.files(), ".", name);
  const std::string file = *io::read_file(library.files(), segment.path());
  const uint64_t block_count = segment.layout().of(Section::checksums).begin / kBlockBytes;
  ASSERT_GT(block_count, 20U);
  EXPECT_TRUE(rc::check([&] {
    const auto capacity = *rc::gen::inRange<uint64_t>(0, 12);
    PageCache cache(segment, *library.files().open_pages(segment.path(), io::PageAccess::queued), capacity);
    NaiveCache naive(capacity);
    for (int step = 0; step < 60; ++step) {
      std::vector<uint64_t> blocks(*rc::gen::inRange<size_t>(0, 6));
      for (uint64_t& block : blocks) block = *rc::gen::inRange<uint64_t>(1, 20);
      for (const uint64_t block : blocks) RC_ASSERT((cache.find(block) != nullptr) == naive.find(block));
      const uint64_t before = cache.file().pages_read();
      RC_ASSERT(cache.fetch().has_value());
      RC_ASSERT(cache.file().pages_read() - before == naive.fetch());
      for (const uint64_t block : blocks) {
        const char* const bytes = cache.find(block);
        RC_ASSERT(bytes != nullptr && naive.find(block));
        RC_ASSERT(std::string_view(bytes, kBlockBytes) == file.substr(block * kBlockBytes, kBlockBytes));
      }
      RC_ASSERT(cache.block_count() == naive.size());
      if (*rc::gen::inRange(0, 3) > 0) continue;
      cache.release();
      naive.release();
      RC_ASSERT(cache.block_count() == naive.size() && cache.block_count() <= capacity);
    }
  }));
}

}  // namespace
}  // namespace tribute::ngram
