#include "io/memory_file_system.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "io/memory_disk.h"

namespace tribute::io {

struct MemoryFileSystem::State {
  std::mutex mutex;
  MemoryDisk disk;
  std::set<NodeId> locked;
  bool crashed = false;
  uint64_t restarts = 0;  // files and locks of an earlier life are dead
  uint64_t operation_count = 0;
  FaultHook hook;

  // Counts the operation and does what the hook wants of it. With the mutex held.
  Result<Fault> start(Operation operation, const std::string& path) {
    if (crashed) return power_is_off(path);
    const Fault fault = hook ? hook(operation, path, operation_count) : Fault::none;
    ++operation_count;
    if (fault == Fault::crash) {
      crashed = true;
      return power_is_off(path);
    }
    if (fault == Fault::error) return fail(ErrorCode::unavailable, path + ": input/output error");
    return fault;
  }

  static std::unexpected<Error> power_is_off(const std::string& path) {
    return fail(ErrorCode::aborted, path + ": the power is off");
  }

  // With the mutex held.
  Result<void> write(NodeId node, const std::string& path, uint64_t offset, std::string_view bytes) {
    const Fault fault = TRY(start(Operation::write, path));
    const bool full = fault == Fault::disk_full;
    disk.content(node).write(offset, full ? bytes.substr(0, bytes.size() / 2) : bytes);
    if (full) {
      return fail(ErrorCode::resource_exhausted,
                  path + ": no space left on the disk; free some and run the command again");
    }
    return {};
  }
};

namespace {

class MemoryFileMap final : public FileMap {
 public:
  explicit MemoryFileMap(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string_view bytes() const override { return bytes_; }
  bool is_intact() const override { return true; }

 private:
  std::string bytes_;
};

template <typename State>
class MemoryFileLock final : public FileLock {
 public:
  MemoryFileLock(std::shared_ptr<State> state, NodeId node)
      : state_(std::move(state)), node_(node), born_(state_->restarts) {}
  ~MemoryFileLock() override {
    const std::lock_guard guard(state_->mutex);
    if (state_->restarts == born_) state_->locked.erase(node_);
  }

 private:
  std::shared_ptr<State> state_;
  NodeId node_;
  uint64_t born_;
};

template <typename State>
class MemoryFile final : public File {
 public:
  MemoryFile(std::shared_ptr<State> state, NodeId node, std::string path, bool writable)
      : state_(std::move(state)), node_(node), path_(std::move(path)), writable_(writable), born_(state_->restarts) {}

  Result<std::string> read_at(uint64_t offset, size_t size) override {
    const std::lock_guard guard(state_->mutex);
    TRY(start(Operation::read));
    const std::string& bytes = state_->disk.content(node_).bytes();
    return offset < bytes.size() ? bytes.substr(offset, size) : std::string();
  }

  Result<void> write_at(uint64_t offset, std::string_view bytes) override {
    const std::lock_guard guard(state_->mutex);
    TRY(check_writable());
    return state_->write(node_, path_, offset, bytes);
  }

  Result<void> truncate(uint64_t size) override {
    const std::lock_guard guard(state_->mutex);
    TRY(check_writable());
    TRY(start(Operation::truncate));
    state_->disk.content(node_).truncate(size);
    return {};
  }

  Result<void> sync() override {
    const std::lock_guard guard(state_->mutex);
    TRY(start(Operation::sync));
    state_->disk.content(node_).sync();
    return {};
  }

  Result<uint64_t> size() override {
    const std::lock_guard guard(state_->mutex);
    TRY(start(Operation::read));
    return state_->disk.content(node_).bytes().size();
  }

 private:
  Result<void> check_alive() const {
    if (state_->restarts != born_) return State::power_is_off(path_);
    return {};
  }

  Result<void> check_writable() const {
    TRY(check_alive());
    if (!writable_) return fail(ErrorCode::permission_denied, path_ + ": is open for reading only");
    return {};
  }

