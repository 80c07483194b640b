// Compiled twice: within `trace`, where this header may be included, and within `ngram`, where it may not.
#include "trace/trace.h"
