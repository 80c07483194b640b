// A file system in memory that can fail and lose power: the double for tests of durability.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "io/file_system.h"

namespace tribute::io {

// Which operation the fault hook is asked about. map(), list(), exists() and File::size() are reads.
enum class Operation : uint8_t {
  open,
  read,
  write,
  truncate,
  sync,
  rename,
  remove,
  make_folder,
  sync_folder,
  set_mode,
  lock
};

// What the next operation shall do.
enum class Fault : uint8_t {
  none,       // as usual
  error,      // fail with unavailable, nothing done
  disk_full,  // writes: a part of the bytes is written, then resource_exhausted; others as none
  crash,      // power is lost before it: this and every later operation fails with aborted
};

// An in-memory FileSystem with the durability rules of a real one: written pages (4 KiB, torn at
// 512-byte sectors), truncations and folder entries are volatile until synced.
//
// crash() (or a Fault::crash) makes every operation fail until restart(), which keeps what was
// synced and, of the rest, an arbitrary subset: each unsynced sector write, size change and rename
// may have reached the disk or not, decided by `seed`. Locks are gone and open Files stay dead.
// Thread-safe.
class MemoryFileSystem final : public FileSystem {
 public:
  MemoryFileSystem();
  ~MemoryFileSystem() override;

  // Asked before each operation with the number of operations so far. Empty: no faults. The hook must
  // not call this file system.
  using FaultHook = std::function<Fault(Operation, const std::string& path, uint64_t operation_number)>;
  void set_fault_hook(FaultHook hook);
  uint64_t operation_count() const;

  void crash();
  bool crashed() const;
  // Power returns. `keep_unsynced_permille`: the chance of each unsynced change to have survived.
  void restart(uint64_t seed, uint32_t keep_unsynced_permille = 500);

  // An independent copy of everything as it is now (without open files, locks and hooks).
  std::unique_ptr<MemoryFileSystem> clone() const;

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<std::unique_ptr<FileMap>> map(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> make_folder(const std::string& path) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<std::vector<FolderEntry>> list(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
  Result<void> set_mode(const std::string& path, uint32_t mode) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path, std::string_view holder) override;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the open files
};

}  // namespace tribute::io
