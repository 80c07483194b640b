// Signed notes and verifier keys (C2SP signed-note), with Ed25519.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/sign.h"

namespace tribute::tlog {

// What is refused rather than read: a note longer, or with more signatures, than any of ours.
inline constexpr size_t kMaxNoteBytes = 1'000'000;
inline constexpr size_t kMaxNoteSignatures = 100;

// One signature line. Whose it is says the pair of name and id; what `signature` is depends on that
// key's algorithm.
struct NoteSignature {
  std::string key_name;
  uint32_t key_id = 0;
  std::string signature;  // bytes, at least one

  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

// A text, ending in a newline, and at least one signature over it.
struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;

  friend bool operator==(const Note&, const Note&) = default;
};

// Reads a note without verifying anything. What it accepts encodes to the same bytes.
// Errors: invalid_argument for invalid UTF-8, a control character other than newline, no text, no
// signature, a malformed signature line, or more than the limits above.
Result<Note> parse_note(std::string_view bytes);
std::string encode_note(const Note& note);

// A public key with the name under which it signs, spelt "<name>+<id, 8 hex>+<base64>".
// Immutable; thread-safe.
class VerifierKey {
 public:
  // Errors: invalid_argument for an empty name, one with a Unicode space, a control character, a
  // '+' or invalid UTF-8, and for a key that is not Ed25519.
  static Result<VerifierKey> create(std::string name, PublicKey key);

  // Errors: invalid_argument also for an id that is not that of name and key.
  static Result<VerifierKey> parse(std::string_view text);

  std::string text() const;
  const std::string& name() const { return name_; }
  // The first four bytes, big-endian, of SHA-256(name || "\n" || 0x01 || key).
  uint32_t id() const { return id_; }
  const PublicKey& key() const { return key_; }

  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;

 private:
  VerifierKey(std::string name, PublicKey key);

  std::string name_;
  PublicKey key_;
  uint32_t id_ = 0;
};

// Success if the key signed the note: there is a signature by it and all of them are valid. Other
// keys' signatures are ignored, whatever they are.
// Errors: failed_precondition where there is no signature by the key, data_loss for a bad one.
Result<void> verify_note(const Note& note, const VerifierKey& key);

// Signs notes under a name. Immutable; thread-safe.
class NoteSigner {
 public:
  // Errors: as VerifierKey::create.
  static Result<NoteSigner> create(std::string name, PrivateKey key);

  const VerifierKey& verifier() const { return verifier_; }

  // The note with this text and one signature. The same bytes for the same text (RFC 8032).
  // Errors: invalid_argument for a text that cannot stand in a note.
  Result<Note> sign(std::string text) const;

 private:
  NoteSigner(VerifierKey verifier, PrivateKey key);

  VerifierKey verifier_;
  PrivateKey key_;
};

}  // namespace tribute::tlog
