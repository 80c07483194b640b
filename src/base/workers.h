// A fixed pool of threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace tribute {

// Threads, the caller's among them, that do one thing at a time together. Used by one thread. There may be
// fewer than were asked for, where the system has no more to give.
class Workers {
 public:
  explicit Workers(uint32_t threads);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  uint32_t threads() const { return threads_.load(std::memory_order_relaxed); }

  // Calls work(i) for each i in [0, threads()), each on a thread of its own, and returns when all have
  // returned; what they did is then seen by all. `work` must not throw.
  void run(const std::function<void(uint32_t)>& work);

  // Calls work(j) once for each j in [0, count), on whatever thread is free, mostly in ascending order; as run().
  void run_each(size_t count, const std::function<void(size_t)>& work);

  // For work(i) of run() alone: waits until all are here; what each did before is then seen by all. Mostly it is
  // microseconds until the last one comes, so that the others do not fall asleep at once.
  void meet();

 private:
  void serve(uint32_t i);

  std::atomic<uint32_t> threads_;
  const std::function<void(uint32_t)>* work_ = nullptr;  // none: time to end
  std::atomic<uint32_t> here_ = 0;                       // threads that have come to the meeting
  std::atomic<uint32_t> meetings_ = 0;                   // that are over
  std::vector<std::jthread> others_;
};

// The i-th of `count` nearly equal parts of [0, size) begins here; it ends where the next begins.
inline uint32_t part_begin(uint64_t size, uint32_t i, uint32_t count) {
  return static_cast<uint32_t>(size * i / count);
}

}  // namespace tribute
