// quotes_evaluation: who is credited for quotes of known length, and why each miss is one. docs/evaluation.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "io/file_system.h"
#include "quotes/corpus.h"
#include "quotes/explain.h"
#include "quotes/stitch.h"
#include "quotes/tally.h"
#include "quotes/tell.h"
#include "text/tokenizer_choice.h"
#include "trace/trace.h"

namespace {

using tribute::Result;
namespace evaluate = tribute::evaluate;
namespace trace = tribute::trace;

constexpr int kUnexplained = 1;
constexpr int kError = 2;
constexpr uint32_t kTextTokens = 500;

struct Arguments {
  std::string path = TRIBUTE_SHARED_DIR "/data/cpp-docs.jsonl.zst";
  std::optional<std::string> unrelated_path;
  uint32_t texts = 1000;
  uint64_t seed = 1;
  std::vector<uint32_t> explained;  // the numbers of texts, from 1; none: all are summed up
  bool json = false;
};

// Returns whether all was explained.
Result<bool> run(const Arguments& arguments, tribute::io::FileSystem& files) {
  const auto tokenizer = TRY(tribute::text::make_tokenizer("default"));
  const evaluate::Corpus corpus = TRY(
      evaluate::read_corpus(files, {.path = arguments.path, .unrelated_path = arguments.unrelated_path}, *tokenizer));
  const evaluate::TemporaryIndex index = TRY(evaluate::TemporaryIndex::write(files, corpus, *tokenizer));
  const trace::Policy policy;
  const std::vector<evaluate::Datapoint> datapoints = corpus.datapoints();
  const evaluate::Rule rule(datapoints, policy);
  const evaluate::Library library{.corpus = corpus, .rule = rule};

  evaluate::Stitcher stitcher(corpus, arguments.seed);
  evaluate::Tally tally;
  for (uint32_t number = 1; number <= arguments.texts; ++number) {
    const evaluate::StitchedText text = stitcher.next(kTextTokens);
    const bool is_skipped =
        !arguments.explained.empty() && std::ranges::find(arguments.explained, number) == arguments.explained.end();
    if (is_skipped) continue;
    const tribute::text::TokenizedText answer = TRY(tokenizer->encode_with_ranges(text.bytes));
    const trace::Attribution attribution =
        TRY(trace::attribute(index.source(), answer.tokens, std::vector<bool>(answer.tokens.size()), policy));
    const evaluate::TextFinding finding = evaluate::explain(library, text, answer, attribution);
    tally.add(text, finding);
    const std::string unexplained = evaluate::tell_unexplained(text, answer, finding, attribution);
    if (!unexplained.empty()) std::cerr << "text " << number << " is not explained:\n" << unexplained;
    if (!arguments.explained.empty()) {
      std::cout << "text " << number << "\n" << evaluate::tell(library, text, answer, finding);
    }
  }
  if (!arguments.explained.empty()) return tally.unexplained() == 0;
  const evaluate::Setting setting{.seed = arguments.seed,
                                  .documents = corpus.known.size(),
                                  .unrelated_documents = corpus.unrelated.size(),
                                  .segments = index.segment_count(),
                                  .tokens = rule.token_count(),
                                  .contributors = rule.contributor_count(),
                                  .commons_limit = rule.commons_limit(),
                                  .evidence_millibits = rule.evidence_millibits()};
  std::cout << (arguments.json ? evaluate::to_json(setting, tally) : evaluate::to_table(setting, tally));
  return tally.unexplained() == 0;
}

std::string error_line(std::string_view what) {
  return "quotes_evaluation: " + tribute::to_printable_utf8(what) + "\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Stitches texts from passages of known documents and unrelated text, attributes them, and reports which passages "
      "are credited to their first registrants. Each miss is explained by the rule.\n"
      "Exit code 0: all is explained; 1: something is not; 2: it could not be run.");
  Arguments arguments;
  const CLI::Option* const path =
      app.add_option("FILE", arguments.path, "contributions to read")->capture_default_str();
  app.add_option("--unrelated", arguments.unrelated_path,
                 "contributions to take the text between the passages from, instead of documents held out of FILE");
  app.add_option("--texts", arguments.texts, "how many texts to make")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", arguments.seed, "which texts to make")->capture_default_str();
  app.add_option("--explain", arguments.explained, "show only texts N…, from 1, passage by passage");
  app.add_flag("--json", arguments.json, "print the report as one JSON object");
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return error_line(std::string(error.what()) + "; see `quotes_evaluation --help`");
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kError;
  }
  for (const uint32_t number : arguments.explained) {
    if (number >= 1 && number <= arguments.texts) continue;
    std::cerr << error_line("--explain takes texts' numbers, from 1 to " + std::to_string(arguments.texts));
    return kError;
  }

  const auto files = tribute::io::make_real_file_system();
  if (path->count() == 0 && !files->exists(arguments.path).value_or(false)) {
    std::cerr << error_line("skipped: " + arguments.path + " is not there; name another file");
    return 0;
  }
  const Result<bool> is_explained = run(arguments, *files);
  if (!is_explained) {
    std::cerr << error_line(is_explained.error().message);
    return kError;
  }
  return *is_explained ? 0 : kUnexplained;
}
