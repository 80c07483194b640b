#include "infinigram/directory.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace tribute::infinigram {
namespace {

constexpr std::string_view kMagic = "TRIBIGD\n";
constexpr uint32_t kVersion = 1;
constexpr uint64_t kPageBytes = 4096;   // of the table
constexpr uint64_t kBlockBytes = 4096;  // of the directory
constexpr uint64_t kKeyBytes = 8;
constexpr uint64_t kSummedBytes = kBlockBytes - 8;
constexpr uint64_t kKeysPerBlock = kSummedBytes / kKeyBytes;

// So many blocks are written at once.
constexpr uint64_t kBlocksAtOnce = 256;

struct Header {
  uint32_t token_bytes = 0;
  uint32_t pointer_bytes = 0;
  uint64_t suffix_count = 0;
  Hash256 fingerprint;
};

// Pages in which a suffix begins. A lone separator of one byte has a pointer of none.
uint64_t pages_of(uint64_t suffix_count, uint64_t pointer_bytes) {
  return suffix_count == 0 || pointer_bytes == 0 ? 0 : (suffix_count - 1) * pointer_bytes / kPageBytes + 1;
}

// The first suffix that begins in a page.
uint64_t rank_of(uint64_t page, uint64_t pointer_bytes) {
  return (page * kPageBytes + pointer_bytes - 1) / pointer_bytes;
}

// Block i is summed with the seed i, so that blocks cannot change places.
void seal(std::string& block, uint64_t i) {
  block.resize(kSummedBytes, '\0');
  append_le64(block, XXH3_64bits_withSeed(block.data(), kSummedBytes, i));
}

bool is_sealed(std::string_view block, uint64_t i) {
  return load_le64(block.substr(kSummedBytes)) == XXH3_64bits_withSeed(block.data(), kSummedBytes, i);
}

std::string header_of(const TableFiles& table) {
  std::string block(kMagic);
  append_le32(block, kVersion);
  append_le32(block, table.width());
  append_le32(block, table.pointer_bytes());
  append_le32(block, 0);
  append_le64(block, table.suffix_count());
  block += table.fingerprint().view();
  seal(block, 0);
  return block;
}

Result<Header> parse_header(std::string_view file, const std::string& path) {
  const auto damaged = [&](const std::string& what) {
    return fail(ErrorCode::data_loss, path + ": " + what + "; import the index again");
  };
  if (file.size() < kBlockBytes) return damaged("it is shorter than its header");
  if (!file.starts_with(kMagic)) return damaged("it is not a directory");
  if (!is_sealed(file.substr(0, kBlockBytes), 0)) return damaged("its header is damaged");
  const uint32_t version = load_le32(file.substr(8));
  if (version != kVersion) {
    return fail(ErrorCode::failed_precondition,
                path + ": its version is " + std::to_string(version) + "; import the index again with this program");
  }
  Header header;
  header.token_bytes = load_le32(file.substr(12));
  header.pointer_bytes = load_le32(file.substr(16));
  header.suffix_count = load_le64(file.substr(24));
  std::ranges::copy(file.substr(32, header.fingerprint.bytes.size()), header.fingerprint.bytes.begin());
  return header;
}

}  // namespace

std::string directory_path(const std::string& folder, const std::string& name) {
  return io::join(folder, "tribute.directory." + name);
}

Directory::Directory(std::unique_ptr<io::FileMap> map, uint64_t suffix_count, uint32_t pointer_bytes)
    : map_(std::move(map)),
      blocks_(map_->bytes().substr(kBlockBytes)),
      suffix_count_(suffix_count),
      pointer_bytes_(pointer_bytes),
      page_count_(pages_of(suffix_count, pointer_bytes)) {}

Result<std::unique_ptr<Directory>> Directory::open(io::FileSystem& files, const std::string& path,
                                                   const TableFiles& table) {
  std::unique_ptr<io::FileMap> map = TRY(files.map(path));
  const std::string_view file = map->bytes();
  const Header header = TRY(parse_header(file, path));
  if (header.token_bytes != table.width() || header.pointer_bytes != table.pointer_bytes() ||
      header.suffix_count != table.suffix_count() || header.fingerprint != table.fingerprint()) {
    return fail(ErrorCode::failed_precondition, path + ": it was made for other files; import the index again");
  }
  const uint64_t blocks = (pages_of(header.suffix_count, header.pointer_bytes) + kKeysPerBlock - 1) / kKeysPerBlock;
  bool is_whole = file.size() == (1 + blocks) * kBlockBytes;
  for (uint64_t i = 1; i <= blocks && is_whole; ++i) is_whole = is_sealed(file.substr(i * kBlockBytes, kBlockBytes), i);
  if (!is_whole || !map->is_intact()) {
    return fail(ErrorCode::data_loss, path + ": it is damaged; import the index again");
  }
  return std::unique_ptr<Directory>(new Directory(std::move(map), header.suffix_count, header.pointer_bytes));
}

