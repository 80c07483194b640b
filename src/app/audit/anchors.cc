#include "audit/log_audit.h"
#include "base/bytes.h"

namespace tribute::audit {
namespace {

constexpr uint64_t kMaxKeyBytes = 4'096;

std::string without_newline(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

// The key in the folder, or nullopt after a finding.
Result<std::optional<tlog::VerifierKey>> read_published_key(const tlog::LogFiles& log, Recorder& recorder) {
  const Result<std::string> text =
      io::read_file(log.file_system(), log.full_path(tlog::kVerifierKeyPath), kMaxKeyBytes);
  if (!text && text.error().code == ErrorCode::not_found) {
    recorder.wrong_file(Rule::checkpoint, "public/log/vkey", {}, "is missing");
    return std::nullopt;
  }
  if (!text) return std::unexpected(text.error());
  Result<tlog::VerifierKey> key = tlog::VerifierKey::parse(without_newline(*text));
  if (!key) {
    recorder.wrong_file(Rule::checkpoint, "public/log/vkey", {}, "is no verifier key: " + key.error().message);
    return std::nullopt;
  }
  return std::move(*key);
}

// The key to verify by: the auditor's, else the folder's.
Result<std::optional<tlog::VerifierKey>> choose_key(const tlog::LogFiles& log, const Options& options,
                                                    Recorder& recorder) {
  if (!options.key) return read_published_key(log, recorder);
  Result<tlog::VerifierKey> key = tlog::VerifierKey::parse(without_newline(*options.key));
  if (!key) return fail_within("the key given", key.error());
  return std::move(*key);
}

// Of the checkpoint's note, whoever signed it.
Result<tlog::Checkpoint> parse_unverified(std::string_view note) {
  return tlog::parse_checkpoint(TRY(tlog::parse_note(note)).text);
}

Result<tlog::Checkpoint> read_kept(const std::string& note, const std::optional<tlog::VerifierKey>& key,
                                   Recorder& recorder) {
  if (!note.contains('\n')) {
    return fail(ErrorCode::invalid_argument, "'" + to_printable_utf8(note) + "' is neither a checkpoint nor a file");
  }
  const Result<tlog::Checkpoint> kept = parse_unverified(note);
  if (!kept) return fail_within("the kept checkpoint", kept.error());
  if (!key) return kept;
  const Result<tlog::Checkpoint> verified = tlog::open_checkpoint(note, *key);
  if (!verified) {
    recorder.wrong_file(
        Rule::fork, "public/log/vkey", {},
        "the kept checkpoint is not by this log's key " + key->text() + ": " + verified.error().message);
  }
  return kept;
}

void say_what_is_trusted(const Options& options, Recorder& recorder) {
  if (!options.key && !options.kept_checkpoint) {
    recorder.trusted(
        "the key in public/log/vkey, which comes from the folder itself: a log that was signed anew under another key "
        "shows only against a key or checkpoint that the auditor kept");
  } else if (!options.key) {
    recorder.trusted("the key in public/log/vkey, as far as it signed the kept checkpoint too");
  }
  if (!options.kept_checkpoint) {
    recorder.trusted(
        "that everybody is shown this history: a fork shows only against a checkpoint that the auditor kept");
  }
}

}  // namespace

Result<std::optional<LogAnchors>> read_anchors(const tlog::LogFiles& log, const Options& options, Recorder& recorder) {
  const std::string note = TRY(log.load_checkpoint());
  const std::optional<tlog::VerifierKey> key = TRY(choose_key(log, options, recorder));

  const Result<tlog::Checkpoint> checkpoint = parse_unverified(note);
  if (!checkpoint) {
    recorder.wrong_file(Rule::checkpoint, "public/log/checkpoint", {}, checkpoint.error().message);
    return std::nullopt;
  }
  if (key) {
    const Result<tlog::Checkpoint> verified = tlog::open_checkpoint(note, *key);
    if (!verified) {
      recorder.wrong_file(Rule::checkpoint, "public/log/checkpoint", {},
                          "is not by the key " + key->text() + ": " + verified.error().message);
    } else {
      recorder.checked("signatures of the log");
    }
  }
  LogAnchors anchors{*checkpoint, {}};
  if (options.kept_checkpoint) anchors.kept = TRY(read_kept(*options.kept_checkpoint, key, recorder));
  recorder.report().origin = checkpoint->origin;
  recorder.report().log_size = checkpoint->size;
  say_what_is_trusted(options, recorder);
  return anchors;
}

}  // namespace tribute::audit
