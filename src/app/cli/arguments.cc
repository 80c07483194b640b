#include "cli/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/checked.h"

namespace tribute::cli {
namespace {

constexpr uint64_t kMaxKeyFileBytes = 4'096;

std::unexpected<Error> refuse(std::string_view option, std::string_view text, std::string_view wanted) {
  return fail(ErrorCode::invalid_argument,
              std::string(option) + " must be " + std::string(wanted) + ", not '" + std::string(text) + "'");
}

// All of the text as a decimal integer without sign.
std::optional<uint64_t> digits_of(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The number of decimal places that a unit or an exponent at the end of the text stands for; takes it off.
std::optional<uint64_t> take_exponent(std::string_view& text) {
  constexpr std::array<std::pair<char, uint64_t>, 5> kUnits = {{{'k', 3}, {'M', 6}, {'B', 9}, {'G', 9}, {'T', 12}}};
  if (text.empty()) return 0;
  for (const auto& [unit, places] : kUnits) {
    if (text.back() != unit) continue;
    text.remove_suffix(1);
    return places;
  }
  const size_t mark = text.find_first_of("eE");
  if (mark == std::string_view::npos) return 0;
  std::string_view digits = text.substr(mark + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  text = text.substr(0, mark);
  return digits_of(digits);
}

}  // namespace

Result<uint64_t> parse_count(std::string_view text) {
  const auto refused = [&] {
    return fail(ErrorCode::invalid_argument,
                "'" + std::string(text) + "' is no whole number; write it as 7000000000, 7e9 or 7B");
  };
  const auto too_large = [&] { return fail(ErrorCode::out_of_range, "'" + std::string(text) + "' exceeds 2^63 - 1"); };
  constexpr uint64_t kMaxPlaces = 18;  // 10^19 exceeds 2^63
  std::string_view number = text;
  const std::optional<uint64_t> exponent = take_exponent(number);
  if (!exponent) return refused();
  std::string_view whole = number.substr(0, number.find('.'));
  std::string_view fraction = whole.size() == number.size() ? std::string_view() : number.substr(whole.size() + 1);
  const bool has_fraction = whole.size() != number.size();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (whole.empty() || (has_fraction && fraction.empty()) || !std::ranges::all_of(whole, is_digit) ||
      !std::ranges::all_of(fraction, is_digit)) {
    return refused();
  }
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  if (fraction.size() > *exponent) return refused();
  std::string digits = std::string(whole) + std::string(fraction);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  if (digits == "0") return 0;
  const uint64_t zeros = *exponent - fraction.size();
  if (digits.size() > kMaxPlaces + 1 || zeros > kMaxPlaces) return too_large();
  digits.append(zeros, '0');
  const auto value = digits_of(digits);
  if (!value || *value > INT64_MAX) return too_large();
  return *value;
}

Result<uint64_t> parse_bytes(std::string_view option, std::string_view text) {
  const auto bytes = parse_count(text);
  if (!bytes || *bytes == 0) {
    return fail(ErrorCode::invalid_argument, std::string(option) + ": '" + std::string(text) +
                                                 "' is no number of bytes; write it as 2G, 500M or 2000000000");
  }
  return *bytes;
}

Result<uint32_t> parse_integer(std::string_view option, std::string_view text, uint32_t low, uint32_t high) {
  const auto value = digits_of(text);
  if (!value || *value < low || *value > high) {
    return refuse(option, text, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return static_cast<uint32_t>(*value);
}

Result<uint32_t> parse_datapoint_limit(const std::optional<std::string>& text, bool json) {
  constexpr uint32_t kInJson = 10;
  constexpr uint32_t kInTables = 3;
  if (!text) return json ? kInJson : kInTables;
  return parse_integer("--datapoints", *text, 0, UINT32_MAX);
}

Result<Amount> parse_amount_of(std::string_view option, std::string_view text) {
  auto amount = parse_amount(text);
  if (!amount) return fail_within(option, std::move(amount).error());
  return amount;
}

Result<bool> parse_yes_no(std::string_view option, std::string_view text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  return refuse(option, text, "yes or no");
}

Result<void> parse_split(std::string_view text, record::Terms& terms) {
  constexpr uint32_t kWhole = 10'000;
  std::array<std::pair<std::string_view, uint32_t*>, 3> parts = {{{"model", &terms.model_basis_points},
                                                                  {"stakers", &terms.stakers_basis_points},
                                                                  {"contributors", &terms.contributors_basis_points}}};
  std::array<bool, parts.size()> given{};
  for (auto& [name, basis_points] : parts) *basis_points = 0;
  for (std::string_view rest = text;;) {
    const size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    const size_t equals = part.find('=');
    const auto* found = std::ranges::find(parts, part.substr(0, equals), [](const auto& known) { return known.first; });
    const auto index = static_cast<size_t>(found - parts.begin());
    if (equals == std::string_view::npos || found == parts.end() || given[index]) {
      return refuse("--split", text, "model=…,stakers=…,contributors=… in basis points, each once");
    }
    given[index] = true;
    *found->second = TRY(parse_integer("--split " + std::string(found->first), part.substr(equals + 1), 0, kWhole));
    if (comma == std::string_view::npos) return {};
    rest.remove_prefix(comma + 1);
  }
}

Result<usecase::ModelRequest::Datanet> parse_datanet_share(std::string_view text) {
  constexpr uint32_t kPermille = 1'000;
  const size_t equals = text.find('=');
  usecase::ModelRequest::Datanet datanet{.name = std::string(text.substr(0, equals))};
  if (equals != std::string_view::npos) {
    datanet.treasury_permille = TRY(
        parse_integer("the treasury's permille of --datanet " + datanet.name, text.substr(equals + 1), 0, kPermille));
  }
  return datanet;
}

Result<PublicKey> parse_key(io::FileSystem& files, std::string_view text) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::secp256k1}) {
    if (text.starts_with(std::string(key_kind_name(kind)) + ":")) return parse_public_key(text);
  }
  const std::string path(text.starts_with('@') ? text.substr(1) : text);
  std::string content = TRY(io::read_file(files, path, kMaxKeyFileBytes));
  content.erase(content.find_last_not_of(" \t\r\n") + 1);
  if (const auto private_key = parse_private_key(content)) return public_key_of(*private_key);
  auto key = parse_public_key(content);
  if (!key) return fail_within(path, std::move(key).error());
  return key;
}

}  // namespace tribute::cli
