#include "workspace/log_key.h"

#include "tlog/log.h"
#include "tlog/note.h"

namespace tribute::workspace {
namespace {

constexpr size_t kMaxKeyFileBytes = 4'096;

}  // namespace

Result<LogKey> make_log_key(io::Random& random, const std::string& origin) {
  LogKey result{origin, TRY(private_key_from_seed(KeyKind::ed25519, random.bytes(32)))};
  const PublicKey public_key = public_key_of(result.key);
  if (origin.empty()) result.origin = tlog::default_origin(public_key);
  const auto verifier = tlog::VerifierKey::create(result.origin, public_key);
  if (!verifier) return fail_within("--origin", verifier.error());
  return result;
}

Result<void> save_log_key(io::FileSystem& files, const std::string& path, const LogKey& key) {
  TRY(io::write_file_atomically(files, path, key.origin + "\n" + key.key.text() + "\n"));
  return files.set_mode(path, 0600);
}

Result<LogKey> load_log_key(io::FileSystem& files, const std::string& path) {
  const std::string text = TRY(io::read_file(files, path, kMaxKeyFileBytes));
  const auto bad = [&](const std::string& why) {
    return fail(ErrorCode::data_loss, path + ": " + why + "; put the log's key file back from a backup");
  };
  const size_t line_end = text.find('\n');
  if (line_end == std::string::npos || text.back() != '\n') return bad("is not a name and a key, a line each");
  LogKey result{text.substr(0, line_end), {}};
  auto key = parse_private_key(std::string_view(text).substr(line_end + 1, text.size() - line_end - 2));
  if (!key) return bad(key.error().message);
  if (key->kind != KeyKind::ed25519) return bad("is not an Ed25519 key");
  result.key = std::move(*key);
  return result;
}

}  // namespace tribute::workspace
