#include <array>

#include "record/kinds.h"
#include "record/validate.h"

namespace tribute::record {
namespace {

Json::Object fields_of(const Datanet& datanet) {
  return {{"name", datanet.name},
          {"role", name_of(datanet.role)},
          {"needs_approval", datanet.needs_approval},
          {"public", datanet.is_public},
          {"near_duplicates", name_of(datanet.near_duplicates)}};
}

Result<Datanet> read_datanet(ObjectReader& reader) {
  Datanet datanet;
  datanet.name = TRY(reader.text("name"));
  datanet.role = TRY(reader.named("role", role_from));
  datanet.needs_approval = TRY(reader.boolean("needs_approval"));
  datanet.is_public = TRY(reader.boolean("public"));
  datanet.near_duplicates = TRY(reader.named("near_duplicates", near_duplicates_from));
  return datanet;
}

Json::Object fields_of(const Contributor& contributor) {
  return {{"name_hash", contributor.name_hash}, {"key", contributor.key}, {"binds", contributor.binds}};
}

Result<Contributor> read_contributor(ObjectReader& reader) {
  Contributor contributor;
  contributor.name_hash = TRY(reader.hash("name_hash"));
  contributor.key = TRY(reader.text("key"));
  contributor.binds = TRY(reader.optional_entry("binds"));
  return contributor;
}

Json::Object fields_of(const Contribution& contribution) {
  return {{"datanet", contribution.datanet},
          {"contributor", contribution.contributor},
          {"licence", contribution.license},
          {"source_hash", contribution.source_hash},
          {"content_sha256", contribution.content_sha256},
          {"tokens_sha256", contribution.tokens_sha256},
          {"token_count", contribution.token_count},
          {"duplicate_of", contribution.duplicate_of},
          {"near_duplicate_of", contribution.near_duplicate_of},
          {"signature", contribution.signature}};
}

Result<Contribution> read_contribution(ObjectReader& reader) {
  Contribution contribution;
  contribution.datanet = TRY(reader.entry("datanet"));
  contribution.contributor = TRY(reader.entry("contributor"));
  contribution.license = TRY(reader.text("licence"));
  contribution.source_hash = TRY(reader.hash("source_hash"));
  contribution.content_sha256 = TRY(reader.hash("content_sha256"));
  contribution.tokens_sha256 = TRY(reader.hash("tokens_sha256"));
  contribution.token_count = TRY(reader.integer<uint64_t>("token_count"));
  contribution.duplicate_of = TRY(reader.optional_entry("duplicate_of"));
  contribution.near_duplicate_of = TRY(reader.optional_entry("near_duplicate_of"));
  contribution.signature = TRY(reader.text("signature"));
  return contribution;
}

Json::Object fields_of(const Approval& approval) {
  return {{"contribution", approval.contribution}, {"approved", approval.approved}};
}

Result<Approval> read_approval(ObjectReader& reader) {
  Approval approval;
  approval.contribution = TRY(reader.entry("contribution"));
  approval.approved = TRY(reader.boolean("approved"));
  return approval;
}

Json::Object fields_of(const Withdrawal& withdrawal) { return {{"contribution", withdrawal.contribution}}; }

Result<Withdrawal> read_withdrawal(ObjectReader& reader) {
  return Withdrawal{.contribution = TRY(reader.entry("contribution"))};
}

Json::Object fields_of(const Manifest& manifest) {
  return {{"datanet", manifest.datanet},
          {"manifest_sha256", manifest.manifest_sha256},
          {"tokenizer_sha256", manifest.tokenizer_sha256},
          {"log_size", manifest.log_size},
          {"live_documents", manifest.live_documents},
          {"live_tokens", manifest.live_tokens},
          {"succeeds", manifest.succeeds}};
}

Result<Manifest> read_manifest(ObjectReader& reader) {
  Manifest manifest;
  manifest.datanet = TRY(reader.entry("datanet"));
  manifest.manifest_sha256 = TRY(reader.hash("manifest_sha256"));
  manifest.tokenizer_sha256 = TRY(reader.hash("tokenizer_sha256"));
  manifest.log_size = TRY(reader.integer<uint64_t>("log_size"));
  manifest.live_documents = TRY(reader.integer<uint64_t>("live_documents"));
  manifest.live_tokens = TRY(reader.integer<uint64_t>("live_tokens"));
  manifest.succeeds = TRY(reader.optional_entry("succeeds"));
  return manifest;
}

Json json_of(const Entry& entry) {
  Json::Object fields = std::visit([](const auto& body) { return fields_of(body); }, entry.body);
  fields.push_back({"kind", kind_of(entry.body)});
  fields.push_back({"time_ms", entry.time_ms});
  return Json::object(std::move(fields));
}

Result<Body> read_body(std::string_view kind, ObjectReader& reader) {
  if (kind == "datanet") return TRY(read_datanet(reader));
  if (kind == "contributor") return TRY(read_contributor(reader));
  if (kind == "contribution") return TRY(read_contribution(reader));
  if (kind == "approval") return TRY(read_approval(reader));
  if (kind == "withdrawal") return TRY(read_withdrawal(reader));
  if (kind == "manifest") return TRY(read_manifest(reader));
  if (kind == "model") return TRY(read_model(reader));
  if (kind == "receipt") return TRY(read_receipt(reader));
  return fail(ErrorCode::data_loss, "entry.kind is '" + std::string(kind) + "', which is no kind of entry");
}

Result<std::string> kind_in(const Json& value) {
  ObjectReader reader = TRY(ObjectReader::open(value, "entry"));
  return reader.text("kind");
}

}  // namespace

Result<std::string> to_canonical_json(const Entry& entry) {
  TRY(validate(entry));
  std::string text = json_of(entry).text();
  if (text.size() > kMaxEntryBytes) {
    return fail(ErrorCode::out_of_range, "the " + std::string(kind_of(entry.body)) + " entry would have " +
                                             std::to_string(text.size()) + " bytes, and may have " +
                                             std::to_string(kMaxEntryBytes));
  }
  return text;
}

Result<Entry> entry_from_canonical_json(std::string_view json) {
  if (json.size() > kMaxEntryBytes) {
    return fail(ErrorCode::data_loss,
                "entry has " + std::to_string(json.size()) + " bytes, and may have " + std::to_string(kMaxEntryBytes));
  }
  const auto value = parse_json(json);
  if (!value) return fail_within("entry cannot be read", value.error());
  const std::string kind = TRY(kind_in(*value));

  ObjectReader reader = TRY(ObjectReader::open(*value, kind));
  TRY(reader.text("kind"));
  Entry entry;
  entry.body = TRY(read_body(kind, reader));
  entry.time_ms = TRY(reader.integer<uint64_t>("time_ms"));
  TRY(reader.finish());

  const auto valid = validate(entry);
  if (!valid) return fail(ErrorCode::data_loss, kind + " entry: " + valid.error().message);
  TRY(check_spelling(kind, json, json_of(entry)));
  return entry;
}

std::string contribution_message(const Hash256& content_sha256, std::string_view contributor_key,
                                 std::string_view datanet_name, std::string_view license) {
  return Json::object({{"content_sha256", content_sha256},
                       {"contributor_key", contributor_key},
                       {"datanet", datanet_name},
                       {"kind", "contribution"},
                       {"licence", license}})
      .text();
}

std::string source_text(std::string_view id, std::string_view title) {
  return Json::object({{"id", id}, {"title", title}}).text();
}

}  // namespace tribute::record
