// What MemoryFileSystem keeps: a tree of folders and files as programs see it, beside the one that
// a loss of power would leave. Only MemoryFileSystem uses it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "io/file_system.h"

namespace tribute::io {

// A file or folder of a MemoryDisk, whatever its name; never reused.
using NodeId = uint64_t;

// Bytes that are written, and those of them that are safe. A write changes whole sectors of the
// disk, a change of size the file's description; each is pending until sync().
class DurableBytes {
 public:
  static constexpr size_t kSectorBytes = 512;

  const std::string& bytes() const { return bytes_; }
  void write(uint64_t offset, std::string_view bytes);
  void truncate(uint64_t size);
  void sync();

  // Power is lost and returns: of the pending changes those that `survives()` are made, in their
  // order; it is asked once for each.
  template <typename Survives>
  void lose_power(Survives survives) {
    for (const Change& change : pending_) {
      if (survives()) make_durable(change);
    }
    finish_durable();
    bytes_ = durable_;
  }

 private:
  struct Change {
    enum class Kind : uint8_t { size, sector } kind;
    uint64_t value;      // the new size, or the sector's number
    std::string sector;  // what the sector holds afterwards, up to the end of the file at that time
  };

  void resize(uint64_t size);
  void make_durable(const Change& change);
  void finish_durable();

  std::string bytes_;
  std::string durable_;  // what the sectors hold; may reach beyond the durable size
  uint64_t durable_size_ = 0;
  std::vector<Change> pending_;  // oldest first
};

// Copyable: a copy is an independent disk with the same content. Not thread-safe. Paths are as in
// FileSystem; absolute and relative ones begin at the one root, ".." is an ordinary name that is not
// there. Errors are those of FileSystem.
class MemoryDisk {
 public:
  MemoryDisk();

  Result<NodeId> open(const std::string& path, OpenMode mode);
  Result<void> rename(const std::string& from, const std::string& to);
  Result<void> remove(const std::string& path);
  Result<void> make_folder(const std::string& path);
  Result<void> sync_folder(const std::string& path);
  Result<std::vector<FolderEntry>> list(const std::string& path) const;
  bool exists(const std::string& path) const;

  // The content of an open file, which stays even when its last name is gone.
  DurableBytes& content(NodeId file) { return files_.at(file); }

  // Power is lost and returns: every pending change is kept with a chance of `keep_permille`
  // thousandths, decided by `seed`, and nothing is pending any more. Files without a name are gone.
  void lose_power(uint64_t seed, uint32_t keep_permille);

 private:
  struct Entry {
    NodeId node = 0;
    EntryKind kind = EntryKind::file;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  using Names = std::map<std::string, Entry, std::less<>>;
  struct Folder {
    Names names;
    Names durable_names;
  };
  // One name of one folder, before and after.
  struct NameChange {
    NodeId folder = 0;
    std::string name;
    bool present = false;
    Entry entry;  // if present
  };
  // Changes that happen together or not at all (a rename is two).
  using Journaled = std::vector<NameChange>;
  // Where a path leads: the folder that holds its last component.
  struct Place {
    NodeId folder = 0;
    std::string name;  // empty: the root itself
  };

  Result<Place> locate(const std::string& path) const;
  const Entry* find(const Place& place) const;
  const Entry* find(const std::string& path) const;
  void change_names(Journaled changes);
  void make_durable(const Journaled& changes);
  bool is_inside(NodeId folder, NodeId ancestor) const;
  void drop_unreachable();

  static constexpr NodeId kRoot = 0;
  static const Entry kRootEntry;

  NodeId next_node_ = kRoot + 1;
  std::map<NodeId, DurableBytes> files_;
  std::map<NodeId, Folder> folders_;
  std::vector<Journaled> pending_;  // oldest first
};

}  // namespace tribute::io
