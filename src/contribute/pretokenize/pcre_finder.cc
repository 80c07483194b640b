#define PCRE2_CODE_UNIT_WIDTH 8
#include "pretokenize/pcre_finder.h"

#include <pcre2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pretokenize/utf8_window.h"

namespace tribute::pretokenize {
namespace {

constexpr uint32_t kChunkBytes = 1 << 14;  // made well-formed at a time
constexpr uint32_t kWindowBytes = 512;     // that a search sees at first
constexpr uint32_t kSteps = 256;           // that each of its starts may take at first
constexpr uint32_t kMoreSteps = 8;         // times as many at the next trial

// What all trials together may be charged, in windows' bytes times 256 steps: so much for each byte passed, for each
// byte of the longest window, and at all.
constexpr uint64_t kChargePerByte = 16;
constexpr uint64_t kChargePerWindowByte = 8;
constexpr uint64_t kFreeCharge = uint64_t{1} << 24;

constexpr size_t kJitStackBytes = size_t{32} << 10;
constexpr size_t kMostJitStackBytes = size_t{8} << 20;
constexpr uint32_t kMostNesting = 200;
constexpr size_t kMostPatternBytes = 1 << 16;

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};
using Code = std::unique_ptr<pcre2_code, Free<pcre2_code_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, Free<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Free<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Free<pcre2_match_data_free>>;
using JitStack = std::unique_ptr<pcre2_jit_stack, Free<pcre2_jit_stack_free>>;

const unsigned char* units(const char* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }

std::string message_of(int code) {
  std::array<unsigned char, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

enum class Outcome : uint8_t { match, none, partial, too_many_steps, no_memory };

}  // namespace

struct PcreFinder::Compiled {
  Code code;
  std::string name;
  uint32_t lookbehind = 0;  // characters
  bool is_jit = false;
};

Result<PcreFinder> PcreFinder::create(const std::string& pattern, std::string name) {
  const CompileContext context(pcre2_compile_context_create(nullptr));
  if (!context) return fail(ErrorCode::resource_exhausted, "out of memory");
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_bsr(context.get(), PCRE2_BSR_UNICODE);
  pcre2_set_parens_nest_limit(context.get(), kMostNesting);
  pcre2_set_max_pattern_length(context.get(), kMostPatternBytes);
  int error = 0;
  size_t offset = 0;
  auto compiled = std::make_shared<Compiled>();
  compiled->code.reset(
      pcre2_compile(units(pattern.data()), pattern.size(),
                    PCRE2_UTF | PCRE2_UCP | PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY,
                    &error, &offset, context.get()));
  if (!compiled->code) {
    return fail(ErrorCode::invalid_argument, "the regular expression " + name +
                                                 " does not compile: " + message_of(error) + " near \"" +
                                                 pattern.substr(std::min(offset, pattern.size()), 20) + "\"");
  }
  compiled->name = std::move(name);
  pcre2_pattern_info(compiled->code.get(), PCRE2_INFO_MAXLOOKBEHIND, &compiled->lookbehind);
  // Without the compiler (an architecture it does not know), the interpreter does the same, slowly.
  compiled->is_jit = pcre2_jit_compile(compiled->code.get(), PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD) == 0;
  return PcreFinder(std::move(compiled));
}

// One text at a time, through one window.
class PcreFinder::Session::State {
 public:
  explicit State(std::shared_ptr<const Compiled> compiled)
      : compiled_(std::move(compiled)),
        context_(pcre2_match_context_create(nullptr)),
        data_(pcre2_match_data_create(1, nullptr)),
        stack_(pcre2_jit_stack_create(kJitStackBytes, kMostJitStackBytes, nullptr)) {
    if (context_ && stack_) pcre2_jit_stack_assign(context_.get(), nullptr, stack_.get());
  }

  bool has_memory() const { return context_ && data_ && stack_; }

  // Begins another text, from `position` on.
  void enter(const TextPart& text, uint32_t position) {
    if (is_entered_ && text.whole.data() == text_.whole.data() && text.begin == text_.begin && text.end == text_.end) {
      return;
    }
    is_entered_ = true;
    text_ = text;
    first_ = position;
    charged_ = 0;
    is_shown_ = false;
  }
  const TextPart& text() const { return text_; }

  struct Trial {
    uint32_t start = 0;
    uint32_t window_bytes = kWindowBytes;
    uint32_t steps = kSteps;
    bool only_start = false;  // or all starts in the window
  };

  // A match's bounds are match(), a partial one's begin is match().begin, and window_end() is how far was looked.
  Outcome run(const Trial& trial);
  Match match() const { return match_; }
  uint32_t window_end() const { return window_end_; }

  // False if that is too much.
  bool charge(const Trial& trial) {
    charged_ += uint64_t{trial.window_bytes} * (trial.steps / kSteps);
    return charged_ <=
           kChargePerByte * (trial.start - first_) + kChargePerWindowByte * trial.window_bytes + kFreeCharge;
  }

