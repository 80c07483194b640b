#include <limits>

#include "record/kinds.h"

namespace tribute::record {

Json payouts_json(const std::vector<Payout>& payouts) {
  Json::Array array;
  array.reserve(payouts.size());
  for (const Payout& payout : payouts) {
    array.push_back(Json::object({{"account", payout.account}, {"amount", payout.amount}}));
  }
  return array;
}

Result<std::vector<Payout>> read_payouts(ObjectReader& reader) {
  return reader.objects("payouts", [](ObjectReader& item) -> Result<Payout> {
    Payout payout;
    payout.account = TRY(item.text("account"));
    payout.amount = TRY(item.amount("amount"));
    return payout;
  });
}

Json::Object fields_of(const Receipt& receipt) {
  return {{"model", receipt.model},
          {"manifests", Json::Array(receipt.manifests.begin(), receipt.manifests.end())},
          {"log_size", receipt.log_size},
          {"tokens_in", receipt.tokens_in},
          {"tokens_out", receipt.tokens_out},
          {"total_millibits", receipt.total_millibits},
          {"credited_millibits", receipt.credited_millibits},
          {"fee", receipt.fee},
          {"body_sha256", receipt.body_sha256},
          {"payouts", payouts_json(receipt.payouts)},
          {"payouts_in_body", receipt.payouts_in_body}};
}

Result<Receipt> read_receipt(ObjectReader& reader) {
  Receipt receipt;
  receipt.model = TRY(reader.entry("model"));
  receipt.manifests = TRY(reader.entries("manifests"));
  receipt.log_size = TRY(reader.integer<uint64_t>("log_size"));
  receipt.tokens_in = TRY(reader.integer<uint64_t>("tokens_in"));
  receipt.tokens_out = TRY(reader.integer<uint64_t>("tokens_out"));
  receipt.total_millibits = TRY(reader.integer<uint64_t>("total_millibits"));
  receipt.credited_millibits = TRY(reader.integer<uint64_t>("credited_millibits"));
  receipt.fee = TRY(reader.amount("fee"));
  receipt.body_sha256 = TRY(reader.hash("body_sha256"));
  receipt.payouts = TRY(read_payouts(reader));
  receipt.payouts_in_body = TRY(reader.boolean("payouts_in_body"));
  return receipt;
}

}  // namespace tribute::record
