#include "audit/audit.h"
#include "audit/directory_audit.h"
#include "audit/entry_audit.h"
#include "audit/file_errors.h"
#include "audit/folders.h"
#include "audit/history.h"
#include "audit/index_audit.h"
#include "audit/log_audit.h"
#include "audit/receipt_audit.h"
#include "text/tokenizer.h"

namespace tribute::audit {
namespace {

// The workspace's tokenizer, or nullptr where it is missing, damaged or of an unknown kind, which the
// report says. A workspace without manifests need not have one.
Result<std::unique_ptr<text::Tokenizer>> read_tokenizer(io::FileSystem& files, const Folders& folders,
                                                        const History& history, Recorder& recorder) {
  const std::string path = io::join(folders.public_folder, "tokenizer");
  Result<std::unique_ptr<text::Tokenizer>> tokenizer = text::open_tokenizer(files, path);
  if (!tokenizer && tokenizer.error().code == ErrorCode::unimplemented) {
    recorder.unchecked("tokenizer: " + reason_of(tokenizer.error(), path));
    return nullptr;
  }
  if (!tokenizer && is_finding(tokenizer.error())) {
    if (history.manifests.all().empty()) return nullptr;
    recorder.wrong_file(Rule::tokenizer, "public/tokenizer", {}, reason_of(tokenizer.error(), path));
    return nullptr;
  }
  if (!tokenizer) return std::unexpected(tokenizer.error());
  if (const Result<void> verified = (*tokenizer)->verify(); !verified) {
    recorder.wrong_file(Rule::tokenizer, "public/tokenizer", {}, verified.error().message);
    return nullptr;
  }
  for (const ManifestFacts& manifest : history.manifests.all()) {
    if (manifest.manifest.tokenizer_sha256 == (*tokenizer)->hash()) continue;
    recorder.wrong_entry(Rule::tokenizer, manifest.entry,
                         "tokenizer_sha256 is " + manifest.manifest.tokenizer_sha256.hex() +
                             ", that of the workspace's tokenizer is " + (*tokenizer)->hash().hex());
  }
  recorder.checked("tokenizers");
  return tokenizer;
}

void say_what_is_trusted(const History& history, uint64_t vouched_count, Recorder& recorder) {
  recorder.trusted("the times of the entries: the operator's clock");
  if (vouched_count > 0) {
    recorder.trusted("the operator's word for " + std::to_string(vouched_count) +
                     " contributions that their contributors did not sign");
  }
  if (!history.receipts.empty()) {
    recorder.trusted(
        "of receipts: that the answers were given, how many tokens their prompts had, and which tokens of an answer "
        "were copied from its prompt");
  }
}

}  // namespace

Result<Report> verify(io::FileSystem& files, const Options& options) {
  Recorder recorder(options.findings_per_rule);
  const Folders folders{options.public_folder, options.sealed_folder};
  const tlog::LogFiles log(files, io::join(options.public_folder, "log"));
  const std::optional<LogAnchors> anchors = TRY(read_anchors(log, options, recorder));
  if (!anchors) return std::move(recorder).finish();

  History history;
  EntryAudit entries(history, recorder);
  const auto on_entry = [&entries](std::optional<std::string_view> entry) {
    if (entry) {
      entries.check(*entry);
    } else {
      entries.skip();
    }
  };
  TRY(LogAudit(log, *anchors, recorder).run(on_entry, options.progress));
  TRY(check_directory(files, folders, history, recorder));
  const std::unique_ptr<text::Tokenizer> tokenizer = TRY(read_tokenizer(files, folders, history, recorder));
  TRY(IndexAudit(files, folders, history, tokenizer.get(), recorder, options.independent).run(options.progress));
  TRY(ReceiptAudit(log, folders, history, recorder, options.independent).run(options.progress));
  say_what_is_trusted(history, entries.vouched_count(), recorder);
  return std::move(recorder).finish();
}

Result<std::string> text_or_file(io::FileSystem& files, const std::string& argument) {
  // An argument that cannot even be a path, for its length say, is no file.
  if (!files.exists(argument).value_or(false)) return argument;
  constexpr uint64_t kMaxBytes = 1'000'000;
  return io::read_file(files, argument, kMaxBytes);
}

int exit_code(const Report& report) { return report.is_right() ? 0 : 1; }

}  // namespace tribute::audit
