#include "base/workers.h"

#include <algorithm>
#include <system_error>

namespace tribute {

Workers::Workers(uint32_t threads) : threads_(threads) {
  try {
    for (uint32_t i = 1; i < threads; ++i) others_.emplace_back([this, i] { serve(i); });
  } catch (const std::system_error&) {
    // The system has no more threads to give: those that are there do the work.
    threads = static_cast<uint32_t>(others_.size()) + 1;
  }
  threads_ = std::max(1U, threads);
}

void Workers::serve(uint32_t i) {
  for (;;) {
    meet();
    if (work_ == nullptr) return;
    (*work_)(i);
    meet();
  }
}

Workers::~Workers() {
  work_ = nullptr;
  if (threads() > 1) meet();
}

void Workers::run(const std::function<void(uint32_t)>& work) {
  if (threads() == 1) return work(0);
  work_ = &work;
  meet();
  work(0);
  meet();
}

void Workers::run_each(size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next = 0;
  run([&](uint32_t) {
    for (size_t j = next++; j < count; j = next++) work(j);
  });
}

namespace {

// How often a thread looks whether a meeting is over before it sleeps: some tens of microseconds.
constexpr uint32_t kPatience = 2000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

void Workers::meet() {
  const uint32_t meeting = meetings_.load(std::memory_order_acquire);
  if (here_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads()) {
    here_.store(0, std::memory_order_relaxed);
    meetings_.store(meeting + 1, std::memory_order_release);
    meetings_.notify_all();
    return;
  }
  for (uint32_t i = 0; i < kPatience; ++i) {
    if (meetings_.load(std::memory_order_acquire) != meeting) return;
    pause();
  }
  meetings_.wait(meeting, std::memory_order_acquire);
}

}  // namespace tribute
