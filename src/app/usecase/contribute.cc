#include "usecase/contribute.h"

#include <algorithm>
#include <istream>
#include <map>

#include "datanet/content_store.h"
#include "datanet/contribution.h"
#include "datanet/fold.h"
#include "datanet/reader.h"
#include "datanet/registry.h"
#include "neardup/sketch.h"
#include "ngram/columns.h"
#include "usecase/lookup.h"
#include "usecase/near_duplicates.h"
#include "usecase/registration.h"

namespace tribute::usecase {
namespace {

using workspace::Workspace;

constexpr size_t kMaxReportedRows = 1'000;

// Why a row is not taken.
std::unexpected<Error> bad(std::string why) { return fail(ErrorCode::invalid_argument, std::move(why)); }

// Takes rows into one DataNet and acknowledges them in batches.
class Intake {
 public:
  Intake(Workspace& workspace, const ContributeRequest& request) : workspace_(workspace), request_(request) {}

  Result<ContributeReport> run(std::istream& standard_input, workspace::Progress& progress) {
    auto reader = TRY(open(standard_input));
    progress.begin("contributing", reader->progress().bytes_total, "bytes");
    while (auto row = TRY(reader->next())) {
      progress.advance(reader->progress().bytes_taken);
      if (progress.stop_requested()) {
        report_.stopped = true;
        break;
      }
      TRY(take(std::move(*row)));
    }
    // Ctrl-C ends a wait for standard input as the end of the input would.
    const bool reads_input = std::ranges::find(request_.paths, "-") != request_.paths.end();
    if (reads_input && progress.stop_requested()) report_.stopped = true;
    report_.ignored_file_count = reader->progress().ignored_file_count;
    if (is_undone()) {
      TRY(undo());
    } else {
      TRY(acknowledge());
    }
    progress.end();
    return std::move(report_);
  }

 private:
  // A strict contribution is all or nothing.
  bool is_undone() const { return request_.strict && (report_.bad_count > 0 || report_.stopped); }

  Result<std::unique_ptr<datanet::ContributionReader>> open(std::istream& standard_input) {
    {
      auto sql = TRY(workspace_.database().begin());
      datanet_ = TRY(require_datanet(sql, request_.datanet));
    }
    near_duplicates_.emplace(workspace_, datanet_.entry);
    if (request_.signing_key) public_key_ = public_key_of(*request_.signing_key).text();
    return datanet::ContributionReader::open(workspace_.files(), request_.paths,
                                             datanet::make_stream_source(standard_input),
                                             {.contributor = request_.contributor,
                                              .license = request_.license,
                                              .max_document_bytes = workspace_.settings().max_document_bytes});
  }

  Result<void> take(datanet::RowOrBad row) {
    if (auto* unreadable = std::get_if<datanet::BadRow>(&row)) {
      note(std::move(*unreadable));
      return {};
    }
    auto& good = std::get<datanet::Row>(row);
    if (request_.strict && report_.bad_count > 0) return {};
    if (!change_) change_.emplace(TRY(workspace_.begin()));
    auto taken = take_row(good);
    if (!taken && taken.error().code == ErrorCode::invalid_argument) {
      note({std::move(good.place), std::move(taken.error().message)});
      return {};
    }
    TRY(std::move(taken));
    const auto& settings = workspace_.settings();
    if (batch_documents_ >= settings.batch_documents || batch_bytes_ >= settings.batch_bytes) TRY(end_batch());
    return {};
  }

  void note(datanet::BadRow row) {
    ++report_.bad_count;
    if (report_.bad_rows.size() < kMaxReportedRows) report_.bad_rows.push_back(std::move(row));
  }

