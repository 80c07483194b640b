// A command as data: its words, purpose, parameters, examples and action. Parsing, --help and the
// pages of docs/cli all come from it, so that they cannot disagree.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "cli/exit.h"

namespace tribute::cli {

class Context;

// A word that a command takes: a positional argument, an option with a value, or a flag.
struct Parameter {
  enum class Kind { argument, option, flag };
  // Where its value goes. A vector takes several; an optional stays empty if it is not given.
  using Target = std::variant<bool*, std::string*, std::optional<std::string>*, std::vector<std::string>*>;

  Kind kind = Kind::argument;
  std::string name;   // "NAME" or "--key"
  std::string value;  // of an option, what stands for its value in --help: "KEY"
  std::string purpose;
  Target target;
  bool required = false;

  bool takes_several() const { return std::holds_alternative<std::vector<std::string>*>(target); }
};

using Action = std::function<Result<Exit>(Context&)>;

// Built by chaining, once, by the function that declares the command. The targets must live as long
// as the command: its action owns them.
class Command {
 public:
  // `words` as typed after `tribute`: one, or a noun and a verb ("datanet create").
  Command(std::string words, std::string purpose) : words_(std::move(words)), purpose_(std::move(purpose)) {}

  Command&& argument(std::string name, std::string& target, std::string purpose) &&;
  Command&& argument(std::string name, std::optional<std::string>& target, std::string purpose) &&;
  // One or more; none is accepted too if `may_be_absent`. Must be the last argument.
  Command&& arguments(std::string name, std::vector<std::string>& target, std::string purpose,
                      bool may_be_absent = false) &&;
  // `spelling` is the option and what stands for its value: "--key KEY". A string must be given, an
  // optional may, a vector any number of times.
  Command&& option(std::string_view spelling, std::string& target, std::string purpose) &&;
  Command&& option(std::string_view spelling, std::optional<std::string>& target, std::string purpose) &&;
  Command&& option(std::string_view spelling, std::vector<std::string>& target, std::string purpose) &&;
  Command&& flag(std::string name, bool& target, std::string purpose) &&;
  // A paragraph of --help below the purpose.
  Command&& details(std::string text) &&;
  // A line to type, as it stands at the end of --help.
  Command&& example(std::string line) &&;
  Command&& action(Action action) &&;

  const std::string& words() const { return words_; }
  const std::string& purpose() const { return purpose_; }
  const std::string& details() const { return details_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }
  const std::vector<std::string>& examples() const { return examples_; }
  Result<Exit> run(Context& context) const { return action_(context); }

 private:
  Command&& add(Parameter::Kind kind, std::string name, std::string value, std::string purpose,
                Parameter::Target target, bool required);

  std::string words_;
  std::string purpose_;
  std::string details_;
  std::vector<Parameter> parameters_;
  std::vector<std::string> examples_;
  Action action_;
};

}  // namespace tribute::cli
