// tribute tokenizer show, encode, decode, train
#include <algorithm>
#include <istream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/tokenizer_option.h"
#include "cli/tokenizer_text.h"
#include "usecase/train_tokenizer.h"

namespace tribute::cli {
namespace {

struct Options {
  std::optional<std::string> tokenizer;
  std::string file;
  bool special = false;
};

struct TrainingWords {
  std::vector<std::string> paths;
  std::string output;
  std::optional<std::string> entries;
  std::optional<std::string> min_count;
  std::vector<std::string> special;
  std::optional<std::string> threads;
};

Result<std::string> content_of(Context& context, const std::string& file) {
  if (file != "-") return io::read_file(context.environment().files, file, text::kMaxTextBytes);
  std::string content((std::istreambuf_iterator<char>(context.in())), {});
  return content;
}

Result<Exit> show(Context& context, const Options& options) {
  const auto tokenizer = TRY(tokenizer_of(context, options.tokenizer));
  if (context.json()) {
    print_json(context, description_json(*tokenizer));
  } else {
    context.out() << description(*tokenizer);
  }
  return Exit::done;
}

// "1,234 tokens for 5.6 kB: 4.5 bytes a token".
std::string summary(uint64_t tokens, uint64_t bytes) {
  std::string text = counted(tokens, "token") + " for " + bytes_text(bytes);
  if (tokens != 0)
    text += ": " + grouped(bytes / tokens) + "." + std::to_string(bytes * 10 / tokens % 10) + " bytes a token";
  return text;
}

Result<Exit> encode(Context& context, const Options& options) {
  const auto tokenizer = TRY(tokenizer_of(context, options.tokenizer));
  const std::string text = TRY(content_of(context, options.file));
  const text::EncodeOptions how = {.special_tokens = options.special, .threads = std::thread::hardware_concurrency()};
  if (!context.json() && !context.paint().enabled()) {
    std::string line;
    const auto tokens = TRY(tokenizer->encode(text, how));
    for (const TokenId token : tokens) line += (line.empty() ? "" : " ") + std::to_string(token.value());
    context.out() << line << "\n";
    context.say(summary(tokens.size(), text.size()));
    return Exit::done;
  }
  const auto tokens = TRY(tokenizer->encode_with_ranges(text, how));
  if (context.json()) {
    context.out() << tokens_json(tokens);
    return Exit::done;
  }
  context.out() << painted_tokens(text, tokens, context.paint()) << (text.ends_with('\n') ? "" : "\n");
  context.say(summary(tokens.tokens.size(), text.size()));
  return Exit::done;
}

Result<Exit> decode(Context& context, const Options& options) {
  const auto tokenizer = TRY(tokenizer_of(context, options.tokenizer));
  const auto ids = TRY(parse_ids(TRY(content_of(context, options.file))));
  const std::string text = TRY(tokenizer->decode(ids));
  if (context.json()) {
    print_json(context, {{"text", json_of(text)}});
  } else {
    context.out() << text;
  }
  return Exit::done;
}

Result<Exit> train(Context& context, const TrainingWords& words) {
  constexpr uint32_t kMaxThreads = 256;
  usecase::TrainRequest request = {.paths = words.paths, .output = words.output};
  request.threads = std::max(1U, std::thread::hardware_concurrency());
  if (words.threads) request.threads = TRY(parse_integer("--threads", *words.threads, 1, kMaxThreads));
  if (!words.special.empty()) request.options.special_tokens = words.special;
  if (words.entries) {
    request.options.entry_count = TRY(parse_integer("--entries", *words.entries, 256, text::kMaxTrainedEntries));
  }
  if (words.min_count) {
    request.options.min_piece_count = TRY(parse_integer("--min-count", *words.min_count, 1, UINT32_MAX));
  }
  const auto report = TRY(usecase::train_tokenizer(context.environment().files, request, context.progress()));
  if (context.json()) {
    print_json(context, {{"file", json_of(words.output)},
                         {"entries", report.entry_count},
                         {"file_count", report.file_count},
                         {"text_bytes", report.text_bytes},
                         {"piece_count", report.piece_count}});
    return Exit::done;
  }
  context.out() << "Trained " << grouped(uint64_t{report.entry_count}) << " entries on "
                << counted(report.file_count, "file") << ": " << bytes_text(report.text_bytes) << ", "
                << counted(report.piece_count, "different piece") << "\n";
  if (report.entry_count < request.options.entry_count) {
    context.say("The text has no more pairs that stand in it twice; more text makes more entries");
  }
  context.say("Next: tribute init --tokenizer " + words.output);
  return Exit::done;
}

}  // namespace

std::vector<Command> tokenizer_commands() {
  const auto shown = std::make_shared<Options>();
  const auto encoded = std::make_shared<Options>();
  const auto decoded = std::make_shared<Options>();
  const auto trained = std::make_shared<TrainingWords>();
  std::vector<Command> commands;
  commands.push_back(Command("tokenizer show", "say what a tokenizer is")
                         .option(kTokenizerOption, shown->tokenizer, kTokenizerPurpose)
                         .details("Its kind, its number of entries, its hash, and what it does to a text.")
                         .example("tribute tokenizer show")
                         .example("tribute tokenizer show --tokenizer gpt2/tokenizer.json")
                         .action([shown](Context& context) { return show(context, *shown); }));
  commands.push_back(
      Command("tokenizer encode", "turn a text into tokens")
          .argument("FILE", encoded->file, "the text, any bytes; - for standard input")
          .option(kTokenizerOption, encoded->tokenizer, kTokenizerPurpose)
          .flag("--special", encoded->special, "strings of special tokens become these tokens (else plain text)")
          .details("Prints the ids, or in colour the text with each token in another colour than the one before. "
                   "Nothing is added before or after the text.")
          .example("tribute tokenizer encode notes.txt")
          .example("tribute tokenizer encode notes.txt --tokenizer default --json")
          .action([encoded](Context& context) { return encode(context, *encoded); }));
  commands.push_back(Command("tokenizer decode", "turn tokens into text")
                         .argument("FILE", decoded->file, "ids as numbers or a JSON array; - for standard input")
                         .option(kTokenizerOption, decoded->tokenizer, kTokenizerPurpose)
                         .details("Writes the bytes that the tokens stand for and nothing else.")
                         .example("tribute tokenizer decode ids.json")
                         .example("tribute tokenizer decode ids.json --tokenizer default")
                         .action([decoded](Context& context) { return decode(context, *decoded); }));
  commands.push_back(
      Command("tokenizer train", "make a tokenizer for texts like yours")
          .arguments("PATH", trained->paths, "files of plain text, and folders of such files")
          .option("--output FILE", trained->output, "where the tokenizer.json goes; what is there is replaced")
          .option("--entries N", trained->entries, "entries in all, 257 to 65535 (default 65535)")
          .option("--min-count N", trained->min_count, "leave out words that stand fewer times (default 1)")
          .option("--special TOKEN", trained->special,
                  "a special token, which gets one of the last ids (default <|endoftext|>)")
          .option("--threads N", trained->threads, "threads that count words (default: as many as processors)")
          .details("Byte-level byte-pair encoding, texts cut as by cl100k. The same texts give the same file "
                   "everywhere, whatever their order and the number of threads.")
          .example("tribute tokenizer train corpus --output tokenizer.json --entries 32768")
          .action([trained](Context& context) { return train(context, *trained); }));
  return commands;
}

}  // namespace tribute::cli
