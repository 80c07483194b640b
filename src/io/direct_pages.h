// PageFiles of the operating system's files.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "io/page_file.h"
#include "io/system_call.h"

namespace tribute::io {

struct DirectPagesOptions {
  bool is_direct = false;  // the descriptor was opened with O_DIRECT
  PageAccess access = PageAccess::queued;
};

// Over a file that is open for reading. Errors: none that `plain` could avoid.
Result<std::unique_ptr<PageFile>> open_direct_pages(Descriptor descriptor, std::string path,
                                                    const DirectPagesOptions& options);

}  // namespace tribute::io
