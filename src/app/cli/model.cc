// tribute model register, update, list, show
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/table.h"
#include "usecase/models.h"

namespace tribute::cli {
namespace {

struct RegisterOptions {
  std::string name;
  std::vector<std::string> datanets;
  std::vector<std::string> guards;
  std::string parameters;
  std::optional<std::string> evidence;
  std::string rate_in;
  std::string rate_out;
  std::optional<std::string> platform_fee;
  std::optional<std::string> split;
  std::optional<std::string> min_span_tokens;
  std::optional<std::string> chance_margin_bits;
  std::optional<std::string> priority_permille;
  std::optional<std::string> passage_bits;
  std::optional<std::string> commons_contributors;
  std::optional<std::string> coverage_scaled;
};

struct NameOptions {
  std::string name;
};

Json view_json(const usecase::ModelView& view) {
  const record::Model& model = view.model;
  Json datanets = Json::array();
  for (size_t i = 0; i < model.datanets.size(); ++i) {
    datanets.push_back({{"name", json_of(view.datanet_names[i])},
                        {"entry", model.datanets[i].datanet.value()},
                        {"manifest", model.datanets[i].manifest.value()},
                        {"role", record::name_of(model.datanets[i].role)},
                        {"treasury_permille", model.datanets[i].treasury_permille}});
  }
  const record::Terms& terms = model.terms;
  const record::Policy& policy = model.policy;
  return {{"name", json_of(model.name)},
          {"entry", view.entry.value()},
          {"first", view.first.value()},
          {"version", model.version},
          {"parameters", model.parameters},
          {"evidence", record::name_of(model.evidence)},
          {"datanets", std::move(datanets)},
          {"rate_in", json_of(terms.rate_in)},
          {"rate_out", json_of(terms.rate_out)},
          {"platform_fee", json_of(terms.platform_fee)},
          {"split",
           {{"model", terms.model_basis_points},
            {"stakers", terms.stakers_basis_points},
            {"contributors", terms.contributors_basis_points}}},
          {"policy",
           {{"min_span_tokens", policy.min_span_tokens},
            {"chance_margin_bits", policy.chance_margin_bits},
            {"priority_permille", policy.priority_permille},
            {"passage_bits", policy.passage_bits},
            {"commons_contributors", policy.commons_contributors ? Json(*policy.commons_contributors) : Json()},
            {"coverage_scaled", policy.coverage_scaled}}}};
}

void print(Context& context, const usecase::ModelView& view) {
  if (context.json()) return print_json(context, view_json(view));
  const record::Model& model = view.model;
  const record::Terms& terms = model.terms;
  const record::Policy& policy = model.policy;
  std::ostream& out = context.out();
  out << terminal_text(model.name) << ", version " << model.version << "  (entry " << view.entry.value() << ")\n"
      << "  parameters    " << grouped(model.parameters) << ", evidence by " << record::name_of(model.evidence) << "\n"
      << "  price         " << grouped(terms.rate_in) << " per thousand prompt tokens, " << grouped(terms.rate_out)
      << " per thousand answer tokens, " << grouped(terms.platform_fee) << " to the platform\n"
      << "  split         model " << terms.model_basis_points << ", stakers " << terms.stakers_basis_points
      << ", contributors " << terms.contributors_basis_points << " (basis points)\n"
      << "  policy        min-span-tokens " << policy.min_span_tokens << ", chance-margin-bits "
      << policy.chance_margin_bits << ", priority-permille " << policy.priority_permille << ", passage-bits "
      << policy.passage_bits << ", commons-contributors "
      << (policy.commons_contributors ? std::to_string(*policy.commons_contributors) : "by size")
      << ", coverage-scaled " << (policy.coverage_scaled ? "yes" : "no") << "\n";
  using Align = Table::Align;
  Table table({{"DATANET"}, {"ROLE"}, {"MANIFEST AT", Align::right}, {"TREASURY PERMILLE", Align::right}});
  for (size_t i = 0; i < model.datanets.size(); ++i) {
    table.add({view.datanet_names[i], std::string(record::name_of(model.datanets[i].role)),
               std::to_string(model.datanets[i].manifest.value()),
               std::to_string(model.datanets[i].treasury_permille)});
  }
  out << table.text();
}

Result<record::Terms> terms_of(const RegisterOptions& options) {
  record::Terms terms;
  terms.rate_in = TRY(parse_amount_of("--rate-in", options.rate_in));
  terms.rate_out = TRY(parse_amount_of("--rate-out", options.rate_out));
  if (options.platform_fee) terms.platform_fee = TRY(parse_amount_of("--platform-fee", *options.platform_fee));
  if (options.split) TRY(parse_split(*options.split, terms));
  return terms;
}

Result<record::Policy> policy_of(const RegisterOptions& options) {
  constexpr uint32_t kPermille = 1'000;
  record::Policy policy;
  const auto set = [](uint32_t& value, std::string_view name, const std::optional<std::string>& text, uint32_t low,
                      uint32_t high) -> Result<void> {
    if (text) value = TRY(parse_integer(name, *text, low, high));
    return {};
  };
  TRY(set(policy.min_span_tokens, "--min-span-tokens", options.min_span_tokens, 1, UINT32_MAX));
  TRY(set(policy.chance_margin_bits, "--chance-margin-bits", options.chance_margin_bits, 0, UINT32_MAX));
  TRY(set(policy.priority_permille, "--priority-permille", options.priority_permille, 0, kPermille));
  TRY(set(policy.passage_bits, "--passage-bits", options.passage_bits, 0, UINT32_MAX));
  if (options.commons_contributors) {
    policy.commons_contributors =
        TRY(parse_integer("--commons-contributors", *options.commons_contributors, 1, UINT32_MAX));
  }
  if (options.coverage_scaled) {
    policy.coverage_scaled = TRY(parse_yes_no("--coverage-scaled", *options.coverage_scaled));
  }
  return policy;
}

Result<usecase::ModelRequest> request_of(const RegisterOptions& options) {
  usecase::ModelRequest request;
  request.name = options.name;
  request.guards = options.guards;
  if (options.datanets.empty()) {
    return fail(ErrorCode::invalid_argument, "give the DataNets it was trained on: --datanet A, once for each");
  }
  for (const std::string& text : options.datanets) request.datanets.push_back(TRY(parse_datanet_share(text)));
  auto parameters = parse_count(options.parameters);
  if (!parameters) return fail_within("--parameters", std::move(parameters).error());
  request.parameters = *parameters;
  if (options.evidence) {
    const auto evidence = record::evidence_from(*options.evidence);
    if (!evidence) {
      return fail(ErrorCode::invalid_argument,
                  "--evidence must be matches or influence, not '" + *options.evidence + "'");
    }
    request.evidence = *evidence;
  }
  request.terms = TRY(terms_of(options));
  request.policy = TRY(policy_of(options));
  return request;
}

Result<Exit> register_model(Context& context, const RegisterOptions& options) {
  const usecase::ModelRequest request = TRY(request_of(options));
  print(context, TRY(context.in_workspace(
                     [&](workspace::Workspace& workspace) { return usecase::register_model(workspace, request); })));
  return Exit::done;
}

Result<Exit> update(Context& context, const NameOptions& options) {
  print(context, TRY(context.in_workspace(
                     [&](workspace::Workspace& workspace) { return usecase::update_model(workspace, options.name); })));
  return Exit::done;
}

Result<Exit> list(Context& context) {
  const auto views = TRY(context.in_workspace(usecase::list_models));
  if (context.json()) {
    Json items = Json::array();
    for (const auto& view : views) items.push_back(view_json(view));
    print_json(context, list_json("models", std::move(items)));
    return Exit::done;
  }
  using Align = Table::Align;
  Table table({{"MODEL"},
               {"VERSION", Align::right},
               {"ENTRY", Align::right},
               {"PARAMETERS", Align::right},
               {"EVIDENCE"},
               {"DATANETS"}});
  for (const auto& view : views) {
    std::string names;
    for (const auto& name : view.datanet_names) names += (names.empty() ? "" : ", ") + name;
    table.add({view.model.name, std::to_string(view.model.version), std::to_string(view.entry.value()),
               grouped(view.model.parameters), std::string(record::name_of(view.model.evidence)), names});
  }
  if (table.empty()) {
    context.say("There is no model yet; see `tribute model register --help`");
  } else {
    context.out() << table.text();
  }
  return Exit::done;
}

Result<Exit> show(Context& context, const NameOptions& options) {
  print(context, TRY(context.in_workspace(
                     [&](workspace::Workspace& workspace) { return usecase::show_model(workspace, options.name); })));
  return Exit::done;
}

Command register_command() {
  const auto options = std::make_shared<RegisterOptions>();
  return Command("model register", "register a model: what it was trained on, its price, who gets what")
      .argument("MODEL", options->name, "its name: a-z, 0-9, '.', '_' and '-', at most 64")
      .option("--datanet A[=PERMILLE]", options->datanets,
              "a DataNet it was trained on, and its treasury's thousandths of what no owner gets; once for each")
      .option("--guard B", options->guards, "a guard DataNet; once for each")
      .option("--parameters COUNT", options->parameters, "how many parameters it has: 7000000000, 7e9 or 7B")
      .option("--evidence KIND", options->evidence, "matches or influence (default: by the number of parameters)")
      .option("--rate-in AMOUNT", options->rate_in, "the price of a thousand prompt tokens")
      .option("--rate-out AMOUNT", options->rate_out, "the price of a thousand answer tokens")
      .option("--platform-fee AMOUNT", options->platform_fee, "per answer, before the split (default 0)")
      .option("--split PARTS", options->split,
              "basis points, together 10000 (default model=3000,stakers=1000,contributors=6000)")
      .option("--min-span-tokens N", options->min_span_tokens,
              "a shorter match is never evidence (default 6, at least 1)")
      .option("--chance-margin-bits N", options->chance_margin_bits,
              "bits beyond chance that evidence needs (default 10)")
      .option("--priority-permille N", options->priority_permille,
              "a part of a match with this many thousandths of its surprisal goes to whoever wrote it first "
              "(default 600, 0 to 1000)")
      .option("--passage-bits N", options->passage_bits, "and so does a part with this many bits (default 200)")
      .option("--commons-contributors N", options->commons_contributors,
              "what more contributors than this hold is common (default: a twentieth of them, 8 to 64)")
      .option("--coverage-scaled yes|no", options->coverage_scaled,
              "pay owners for the part of the answer that is theirs alone (default yes)")
      .details(
          "Pins the newest index of each DataNet; `tribute index build` makes it. Amounts are millionths. "
          "--parameters, --rate-in, --rate-out and at least one --datanet must be given.")
      .example(
          "tribute model register llama --datanet harbour=50 --datanet kitchen --guard commons "
          "--parameters 7e9 --rate-in 200000 --rate-out 1000000")
      .example(
          "tribute model register small --datanet harbour --parameters 1.5B --rate-in 0 --rate-out 500000 "
          "--platform-fee 1000 --split model=2000,contributors=8000")
      .action([options](Context& context) { return register_model(context, *options); });
}

}  // namespace

std::vector<Command> model_commands() {
  const auto updated = std::make_shared<NameOptions>();
  const auto shown = std::make_shared<NameOptions>();
  return {
      register_command(),
      Command("model update", "register a model's next version, with the newest indexes")
          .argument("MODEL", updated->name, "the model")
          .details("Prices, split and policy stay. Earlier receipts keep the version they cite.")
          .example("tribute model update llama")
          .action([updated](Context& context) { return update(context, *updated); }),
      Command("model list", "list every version of every model").example("tribute model list").action(list),
      Command("model show", "show a model's newest version")
          .argument("MODEL", shown->name, "the model")
          .example("tribute model show llama --json")
          .action([shown](Context& context) { return show(context, *shown); }),
  };
}

}  // namespace tribute::cli
