# Compiler options that every target of the project shares.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the build folder let build folders share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()

add_library(tribute_options INTERFACE)
target_compile_options(tribute_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wcast-align -Wvla
  # A designated initializer leaves the other fields at their defaults on purpose.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these in the standard library's own inlined code.
  target_compile_options(tribute_options INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
else()
  # clang sees the standard library's stable_sort use what the library itself deprecates.
  target_compile_options(tribute_options INTERFACE -Wno-deprecated-declarations)
endif()
if(TRIBUTE_WERROR)
  target_compile_options(tribute_options INTERFACE -Werror)
endif()
if(TRIBUTE_SANITIZE)
  target_compile_options(tribute_options INTERFACE
    -fsanitize=${TRIBUTE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(tribute_options INTERFACE -fsanitize=${TRIBUTE_SANITIZE})
endif()
if(TRIBUTE_FUZZ)
  target_compile_options(tribute_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
