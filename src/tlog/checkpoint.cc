#include "tlog/checkpoint.h"

#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "tlog/layout.h"

namespace tribute::tlog {
namespace {

std::unexpected<Error> bad_checkpoint(const std::string& why) {
  return fail(ErrorCode::invalid_argument, "not a checkpoint: " + why);
}

// The lines of a text that ends in a newline, none of them empty.
Result<std::vector<std::string>> split_lines(std::string_view text) {
  if (!text.ends_with('\n')) return bad_checkpoint("its text does not end in a newline");
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == 0) return bad_checkpoint("it has an empty line");
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

Result<uint64_t> parse_size(const std::string& digits) {
  uint64_t size = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, size);
  if (error != std::errc() || rest != end || (digits.size() > 1 && digits.front() == '0')) {
    return bad_checkpoint("its size is not a decimal number without leading zeros");
  }
  if (size > kMaxTreeSize) return bad_checkpoint("its size " + digits + " is over 2^63 - 1");
  return size;
}

}  // namespace

std::string Checkpoint::text() const {
  std::string text = origin + "\n" + std::to_string(size) + "\n" + to_base64(root.view()) + "\n";
  for (const std::string& line : extensions) text += line + "\n";
  return text;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  std::vector<std::string> lines = TRY(split_lines(text));
  if (lines.size() < 3) return bad_checkpoint("it has fewer than three lines");
  Checkpoint checkpoint;
  checkpoint.origin = std::move(lines[0]);
  checkpoint.size = TRY(parse_size(lines[1]));
  const Result<std::string> root = from_base64(lines[2]);
  if (!root || root->size() != checkpoint.root.bytes.size()) {
    return bad_checkpoint("its root is not the canonical base64 of 32 bytes");
  }
  checkpoint.root = TRY(hash_from_bytes(*root));
  checkpoint.extensions.assign(std::make_move_iterator(lines.begin() + 3), std::make_move_iterator(lines.end()));
  return checkpoint;
}

Result<Checkpoint> open_checkpoint(std::string_view bytes, const VerifierKey& key) {
  const Note note = TRY(parse_note(bytes));
  TRY(verify_note(note, key));
  Checkpoint checkpoint = TRY(parse_checkpoint(note.text));
  if (checkpoint.origin != key.name()) {
    return fail(ErrorCode::failed_precondition,
                "it is a checkpoint of the log '" + checkpoint.origin + "', not of '" + key.name() + "'");
  }
  return checkpoint;
}

Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer) {
  return encode_note(TRY(signer.sign(checkpoint.text())));
}

}  // namespace tribute::tlog
