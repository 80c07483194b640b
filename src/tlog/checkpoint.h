// Checkpoints: what a log signs (C2SP tlog-checkpoint).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "tlog/note.h"

namespace tribute::tlog {

// "The log `origin` has `size` entries, and this root."
struct Checkpoint {
  std::string origin;
  uint64_t size = 0;  // at most kMaxTreeSize
  Hash256 root;
  std::vector<std::string> extensions;  // further lines, not empty, kept as they are

  // The text that is signed: one line each, origin, size in decimal, root in base64, extensions.
  std::string text() const;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Reads a checkpoint's text. What it accepts has that very text().
// Errors: invalid_argument.
Result<Checkpoint> parse_checkpoint(std::string_view text);

// Reads a signed checkpoint and verifies that it is the log's: signed by `key`, and its origin the
// key's name.
// Errors: invalid_argument for what is no signed checkpoint; those of verify_note;
// failed_precondition for another origin.
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

// The note, ready to be written, with the log's one signature.
// Errors: invalid_argument for an extension line that cannot stand in a note.
Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer);

}  // namespace tribute::tlog
