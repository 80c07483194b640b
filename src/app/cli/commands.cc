#include "cli/commands.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/check.h"

namespace tribute::cli {

std::vector<Command> all_commands() {
  std::vector<Command> all;
  for (auto* commands :
       {&init_commands,         &datanet_commands,  &contributor_commands, &key_commands,     &contribute_commands,
        &contribution_commands, &withdraw_commands, &index_commands,       &ngram_commands,   &model_commands,
        &trace_commands,        &charge_commands,   &account_commands,     &receipt_commands, &verify_commands,
        &doctor_commands,       &backup_commands,   &recover_commands,     &audit_commands,   &tokenizer_commands}) {
    std::vector<Command> some = commands();
    std::ranges::move(some, std::back_inserter(all));
  }
  return all;
}

std::string_view purpose_of_noun(std::string_view noun) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kNouns = {{
      {"datanet", "DataNets, the collections that documents are put into"},
      {"contributor", "contributors, who are paid for what answers take from their documents"},
      {"key", "keys, with which contributors sign and are paid"},
      {"contribution", "contributions, the documents in a DataNet"},
      {"index", "indexes, which find an answer's passages in a DataNet"},
      {"ngram", "what stands in indexes, how often, and what comes next"},
      {"model", "models, whose answers are traced and charged"},
      {"account", "accounts, which hold what was deposited and earned"},
      {"audit", "what the rule of attribution withstands"},
      {"tokenizer", "tokenizers, which cut texts into the tokens that are compared"},
      {"receipt", "receipts, which say who was paid for an answer and why"},
  }};
  const auto* found = std::ranges::find(kNouns, noun, &std::pair<std::string_view, std::string_view>::first);
  CHECK(found != kNouns.end());
  return found->second;
}

}  // namespace tribute::cli
