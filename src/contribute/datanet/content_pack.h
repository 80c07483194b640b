// Content packs: immutable files of many documents. docs/formats/content_pack.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "io/file_system.h"

namespace tribute::datanet {

// Where a document stands.
struct ContentPlace {
  std::string pack;            // the pack's name, without the folder
  uint64_t record_offset = 0;  // of the document's record in the pack
  uint64_t stored_bytes = 0;   // of the zstd frame in the record
  uint64_t document_bytes = 0;

  friend bool operator==(const ContentPlace&, const ContentPlace&) = default;
};

struct PackedDocument {
  Hash256 sha256;
  ContentPlace place;

  friend bool operator==(const PackedDocument&, const PackedDocument&) = default;
};

// A document ready to be packed.
struct CompressedDocument {
  Hash256 sha256;
  uint64_t document_bytes = 0;
  std::string stored;  // one zstd frame
};

// Errors: out_of_range for a document over 4 GiB. O(n).
Result<CompressedDocument> compress_document(std::string_view document);

// A pack as it will lie in its file, which its content names.
struct Pack {
  std::string name;
  std::string bytes;
  std::vector<PackedDocument> documents;  // in the order given
};
Pack make_pack(const std::vector<CompressedDocument>& documents);

// The document at `place` as it is stored, verified as read_document() does and with its errors.
Result<CompressedDocument> read_compressed(io::FileSystem& files, const std::string& folder, const Hash256& sha256,
                                           const ContentPlace& place);

// The number of documents in a pack, by its end alone. Errors: data_loss naming the pack; not_found if it
// is absent; those of the file system.
Result<uint64_t> count_packed(io::FileSystem& files, const std::string& folder, const std::string& name);

// The document at `place`. Reads its record alone.
// Errors: data_loss, naming the pack and the document, if the record is damaged or holds another
// document; not_found if the pack is absent; those of the file system.
Result<std::string> read_document(io::FileSystem& files, const std::string& folder, const Hash256& sha256,
                                  const ContentPlace& place);

// Reads a whole pack and checks everything in it: name, header, every document against its hash, and
// the end. Returns what is in it: an index can be rebuilt from packs alone. O(pack) time, one document
// of memory. Errors: data_loss naming the pack and what is wrong; failed_precondition for a newer version.
Result<std::vector<PackedDocument>> verify_pack(io::FileSystem& files, const std::string& folder,
                                                const std::string& name);

}  // namespace tribute::datanet
