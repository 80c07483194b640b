#include "io/direct_pages.h"

#include <fcntl.h>
#include <liburing.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

namespace tribute::io {
namespace {

// So many reads are under way at most; a batch of more keeps as many waiting all the time.
constexpr unsigned kQueueDepth = 256;

// A page by pread, however the system parts it.
Result<void> read_page(const Descriptor& descriptor, const std::string& path, const PageRead& read) {
  size_t done = 0;
  while (done < kPageBytes) {
    const auto at = static_cast<off_t>(read.page * kPageBytes + done);
    const ssize_t got =
        uninterrupted([&] { return ::pread(descriptor.number(), read.into->bytes + done, kPageBytes - done, at); });
    // A direct read may begin at whole sectors alone: behind the end of a file that shrank there is none.
    if (got == 0 || (got < 0 && errno == EINVAL && done > 0)) return page_is_missing(path, read.page);
    if (got < 0) return system_error(path, errno);
    done += static_cast<size_t>(got);
  }
  return {};
}

// The two queues that the process shares with the system.
class Ring {
 public:
  // nullptr where the system has none, does not permit it, or has no room for another.
  static std::unique_ptr<Ring> make() {
    auto ring = std::unique_ptr<Ring>(new Ring);
    if (::io_uring_queue_init(kQueueDepth, &ring->ring_, 0) != 0) return nullptr;
    ring->is_made_ = true;
    return ring;
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    if (is_made_) ::io_uring_queue_exit(&ring_);
  }

  io_uring* get() { return &ring_; }

 private:
  Ring() = default;

  io_uring ring_{};
  bool is_made_ = false;
};

class DirectPages final : public PageFile {
 public:
  DirectPages(Descriptor descriptor, std::string path, const DirectPagesOptions& options)
      : descriptor_(std::move(descriptor)), path_(std::move(path)), is_direct_(options.is_direct) {
    if (options.access == PageAccess::queued) ring_ = Ring::make();
  }

  std::string_view way() const override {
    if (ring_) return is_direct_ ? "io_uring, direct" : "io_uring";
    return is_direct_ ? "pread, direct" : "pread";
  }

 private:
  Result<void> read_all(std::span<const PageRead> reads) override {
    for (const PageRead& read : reads) {
      if (read.page >= static_cast<uint64_t>(INT64_MAX) / kPageBytes) return page_is_missing(path_, read.page);
    }
    if (ring_ && reads.size() > 1) return read_queued(reads);
    return read_plain(reads);
  }

  // All that was submitted is waited for, also where something fails: the buffers are the caller's again.
  Result<void> read_queued(std::span<const PageRead> reads) {
    std::optional<Error> failure;
    size_t next = 0;       // to be put into the queue
    size_t waiting = 0;    // in the queue
    size_t under_way = 0;  // submitted
    while (waiting + under_way > 0 || (next < reads.size() && !failure)) {
      for (; next < reads.size() && waiting + under_way < kQueueDepth && !failure; ++next, ++waiting) {
        io_uring_sqe* const entry = ::io_uring_get_sqe(ring_->get());
        if (entry == nullptr) break;
        ::io_uring_prep_read(entry, descriptor_.number(), reads[next].into->bytes, kPageBytes,
                             reads[next].page * kPageBytes);
        ::io_uring_sqe_set_data64(entry, next);
      }
      const int submitted = ::io_uring_submit_and_wait(ring_->get(), 1);
      if (submitted >= 0) {
        waiting -= static_cast<size_t>(submitted);
        under_way += static_cast<size_t>(submitted);
      } else if (submitted != -EINTR && under_way == 0) {
        // The system takes no more, and nothing is under way: without the queue it goes on.
        ring_.reset();
        return read_plain(reads);
      }
      for (io_uring_cqe* done = nullptr; ::io_uring_peek_cqe(ring_->get(), &done) == 0; --under_way) {
        const PageRead& read = reads[::io_uring_cqe_get_data64(done)];
        const int got = done->res;
        ::io_uring_cqe_seen(ring_->get(), done);
        if (got == static_cast<int>(kPageBytes) || failure) continue;
        // Short, interrupted, or failed: once more, and what is wrong then is said.
        if (auto again = read_page(descriptor_, path_, read); !again) failure = std::move(again.error());
      }
    }
    if (failure) return std::unexpected(std::move(*failure));
    return {};
  }

  Result<void> read_plain(std::span<const PageRead> reads) {
    for (const PageRead& read : reads) TRY(read_page(descriptor_, path_, read));
    return {};
  }

  Descriptor descriptor_;
  std::string path_;
  bool is_direct_;
  std::unique_ptr<Ring> ring_;
};

}  // namespace

Result<std::unique_ptr<PageFile>> open_direct_pages(Descriptor descriptor, std::string path,
                                                    const DirectPagesOptions& options) {
  // Reads of such a file need not wait, and then are refused instead.
  const int flags = ::fcntl(descriptor.number(), F_GETFL);
  if (flags < 0 || ::fcntl(descriptor.number(), F_SETFL, flags & ~O_NONBLOCK) != 0) return system_error(path, errno);
  // What is read at random is not read ahead.
  if (!options.is_direct) (void)::posix_fadvise(descriptor.number(), 0, 0, POSIX_FADV_RANDOM);
  return std::make_unique<DirectPages>(std::move(descriptor), std::move(path), options);
}

}  // namespace tribute::io
