// The map of a file that survives its file's shrinking.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string_view>

#include "io/file_system.h"

namespace tribute::io {

// A mapped file. The operating system answers a read beyond the end of a file that shrank, or of a part
// that the disk cannot give, with SIGBUS. The first map installs a handler of it for the process, which
// puts a page of zeros there, notes it in the map, and lets the read go on. A SIGBUS anywhere else goes
// to the handler that was there before.
//
// Thread-safe. The maps of a process are counted out of a table of kMaxMaps; further ones work without
// this guard.
class GuardedMap final : public FileMap {
 public:
  static constexpr size_t kMaxMaps = 4096;

  // Maps the first `size` bytes of an open file, which may be closed afterwards. nullptr with errno set
  // if the system refuses.
  static std::unique_ptr<GuardedMap> make(int descriptor, size_t size);
  GuardedMap(const GuardedMap&) = delete;
  GuardedMap& operator=(const GuardedMap&) = delete;
  ~GuardedMap() override;

  std::string_view bytes() const override { return {static_cast<const char*>(address_), size_}; }
  bool is_intact() const override { return !damaged_.load(); }

 private:
  GuardedMap(void* address, size_t size);

  void* address_;  // nullptr: an empty file
  size_t size_;
  std::atomic<bool> damaged_ = false;
  friend struct FaultHandler;
};

}  // namespace tribute::io
