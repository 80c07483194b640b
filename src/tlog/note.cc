#include "tlog/note.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "base/hash.h"

namespace tribute::tlog {
namespace {

constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // em dash, space
constexpr char kEd25519Type = '\x01';
constexpr size_t kKeyIdBytes = 4;

// The characters with the Unicode property White_Space that are no ASCII control characters. In valid
// UTF-8 one character's bytes are found only where that character is.
constexpr std::array<std::string_view, 20> kUnicodeSpaces = {
    "\x20",         "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
    "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89",
    "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool has_control_character(std::string_view text, bool newline_allowed) {
  return std::ranges::any_of(text, [newline_allowed](char c) {
    return static_cast<unsigned char>(c) < 0x20 && !(newline_allowed && c == '\n');
  });
}

bool is_key_name(std::string_view name) {
  if (name.empty() || !is_valid_utf8(name) || has_control_character(name, false)) return false;
  if (name.contains('+')) return false;
  return std::ranges::none_of(kUnicodeSpaces, [name](std::string_view space) { return name.contains(space); });
}

std::unexpected<Error> bad_note(const std::string& why) {
  return fail(ErrorCode::invalid_argument, "not a signed note: " + why);
}

std::unexpected<Error> bad_key(const std::string& why) {
  return fail(ErrorCode::invalid_argument, "not a verifier key '<name>+<id>+<base64>': " + why);
}

std::string key_id_bytes(uint32_t id) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(static_cast<uint8_t>(id >> shift)));
  return bytes;
}

uint32_t key_id_of(std::string_view bytes) {
  uint32_t id = 0;
  for (const char c : bytes.substr(0, kKeyIdBytes)) id = id << 8 | static_cast<uint8_t>(c);
  return id;
}

// One line without its newline.
Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix))
    return bad_note("a signature line does not begin with an em dash and a space");
  line.remove_prefix(kSignaturePrefix.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return bad_note("a signature line has no space after the key's name");
  NoteSignature result;
  result.key_name = line.substr(0, space);
  if (!is_key_name(result.key_name)) return bad_note("a signature line's key name is empty or has a space or '+'");
  const Result<std::string> bytes = from_base64(line.substr(space + 1));
  if (!bytes) return bad_note("the signature of '" + result.key_name + "' is not canonical base64");
  if (bytes->size() <= kKeyIdBytes) return bad_note("the signature of '" + result.key_name + "' is too short");
  result.key_id = key_id_of(*bytes);
  result.signature = bytes->substr(kKeyIdBytes);
  return result;
}

}  // namespace

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kMaxNoteBytes) {
    return bad_note("it has " + std::to_string(bytes.size()) + " bytes, over the limit of " +
                    std::to_string(kMaxNoteBytes));
  }
  if (!is_valid_utf8(bytes)) return bad_note("it is not valid UTF-8");
  if (has_control_character(bytes, true)) return bad_note("it has a control character");
  // The text may have empty lines; the last one of the note ends it.
  const size_t blank = bytes.rfind("\n\n");
  if (blank == std::string_view::npos) return bad_note("it has no empty line between text and signatures");
  Note note;
  note.text = bytes.substr(0, blank + 1);
  std::string_view lines = bytes.substr(blank + 2);
  if (lines.empty()) return bad_note("it has no signature");
  if (!lines.ends_with('\n')) return bad_note("its last line has no newline");
  while (!lines.empty()) {
    if (note.signatures.size() == kMaxNoteSignatures) {
      return bad_note("it has more than " + std::to_string(kMaxNoteSignatures) + " signatures");
    }
    const size_t end = lines.find('\n');
    note.signatures.push_back(TRY(parse_signature_line(lines.substr(0, end))));
    lines.remove_prefix(end + 1);
  }
  return note;
}

std::string encode_note(const Note& note) {
  std::string bytes = note.text + "\n";
  for (const NoteSignature& line : note.signatures) {
    bytes += kSignaturePrefix;
    bytes += line.key_name + " " + to_base64(key_id_bytes(line.key_id) + line.signature) + "\n";
  }
  return bytes;
}

VerifierKey::VerifierKey(std::string name, PublicKey key)
    : name_(std::move(name)),
      key_(std::move(key)),
      id_(key_id_of(sha256(name_ + '\n' + kEd25519Type + key_.bytes).view())) {}

Result<VerifierKey> VerifierKey::create(std::string name, PublicKey key) {
  if (!is_key_name(name)) {
    return fail(ErrorCode::invalid_argument, "'" + to_printable_utf8(name) +
                                                 "' cannot name a log's key: it is empty, or has a space, a control "
                                                 "character, a '+' or invalid UTF-8");
  }
  if (key.kind != KeyKind::ed25519 || key.bytes.size() != 32) {
    return fail(ErrorCode::invalid_argument, "the log's key '" + name + "' is not an Ed25519 key");
  }
  return VerifierKey(std::move(name), std::move(key));
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const size_t name_end = text.find('+');
  const size_t id_end = name_end == std::string_view::npos ? name_end : text.find('+', name_end + 1);
  if (id_end == std::string_view::npos) return bad_key("it has fewer than two '+'");
  const Result<std::string> id = from_hex(text.substr(name_end + 1, id_end - name_end - 1));
  if (!id || id->size() != kKeyIdBytes) return bad_key("its id is not 8 lowercase hexadecimal digits");
  const Result<std::string> material = from_base64(text.substr(id_end + 1));
  if (!material || material->empty()) return bad_key("its last part is not canonical base64");
  if (material->front() != kEd25519Type || material->size() != 33) return bad_key("it is not of the type Ed25519");
  VerifierKey key =
      TRY(create(std::string(text.substr(0, name_end)), PublicKey{KeyKind::ed25519, material->substr(1)}));
  if (key.id() != key_id_of(*id)) {
    return bad_key("its id is " + to_hex(*id) + ", but that of its name and key is " + to_hex(key_id_bytes(key.id())));
  }
  return key;
}

std::string VerifierKey::text() const {
  return name_ + "+" + to_hex(key_id_bytes(id_)) + "+" + to_base64(kEd25519Type + key_.bytes);
}

Result<void> verify_note(const Note& note, const VerifierKey& key) {
  bool found = false;
  for (const NoteSignature& line : note.signatures) {
    if (line.key_name != key.name() || line.key_id != key.id()) continue;
    if (!verify_signature(key.key(), note.text, line.signature)) {
      return fail(ErrorCode::data_loss, "the signature by " + key.text() + " is not valid");
    }
    found = true;
  }
  if (!found) return fail(ErrorCode::failed_precondition, "there is no signature by " + key.text());
  return {};
}

NoteSigner::NoteSigner(VerifierKey verifier, PrivateKey key) : verifier_(std::move(verifier)), key_(std::move(key)) {}

Result<NoteSigner> NoteSigner::create(std::string name, PrivateKey key) {
  VerifierKey verifier = TRY(VerifierKey::create(std::move(name), public_key_of(key)));
  return NoteSigner(std::move(verifier), std::move(key));
}

Result<Note> NoteSigner::sign(std::string text) const {
  if (!text.ends_with('\n') || !is_valid_utf8(text) || has_control_character(text, true)) {
    return fail(ErrorCode::invalid_argument,
                "a note's text is valid UTF-8 that ends in a newline and has no other control character");
  }
  std::string signature = tribute::sign(key_, text);
  return Note{std::move(text), {NoteSignature{verifier_.name(), verifier_.id(), std::move(signature)}}};
}

}  // namespace tribute::tlog
