#include "cli/answer_files.h"

#include <algorithm>
#include <istream>

namespace tribute::cli {
namespace {

constexpr uint64_t kMaxAnswerBytes = 64 << 20;

Result<std::string> read_standard_input(Context& context) {
  std::string text;
  std::string buffer(size_t{1} << 16, '\0');
  while (context.in().read(buffer.data(), static_cast<std::streamsize>(buffer.size())), context.in().gcount() > 0) {
    text.append(buffer, 0, static_cast<size_t>(context.in().gcount()));
    if (text.size() > kMaxAnswerBytes) {
      return fail(ErrorCode::resource_exhausted,
                  "standard input has over " + std::to_string(kMaxAnswerBytes) + " bytes, the limit of an answer");
    }
  }
  // Ctrl-C ends the reading like the end of the input would.
  if (context.stopped()) return fail(ErrorCode::cancelled, "stopped while reading standard input; nothing was done");
  return text;
}

Result<std::string> read_text(Context& context, const std::string& path) {
  if (path == "-") return read_standard_input(context);
  return io::read_file(context.environment().files, path, kMaxAnswerBytes);
}

}  // namespace

Result<usecase::Answer> read_answer(Context& context, const std::vector<std::string>& prompts,
                                    const std::string& output) {
  const auto dashes = std::ranges::count(prompts, "-") + (output == "-" ? 1 : 0);
  if (dashes > 1) {
    return fail(ErrorCode::invalid_argument,
                "standard input is named " + std::to_string(dashes) +
                    " times; it can be one prompt or the answer, give files for the others");
  }
  usecase::Answer answer;
  for (const std::string& prompt : prompts) answer.prompts.push_back(TRY(read_text(context, prompt)));
  answer.output = TRY(read_text(context, output));
  return answer;
}

}  // namespace tribute::cli
