#include "infinigram/table_files.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace tribute::infinigram {
namespace {

constexpr std::array<std::string_view, 5> kKinds = {"tokenized", "table", "offset", "metadata", "metaoff"};
constexpr size_t kRequired = 3;

constexpr uint64_t kOffsetBytes = 8;

constexpr uint64_t kSamples = 64;
constexpr uint64_t kSampleBytes = 4096;

}  // namespace

std::string token_type_name(TokenType type) { return "u" + std::to_string(8 * static_cast<uint32_t>(type)); }

Result<TokenType> token_type_named(std::string_view name) {
  for (const TokenType type : {TokenType::u8, TokenType::u16, TokenType::u32}) {
    if (name == token_type_name(type)) return type;
  }
  return fail(ErrorCode::invalid_argument, "there is no token type '" + std::string(name) + "'; name u8, u16 or u32");
}

TableFiles::TableFiles(std::string folder, std::string name, TokenType type)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      width_(static_cast<uint32_t>(type)),
      separator_(static_cast<uint32_t>((uint64_t{1} << 8 * width_) - 1)) {}

std::string TableFiles::path(std::string_view kind) const { return io::join(folder_, std::string(kind) + "." + name_); }

std::unexpected<Error> TableFiles::damaged(std::string_view kind, const std::string& what) const {
  return fail(ErrorCode::data_loss, path(kind) + ": " + what + "; restore the file or build the index again");
}

Result<std::unique_ptr<TableFiles>> TableFiles::open(io::FileSystem& files, const std::string& folder,
                                                     const std::string& name, TokenType type) {
  std::unique_ptr<TableFiles> opened(new TableFiles(folder, name, type));
  TRY(opened->map(files));
  TRY(opened->check_sizes());
  TRY(opened->check_separators());
  TRY(opened->status());
  return opened;
}

Result<void> TableFiles::map(io::FileSystem& files) {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    const bool is_there = TRY(files.exists(path(kKinds[i])));
    if (is_there) {
      maps_[i] = TRY(files.map(path(kKinds[i])));
    } else if (i < kRequired) {
      return fail(ErrorCode::failed_precondition,
                  path(kKinds[i]) + " is missing: a shard of an infini-gram index needs tokenized, table and offset");
    }
  }
  if ((maps_[3] == nullptr) != (maps_[4] == nullptr)) {
    return fail(ErrorCode::failed_precondition,
                path(kKinds[maps_[3] == nullptr ? 3 : 4]) + " is missing: metadata and metaoff belong together");
  }
  tokens_ = maps_[0]->bytes();
  table_ = maps_[1]->bytes();
  offsets_ = maps_[2]->bytes();
  has_metadata_ = maps_[3] != nullptr;
  if (has_metadata_) {
    metadata_ = maps_[3]->bytes();
    metadata_offsets_ = maps_[4]->bytes();
  }
  return {};
}

Result<void> TableFiles::check_sizes() {
  const auto does_not_fit = [&](std::string_view kind, const std::string& what) {
    return fail(ErrorCode::failed_precondition,
                path(kind) + ": " + what + "; is " + token_type_name(type()) + " the token type of this index?");
  };
  if (tokens_.size() % width_ != 0) {
    return does_not_fit("tokenized", "its " + std::to_string(tokens_.size()) + " bytes are not whole tokens");
  }
  suffix_count_ = tokens_.size() / width_;
  if (suffix_count_ > 0) {
    const uint64_t bytes = table_.size() / suffix_count_;
    const uint64_t reach = bytes >= 8 ? ~uint64_t{0} : (uint64_t{1} << 8 * bytes) - 1;
    if (table_.size() % suffix_count_ != 0 || bytes > 8 || reach < tokens_.size() - width_) {
      return does_not_fit("table", "its " + std::to_string(table_.size()) + " bytes are not a pointer for each of " +
                                       std::to_string(suffix_count_) + " tokens");
    }
    pointer_bytes_ = static_cast<uint32_t>(bytes);
    pointer_mask_ = reach;
  } else if (!table_.empty()) {
    return damaged("table", "it is not empty and the tokens are");
  }
  if (offsets_.size() % kOffsetBytes != 0) return damaged("offset", "its size is not a multiple of 8");
  document_count_ = offsets_.size() / kOffsetBytes;
  if (document_count_ > suffix_count_) return damaged("offset", "it has more documents than there are tokens");
  if (has_metadata_ && metadata_offsets_.size() != offsets_.size()) {
    return damaged("metaoff", "it has " + std::to_string(metadata_offsets_.size()) + " bytes, the documents' offsets " +
                                  std::to_string(offsets_.size()));
  }
  return {};
}

