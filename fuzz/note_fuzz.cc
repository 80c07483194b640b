// Signed notes, checkpoints and verifier keys: what is read is the only spelling of what was read.
#include "base/check.h"
#include "fuzz.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  const std::string_view input = fuzz::view_of(data, size);
  if (const auto note = tlog::parse_note(input)) {
    CHECK(tlog::encode_note(*note) == input);
    if (const auto checkpoint = tlog::parse_checkpoint(note->text)) CHECK(checkpoint->text() == note->text);
  }
  if (const auto checkpoint = tlog::parse_checkpoint(input)) CHECK(checkpoint->text() == input);
  if (const auto key = tlog::VerifierKey::parse(input)) CHECK(key->text() == input);
  return 0;
}