 private:
  std::shared_ptr<const Compiled> compiled_;
  MatchContext context_;
  MatchData data_;
  JitStack stack_;
  bool is_entered_ = false;
  TextPart text_;
  uint32_t first_ = 0;
  uint64_t charged_ = 0;
  bool is_shown_ = false;
  Utf8Window window_;
  Match match_;
  uint32_t window_end_ = 0;
};

Outcome PcreFinder::Session::State::run(const Trial& trial) {
  const uint32_t wanted_end = trial.start + std::min(trial.window_bytes, text_.end - trial.start);
  if (!is_shown_ || trial.start < window_.begin() || wanted_end > window_.end() ||
      (trial.start - window_.begin() < 4 * compiled_->lookbehind && window_.begin() > text_.begin)) {
    window_.show(text_, trial.start, 4 * compiled_->lookbehind, std::max(trial.window_bytes + 4, kChunkBytes));
    is_shown_ = true;
  }
  const std::string_view bytes = window_.bytes();
  const size_t start = window_.to_window(trial.start);
  size_t size = bytes.size();
  if (size - start > trial.window_bytes) {
    size = start + trial.window_bytes;
    while ((static_cast<uint8_t>(bytes[size]) & 0xc0) == 0x80) --size;
  }
  const bool is_last = window_.end() == text_.end && size == bytes.size();
  window_end_ = is_last ? text_.end : window_.to_text(static_cast<uint32_t>(size));

  const uint32_t options = (is_last ? 0 : PCRE2_PARTIAL_HARD) | (window_.begin() > text_.begin ? PCRE2_NOTBOL : 0);
  pcre2_set_offset_limit(context_.get(), trial.only_start ? start : PCRE2_UNSET);
  pcre2_set_match_limit(context_.get(), trial.steps);
  const int code = compiled_->is_jit ? pcre2_jit_match(compiled_->code.get(), units(bytes.data()), size, start, options,
                                                       data_.get(), context_.get())
                                     : pcre2_match(compiled_->code.get(), units(bytes.data()), size, start,
                                                   options | PCRE2_NO_UTF_CHECK, data_.get(), context_.get());
  if (code >= 0 || code == PCRE2_ERROR_PARTIAL) {
    const size_t* const bounds = pcre2_get_ovector_pointer(data_.get());
    // A lookbehind is no part of a partial match's begin, nor is \K, which is refused, of a match's.
    match_ = {window_.to_text(static_cast<uint32_t>(bounds[0])), window_.to_text(static_cast<uint32_t>(bounds[1]))};
    return code >= 0 ? Outcome::match : Outcome::partial;
  }
  switch (code) {
    case PCRE2_ERROR_NOMATCH: return Outcome::none;
    case PCRE2_ERROR_MATCHLIMIT: return Outcome::too_many_steps;
    default: return Outcome::no_memory;
  }
}

PcreFinder::Session::Session(const PcreFinder& finder) : state_(std::make_unique<State>(finder.compiled_)) {}
PcreFinder::Session::~Session() = default;

Result<Match> PcreFinder::find(Session& session, const TextPart& text, uint32_t position) const {
  Session::State& state = *session.state_;
  if (!state.has_memory()) return fail(ErrorCode::resource_exhausted, "out of memory");
  state.enter(text, position);
  const auto next = [&text](uint32_t at) {
    return at + decode(text.whole.data() + at, text.whole.data() + text.end).size;
  };
  while (position < text.end) {
    const Outcome outcome = state.run({.start = position});
    if (outcome == Outcome::match) {
      // One of no bytes at a window's end was found without a look at what follows.
      if (state.match().begin < state.window_end() || state.window_end() == text.end) return state.match();
      position = state.window_end();
    } else if (outcome == Outcome::none) {
      position = state.window_end();
    } else {
      // Which start takes long, only a partial match tells: every other is tried alone.
      const uint32_t window_end = state.window_end();
      const uint32_t first = outcome == Outcome::partial ? state.match().begin : position;
      const uint32_t end = outcome == Outcome::partial ? next(first) : window_end;
      for (position = first; position < end; position = next(position)) {
        const Match match = TRY(find_from(session, position));
        if (match != kNoMatch) return match;
      }
    }
  }
  return kNoMatch;
}

// The match that begins at `start`.
Result<Match> PcreFinder::find_from(Session& session, uint32_t start) const {
  Session::State& state = *session.state_;
  Session::State::Trial trial = {.start = start, .only_start = true};
  while (state.charge(trial)) {
    switch (state.run(trial)) {
      case Outcome::match: return state.match();
      case Outcome::none: return kNoMatch;
      case Outcome::partial: trial.window_bytes = std::min(trial.window_bytes, UINT32_MAX / 4) * 2; break;
      case Outcome::too_many_steps:
        trial.steps = std::min(trial.steps, UINT32_MAX / kMoreSteps / 2) * kMoreSteps;
        break;
      case Outcome::no_memory:
        return fail(ErrorCode::resource_exhausted,
                    "the regular expression " + compiled_->name + " needs more memory on this text than its bound");
    }
  }
  return fail(ErrorCode::resource_exhausted, "the regular expression " + compiled_->name +
                                                 " needs more steps on this text than its bound, at byte " +
                                                 std::to_string(start));
}

}  // namespace tribute::pretokenize
