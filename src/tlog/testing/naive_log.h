// The definitions of RFC 6962 and C2SP tlog-tiles, word by word and slow: the twin that tests compare
// the module with.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "io/file_system.h"
#include "tlog/checkpoint.h"

namespace tribute::tlog::naive {

using Hashes = std::span<const Hash256>;

// The largest power of two smaller than n, for n > 1.
inline size_t split(size_t n) {
  size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

inline Hash256 leaf(const std::string& entry) { return sha256(std::string(1, '\0') + entry); }

// MTH(D[n]), over leaf hashes.
inline Hash256 root(Hashes leaves) {
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return leaves[0];
  const size_t k = split(leaves.size());
  return sha256("\x01" + std::string(root(leaves.first(k)).view()) + std::string(root(leaves.subspan(k)).view()));
}

// PATH(m, D[n]).
inline std::vector<Hash256> path(size_t m, Hashes leaves) {
  if (leaves.size() == 1) return {};
  const size_t k = split(leaves.size());
  std::vector<Hash256> result = m < k ? path(m, leaves.first(k)) : path(m - k, leaves.subspan(k));
  result.push_back(m < k ? root(leaves.subspan(k)) : root(leaves.first(k)));
  return result;
}

// SUBPROOF(m, D[n], b).
inline std::vector<Hash256> subproof(size_t m, Hashes leaves, bool whole) {
  if (m == leaves.size()) return whole ? std::vector<Hash256>{} : std::vector<Hash256>{root(leaves)};
  const size_t k = split(leaves.size());
  std::vector<Hash256> result =
      m <= k ? subproof(m, leaves.first(k), whole) : subproof(m - k, leaves.subspan(k), false);
  result.push_back(m <= k ? root(leaves.subspan(k)) : root(leaves.first(k)));
  return result;
}

inline std::vector<Hash256> leaves_of(const std::vector<std::string>& entries) {
  std::vector<Hash256> leaves;
  for (const std::string& entry : entries) leaves.push_back(leaf(entry));
  return leaves;
}

// Every file of a log with these entries but for the checkpoint: path to bytes.
inline std::map<std::string, std::string> files_of(const std::vector<std::string>& entries) {
  std::map<std::string, std::string> files;
  const auto number = [](size_t index) {
    CHECK(index < 1000);
    return std::string(3 - std::to_string(index).size(), '0') + std::to_string(index);
  };
  std::vector<Hash256> level = leaves_of(entries);
  for (size_t first = 0; first < entries.size(); first += 256) {
    const size_t width = std::min<size_t>(256, entries.size() - first);
    std::string& bytes =
        files["tile/entries/" + number(first / 256) + (width < 256 ? ".p/" + std::to_string(width) : "")];
    for (size_t i = first; i < first + width; ++i) {
      append_be16(bytes, static_cast<uint16_t>(entries[i].size()));
      bytes += entries[i];
    }
  }
  for (int l = 0; !level.empty(); ++l) {
    std::vector<Hash256> above;
    for (size_t first = 0; first < level.size(); first += 256) {
      const Hashes tile = Hashes(level).subspan(first, std::min<size_t>(256, level.size() - first));
      std::string& bytes = files["tile/" + std::to_string(l) + "/" + number(first / 256) +
                                 (tile.size() < 256 ? ".p/" + std::to_string(tile.size()) : "")];
      for (const Hash256& hash : tile) bytes += hash.view();
      if (tile.size() == 256) above.push_back(root(tile));
    }
    level = std::move(above);
  }
  return files;
}

inline void write_file(io::FileSystem& files, const std::string& path, const std::string& bytes) {
  CHECK(io::make_folders(files, io::parent_of(path)).has_value());
  CHECK(io::write_file_atomically(files, path, bytes).has_value());
}

// Writes the log of these entries, with its checkpoint, into `folder`.
inline void write_log(io::FileSystem& files, const std::string& folder, const std::vector<std::string>& entries,
                      const NoteSigner& signer) {
  for (const auto& [path, bytes] : files_of(entries)) write_file(files, io::join(folder, path), bytes);
  const Checkpoint checkpoint{signer.verifier().name(), entries.size(), root(leaves_of(entries)), {}};
  const auto note = sign_checkpoint(checkpoint, signer);
  CHECK(note.has_value());
  write_file(files, io::join(folder, "checkpoint"), *note);
}

// "entry 0", "entry 1", …, some of them empty.
inline std::vector<std::string> some_entries(size_t count) {
  std::vector<std::string> entries;
  for (size_t i = 0; i < count; ++i) entries.push_back(i % 7 == 3 ? "" : "entry " + std::to_string(i));
  return entries;
}

}  // namespace tribute::tlog::naive
