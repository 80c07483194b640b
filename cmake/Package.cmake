# What `cmake --install` installs: the library, as the CMake package `tribute`. docs/guide/library.md.
#
#   tribute_install_library(<module>…)
#
# Installs the modules' archives and public headers (those in a module's folder itself, included as
# "<name>/x.h") and a package whose targets are tribute::<module>. A module's dependencies must be among them.
# All is in the component `library`, which the target `library` builds.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

function(tribute_install_library)
  set(headers ${CMAKE_INSTALL_INCLUDEDIR}/tribute)
  set(package ${CMAKE_INSTALL_LIBDIR}/cmake/tribute)
  set(targets)
  foreach(name ${ARGN})
    get_property(folder GLOBAL PROPERTY TRIBUTE_FOLDER_${name})
    set_target_properties(tribute_${name} PROPERTIES EXPORT_NAME ${name})
    target_include_directories(tribute_${name} INTERFACE $<INSTALL_INTERFACE:${headers}>)
    target_compile_features(tribute_${name} INTERFACE cxx_std_${CMAKE_CXX_STANDARD})
    file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.h)
    install(FILES ${files} DESTINATION ${headers}/${name} COMPONENT library)
    list(APPEND targets tribute_${name})
  endforeach()
  add_custom_target(library DEPENDS ${targets})
  install(TARGETS ${targets} EXPORT tribute ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
  install(EXPORT tribute NAMESPACE tribute:: FILE tribute-targets.cmake DESTINATION ${package} COMPONENT library)

  set(made ${CMAKE_BINARY_DIR}/package)
  configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/tribute-config.cmake.in ${made}/tribute-config.cmake
    INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO)
  # Before 1.0 a new minor version may change the headers.
  write_basic_package_version_file(${made}/tribute-config-version.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${made}/tribute-config.cmake ${made}/tribute-config-version.cmake
    DESTINATION ${package} COMPONENT library)
endfunction()
