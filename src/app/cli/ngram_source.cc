#include "cli/ngram_source.h"

#include <istream>
#include <iterator>
#include <utility>

#include "cli/arguments.h"
#include "cli/tokenizer_option.h"
#include "cli/tokenizer_text.h"
#include "infinigram/table_files.h"

namespace tribute::cli {
namespace {

std::unexpected<Error> refuse(const std::string& what) { return fail(ErrorCode::invalid_argument, what); }

Result<void> check(const NgramSource& source) {
  if (source.datanets.empty() && !source.index) {
    return refuse("name what to look in: --datanet NAME, or --index FOLDER for an index of infini-gram's");
  }
  if (!source.datanets.empty() && source.index)
    return refuse("--datanet and --index do not go together; leave one out");
  if (!source.index && source.token_type) return refuse("--token-type is for --index alone; leave it out");
  if (!source.index && source.tokenizer) return refuse("a DataNet has its tokenizer; leave --tokenizer out");
  return {};
}

}  // namespace

Command with_source(Command command, NgramSource& source) {
  return std::move(command)
      .option("--datanet NAME", source.datanets, "look in this DataNet's newest index; once for each")
      .option("--index FOLDER", source.index, "look in an index of infini-gram's instead; needs no workspace")
      .option("--token-type TYPE", source.token_type, "its tokens: u8, u16 or u32 (else as it was imported)")
      .option(kTokenizerOption, source.tokenizer, "of --index: bytes, default or a file (else the workspace's)")
      .flag("--tokens", source.ids, "texts are given as token ids, as in \"17 4 2\"");
}

Result<Exit> with_model(Context& context, const NgramSource& source,
                        const std::function<Result<Exit>(const OpenedModel&)>& work) {
  TRY(check(source));
  if (source.index) {
    std::optional<infinigram::TokenType> type;
    if (source.token_type) type = TRY(infinigram::token_type_named(*source.token_type));
    // Ids need no tokenizer, so that none need be there.
    std::unique_ptr<text::Tokenizer> tokenizer;
    if (!source.ids || source.tokenizer) tokenizer = TRY(tokenizer_of(context, source.tokenizer));
    const auto model =
        TRY(usecase::NgramModel::of_folder(context.environment().files, *source.index, type, std::move(tokenizer)));
    return work({model, nullptr});
  }
  return context.in_workspace([&](workspace::Workspace& workspace) -> Result<Exit> {
    const auto model = TRY(usecase::NgramModel::of_datanets(workspace, source.datanets));
    return work({model, &workspace});
  });
}

Result<std::vector<TokenId>> tokens_of(Context& context, const NgramSource& source, const usecase::NgramModel& model,
                                       const std::string& text) {
  const std::string whole = text == "-" ? std::string((std::istreambuf_iterator<char>(context.in())), {}) : text;
  return source.ids ? parse_ids(whole) : model.tokens_of(whole);
}

std::vector<std::string> alternatives_of(std::string_view word) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '|') {
      parts.emplace_back();
      continue;
    }
    const bool escapes = word[i] == '\\' && i + 1 < word.size() && (word[i + 1] == '|' || word[i + 1] == '\\');
    if (escapes) ++i;
    parts.back() += word[i];
  }
  return parts;
}

Result<lm::Query> query_of(Context& context, const NgramSource& source, const usecase::NgramModel& model,
                           std::span<const std::string> words, const std::optional<std::string>& near) {
  lm::Query query;
  if (near) query.max_distance = TRY(parse_integer("--near", *near, 0, UINT32_MAX));
  for (const std::string& word : words) {
    auto& clause = query.clauses.emplace_back();
    for (const std::string& part : alternatives_of(word)) {
      clause.push_back(TRY(tokens_of(context, source, model, part)));
      if (clause.back().empty()) return refuse("'" + word + "' has an empty part; write a '|' of the text as \\|");
    }
  }
  return query;
}

}  // namespace tribute::cli