// Every document begins with a separator, and in the table the separators are the last.
Result<void> TableFiles::check_separators() const {
  if (suffix_count_ == 0) return {};
  if (document_count_ == 0 || load_le64(offsets_) != 0) return damaged("offset", "the first document is not at 0");
  if (key_at(0) != separator_) {
    return fail(ErrorCode::failed_precondition, path("tokenized") + ": it does not begin with a separator; is " +
                                                    token_type_name(type()) + " the token type of this index?");
  }
  const uint64_t first = suffix_count_ - document_count_;
  const bool is_first =
      key_at(position_of(first)) == separator_ && (first == 0 || key_at(position_of(first - 1)) != separator_);
  if (!is_first) return damaged("table", "it does not have as many separators as there are documents");
  return {};
}

uint64_t TableFiles::long_key_at(uint64_t position) const {
  const uint64_t begin = position * width_;
  uint64_t key = 0;
  std::memcpy(&key, tokens_.data() + begin, std::min<uint64_t>(sizeof(key), tokens_.size() - begin));
  return __builtin_bswap64(key);
}

uint64_t TableFiles::separator_of(uint64_t document) const {
  if (document == document_count_) return suffix_count_;
  const uint64_t offset = load_le64(offsets_.substr(document * kOffsetBytes));
  if (offset < tokens_.size() && offset % width_ == 0) return offset / width_;
  report("offset",
         "document " + std::to_string(document) + " is at byte " + std::to_string(offset) + ", where no token is");
  return 0;
}

std::string TableFiles::metadata(uint64_t document) const {
  if (!has_metadata_) return {};
  const uint64_t begin = load_le64(metadata_offsets_.substr(document * kOffsetBytes));
  const uint64_t end = document + 1 == document_count_
                           ? metadata_.size()
                           : load_le64(metadata_offsets_.substr((document + 1) * kOffsetBytes));
  if (begin > end || end > metadata_.size()) {
    report("metaoff", "document " + std::to_string(document) + " has no place in the metadata");
    return {};
  }
  std::string_view text = metadata_.substr(begin, end - begin);
  if (text.ends_with('\n')) text.remove_suffix(1);
  return std::string(text);
}

Hash256 TableFiles::fingerprint() const {
  Sha256 hash;
  std::string head;
  append_le32(head, width_);
  for (const std::string_view file : {tokens_, table_, offsets_}) append_le64(head, file.size());
  hash.update(head);
  for (const std::string_view file : {tokens_, table_, offsets_}) {
    const uint64_t last = file.size() - std::min<uint64_t>(file.size(), kSampleBytes);
    for (uint64_t i = 0; i < kSamples; ++i) {
      hash.update(file.substr(last / (kSamples - 1) * i + last % (kSamples - 1) * i / (kSamples - 1), kSampleBytes));
    }
  }
  return std::move(hash).finish();
}

uint64_t TableFiles::report_pointer(uint64_t rank) const {
  report("table", "the pointer of rank " + std::to_string(rank) + " is none to a token");
  return 0;
}

void TableFiles::report(std::string_view kind, const std::string& what) const {
  const std::scoped_lock lock(mutex_);
  if (damage_.empty()) damage_ = damaged(kind, what).error().message;
  is_damaged_.store(true, std::memory_order_release);
}

std::unexpected<Error> TableFiles::out_of_order(uint64_t rank) const {
  return fail(ErrorCode::data_loss, path("table") + ": it is not sorted at rank " + std::to_string(rank) + "; is " +
                                        token_type_name(type()) +
                                        " the token type of this index? If so, build it again");
}

Result<void> TableFiles::status() const {
  if (is_damaged_.load(std::memory_order_acquire)) {
    const std::scoped_lock lock(mutex_);
    return fail(ErrorCode::data_loss, damage_);
  }
  for (size_t i = 0; i < maps_.size(); ++i) {
    if (maps_.at(i) != nullptr && !maps_.at(i)->is_intact()) {
      return damaged(kKinds.at(i), "it shrank or could not be read");
    }
  }
  return {};
}

}  // namespace tribute::infinigram
