#include "cli/command.h"

#include <utility>

namespace tribute::cli {
namespace {

// "--key KEY" as the option's name and what stands for its value.
std::pair<std::string, std::string> split_spelling(std::string_view spelling) {
  const size_t space = spelling.find(' ');
  return {std::string(spelling.substr(0, space)), std::string(spelling.substr(space + 1))};
}

}  // namespace

Command&& Command::add(Parameter::Kind kind, std::string name, std::string value, std::string purpose,
                       Parameter::Target target, bool required) {
  parameters_.push_back({.kind = kind,
                         .name = std::move(name),
                         .value = std::move(value),
                         .purpose = std::move(purpose),
                         .target = target,
                         .required = required});
  return std::move(*this);
}

Command&& Command::argument(std::string name, std::string& target, std::string purpose) && {
  return add(Parameter::Kind::argument, std::move(name), "", std::move(purpose), &target, true);
}

Command&& Command::argument(std::string name, std::optional<std::string>& target, std::string purpose) && {
  return add(Parameter::Kind::argument, std::move(name), "", std::move(purpose), &target, false);
}

Command&& Command::arguments(std::string name, std::vector<std::string>& target, std::string purpose,
                             bool may_be_absent) && {
  return add(Parameter::Kind::argument, std::move(name), "", std::move(purpose), &target, !may_be_absent);
}

Command&& Command::option(std::string_view spelling, std::string& target, std::string purpose) && {
  auto [name, value] = split_spelling(spelling);
  return add(Parameter::Kind::option, std::move(name), std::move(value), std::move(purpose), &target, true);
}

Command&& Command::option(std::string_view spelling, std::optional<std::string>& target, std::string purpose) && {
  auto [name, value] = split_spelling(spelling);
  return add(Parameter::Kind::option, std::move(name), std::move(value), std::move(purpose), &target, false);
}

Command&& Command::option(std::string_view spelling, std::vector<std::string>& target, std::string purpose) && {
  auto [name, value] = split_spelling(spelling);
  return add(Parameter::Kind::option, std::move(name), std::move(value), std::move(purpose), &target, false);
}

Command&& Command::flag(std::string name, bool& target, std::string purpose) && {
  return add(Parameter::Kind::flag, std::move(name), "", std::move(purpose), &target, false);
}

Command&& Command::details(std::string text) && {
  details_ = std::move(text);
  return std::move(*this);
}

Command&& Command::example(std::string line) && {
  examples_.push_back(std::move(line));
  return std::move(*this);
}

Command&& Command::action(Action action) && {
  action_ = std::move(action);
  return std::move(*this);
}

}  // namespace tribute::cli