  Result<Fault> start(Operation operation) {
    TRY(check_alive());
    return state_->start(operation, path_);
  }

  std::shared_ptr<State> state_;
  NodeId node_;
  std::string path_;
  bool writable_;
  uint64_t born_;
};

}  // namespace

MemoryFileSystem::MemoryFileSystem() : state_(std::make_shared<State>()) {}
MemoryFileSystem::~MemoryFileSystem() = default;

void MemoryFileSystem::set_fault_hook(FaultHook hook) {
  const std::lock_guard guard(state_->mutex);
  state_->hook = std::move(hook);
}

uint64_t MemoryFileSystem::operation_count() const {
  const std::lock_guard guard(state_->mutex);
  return state_->operation_count;
}

void MemoryFileSystem::crash() {
  const std::lock_guard guard(state_->mutex);
  state_->crashed = true;
}

bool MemoryFileSystem::crashed() const {
  const std::lock_guard guard(state_->mutex);
  return state_->crashed;
}

void MemoryFileSystem::restart(uint64_t seed, uint32_t keep_unsynced_permille) {
  const std::lock_guard guard(state_->mutex);
  state_->disk.lose_power(seed, keep_unsynced_permille);
  state_->locked.clear();
  state_->crashed = false;
  ++state_->restarts;
}

std::unique_ptr<MemoryFileSystem> MemoryFileSystem::clone() const {
  const std::lock_guard guard(state_->mutex);
  auto copy = std::make_unique<MemoryFileSystem>();
  copy->state_->disk = state_->disk;
  copy->state_->crashed = state_->crashed;
  return copy;
}

Result<std::unique_ptr<File>> MemoryFileSystem::open(const std::string& path, OpenMode mode) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::open, path));
  const NodeId node = TRY(state_->disk.open(path, mode));
  return std::make_unique<MemoryFile<State>>(state_, node, path, mode != OpenMode::read);
}

Result<std::unique_ptr<FileMap>> MemoryFileSystem::map(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::read, path));
  const NodeId node = TRY(state_->disk.open(path, OpenMode::read));
  return std::make_unique<MemoryFileMap>(state_->disk.content(node).bytes());
}

Result<void> MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::rename, from));
  return state_->disk.rename(from, to);
}

Result<void> MemoryFileSystem::remove(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::remove, path));
  return state_->disk.remove(path);
}

Result<void> MemoryFileSystem::make_folder(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::make_folder, path));
  return state_->disk.make_folder(path);
}

Result<void> MemoryFileSystem::sync_folder(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::sync_folder, path));
  return state_->disk.sync_folder(path);
}

Result<std::vector<FolderEntry>> MemoryFileSystem::list(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::read, path));
  return state_->disk.list(path);
}

Result<bool> MemoryFileSystem::exists(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::read, path));
  return state_->disk.exists(path);
}

Result<void> MemoryFileSystem::set_mode(const std::string& path, uint32_t /*mode*/) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::set_mode, path));
  if (!state_->disk.exists(path)) return fail(ErrorCode::not_found, path + ": no such file or folder");
  return {};
}

Result<std::unique_ptr<FileLock>> MemoryFileSystem::lock(const std::string& path, std::string_view holder) {
  const std::lock_guard guard(state_->mutex);
  TRY(state_->start(Operation::lock, path));
  const NodeId node = TRY(state_->disk.open(path, OpenMode::create));
  if (state_->locked.contains(node)) {
    const std::string& other = state_->disk.content(node).bytes();
    return fail(ErrorCode::unavailable, path + ": held by " + (other.empty() ? "another process" : other));
  }
  state_->disk.content(node).truncate(0);
  TRY(state_->write(node, path, 0, holder));
  state_->locked.insert(node);
  return std::make_unique<MemoryFileLock<State>>(state_, node);
}

}  // namespace tribute::io
