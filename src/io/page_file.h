// PageFile: a file that is read page by page at random, many pages at once, past the system's page cache.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/error.h"

namespace tribute::io {

inline constexpr uint64_t kPageBytes = 4096;

// Where a page's bytes go: kPageBytes of them, at an address that is a multiple of as many.
struct alignas(kPageBytes) PageBuffer {
  char bytes[kPageBytes];  // NOLINT(modernize-avoid-c-arrays): not written before it is read into
};
struct PageRead {
  uint64_t page = 0;  // bytes [page * kPageBytes, (page + 1) * kPageBytes) of the file
  PageBuffer* into = nullptr;
};

// How a batch of pages is asked for.
enum class PageAccess : uint8_t {
  queued,  // all at once by io_uring, or as `plain` where the system has none or does not permit it
  plain,   // one after another by pread
};

// An immutable file of whole pages. What it reads does not stay in the system's page cache where the file system can do
// so (O_DIRECT), and counts: these counts, not times, are what one machine can tell another about a search. Not
// thread-safe. Must not outlive its FileSystem.
class PageFile {
 public:
  PageFile() = default;
  PageFile(const PageFile&) = delete;
  PageFile& operator=(const PageFile&) = delete;
  virtual ~PageFile() = default;

  // Reads all of the pages, in any order, and returns when all are there: one round. No round if there are none.
  // On an error the buffers may hold anything; nothing is written to them afterwards.
  // Errors: data_loss naming the file for a page that is not wholly in it; unavailable where the disk fails.
  Result<void> read(std::span<const PageRead> reads);

  // Since it was opened, what failed too.
  uint64_t pages_read() const { return pages_read_; }
  uint64_t rounds() const { return rounds_; }
  // "io_uring" or "pread", and ", direct" where the page cache is passed by.
  virtual std::string_view way() const = 0;

 private:
  virtual Result<void> read_all(std::span<const PageRead> reads) = 0;

  uint64_t pages_read_ = 0;
  uint64_t rounds_ = 0;
};

// For those who make one: the error for a page that is not wholly in the file.
std::unexpected<Error> page_is_missing(std::string_view path, uint64_t page);

}  // namespace tribute::io
