#include "pretokenize/normalizer.h"

#include <cstring>
#include <utility>

#include "pretokenize/normal_form.h"
#include "pretokenize/text_builder.h"

namespace tribute::pretokenize {
namespace {

bool may_change_by(const Form& form, std::string_view text) { return needs_normalization(form, text); }
bool may_change_by(const Replace& step, std::string_view text) {
  return step.from != step.to && memmem(text.data(), text.size(), step.from.data(), step.from.size()) != nullptr;
}
bool may_change_by(const Prepend& step, std::string_view text) {
  return !text.empty() && !step.prefix.empty() && !(step.unless_there && text.starts_with(step.prefix));
}

void apply(const Form& form, std::string_view text, TextBuilder& builder) { normalize_to(form, text, builder); }

void apply(const Replace& step, std::string_view text, TextBuilder& builder) {
  size_t position = 0;
  while (builder.fits()) {
    const void* const found =
        memmem(text.data() + position, text.size() - position, step.from.data(), step.from.size());
    if (found == nullptr) break;
    const auto at = static_cast<size_t>(static_cast<const char*>(found) - text.data());
    builder.keep(position, at);
    builder.put(step.to, at);
    position = at + step.from.size();
  }
  builder.keep(position, text.size());
}

void apply(const Prepend& step, std::string_view text, TextBuilder& builder) {
  builder.put(step.prefix, 0);
  builder.keep(0, text.size());
}

}  // namespace

Normalizer::Normalizer(std::vector<Normalization> steps) : steps_(std::move(steps)) {}

bool Normalizer::may_change(std::string_view text) const {
  for (const Normalization& step : steps_) {
    if (std::visit([text](const auto& kind) { return may_change_by(kind, text); }, step)) return true;
  }
  return false;
}

Result<std::optional<NormalizedText>> Normalizer::normalize(std::string_view text) const {
  std::optional<NormalizedText> result;
  for (const Normalization& step : steps_) {
    const std::string_view before = result ? std::string_view(result->text) : text;
    if (!std::visit([before](const auto& kind) { return may_change_by(kind, before); }, step)) continue;
    TextBuilder builder(before);
    std::visit([&](const auto& kind) { apply(kind, before, builder); }, step);
    if (!builder.fits()) {
      return fail(ErrorCode::out_of_range, "the normalized text would not be below 4 GiB; give it in parts");
    }
    NormalizedText after = std::move(builder).finish();
    if (after.text == before) continue;
    if (result) {
      for (uint32_t& origin : after.origins) origin = result->origins[origin];
    }
    result = std::move(after);
  }
  if (result && result->text == text) result.reset();
  return result;
}

}  // namespace tribute::pretokenize
