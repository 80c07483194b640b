// Where an auditor finds index files and receipt bodies.
#pragma once

#include <optional>
#include <string>

#include "base/check.h"
#include "base/hash.h"
#include "io/file_system.h"

namespace tribute::audit {

// The two halves of a workspace (docs/formats/workspace.md), of which an auditor may lack the second.
struct Folders {
  std::string public_folder;
  std::optional<std::string> sealed_folder;

  bool has(bool is_public) const { return is_public || sealed_folder.has_value(); }

  // The half must be there (CHECK).
  std::string index(bool is_public) const { return io::join(half(is_public), "index"); }
  std::string receipts(bool is_public) const { return io::join(half(is_public), "receipts"); }

 private:
  std::string half(bool is_public) const {
    CHECK(has(is_public));
    return is_public ? public_folder : *sealed_folder;
  }
};

// How reports spell a file: by its place in the workspace, not in the auditor's own folders.
inline std::string shown_path(bool is_public, const std::string& path) {
  return (is_public ? "public/" : "sealed/") + path;
}
inline std::string shown_manifest(bool is_public, const Hash256& name) {
  return shown_path(is_public, "index/" + name.hex() + ".manifest");
}
inline std::string shown_segment(bool is_public, const Hash256& name) {
  return shown_path(is_public, "index/" + name.hex() + ".segment");
}
inline std::string shown_body(bool is_public, const Hash256& name) {
  return shown_path(is_public, "receipts/" + name.hex() + ".json");
}

}  // namespace tribute::audit
