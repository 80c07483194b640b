#include "cli/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "cli/suggest.h"

namespace tribute::cli {
namespace {

// CLI11 takes an argument in brackets for a list that it must take apart. A leading NUL, which no
// argument of a process can have, hides the brackets from it.
std::string shielded(const std::string& argument) {
  return argument.starts_with('[') ? std::string(1, '\0') + argument : argument;
}
std::string unshielded(std::string argument) {
  if (argument.starts_with('\0')) argument.erase(0, 1);
  return argument;
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

// "a, b and c".
std::string listed(std::span<const std::string> words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i != 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

// The tree of CLI11 that mirrors the commands, and what it found.
class Parser {
 public:
  Parser(std::span<const Command> commands, std::span<const Parameter> globals)
      : commands_(commands), globals_(globals) {
    root_.set_help_flag("-h,--help");
    root_.fallthrough();
    // One word per level: a later argument that happens to be a command's name is an argument.
    root_.require_subcommand(0, 1);
    for (const Parameter& parameter : globals) add(root_, nullptr, parameter);
    for (const Command& command : commands) {
      CLI::App& app = app_for(command.words());
      for (const Parameter& parameter : command.parameters()) add(app, &command, parameter);
    }
  }

  Result<Request> parse(std::span<const std::string> arguments) {
    std::vector<std::string> reversed;
    bool options_ended = false;
    for (const std::string& argument : arguments) {
      if (!options_ended && argument.starts_with("--") && argument.ends_with('=')) {
        return fail(ErrorCode::invalid_argument, in_quotes(argument) + " has no value after the equals sign");
      }
      options_ended = options_ended || argument == "--";
      reversed.push_back(shielded(argument));
    }
    std::ranges::reverse(reversed);
    try {
      root_.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
      Request request = request_so_far();
      request.help = true;
      return request;
    } catch (const CLI::RequiredError&) {
      return complain(missing_parameters());
    } catch (const CLI::ArgumentMismatch& mismatch) {
      // Of a flag with a value it says "<name> was given a disallowed flag override".
      const std::string what = mismatch.what();
      return complain(what.ends_with("flag override") ? "--" + what.substr(0, what.find(' ')) + " takes no value"
                                                      : arguments.back() + " needs a value");
    } catch (const CLI::ParseError& error) {
      return complain(error.what());
    }
    for (const Binding& binding : bindings_) TRY(assign(*binding.parameter, *binding.option));
    return request_so_far();
  }

 private:
  struct Binding {
    const Command* command;  // nullptr: a global option
    const Parameter* parameter;
    CLI::Option* option;
  };

  CLI::App& app_for(const std::string& words) {
    const size_t space = words.rfind(' ');
    CLI::App& parent = space == std::string::npos ? root_ : app_for(words.substr(0, space));
    CLI::App*& app = apps_[words];
    if (app == nullptr) app = parent.add_subcommand(words.substr(space + 1));
    return *app;
  }

  void add(CLI::App& app, const Command* command, const Parameter& parameter) {
    CLI::Option* option = nullptr;
    if (parameter.kind == Parameter::Kind::flag) {
      option = app.add_flag(parameter.name)->disable_flag_override();
    } else {
      option = app.add_option(parameter.name, [](const CLI::results_t&) { return true; });
      if (parameter.kind == Parameter::Kind::argument && parameter.takes_several()) option->expected(-1);
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->required(parameter.required);
    }
    bindings_.push_back({command, &parameter, option});
  }

  static Result<void> assign(const Parameter& parameter, const CLI::Option& option) {
    if (option.count() == 0) return {};
    std::vector<std::string> values;
    for (const std::string& value : option.results()) values.push_back(unshielded(value));
    if (auto* const* flag = std::get_if<bool*>(&parameter.target)) {
      **flag = true;
      return {};
    }
    if (auto* const* several = std::get_if<std::vector<std::string>*>(&parameter.target)) {
      **several = std::move(values);
      return {};
    }
    if (values.size() > 1) {
      return fail(ErrorCode::invalid_argument,
                  parameter.name + " is given " + std::to_string(values.size()) + " times; give it once");
    }
    if (auto* const* one = std::get_if<std::string*>(&parameter.target)) {
      **one = std::move(values.front());
    } else {
      *std::get<std::optional<std::string>*>(parameter.target) = std::move(values.front());
    }
    return {};
  }

  Request request_so_far() const {
    Request request;
    const CLI::App* app = &root_;
    for (auto below = app->get_subcommands(); !below.empty(); below = app->get_subcommands()) {
      app = below.front();
      request.topic += (request.topic.empty() ? "" : " ") + app->get_name();
    }
    const auto found = std::ranges::find(commands_, request.topic, &Command::words);
    if (found != commands_.end()) request.command = &*found;
    return request;
  }

  // What CLI11 left over goes first: a mistyped word explains why another one is missing.
  std::unexpected<Error> complain(std::string otherwise) const {
    const Request request = request_so_far();
    std::string text = std::move(otherwise);
    if (const auto left_over = root_.remaining(true); !left_over.empty()) {
      text = unexpected(request, unshielded(left_over.front()));
    }
    const std::string topic = request.topic.empty() ? "" : " " + request.topic;
    return fail(ErrorCode::invalid_argument, text + "; see `tribute" + topic + " --help`");
  }

  std::string unexpected(const Request& request, const std::string& word) const {
    if (word.size() > 1 && word.starts_with('-')) {
      const std::string name = word.substr(0, word.find('='));
      const std::string meant = nearest(name, option_names(request));
      return "unknown option " + in_quotes(name) + (meant.empty() ? "" : "; did you mean " + meant + "?");
    }
    if (request.command != nullptr) return "unexpected argument " + in_quotes(word);
    return "unknown command " + in_quotes(word) + meant_command(request, word);
  }

  std::vector<std::string> option_names(const Request& request) const {
    std::vector<std::string> names = {"--help"};
    const auto add_names = [&](std::span<const Parameter> parameters) {
      for (const Parameter& parameter : parameters) {
        if (parameter.kind != Parameter::Kind::argument) names.push_back(parameter.name);
      }
    };
    if (request.command != nullptr) add_names(request.command->parameters());
    add_names(globals_);
    return names;
  }

  // The next words that may follow `topic`, each once.
  std::vector<std::string> next_words(const std::string& topic) const {
    const std::string before = topic.empty() ? "" : topic + " ";
    std::vector<std::string> words;
    for (const Command& command : commands_) {
      if (!command.words().starts_with(before)) continue;
      std::string word = command.words().substr(before.size());
      word.resize(std::min(word.size(), word.find(' ')));
      if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
    }
    return words;
  }

  std::string meant_command(const Request& request, const std::string& word) const {
    const std::string before = request.topic.empty() ? "" : request.topic + " ";
    const std::vector<std::string> words = next_words(request.topic);
    if (const std::string meant = nearest(word, words); !meant.empty()) {
      return "; did you mean `tribute " + before + meant + "`?";
    }
    // A verb without its noun: `tribute deposit`.
    for (const Command& command : commands_) {
      if (command.words().ends_with(" " + word)) return "; did you mean `tribute " + command.words() + "`?";
    }
    return request.topic.empty() ? "" : "; " + request.topic + " has " + listed(words);
  }

  std::string missing_parameters() const {
    const Request request = request_so_far();
    std::vector<std::string> missing;
    for (const auto& [command, parameter, option] : bindings_) {
      if (command != request.command || !parameter->required || option->count() != 0) continue;
      missing.push_back(parameter->value.empty() ? parameter->name : parameter->name + " " + parameter->value);
    }
    return listed(missing) + (missing.size() == 1 ? " is missing" : " are missing");
  }

  std::span<const Command> commands_;
  std::span<const Parameter> globals_;
  CLI::App root_;
  std::map<std::string, CLI::App*> apps_;  // by their words
  std::vector<Binding> bindings_;
};

}  // namespace

Result<Request> parse(std::span<const Command> commands, std::span<const Parameter> globals,
                      std::span<const std::string> arguments) {
  return Parser(commands, globals).parse(arguments);
}

}  // namespace tribute::cli
