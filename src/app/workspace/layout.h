// Where things are in a workspace. Pure path arithmetic; docs/formats/workspace.md.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"

namespace tribute::workspace {

class Layout {
 public:
  static constexpr std::string_view kMergingPrefix = "merging-";

  explicit Layout(std::string root) : root_(std::move(root)) {}

  const std::string& root() const { return root_; }
  std::string settings_file() const { return io::join(root_, "tribute.toml"); }
  std::string lock_file() const { return io::join(root_, "lock"); }
  std::string database_file() const { return io::join(root_, "tribute.db"); }
  std::string keys_folder() const { return io::join(root_, "keys"); }
  std::string log_key_file() const { return io::join(keys_folder(), "log.key"); }
  std::string content_folder() const { return io::join(root_, "content"); }
  std::string public_folder() const { return io::join(root_, "public"); }
  std::string sealed_folder() const { return io::join(root_, "sealed"); }
  std::string log_folder() const { return io::join(public_folder(), "log"); }
  std::string directory_folder() const { return io::join(public_folder(), "directory"); }
  std::string tokenizer_file() const { return io::join(public_folder(), "tokenizer"); }

  // What is public lies in public/, everything else in sealed/.
  std::string index_folder(bool is_public) const { return io::join(half(is_public), "index"); }
  // Where a DataNet's merged segment is written before it has its place in the index folder, and what the process that
  // does so holds.
  std::string merging_folder(bool is_public, EntryIndex datanet) const {
    return io::join(index_folder(is_public), std::string(kMergingPrefix) + std::to_string(datanet.value()));
  }
  std::string merge_lock_file(EntryIndex datanet) const {
    return io::join(root_, "merge-" + std::to_string(datanet.value()) + ".lock");
  }
  std::string receipts_folder(bool is_public) const { return io::join(half(is_public), "receipts"); }
  std::string receipt_body_file(bool is_public, const Hash256& body_sha256) const {
    return io::join(receipts_folder(is_public), body_sha256.hex() + ".json");
  }

 private:
  std::string half(bool is_public) const { return is_public ? public_folder() : sealed_folder(); }

  std::string root_;
};

}  // namespace tribute::workspace