Result<TokenType> Directory::token_type(io::FileSystem& files, const std::string& path) {
  const std::string block = TRY(TRY(files.open(path, io::OpenMode::read))->read_at(0, kBlockBytes));
  const Header header = TRY(parse_header(block, path));
  const auto type = token_type_named("u" + std::to_string(uint64_t{8} * header.token_bytes));
  if (!type) return fail(ErrorCode::data_loss, path + ": its token type is none; import the index again");
  return *type;
}

uint64_t Directory::key_of(uint64_t page) const {
  return load_le64(blocks_.substr(page / kKeysPerBlock * kBlockBytes + page % kKeysPerBlock * kKeyBytes));
}

uint64_t Directory::first_rank(uint64_t page) const {
  return page < page_count_ ? rank_of(page, pointer_bytes_) : suffix_count_;
}

uint64_t Directory::first_page_above(uint64_t key, bool or_equal) const {
  uint64_t begin = 0;
  for (uint64_t end = page_count_; begin < end;) {
    const uint64_t middle = begin + (end - begin) / 2;
    const uint64_t other = key_of(middle);
    if (other < key || (other == key && !or_equal)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

ngram::RankRange Directory::bracket(std::span<const uint32_t> run, uint32_t width) const {
  uint64_t low = 0;
  uint64_t high = ~uint64_t{0};
  const uint32_t bits = 8 * width;
  for (uint32_t i = 0; i < kKeyBytes / width && i < run.size(); ++i) {
    const uint32_t shift = 64 - (i + 1) * bits;
    low |= uint64_t{run[i]} << shift;
    // What comes after may be anything.
    high = low | ((uint64_t{1} << shift) - 1);
  }
  const uint64_t first = first_page_above(low, true);
  const uint64_t last = first_page_above(high, false);
  return {first == 0 ? 0 : first_rank(first - 1), first_rank(last)};
}

uint64_t Directory::page_count(const TableFiles& table) {
  return pages_of(table.suffix_count(), table.pointer_bytes());
}

Result<uint64_t> Directory::write(io::FileSystem& files, const std::string& path, const TableFiles& table,
                                  const std::function<bool(uint64_t)>& advance) {
  const std::string temporary = path + ".tmp";
  const auto written = write_temporary(files, temporary, table, advance);
  if (!written) {
    // What cannot be removed is overwritten by the next import.
    static_cast<void>(files.remove(temporary));
    return written;
  }
  TRY(files.rename(temporary, path));
  TRY(files.sync_folder(io::parent_of(path)));
  return *written;
}

Result<uint64_t> Directory::write_temporary(io::FileSystem& files, const std::string& path, const TableFiles& table,
                                            const std::function<bool(uint64_t)>& advance) {
  const std::unique_ptr<io::File> file = TRY(files.open(path, io::OpenMode::create));
  TRY(file->truncate(0));
  std::string bytes = header_of(table);
  uint64_t written = 0;
  uint64_t last = 0;
  const uint64_t pages = page_count(table);
  for (uint64_t begin = 0; begin < pages; begin += kKeysPerBlock) {
    std::string block;
    const uint64_t end = std::min(pages, begin + kKeysPerBlock);
    for (uint64_t page = begin; page < end; ++page) {
      const uint64_t rank = rank_of(page, table.pointer_bytes());
      const uint64_t key = table.long_key_at(table.position_of(rank));
      TRY(table.status());
      if (key < last) return table.out_of_order(rank);
      last = key;
      append_le64(block, key);
    }
    seal(block, begin / kKeysPerBlock + 1);
    bytes += block;
    if (!advance(end - begin))
      return fail(ErrorCode::cancelled, path + ": stopped; nothing was imported for this table");
    if (bytes.size() < kBlocksAtOnce * kBlockBytes) continue;
    TRY(file->write_at(written, bytes));
    written += bytes.size();
    bytes.clear();
  }
  TRY(file->write_at(written, bytes));
  TRY(file->sync());
  return written + bytes.size();
}

}  // namespace tribute::infinigram
