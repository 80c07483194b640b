// All commands, one function per noun; each stands in a file of its own name.
#pragma once

#include <string_view>
#include <vector>

#include "cli/command.h"

namespace tribute::cli {

std::vector<Command> init_commands();
std::vector<Command> datanet_commands();
std::vector<Command> contributor_commands();
std::vector<Command> key_commands();
std::vector<Command> contribute_commands();
std::vector<Command> contribution_commands();
std::vector<Command> withdraw_commands();
std::vector<Command> index_commands();
std::vector<Command> ngram_commands();
std::vector<Command> model_commands();
std::vector<Command> trace_commands();
std::vector<Command> charge_commands();
std::vector<Command> account_commands();
std::vector<Command> receipt_commands();
std::vector<Command> verify_commands();
std::vector<Command> doctor_commands();
std::vector<Command> backup_commands();
std::vector<Command> recover_commands();
std::vector<Command> audit_commands();
std::vector<Command> tokenizer_commands();

// In the order of a first day's work.
std::vector<Command> all_commands();

// What a noun that has verbs is about: "datanet", for one.
std::string_view purpose_of_noun(std::string_view noun);

}  // namespace tribute::cli
