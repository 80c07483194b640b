// tribute ngram count, next, probability, spans, search, generate
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/ngram_page.h"
#include "cli/ngram_source.h"
#include "cli/table.h"
#include "lm/sampler.h"

namespace tribute::cli {
namespace {

using Align = Table::Align;

struct QueryOptions {
  NgramSource source;
  std::vector<std::string> words;
  std::optional<std::string> near;
  std::optional<std::string> limit;
  std::optional<std::string> from;
};

struct TextOptions {
  NgramSource source;
  std::string text;
  std::optional<std::string> limit;
  std::optional<std::string> context;
  std::optional<std::string> min_tokens;
};

struct GenerateOptions {
  NgramSource source;
  std::optional<std::string> prompt;
  std::optional<std::string> length;
  std::optional<std::string> temperature;
  std::optional<std::string> top_k;
  std::optional<std::string> seed;
  std::optional<std::string> context;
};

std::string share_text(uint64_t part, uint64_t whole) { return whole == 0 ? "-" : percent_text(ppm_of(part, whole)); }

// What of a context is looked at: its last `limit` tokens, or all.
std::span<const TokenId> last_of(std::span<const TokenId> tokens, uint32_t limit) {
  return limit == 0 || tokens.size() <= limit ? tokens : tokens.last(limit);
}

Result<uint32_t> number_of(std::string_view option, const std::optional<std::string>& text, uint32_t low, uint32_t high,
                           uint32_t otherwise) {
  return text ? parse_integer(option, *text, low, high) : Result<uint32_t>(otherwise);
}

Result<Exit> count(Context& context, const QueryOptions& options, const OpenedModel& opened) {
  const auto query = TRY(query_of(context, options.source, opened.model, options.words, options.near));
  const bool is_simple = query.clauses.size() == 1 && query.clauses.front().size() == 1;
  if (is_simple) {
    const uint64_t occurrences = TRY(opened.model.model().count(query.clauses.front().front()));
    if (context.json()) {
      print_json(context, {{"occurrences", occurrences}});
    } else {
      context.out() << counted(occurrences, "occurrence") << "\n";
    }
    return Exit::done;
  }
  const auto counts = TRY(lm::count(opened.model.model(), query));
  if (context.json()) {
    print_json(context, {{"windows", counts.windows}, {"documents", counts.documents}});
  } else {
    context.out() << counted(counts.windows, "place") << " in " << counted(counts.documents, "document") << "\n";
  }
  return Exit::done;
}

Result<Exit> next(Context& context, const TextOptions& options, const OpenedModel& opened) {
  const uint32_t limit = TRY(number_of("--limit", options.limit, 1, UINT32_MAX, 10));
  const uint32_t context_limit = TRY(number_of("--context", options.context, 1, UINT32_MAX, 0));
  const auto text = TRY(tokens_of(context, options.source, opened.model, options.text));
  auto found = TRY(opened.model.model().infinity_distribution(last_of(text, context_limit)));
  const size_t distinct = found.tokens.size();
  std::ranges::stable_sort(found.tokens, std::ranges::greater{}, &ngram::TokenCount::count);
  if (found.tokens.size() > limit) found.tokens.resize(limit);
  const auto used = std::span(text).last(found.context_length);
  if (context.json()) {
    Json tokens = Json::array();
    for (const auto& [token, occurrences] : found.tokens) {
      tokens.push_back(
          {{"token", token.value()}, {"text", text_json(opened.model.text_of({&token, 1}))}, {"count", occurrences}});
    }
    print_json(context, {{"context_length", found.context_length},
                         {"context_text", text_json(opened.model.text_of(used))},
                         {"count", found.count},
                         {"end_of_document", found.end_of_document},
                         {"distinct_tokens", distinct},
                         {"tokens", std::move(tokens)}});
    return Exit::done;
  }
  context.out() << "After the last " << counted(found.context_length, "token") << ", which "
                << (found.count == 1 ? "stands once" : "stand " + grouped(found.count) + " times") << ":\n";
  Table table({{"TOKEN", Align::right}, {"TEXT", Align::left, 40}, {"COUNT", Align::right}, {"SHARE", Align::right}});
  for (const auto& [token, occurrences] : found.tokens) {
    table.add({std::to_string(token.value()), shown(opened.model.text_of({&token, 1}), {}), grouped(occurrences),
               share_text(occurrences, found.count)});
  }
  if (found.end_of_document != 0) {
    table.add(
        {"", "end of the document", grouped(found.end_of_document), share_text(found.end_of_document, found.count)});
  }
  context.out() << table.text();
  if (distinct > limit) context.say(grouped(distinct - limit) + " more; --limit lists them");
  return Exit::done;
}

Result<Exit> probability(Context& context, const TextOptions& options, const OpenedModel& opened) {
  const uint32_t context_limit = TRY(number_of("--context", options.context, 1, UINT32_MAX, 0));
  const auto text = TRY(tokens_of(context, options.source, opened.model, options.text));
  Json tokens = Json::array();
  Table table({{"TOKEN", Align::right},
               {"TEXT", Align::left, 40},
               {"CONTEXT", Align::right},
               {"COUNT", Align::right},
               {"OF", Align::right},
               {"SHARE", Align::right}});
  for (size_t i = 0; i < text.size(); ++i) {
    const auto before = last_of(std::span(text).first(i), context_limit);
    const auto found = TRY(opened.model.model().infinity_probability(before, text[i]));
    const auto piece = opened.model.text_of({&text[i], 1});
    if (context.json()) {
      tokens.push_back({{"token", text[i].value()},
                        {"text", text_json(piece)},
                        {"context_length", found.context_length},
                        {"count", found.numerator},
                        {"context_count", found.denominator}});
    } else {
      table.add({std::to_string(text[i].value()), shown(piece, {}), grouped(uint64_t{found.context_length}),
                 grouped(found.numerator), grouped(found.denominator), share_text(found.numerator, found.denominator)});
    }
  }
  if (context.json()) {
    print_json(context, list_json("tokens", std::move(tokens)));
  } else {
    context.out() << table.text();
  }
  return Exit::done;
}

Result<Exit> spans(Context& context, const TextOptions& options, const OpenedModel& opened) {
  const uint32_t min_tokens = TRY(number_of("--min-tokens", options.min_tokens, 1, UINT32_MAX, 1));
  const auto text = TRY(tokens_of(context, options.source, opened.model, options.text));
  Json items = Json::array();
  Table table({{"BEGIN", Align::right},
               {"END", Align::right},
               {"TOKENS", Align::right},
               {"COUNT", Align::right},
               {"TEXT", Align::left, 60}});
  for (const auto& [run, occurrences] : TRY(opened.model.model().maximal_spans(text))) {
    if (run.length() < min_tokens) continue;
    const auto tokens = std::span(text).subspan(run.begin, run.length());
    const auto part = opened.model.text_of(tokens);
    if (context.json()) {
      items.push_back({{"begin", run.begin}, {"end", run.end}, {"count", occurrences}, {"text", text_json(part)}});
    } else {
      table.add({grouped(uint64_t{run.begin}), grouped(uint64_t{run.end}), grouped(uint64_t{run.length()}),
                 grouped(occurrences), shown(part, tokens)});
    }
  }
  if (context.json()) {
    Json json = list_json("spans", std::move(items));
    json["token_count"] = text.size();
    print_json(context, json);
  } else if (table.empty()) {
    context.out() << "Nothing of it stands there.\n";
  } else {
    context.out() << table.text();
  }
  return Exit::done;
}

Result<Exit> search(Context& context, const QueryOptions& options, const OpenedModel& opened) {
  usecase::NgramSearch search;
  search.limit = TRY(number_of("--limit", options.limit, 1, UINT32_MAX, search.limit));
  if (options.from) search.from = TRY(parse_place(*options.from));
  search.query = TRY(query_of(context, options.source, opened.model, options.words, options.near));
  const auto page = TRY(usecase::search_documents(opened.model, search));
  std::vector<usecase::NgramDatapoint> datapoints;
  if (opened.workspace != nullptr) datapoints = TRY(usecase::describe_hits(*opened.workspace, page.hits));
  print_page(context, page, datapoints);
  return Exit::done;
}

// "0.7" in thousandths.
Result<uint32_t> parse_temperature(const std::string& text) {
  const auto thousandths = parse_count(text + "k");
  if (thousandths && *thousandths <= 1'000'000) return static_cast<uint32_t>(*thousandths);
  return fail(ErrorCode::invalid_argument,
              "--temperature: '" + text + "' is no number from 0 to 1000 with at most three decimals, such as 0.7");
}

Result<Exit> generate(Context& context, const GenerateOptions& options, const OpenedModel& opened) {
  lm::SamplerOptions sampler;
  if (options.temperature) sampler.temperature_permille = TRY(parse_temperature(*options.temperature));
  if (options.seed) {
    const auto seed = parse_count(*options.seed);
    if (!seed) return fail_within("--seed", seed.error());
    sampler.seed = *seed;
  }
  sampler.top_k = TRY(number_of("--top-k", options.top_k, 1, UINT32_MAX, 0));
  sampler.max_tokens = TRY(number_of("--length", options.length, 1, 1'000'000, sampler.max_tokens));
  sampler.max_context = TRY(number_of("--context", options.context, 1, UINT32_MAX, 0));
  const auto prompt = TRY(tokens_of(context, options.source, opened.model, options.prompt.value_or("")));
  const auto generated = TRY(lm::generate(opened.model.model(), prompt, sampler));
  std::vector<TokenId> tokens;
  for (const auto& step : generated.steps) tokens.push_back(step.token);
  const auto text = opened.model.text_of(tokens);
  if (!context.json()) {
    context.out() << (text ? terminal_text(*text, Lines::many) : shown(text, tokens)) << "\n";
    return Exit::done;
  }
  Json steps = Json::array();
  for (const auto& step : generated.steps) {
    steps.push_back({{"token", step.token.value()},
                     {"context_length", step.context_length},
                     {"count", step.count},
                     {"context_count", step.context_count}});
  }
  print_json(context, {{"text", text_json(text)}, {"has_ended", generated.has_ended}, {"steps", std::move(steps)}});
  return Exit::done;
}

template <typename Options>
Action action_of(const std::shared_ptr<Options>& options,
                 Result<Exit> (*act)(Context&, const Options&, const OpenedModel&)) {
  return [options, act](Context& context) {
    return with_model(context, options->source,
                      [&](const OpenedModel& opened) { return act(context, *options, opened); });
  };
}

constexpr const char* kClauses = "what must stand near each other; alternatives with | between them";
constexpr const char* kNear = "at most so many tokens from the first to the last of them (default 100)";
constexpr const char* kContext = "look at so many last tokens at most (default: all)";
constexpr const char* kText = "the text, or - for standard input";

Command count_command() {
  const auto options = std::make_shared<QueryOptions>();
  return with_source(Command("ngram count", "count how often texts stand in indexes, exactly")
                         .arguments("TEXT", options->words, kClauses)
                         .option("--near N", options->near, kNear),
                     options->source)
      .details(
          "Of one text its occurrences. Of several the places where each of them, or one of its alternatives, "
          "stands near the others, and the documents with such a place. For most tokenizers a word within a sentence "
          "begins with its blank: ' tide'.")
      .example("tribute ngram count ' the tide turns' --datanet harbour")
      .example("tribute ngram count ' tide' ' boat| ship' --near 50 --datanet harbour --datanet commons")
      .example("tribute ngram count --tokens '17 4 2' --index /data/pile-train")
      .action(action_of(options, &count));
}

Command next_command() {
  const auto options = std::make_shared<TextOptions>();
  return with_source(Command("ngram next", "list what comes next after a text")
                         .argument("TEXT", options->text, kText)
                         .option("--limit N", options->limit, "list at most this many tokens (default 10)")
                         .option("--context N", options->context, kContext),
                     options->source)
      .details(
          "The tokens that follow the text's longest ending that stands in the indexes, and how often: the "
          "∞-gram model.")
      .example("tribute ngram next ' the tide turns' --datanet harbour")
      .action(action_of(options, &next));
}

Command probability_command() {
  const auto options = std::make_shared<TextOptions>();
  return with_source(Command("ngram probability", "say how probable each token of a text is after those before it")
                         .argument("TEXT", options->text, kText)
                         .option("--context N", options->context, kContext),
                     options->source)
      .details(
          "Each as a count over the count of its context, the longest ending of what stands before it that "
          "stands in the indexes: the ∞-gram model. A token that never follows there has the count 0.")
      .example("tribute ngram probability ' the tide turns' --datanet harbour")
      .action(action_of(options, &probability));
}

Command spans_command() {
  const auto options = std::make_shared<TextOptions>();
  return with_source(Command("ngram spans", "find the longest parts of a text that stand in indexes")
                         .argument("TEXT", options->text, kText)
                         .option("--min-tokens N", options->min_tokens, "leave out shorter ones (default 1)"),
                     options->source)
      .details("Every part that stands there and is in no longer part that does, and how often.")
      .example("cat answer.txt | tribute ngram spans --min-tokens 6 --datanet harbour -")
      .action(action_of(options, &spans));
}

Command search_command() {
  const auto options = std::make_shared<QueryOptions>();
  return with_source(Command("ngram search", "list the documents in which texts stand near each other")
                         .arguments("TEXT", options->words, kClauses)
                         .option("--near N", options->near, kNear)
                         .option("--limit N", options->limit, "list at most this many (default 10)")
                         .option("--from PLACE", options->from, "go on where the page before says so"),
                     options->source)
      .details(
          "In the order of the indexes, each document once. Pages fit together as long as the indexes are the "
          "same. For most tokenizers a word within a sentence begins with its blank: ' tide'.")
      .example("tribute ngram search ' tide' ' boat| ship' --near 50 --datanet harbour")
      .example("tribute ngram search ' tide' --limit 100 --from 0:17 --datanet harbour --json")
      .action(action_of(options, &search));
}

Command generate_command() {
  const auto options = std::make_shared<GenerateOptions>();
  return with_source(Command("ngram generate", "write text as it stands in indexes")
                         .argument("PROMPT", options->prompt, "what it goes on from, or - (default: nothing)")
                         .option("--length N", options->length, "stop after so many tokens (default 100)")
                         .option("--temperature T", options->temperature, "0: always the most frequent (default 1)")
                         .option("--top-k N", options->top_k, "draw from so many most frequent (default: all)")
                         .option("--seed N", options->seed, "another seed, another text (default 0)")
                         .option("--context N", options->context, kContext),
                     options->source)
      .details(
          "Draws each token from what follows the longest ending that stands there, until a document's end. The "
          "same seed and options give the same text everywhere. Without --context it soon follows one document.")
      .example("tribute ngram generate 'The tide' --context 4 --seed 7 --datanet harbour")
      .action(action_of(options, &generate));
}

}  // namespace

std::vector<Command> ngram_commands() {
  return {count_command(), next_command(),   probability_command(),
          spans_command(), search_command(), generate_command()};
}

}  // namespace tribute::cli
