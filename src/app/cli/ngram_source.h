// What every `tribute ngram` command is told: which indexes, and whether texts are given as token ids.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "cli/command.h"
#include "cli/context.h"
#include "lm/query.h"
#include "usecase/ngram_model.h"

namespace tribute::cli {

struct NgramSource {
  std::vector<std::string> datanets;
  std::optional<std::string> index;
  std::optional<std::string> token_type;
  std::optional<std::string> tokenizer;
  bool ids = false;
};

// The options that fill it, which must live as long as the command.
Command with_source(Command command, NgramSource& source);

// An opened model, and the workspace that it is of, if it is.
struct OpenedModel {
  const usecase::NgramModel& model;
  workspace::Workspace* workspace = nullptr;
};

// What `work` says of the model that the source names: DataNets of the workspace, or a folder of infini-gram's, for
// which no workspace is opened.
// Errors: invalid_argument where neither or both are named, or an option that has no use; those of opening it.
Result<Exit> with_model(Context& context, const NgramSource& source,
                        const std::function<Result<Exit>(const OpenedModel&)>& work);

// A text's tokens: its ids where the source says so, else by the tokenizer. "-": all of standard input.
Result<std::vector<TokenId>> tokens_of(Context& context, const NgramSource& source, const usecase::NgramModel& model,
                                       const std::string& text);

// A query of one clause per word. A clause's runs have '|' between them; "\|" is the character and "\\" the backslash.
// `near`: Query::max_distance, its default if not given.
// Errors: invalid_argument naming the clause with an empty run.
Result<lm::Query> query_of(Context& context, const NgramSource& source, const usecase::NgramModel& model,
                           std::span<const std::string> words, const std::optional<std::string>& near);

// Its parts as query_of() reads them, still as text.
std::vector<std::string> alternatives_of(std::string_view word);

}  // namespace tribute::cli