  // Takes a row into the batch. Errors: invalid_argument for a bad row, with nothing changed; others end everything.
  Result<void> take_row(const datanet::Row& row) {
    auto& sql = change_->sql();
    const Hash256 content = sha256(row.text);
    if (const auto earlier = TRY(datanet::find_contribution(sql, datanet_.entry, row.id))) {
      if (earlier->content_sha256 != content) {
        return bad("id '" + row.id + "' is there already with other content (entry " +
                   std::to_string(earlier->entry.value()) + "); give the new text another id");
      }
      ++report_.skipped_count;
      return {};
    }
    const auto known = TRY(find_contributor(row.contributor));
    const std::string signature = TRY(signature_of(row, content, known));
    const Hash256 folded = datanet::folded_hash(row.text);
    const auto duplicate = TRY(datanet::first_with_folded_hash(sql, datanet_.entry, folded));
    auto tokens = TRY(workspace_.tokenizer().encode(row.text));
    const auto sketch = neardup::sketch_of(tokens);
    const auto near = TRY(near_duplicates_->find(sql, tokens, sketch));
    const auto repeated = near ? near : duplicate ? std::optional(Repetition{*duplicate, 1'000}) : std::nullopt;
    if (repeated && datanet_.datanet.near_duplicates == record::NearDuplicates::refuse) return refused(*repeated);
    const auto contributor = known ? *known : TRY(add_contributor(row.contributor));

    datanet::ContributionRow stored{.entry = {},
                                    .datanet = datanet_.entry,
                                    .contributor = contributor.entry,
                                    .source_id = row.id,
                                    .title = row.title,
                                    .salt = fresh_salt(workspace_.random()),
                                    .license = row.license,
                                    .content_sha256 = content,
                                    .folded_sha256 = folded,
                                    .tokens_sha256 = ngram::tokens_hash(tokens),
                                    .token_count = tokens.size(),
                                    .duplicate_of = duplicate ? std::optional(duplicate->entry) : std::nullopt,
                                    .near_duplicate_of = near ? std::optional(near->original.entry) : std::nullopt,
                                    .is_signed = !signature.empty(),
                                    .state = needs_approval(datanet_.datanet, repeated.has_value())
                                                 ? datanet::ContributionState::pending
                                                 : datanet::ContributionState::approved,
                                    .decided_at = std::nullopt,
                                    .withdrawn_at = std::nullopt,
                                    .is_erased = false};
    TRY(store(stored, signature, row));
    TRY(near_duplicates_->add(sql, stored.entry, std::move(tokens), sketch));
    count(stored, row, repeated);
    return {};
  }

  std::unexpected<Error> refused(const Repetition& repeated) const {
    return bad("repeats " + std::to_string(repeated.permille) + " ‰ of '" + repeated.original.source_id + "' (entry " +
               std::to_string(repeated.original.entry.value()) + "), and DataNet '" + datanet_.datanet.name +
               "' refuses repetitions");
  }

  Result<void> store(datanet::ContributionRow& row, const std::string& signature, const datanet::Row& source) {
    row.entry = TRY(change_->append(
        record::Contribution{.datanet = row.datanet,
                             .contributor = row.contributor,
                             .license = row.license,
                             .source_hash = salted_hash(row.salt.view(), record::source_text(row.source_id, row.title)),
                             .content_sha256 = row.content_sha256,
                             .tokens_sha256 = row.tokens_sha256,
                             .token_count = row.token_count,
                             .duplicate_of = row.duplicate_of,
                             .near_duplicate_of = row.near_duplicate_of,
                             .signature = signature}));
    TRY(datanet::insert_contribution(change_->sql(), row));
    TRY(pack_.add(source.text));
    return {};
  }

  void count(const datanet::ContributionRow& row, const datanet::Row& source,
             const std::optional<Repetition>& repeated) {
    ++report_.added_count;
    report_.pending_count += row.state == datanet::ContributionState::pending ? 1 : 0;
    report_.text_bytes += source.text.size();
    report_.token_count += row.token_count;
    ++batch_documents_;
    batch_bytes_ += source.text.size();
    if (!repeated) return;
    ++report_.repeated_count;
    if (report_.repeated.size() < kMaxReportedRows) {
      const auto& original = repeated->original;
      report_.repeated.push_back({row.source_id, row.entry, original.source_id, original.entry, repeated->permille});
    }
  }

  // Contributors are looked up once each.
  Result<std::optional<datanet::ContributorRow>> find_contributor(const std::string& name) {
    const auto known = contributors_.find(name);
    if (known != contributors_.end()) return known->second;
    auto row = TRY(datanet::find_contributor(change_->sql(), name));
    if (row) contributors_[name] = *row;
    return row;
  }

  Result<datanet::ContributorRow> add_contributor(const std::string& name) {
    ++report_.new_contributor_count;
    return contributors_[name] = TRY(register_contributor(workspace_, *change_, name, ""));
  }

  // The row's own signature, verified, or ours; empty: vouched by the operator.
  Result<std::string> signature_of(const datanet::Row& row, const Hash256& content,
                                   const std::optional<datanet::ContributorRow>& contributor) const {
    if (row.signature.empty() && !request_.signing_key) return "";
    const std::string key = contributor ? contributor->key : "";
    if (key.empty()) {
      return bad("contributor '" + row.contributor + "' has no key for the signature; `tribute contributor " +
                 (contributor ? "bind" : "add") + "` gives it one");
    }
    const datanet::ContributionTerms terms{content, datanet_.datanet.name, row.license};
    if (row.signature.empty()) {
      if (key != public_key_) {
        return bad("the signing key " + public_key_ + " is not that of contributor '" + row.contributor + "', " + key);
      }
      return datanet::sign_contribution(*request_.signing_key, terms);
    }
    TRY(datanet::check_signature(key, terms, row.signature));
    return row.signature;
  }

  // Writes the batch's pack, and acknowledges the batch unless all must be acknowledged together.
  Result<void> end_batch() {
    TRY(std::move(pack_).finish(workspace_.files(), workspace_.layout().content_folder(), change_->sql()));
    pack_ = datanet::PackWriter();
    near_duplicates_->stored();
    batch_documents_ = 0;
    batch_bytes_ = 0;
    if (request_.strict) return {};
    TRY(std::move(*change_).commit());
    change_.reset();
    return {};
  }

  Result<void> acknowledge() {
    if (!change_) return {};
    TRY(end_batch());
    if (change_) TRY(std::move(*change_).commit());
    change_.reset();
    return {};
  }

  // Drops the change and the packs that were written for it.
  Result<void> undo() {
    change_.reset();
    const std::string folder = workspace_.layout().content_folder();
    auto sql = TRY(workspace_.database().begin());
    for (const auto& pack : TRY(datanet::unreferenced_packs(workspace_.files(), folder, sql))) {
      TRY(workspace_.files().remove(io::join(folder, pack)));
    }
    ContributeReport report;
    report.bad_count = report_.bad_count;
    report.bad_rows = std::move(report_.bad_rows);
    report.ignored_file_count = report_.ignored_file_count;
    report.stopped = report_.stopped;
    report_ = std::move(report);
    return {};
  }

  Workspace& workspace_;
  const ContributeRequest& request_;
  datanet::DatanetRow datanet_;
  std::string public_key_;  // of the signing key
  std::optional<workspace::Change> change_;
  datanet::PackWriter pack_;
  std::optional<NearDuplicates> near_duplicates_;
  uint64_t batch_documents_ = 0;
  uint64_t batch_bytes_ = 0;
  std::map<std::string, datanet::ContributorRow> contributors_;
  ContributeReport report_;
};

}  // namespace

Result<ContributeReport> contribute(Workspace& workspace, const ContributeRequest& request,
                                    std::istream& standard_input, workspace::Progress& progress) {
  auto report = Intake(workspace, request).run(standard_input, progress);
  // What was acknowledged before an error is published too; the error itself is what the caller needs to know.
  const auto published = workspace.publish();
  if (report && !published) return std::unexpected(published.error());
  return report;
}

}  // namespace tribute::usecase
