// The log's private key file: under which name, and with which key, the log signs.
#pragma once

#include <string>

#include "base/error.h"
#include "base/sign.h"
#include "io/file_system.h"
#include "io/random.h"

namespace tribute::workspace {

struct LogKey {
  std::string origin;  // the log's name
  PrivateKey key;      // Ed25519
};

// A new key. `origin` empty: "tribute/" and the first 16 hex digits of the public key's SHA-256.
// Errors: invalid_argument for an origin that no signed note can carry.
Result<LogKey> make_log_key(io::Random& random, const std::string& origin);

// docs/formats/keys.md. Written with mode 0600. Reading errors: not_found; data_loss.
Result<void> save_log_key(io::FileSystem& files, const std::string& path, const LogKey& key);
Result<LogKey> load_log_key(io::FileSystem& files, const std::string& path);

}  // namespace tribute::workspace
