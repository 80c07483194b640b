#include "cli/logging.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <array>

namespace tribute::cli {
namespace {

struct Level {
  std::string_view name;
  spdlog::level::level_enum value;
};

constexpr std::array kLevels = {Level{"trace", spdlog::level::trace}, Level{"debug", spdlog::level::debug},
                                Level{"info", spdlog::level::info},   Level{"warn", spdlog::level::warn},
                                Level{"error", spdlog::level::err},   Level{"off", spdlog::level::off}};

}  // namespace

struct Log::State {
  explicit State(std::ostream& stream)
      : logger("tribute", std::make_shared<spdlog::sinks::ostream_sink_st>(stream, /*force_flush=*/true)) {
    logger.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger.set_level(spdlog::level::warn);
  }
  spdlog::logger logger;
};

Log::Log(std::ostream& stream) : state_(std::make_unique<State>(stream)) {}
Log::~Log() = default;

Result<void> Log::set_level(std::string_view level) {
  const auto* found = std::ranges::find(kLevels, level, &Level::name);
  if (found == kLevels.end()) {
    return fail(ErrorCode::invalid_argument,
                "--log-level must be trace, debug, info, warn, error or off, not '" + std::string(level) + "'");
  }
  state_->logger.set_level(found->value);
  return {};
}

void Log::debug(std::string_view message) { state_->logger.debug(message); }
void Log::info(std::string_view message) { state_->logger.info(message); }

}  // namespace tribute::cli
