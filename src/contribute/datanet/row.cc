#include "datanet/row.h"

#include <utility>

#include "base/bytes.h"
#include "base/hash.h"
#include "datanet/names.h"
#include "record/validate.h"

namespace tribute::datanet {
namespace {

constexpr size_t kSignatureDigits = 128;

std::unexpected<Error> bad(std::string message) { return fail(ErrorCode::invalid_argument, std::move(message)); }

// The row's own value, else the option's. Errors: names the field and the option that would give it.
Result<void> fill(std::string& field, const std::optional<std::string>& option, const std::string& name) {
  if (!field.empty()) return {};
  if (!option) return bad("field \"" + name + "\" is missing; give it in the row or with --" + name);
  field = *option;
  return {};
}

Result<void> check_document(const std::string& text, uint64_t max_document_bytes) {
  if (text.empty()) return bad("the document is empty");
  if (text.size() > max_document_bytes) {
    return bad("the document has " + std::to_string(text.size()) + " bytes, more than max_document_bytes (" +
               std::to_string(max_document_bytes) + ")");
  }
  return {};
}

}  // namespace

std::string describe(const BadRow& bad) {
  std::string text = bad.place.file;
  if (bad.place.line > 0) text += ":" + std::to_string(bad.place.line);
  return to_printable_utf8(text + ": " + bad.message);
}

Result<void> complete(Row& row, const RowOptions& options) {
  TRY(fill(row.contributor, options.contributor, "contributor"));
  TRY(check_contributor_name(row.contributor));
  TRY(fill(row.license, options.license, "license"));
  TRY(record::validate_license(row.license));
  TRY(check_document(row.text, options.max_document_bytes));
  if (row.id.empty()) row.id = sha256(row.text).hex();
  TRY(check_source_id(row.id));
  row.title = TRY(cleaned_title(row.title));
  const bool is_signature = row.signature.size() == kSignatureDigits && from_hex(row.signature).has_value();
  if (!row.signature.empty() && !is_signature) {
    return bad("field \"signature\" is not 128 lowercase hexadecimal digits");
  }
  return {};
}

}  // namespace tribute::datanet
