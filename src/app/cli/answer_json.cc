#include "cli/answer_json.h"

#include <nlohmann/json.hpp>

namespace tribute::cli {
namespace {

Json span_json(const usecase::SpanView& span) {
  Json json = {{"begin", span.begin},
               {"end", span.end},
               {"text", json_of(span.text)},
               {"count", span.count},
               {"surprisal_millibits", span.surprisal_millibits},
               {"evidence", span.evidence}};
  if (!span.evidence) return json;
  json["datapoint_count"] = span.datapoint_count;
  Json datapoints = Json::array();
  for (const auto& datapoint : span.datapoints) {
    datapoints.push_back({{"id", json_of(datapoint.id)},
                          {"datanet", json_of(datapoint.datanet)},
                          {"entry", datapoint.entry.value()},
                          {"contributor", json_of(datapoint.contributor_name)},
                          {"title", json_of(datapoint.title)}});
  }
  json["datapoints"] = std::move(datapoints);
  return json;
}

Json credit_json(const record::BodyCredit& credit) {
  return {{"begin", credit.begin},
          {"end", credit.end},
          {"state", record::name_of(credit.fate)},
          {"datapoint", json_of(credit.datapoint)},
          {"contributor", json_of(credit.contributor)},
          {"millibits", credit.millibits}};
}

}  // namespace

Json attribution_json(const usecase::AttributionView& view) {
  Json spans = Json::array();
  for (const auto& span : view.spans) spans.push_back(span_json(span));
  Json credits = Json::array();
  for (const auto& credit : view.credits) credits.push_back(credit_json(credit.credit));
  Json contributors = Json::array();
  for (const auto& share : view.contributors) {
    contributors.push_back({{"id", share.entry.value()},
                            {"name", json_of(share.name)},
                            {"millibits", share.millibits},
                            {"share_ppm", share.share_ppm}});
  }
  return {{"model", json_of(view.model)},
          {"model_version", view.model_version},
          {"tokens", view.tokens},
          {"total_millibits", view.total_millibits},
          {"credited_millibits", view.credited_millibits},
          {"spans", std::move(spans)},
          {"credits", std::move(credits)},
          {"contributors", std::move(contributors)}};
}

Json receipt_json(const usecase::ReceiptView& view) {
  Json payouts = Json::array();
  for (const auto& payout : view.payouts) {
    payouts.push_back({{"account", json_of(payout.account)}, {"amount", json_of(payout.amount)}});
  }
  Json json = {{"id", view.id.empty() ? Json() : json_of(view.id)},
               {"entry", json_of(view.entry)},
               {"payer", json_of(view.payer)},
               {"time_ms", view.time_ms},
               {"tokens_in", view.tokens_in},
               {"tokens_out", view.tokens_out},
               {"fee", json_of(view.fee)},
               {"payouts", std::move(payouts)}};
  json.update(attribution_json(view.attribution));
  return json;
}

}  // namespace tribute::cli
