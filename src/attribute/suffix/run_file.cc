#include "suffix/run_file.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "suffix/run_record.h"
#include "suffix/suffix_sort.h"

namespace tribute::suffix {
namespace {

constexpr std::string_view kMagic = "TRIBRUN\n";
constexpr size_t kHeaderSize = 72;

template <typename Integer>
uint32_t load(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

}  // namespace

uint64_t RunHeader::seed() const { return load_le64(contents.view()); }

std::string to_block(const RunHeader& header) {
  std::string bytes(kMagic);
  append_le32(bytes, kRunVersion);
  append_le32(bytes, header.symbol_bytes);
  append_le64(bytes, header.symbol_count);
  append_le64(bytes, header.document_count);
  append_le64(bytes, header.suffix_block_count);
  bytes += header.contents.view();
  CHECK(bytes.size() == kHeaderSize);
  std::string block;
  append_block(block, bytes, 0, 0);
  return block;
}

Result<RunFile> RunFile::open(io::FileSystem& files, const std::string& path) {
  auto file = TRY(files.open(path, io::OpenMode::read));
  const std::string block = TRY(read_blocks(*file, path, 0, 0, 1));
  const std::string_view bytes = block;
  RunHeader header;
  header.symbol_bytes = load_le32(bytes.substr(12));
  header.symbol_count = load_le64(bytes.substr(16));
  header.document_count = load_le64(bytes.substr(24));
  header.suffix_block_count = load_le64(bytes.substr(32));
  header.contents = TRY(hash_from_bytes(bytes.substr(40, 32)));
  const bool is_known = bytes.starts_with(kMagic) && load_le32(bytes.substr(8)) == kRunVersion &&
                        (header.symbol_bytes == 2 || header.symbol_bytes == 4) &&
                        header.symbol_count <= kMaxSortedSymbols && header.document_count <= header.symbol_count &&
                        header.suffix_block_count <= header.suffix_count();
  if (!is_known || TRY(file->size()) != header.file_bytes()) {
    return fail(ErrorCode::data_loss, path + ": is no sorted run of this version, or not whole; remove it");
  }
  return RunFile(std::move(file), path, header);
}

std::unexpected<Error> RunFile::damaged() const {
  return fail(ErrorCode::data_loss, path_ + ": contradicts itself; check the disk, and run the command again");
}

Result<std::span<const RunSuffix>> RunSuffixes::next() {
  const RunHeader& header = run_->header();
  const uint64_t end = header.first_suffix_block() + header.suffix_block_count;
  decoded_.clear();
  while (decoded_.empty()) {
    if (in_part_ == part_.size()) {
      if (next_block_ == end) break;
      const uint64_t count = std::min(blocks_at_once_, end - next_block_);
      std::string().swap(part_);  // freed, so that there are not two at a time
      part_ = TRY(run_->blocks(next_block_, count));
      next_block_ += count;
      in_part_ = 0;
    }
    const char* const block = part_.data() + in_part_;
    in_part_ += kBlockBytes;
    const bool is_right = header.symbol_bytes == sizeof(uint16_t) ? decode<uint16_t>(block) : decode<uint32_t>(block);
    if (!is_right) return run_->damaged();
  }
  given_ += decoded_.size();
  if (decoded_.empty() && given_ != header.suffix_count()) return run_->damaged();
  return decoded_;
}

template <typename Symbol>
bool RunSuffixes::decode(const char* block) {
  const uint64_t symbol_count = run_->header().symbol_count;
  const char* at = block + sizeof(uint16_t);
  const char* const end = block + kPayloadBytes;
  for (uint32_t left = load<uint16_t>(block); left > 0; --left) {
    if (static_cast<size_t>(end - at) < smallest_record(sizeof(Symbol))) return false;
    RunSuffix& suffix = decoded_.emplace_back();
    suffix.position = load<uint32_t>(at);
    suffix.shared = load<uint8_t>(at + sizeof(uint32_t));
    at += sizeof(uint32_t) + 1;
    if (suffix.shared == kSharedElsewhere) {
      if (static_cast<size_t>(end - at) < largest_record(sizeof(Symbol)) - 5) return false;
      suffix.shared = load<uint32_t>(at);
      at += sizeof(uint32_t);
    }
    for (uint32_t& symbol : suffix.ahead) {
      symbol = load<Symbol>(at);
      at += sizeof(Symbol);
    }
    if (suffix.shared >= symbol_count || suffix.position >= symbol_count - suffix.shared) return false;
  }
  return true;
}

}  // namespace tribute::suffix
