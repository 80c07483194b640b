#include "io/system_call.h"

#include <string_view>
#include <system_error>

namespace tribute::io {

std::unexpected<Error> system_error(const std::string& path, int error) {
  const auto because = [&](ErrorCode code, std::string_view what) {
    return fail(code, path + ": " + std::string(what));
  };
  switch (error) {
    case ENOENT:
    case ENOTDIR: return because(ErrorCode::not_found, "no such file or folder");
    case EEXIST: return because(ErrorCode::already_exists, "is already there");
    case EACCES:
    case EPERM: return because(ErrorCode::permission_denied, "permission denied; check its owner and mode");
    case EROFS: return because(ErrorCode::permission_denied, "the file system is read-only; mount it for writing");
    case ENOSPC:
      return because(ErrorCode::resource_exhausted, "no space left on the disk; free some and run the command again");
    case EDQUOT:
      return because(ErrorCode::resource_exhausted, "the disk quota is used up; free some and run the command again");
    case EFBIG: return because(ErrorCode::resource_exhausted, "larger than the file system or `ulimit -f` allows");
    case EISDIR: return because(ErrorCode::failed_precondition, "is a folder, not a file");
    case ENOTEMPTY: return because(ErrorCode::failed_precondition, "the folder is not empty");
    case EXDEV: return because(ErrorCode::failed_precondition, "the new name is on another file system");
    case EINVAL:
    case ELOOP:
    case ENAMETOOLONG: return because(ErrorCode::invalid_argument, std::generic_category().message(error));
    case EMFILE:
    case ENFILE: return because(ErrorCode::unavailable, "too many open files; raise `ulimit -n`");
    case EIO: return because(ErrorCode::unavailable, "input/output error; check the disk");
    default: return because(ErrorCode::unavailable, std::generic_category().message(error));
  }
}

}  // namespace tribute::io
