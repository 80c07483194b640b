#include "base/bytes.h"
#include "base/check.h"
#include "record/kinds.h"
#include "record/receipt_body.h"
#include "record/validate.h"

namespace tribute::record {
namespace {

// Bit i of byte i / 8, least significant first.
std::string hex_of(const std::vector<bool>& bits) {
  std::string bytes((bits.size() + 7) / 8, '\0');
  for (size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) bytes[i / 8] = static_cast<char>(static_cast<uint8_t>(bytes[i / 8]) | 1U << i % 8);
  }
  return to_hex(bytes);
}

// Unused bits of the last byte are left to check_spelling().
Result<std::vector<bool>> bits_from_hex(std::string_view hex, size_t bit_count) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != (bit_count + 7) / 8) {
    return fail(ErrorCode::data_loss, "receipt_body.copied is not one bit per token in hexadecimal");
  }
  std::vector<bool> bits(bit_count);
  for (size_t i = 0; i < bit_count; ++i) bits[i] = (static_cast<uint8_t>((*bytes)[i / 8]) >> i % 8 & 1) != 0;
  return bits;
}

Json json_of(const BodySpan& span) {
  return Json::object({{"begin", span.begin},
                       {"end", span.end},
                       {"count", span.count},
                       {"surprisal_millibits", span.surprisal_millibits},
                       {"evidence", span.evidence}});
}

Result<BodySpan> read_span(ObjectReader& reader) {
  BodySpan span;
  span.begin = TRY(reader.integer<uint64_t>("begin"));
  span.end = TRY(reader.integer<uint64_t>("end"));
  span.count = TRY(reader.integer<uint64_t>("count"));
  span.surprisal_millibits = TRY(reader.integer<uint64_t>("surprisal_millibits"));
  span.evidence = TRY(reader.boolean("evidence"));
  return span;
}

Json json_of(const BodyClaim& claim) {
  return Json::object(
      {{"begin", claim.begin}, {"end", claim.end}, {"datapoint", claim.datapoint}, {"common", claim.common}});
}

Result<BodyClaim> read_claim(ObjectReader& reader) {
  BodyClaim claim;
  claim.begin = TRY(reader.integer<uint64_t>("begin"));
  claim.end = TRY(reader.integer<uint64_t>("end"));
  claim.datapoint = TRY(reader.optional_entry("datapoint"));
  claim.common = TRY(reader.boolean("common"));
  return claim;
}

Json json_of(const BodyCredit& credit) {
  return Json::object({{"begin", credit.begin},
                       {"end", credit.end},
                       {"fate", name_of(credit.fate)},
                       {"datapoint", credit.datapoint},
                       {"contributor", credit.contributor},
                       {"millibits", credit.millibits}});
}

Result<BodyCredit> read_credit(ObjectReader& reader) {
  BodyCredit credit;
  credit.begin = TRY(reader.integer<uint64_t>("begin"));
  credit.end = TRY(reader.integer<uint64_t>("end"));
  credit.fate = TRY(reader.named("fate", fate_from));
  credit.datapoint = TRY(reader.optional_entry("datapoint"));
  credit.contributor = TRY(reader.optional_entry("contributor"));
  credit.millibits = TRY(reader.integer<uint64_t>("millibits"));
  return credit;
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json::Array array;
  array.reserve(items.size());
  for (const Item& item : items) array.push_back(json_of(item));
  return array;
}

Json json_of(const ReceiptBody& body) {
  return Json::object({{"kind", "receipt_body"},
                       {"version", 1U},
                       {"salt", body.salt},
                       {"payer", body.payer},
                       {"output_tokens", Json::Array(body.output_tokens.begin(), body.output_tokens.end())},
                       {"copied", hex_of(body.copied)},
                       {"spans", list_of(body.spans)},
                       {"claims", list_of(body.claims)},
                       {"credits", list_of(body.credits)},
                       {"payouts", payouts_json(body.payouts)}});
}

Result<ReceiptBody> read_body(ObjectReader& reader) {
  if (TRY(reader.text("kind")) != "receipt_body") {
    return fail(ErrorCode::data_loss, "receipt_body.kind is not 'receipt_body'");
  }
  if (TRY(reader.integer<uint32_t>("version")) != 1) {
    return fail(ErrorCode::data_loss, "receipt_body.version is not 1, the only one that is known");
  }
  ReceiptBody body;
  body.salt = TRY(reader.hash("salt"));
  body.payer = TRY(reader.text("payer"));
  body.output_tokens = TRY(reader.integers<uint32_t>("output_tokens"));
  body.copied = TRY(bits_from_hex(TRY(reader.text("copied")), body.output_tokens.size()));
  body.spans = TRY(reader.objects("spans", read_span));
  body.claims = TRY(reader.objects("claims", read_claim));
  body.credits = TRY(reader.objects("credits", read_credit));
  body.payouts = TRY(read_payouts(reader));
  TRY(reader.finish());
  return body;
}

}  // namespace

std::string to_canonical_json(const ReceiptBody& body) {
  CHECK(validate(body).has_value());
  return json_of(body).text();
}

Result<ReceiptBody> receipt_body_from_canonical_json(std::string_view json) {
  const auto value = parse_json(json);
  if (!value) return fail_within("receipt_body cannot be read", value.error());
  ObjectReader reader = TRY(ObjectReader::open(*value, "receipt_body"));
  ReceiptBody body = TRY(read_body(reader));
  const auto valid = validate(body);
  if (!valid) return fail(ErrorCode::data_loss, valid.error().message);
  TRY(check_spelling("receipt_body", json, json_of(body)));
  return body;
}

}  // namespace tribute::record
