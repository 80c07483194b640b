#include "datanet/key_file.h"

namespace tribute::datanet {
namespace {

constexpr uint32_t kOwnerOnly = 0600;
constexpr uint64_t kMaxKeyFileBytes = 1'000;

}  // namespace

Result<void> write_key_file(io::FileSystem& files, const std::string& path, const PrivateKey& key) {
  if (TRY(files.exists(path))) {
    return fail(ErrorCode::already_exists, path + ": there is a file already; a key is never overwritten");
  }
  // The mode is set while the file is empty, and the name is taken when the key is durable.
  const std::string temporary_path = path + ".tmp";
  const auto file = TRY(files.open(temporary_path, io::OpenMode::create));
  TRY(files.set_mode(temporary_path, kOwnerOnly));
  TRY(file->truncate(0));
  TRY(file->write_at(0, key.text() + "\n"));
  TRY(file->sync());
  TRY(files.rename(temporary_path, path));
  return files.sync_folder(io::parent_of(path));
}

Result<PrivateKey> read_key_file(io::FileSystem& files, const std::string& path) {
  const auto no_key = [&] {
    return fail(ErrorCode::invalid_argument, path + ": this is no private key file; `tribute key generate` makes one");
  };
  const auto text = io::read_file(files, path, kMaxKeyFileBytes);
  if (!text && text.error().code == ErrorCode::resource_exhausted) return no_key();
  if (!text) return std::unexpected(text.error());
  const std::string_view line = std::string_view(*text).substr(0, text->find('\n'));
  const bool one_line = text->size() - line.size() <= 1;
  const auto key = parse_private_key(line);
  if (!one_line || !key) return no_key();
  return *key;
}

}  // namespace tribute::datanet
