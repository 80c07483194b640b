# One function declares a module: its folder, its sources, the modules below it and its libraries.
#
#   tribute_module(<name> FOLDER <folder under src> SOURCES <.cc…>
#                  [DEPENDS <module>…]        modules whose headers this module's headers or sources include
#                  [LIBRARIES <target>…]      outside libraries, private to the module's sources
#                  [TESTS <x_test.cc>…] [TEST_DEPENDS <module>…] [TEST_LIBRARIES <target>…]
#                  [THREADS <pattern>…])      the tests that start threads, as --gtest_filter takes them
#
# A module's headers are included as "<name>/x.h" from an include root of the module's own, so that
# an #include of a module that is not declared does not compile. Its tests make one program,
# <name>_test, which links the module with its declared dependencies alone. THREADS
# names the tests that run under the thread sanitizer.
if(TRIBUTE_TESTS)
  add_custom_target(unit_tests)
  add_custom_target(thread_tests)
endif()

function(tribute_module name)
  cmake_parse_arguments(ARG "" "FOLDER" "SOURCES;DEPENDS;LIBRARIES;TESTS;TEST_DEPENDS;TEST_LIBRARIES;THREADS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tribute_module(${name}): unknown ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  set(folder ${CMAKE_SOURCE_DIR}/src/${ARG_FOLDER})
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${folder} ${root}/${name} SYMBOLIC)

  list(TRANSFORM ARG_SOURCES PREPEND ${folder}/)
  set(depends ${ARG_DEPENDS})
  list(TRANSFORM depends PREPEND tribute_)
  add_library(tribute_${name} STATIC ${ARG_SOURCES})
  target_include_directories(tribute_${name} PUBLIC $<BUILD_INTERFACE:${root}>)
  target_link_libraries(tribute_${name} PUBLIC ${depends} PRIVATE ${ARG_LIBRARIES} $<BUILD_INTERFACE:tribute_options>)
  set_property(GLOBAL APPEND PROPERTY TRIBUTE_MODULES ${name})
  set_property(GLOBAL PROPERTY TRIBUTE_DEPENDS_${name} ${ARG_DEPENDS})
  set_property(GLOBAL PROPERTY TRIBUTE_FOLDER_${name} ${ARG_FOLDER})

  # Each public header compiles alone.
  if(TRIBUTE_TESTS)
    file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*.h)
    set(probes)
    foreach(header ${headers})
      string(REPLACE ".h" "_header.cc" probe ${header})
      file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/headers/${name}/${probe}
           CONTENT "#include \"${name}/${header}\"\n#include \"${name}/${header}\"  // NOLINT: twice, on purpose\n")
      list(APPEND probes ${CMAKE_BINARY_DIR}/headers/${name}/${probe})
    endforeach()
    add_library(tribute_${name}_headers OBJECT EXCLUDE_FROM_ALL ${probes})
    target_link_libraries(tribute_${name}_headers PRIVATE tribute_${name} tribute_options)
    set_property(GLOBAL APPEND PROPERTY TRIBUTE_HEADER_TARGETS tribute_${name}_headers)
  endif()

  if(TRIBUTE_TESTS AND ARG_TESTS)
    list(TRANSFORM ARG_TESTS PREPEND ${folder}/)
    list(TRANSFORM ARG_TEST_DEPENDS PREPEND tribute_)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE tribute_${name} ${ARG_TEST_DEPENDS} ${ARG_TEST_LIBRARIES}
                          tribute_options GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE
      TRIBUTE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TRIBUTE_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
    # What is tested takes the time of the run, the tests themselves that of compiling.
    if(TRIBUTE_SANITIZE STREQUAL "address,undefined")
      target_compile_options(${name}_test PRIVATE -O0)
    endif()
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES LABELS unit)
    add_dependencies(unit_tests ${name}_test)
    if(ARG_THREADS AND TRIBUTE_SANITIZE STREQUAL "thread")
      list(JOIN ARG_THREADS ":" filter)
      add_test(NAME ${name}_threads COMMAND ${name}_test --gtest_filter=${filter})
      set_tests_properties(${name}_threads PROPERTIES LABELS threads)
      add_dependencies(thread_tests ${name}_test)
    endif()
  endif()
endfunction()

# Writes one line per module, "folder: dependency dependency…", in declaration order, and makes
# check_headers, which compiles every public header alone.
function(tribute_write_module_graph file)
  get_property(modules GLOBAL PROPERTY TRIBUTE_MODULES)
  set(text "")
  foreach(module ${modules})
    get_property(folder GLOBAL PROPERTY TRIBUTE_FOLDER_${module})
    get_property(depends GLOBAL PROPERTY TRIBUTE_DEPENDS_${module})
    list(JOIN depends " " line)
    string(APPEND text "${folder}: ${line}\n")
  endforeach()
  string(REPLACE ": \n" ":\n" text "${text}")
  file(WRITE ${file} "${text}")
  get_property(targets GLOBAL PROPERTY TRIBUTE_HEADER_TARGETS)
  if(targets)
    add_custom_target(check_headers DEPENDS ${targets})
  endif()
endfunction()
