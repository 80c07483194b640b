#include <limits>

#include "record/kinds.h"

namespace tribute::record {
namespace {

constexpr uint64_t kMaxUint32 = std::numeric_limits<uint32_t>::max();

Json json_of(const Terms& terms) {
  return Json::object({{"rate_in", terms.rate_in},
                       {"rate_out", terms.rate_out},
                       {"platform_fee", terms.platform_fee},
                       {"model_basis_points", terms.model_basis_points},
                       {"stakers_basis_points", terms.stakers_basis_points},
                       {"contributors_basis_points", terms.contributors_basis_points}});
}

Result<Terms> read_terms(ObjectReader& reader) {
  Terms terms;
  terms.rate_in = TRY(reader.amount("rate_in"));
  terms.rate_out = TRY(reader.amount("rate_out"));
  terms.platform_fee = TRY(reader.amount("platform_fee"));
  terms.model_basis_points = TRY(reader.integer<uint32_t>("model_basis_points"));
  terms.stakers_basis_points = TRY(reader.integer<uint32_t>("stakers_basis_points"));
  terms.contributors_basis_points = TRY(reader.integer<uint32_t>("contributors_basis_points"));
  TRY(reader.finish());
  return terms;
}

Json json_of(const Policy& policy) {
  return Json::object({{"min_span_tokens", policy.min_span_tokens},
                       {"chance_margin_bits", policy.chance_margin_bits},
                       {"priority_permille", policy.priority_permille},
                       {"passage_bits", policy.passage_bits},
                       {"commons_contributors", policy.commons_contributors},
                       {"coverage_scaled", policy.coverage_scaled}});
}

Result<Policy> read_policy(ObjectReader& reader) {
  Policy policy;
  policy.min_span_tokens = TRY(reader.integer<uint32_t>("min_span_tokens"));
  policy.chance_margin_bits = TRY(reader.integer<uint32_t>("chance_margin_bits"));
  policy.priority_permille = TRY(reader.integer<uint32_t>("priority_permille"));
  policy.passage_bits = TRY(reader.integer<uint32_t>("passage_bits"));
  const auto commons_contributors = TRY(reader.optional_integer_up_to("commons_contributors", kMaxUint32));
  if (commons_contributors) policy.commons_contributors = static_cast<uint32_t>(*commons_contributors);
  policy.coverage_scaled = TRY(reader.boolean("coverage_scaled"));
  TRY(reader.finish());
  return policy;
}

Json json_of(const ModelDatanet& datanet) {
  return Json::object({{"datanet", datanet.datanet},
                       {"manifest", datanet.manifest},
                       {"role", name_of(datanet.role)},
                       {"treasury_permille", datanet.treasury_permille}});
}

Result<ModelDatanet> read_model_datanet(ObjectReader& reader) {
  ModelDatanet datanet;
  datanet.datanet = TRY(reader.entry("datanet"));
  datanet.manifest = TRY(reader.entry("manifest"));
  datanet.role = TRY(reader.named("role", role_from));
  datanet.treasury_permille = TRY(reader.integer<uint32_t>("treasury_permille"));
  return datanet;
}

}  // namespace

Json::Object fields_of(const Model& model) {
  Json::Array datanets;
  for (const ModelDatanet& datanet : model.datanets) datanets.push_back(json_of(datanet));
  return {{"name", model.name},
          {"first", model.first},
          {"version", model.version},
          {"parameters", model.parameters},
          {"evidence", name_of(model.evidence)},
          {"datanets", std::move(datanets)},
          {"terms", json_of(model.terms)},
          {"policy", json_of(model.policy)}};
}

Result<Model> read_model(ObjectReader& reader) {
  Model model;
  model.name = TRY(reader.text("name"));
  model.first = TRY(reader.optional_entry("first"));
  model.version = TRY(reader.integer<uint32_t>("version"));
  model.parameters = TRY(reader.integer<uint64_t>("parameters"));
  model.evidence = TRY(reader.named("evidence", evidence_from));
  model.datanets = TRY(reader.objects("datanets", read_model_datanet));
  ObjectReader terms = TRY(reader.object("terms"));
  model.terms = TRY(read_terms(terms));
  ObjectReader policy = TRY(reader.object("policy"));
  model.policy = TRY(read_policy(policy));
  return model;
}

}  // namespace tribute::record
