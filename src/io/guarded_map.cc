#include "io/guarded_map.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>

namespace tribute::io {

// What the signal handler reaches: it may neither lock nor allocate.
struct FaultHandler {
  static std::array<std::atomic<GuardedMap*>, GuardedMap::kMaxMaps> maps;
  // How many handlers are looking at a map just now; a map waits for them before it goes.
  static std::atomic<uint32_t> looking;
  static struct sigaction previous;

  static GuardedMap* find(const void* fault) {
    const auto place = reinterpret_cast<uintptr_t>(fault);
    for (const auto& slot : maps) {
      GuardedMap* const map = slot.load();
      if (map == nullptr) continue;
      const auto begin = reinterpret_cast<uintptr_t>(map->address_);
      if (place >= begin && place - begin < map->size_) return map;
    }
    return nullptr;
  }

  // True if the read can go on.
  static bool mend(const void* fault) {
    GuardedMap* const map = find(fault);
    if (map == nullptr) return false;
    // Before the zeros are there to be read.
    map->damaged_.store(true);
    const auto page_size = static_cast<uintptr_t>(::getpagesize());
    const uintptr_t offset = reinterpret_cast<uintptr_t>(fault) - reinterpret_cast<uintptr_t>(map->address_);
    void* const page = static_cast<char*>(map->address_) + offset / page_size * page_size;
    return ::mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
  }

  static void handle(int signal, siginfo_t* info, void* context) {
    ++looking;
    const bool mended = mend(info->si_addr);
    --looking;
    if (mended) return;
    if ((previous.sa_flags & SA_SIGINFO) != 0) return previous.sa_sigaction(signal, info, context);
    // The instruction runs again, and its fault ends the process or goes to the handler before this one;
    // a signal that somebody sent does not come again by itself.
    ::sigaction(signal, &previous, nullptr);
    if (info->si_code <= 0) ::raise(signal);
  }

  static bool install() {
    struct sigaction action{};
    action.sa_sigaction = handle;
    action.sa_flags = static_cast<int>(SA_SIGINFO | SA_NODEFER | SA_ONSTACK);
    return ::sigaction(SIGBUS, &action, &previous) == 0;
  }
};

std::array<std::atomic<GuardedMap*>, GuardedMap::kMaxMaps> FaultHandler::maps{};
std::atomic<uint32_t> FaultHandler::looking = 0;
struct sigaction FaultHandler::previous{};

GuardedMap::GuardedMap(void* address, size_t size) : address_(address), size_(size) {
  static const bool installed = FaultHandler::install();
  if (!installed || size == 0) return;
  for (auto& slot : FaultHandler::maps) {
    GuardedMap* empty = nullptr;
    if (slot.compare_exchange_strong(empty, this)) return;
  }
}

GuardedMap::~GuardedMap() {
  if (size_ == 0) return;
  for (auto& slot : FaultHandler::maps) {
    GuardedMap* self = this;
    if (slot.compare_exchange_strong(self, nullptr)) break;
  }
  while (FaultHandler::looking.load() != 0) {
  }
  ::munmap(address_, size_);
}

std::unique_ptr<GuardedMap> GuardedMap::make(int descriptor, size_t size) {
  void* address = nullptr;
  if (size > 0) {  // mmap refuses an empty range
    address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (address == MAP_FAILED) return nullptr;
  }
  return std::unique_ptr<GuardedMap>(new GuardedMap(address, size));
}

}  // namespace tribute::io
