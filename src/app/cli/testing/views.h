// Hand-made results of use cases, for tests of how they are shown.
#pragma once

#include "usecase/answer.h"
#include "usecase/charge.h"

namespace tribute::cli::testing {

// "Hm: anchor 饺子 now, old \nway." of one token a byte, with a run of every fate: nobody's, owned by
// ada-marsh (entry 3), owned by 林月 (5), common and copied.
usecase::AttributionView two_owners();

// Alice paid a whole unit for it.
usecase::ReceiptView receipt();

}  // namespace tribute::cli::testing
