#include "datanet/input_files.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tribute::datanet {
namespace {

constexpr int kMaxDepth = 64;

std::optional<InputKind> kind_of(std::string_view name) {
  constexpr std::pair<std::string_view, InputKind> kinds[] = {{".jsonl", InputKind::jsonl},
                                                              {".jsonl.zst", InputKind::jsonl_zst},
                                                              {".jsonl.gz", InputKind::jsonl_gz},
                                                              {".txt", InputKind::text},
                                                              {".md", InputKind::markdown}};
  for (const auto& [ending, kind] : kinds) {
    if (name.ends_with(ending)) return kind;
  }
  return std::nullopt;
}

// Adds what is in `folder`, whose path relative to the named folder is `relative` ("" or "a/b/").
Result<void> add_folder(io::FileSystem& files, const std::string& folder, const std::string& relative, int depth,
                        InputFiles& found) {
  if (depth > kMaxDepth) {
    return fail(ErrorCode::invalid_argument,
                folder + ": folders are nested over " + std::to_string(kMaxDepth) + " deep; is there a loop of links?");
  }
  const std::vector<io::FolderEntry> entries = TRY(files.list(folder));
  for (const io::FolderEntry& entry : entries) {
    const std::string path = io::join(folder, entry.name);
    if (entry.kind == io::EntryKind::folder) {
      TRY(add_folder(files, path, relative + entry.name + "/", depth + 1, found));
    } else if (const auto kind = kind_of(entry.name)) {
      found.files.push_back({.path = path, .id = relative + entry.name, .kind = *kind, .size_bytes = entry.size_bytes});
    } else {
      ++found.ignored_file_count;
    }
  }
  return {};
}

Result<void> add_file(io::FileSystem& files, const std::string& path, InputFiles& found) {
  const auto file = TRY(files.open(path, io::OpenMode::read));
  const auto kind = kind_of(path);
  if (!kind) {
    return fail(ErrorCode::invalid_argument,
                path + ": the file is neither .jsonl, .jsonl.zst, .jsonl.gz, .txt nor .md");
  }
  found.files.push_back({.path = path, .id = io::name_of(path), .kind = *kind, .size_bytes = TRY(file->size())});
  return {};
}

}  // namespace

Result<InputFiles> find_input_files(io::FileSystem& files, const std::vector<std::string>& paths) {
  InputFiles found;
  bool has_standard_input = false;
  for (const std::string& path : paths) {
    if (path == "-") {
      if (std::exchange(has_standard_input, true)) {
        return fail(ErrorCode::invalid_argument, "standard input (-) can be read only once");
      }
      found.files.push_back({.path = path, .id = path, .kind = InputKind::jsonl});
    } else if (files.list(path).has_value()) {
      const auto first = static_cast<std::ptrdiff_t>(found.files.size());
      TRY(add_folder(files, path, "", 1, found));
      // By whole paths: "a.txt" stands before "a/b.txt", though the folder "a" before the file.
      std::ranges::sort(found.files.begin() + first, found.files.end(), {}, &InputFile::id);
    } else {
      TRY(add_file(files, path, found));
    }
  }
  return found;
}

}  // namespace tribute::datanet
