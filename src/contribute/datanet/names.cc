#include "datanet/names.h"

#include <algorithm>
#include <cstdint>

#include "base/bytes.h"

namespace tribute::datanet {
namespace {

// The length of the control character at the start of well-formed `text`; 0 where there is another.
size_t control_length(std::string_view text) {
  const auto byte = static_cast<uint8_t>(text[0]);
  if (byte < 0x20 || byte == 0x7F) return 1;
  const bool is_c1 = byte == 0xC2 && text.size() > 1 && static_cast<uint8_t>(text[1]) < 0xA0;
  return is_c1 ? 2 : 0;
}

bool has_control_character(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (control_length(text.substr(i)) > 0) return true;
  }
  return false;
}

Result<void> check_text(std::string_view what, std::string_view text, size_t max_bytes) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::invalid_argument, std::string(what) + " " + why);
  };
  if (text.empty()) return refuse("is empty");
  if (text.size() > max_bytes) return refuse("is over " + std::to_string(max_bytes) + " bytes");
  if (!is_valid_utf8(text)) return refuse("is not valid UTF-8");
  if (has_control_character(text)) return refuse("has a control character");
  return {};
}

std::string without_control_characters(std::string_view text) {
  std::string cleaned;
  cleaned.reserve(text.size());
  while (!text.empty()) {
    const size_t length = control_length(text);
    cleaned.push_back(length > 0 ? ' ' : text.front());
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return cleaned;
}

std::string_view trimmed(std::string_view text, std::string_view what) {
  const size_t begin = text.find_first_not_of(what);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(what) + 1 - begin);
}

// The text of "# Title ##": what stands between the signs.
std::string_view heading_text(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  std::string_view text = trimmed(line.substr(2), kBlank);
  const size_t last = text.find_last_not_of('#');
  if (last == std::string_view::npos) return {};
  const bool closed = last + 1 < text.size() && (text[last] == ' ' || text[last] == '\t');
  return closed ? trimmed(text.substr(0, last), kBlank) : text;
}

}  // namespace

Result<void> check_contributor_name(std::string_view name) {
  return check_text("contributor's name", name, kMaxContributorNameBytes);
}

Result<void> check_source_id(std::string_view id) { return check_text("id", id, kMaxSourceIdBytes); }

Result<std::string> cleaned_title(std::string_view title) {
  if (title.size() > kMaxTitleBytes) {
    return fail(ErrorCode::invalid_argument, "title is over " + std::to_string(kMaxTitleBytes) + " bytes");
  }
  if (!is_valid_utf8(title)) return fail(ErrorCode::invalid_argument, "title is not valid UTF-8");
  return without_control_characters(title);
}

std::string markdown_title(std::string_view text) {
  bool in_fence = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with("```") || line.starts_with("~~~")) in_fence = !in_fence;
    if (in_fence || !line.starts_with("# ")) continue;
    std::string title = without_control_characters(to_printable_utf8(heading_text(line)));
    if (title.size() <= kMaxTitleBytes) return title;
    size_t size = kMaxTitleBytes;
    while (!is_valid_utf8(std::string_view(title).substr(0, size))) --size;
    return title.substr(0, size);
  }
  return {};
}

}  // namespace tribute::datanet
