# SPDX-License-Identifier: Apache-2.0
# What the rooms' CMakeLists.txt are written with: plumb_room, plumb_executable, plumb_tests, plumb_bench.

# Sets <out> to the given libraries: plumb::<name> is looked for, and rooms that are not in this build are left out.
function(plumb_resolve_libraries out)
  set(libraries)
  foreach(library ${ARGN})
    if(library MATCHES "^plumb::(.+)$")
      plumb_dependency(${CMAKE_MATCH_1})
    elseif(library MATCHES "^plumb_" AND NOT TARGET ${library})
      message(STATUS "${CMAKE_CURRENT_SOURCE_DIR}: ${library} is not in this build, left out")
      continue()
    endif()
    list(APPEND libraries ${library})
  endforeach()
  set(${out} ${libraries} PARENT_SCOPE)
endfunction()

# plumb_room(<name> SOURCES a.cc … [LIBRARIES plumb::eigen …] [PRECOMPILE <torch/torch.h> …])
#
# One static library plumb_<name>. It passes core on to whoever links it and keeps its other libraries to itself;
# only core, whose headers show Eigen and JSON, passes its libraries on.
function(plumb_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;PRECOMPILE" ${ARGN})
  plumb_check_arguments()
  plumb_resolve_libraries(libraries ${ARG_LIBRARIES})
  add_library(plumb_${name} STATIC ${ARG_SOURCES})
  if(name STREQUAL "core")
    target_link_libraries(plumb_core PUBLIC ${libraries})
  else()
    target_link_libraries(plumb_${name} PUBLIC plumb_core PRIVATE ${libraries})
  endif()
  if(name STREQUAL "app")
    plumb_has_generator(has_generator)
    target_compile_definitions(plumb_app PUBLIC PLUMB_WITH_GENERATOR=${has_generator}
      PLUMB_VERSION="${PROJECT_VERSION}")
  endif()
  if(ARG_PRECOMPILE)
    target_precompile_headers(plumb_${name} PRIVATE ${ARG_PRECOMPILE})
  endif()
endfunction()

# plumb_executable(<name> SOURCES main.cc … LIBRARIES plumb_app …)
#
# One program. Where LibTorch is in it, LibTorch comes first on the link line: it exports BLAS and LAPACK symbols,
# and whichever library comes first serves everybody. Behind Debian's BLAS it would run at a third of its speed.
function(plumb_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  plumb_check_arguments()
  plumb_resolve_libraries(libraries ${ARG_LIBRARIES})
  add_executable(${name} ${ARG_SOURCES})
  plumb_has_generator(has_generator)
  if(has_generator AND ("plumb_generator" IN_LIST libraries OR "plumb_app" IN_LIST libraries
                        OR "plumb::torch" IN_LIST libraries))
    plumb_dependency(torch)
    list(REMOVE_ITEM libraries plumb_generator)
    list(PREPEND libraries plumb_generator plumb::torch_libraries)
  endif()
  target_link_libraries(${name} PRIVATE ${libraries})
endfunction()

# plumb_tests(<room> SOURCES foo_bar_test.cc geometry/tracks_test.cc … [LIBRARIES …] [TIMEOUT 300])
#
# One program <room>_tests, and one ctest entry per *_test.cc: <room>/foo_bar_test runs the suites whose names
# start with FooBarTest. A last entry fails when a suite belongs to no file, or a file has no suite.
# The room itself and GoogleTest (with gmock and main) are linked without being named.
function(plumb_tests room)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
  plumb_check_arguments()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  find_package(GTest REQUIRED)
  set(room_target plumb_${room})
  if(NOT TARGET ${room_target})
    set(room_target)
  endif()
  set(paths ${PROJECT_SOURCE_DIR}/tests/paths.cc)
  set_source_files_properties(${paths} PROPERTIES COMPILE_DEFINITIONS
    "PLUMB_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\";PLUMB_BINARY_DIR=\"${PROJECT_BINARY_DIR}\"")
  plumb_executable(${room}_tests SOURCES ${ARG_SOURCES} ${paths}
    LIBRARIES ${room_target} ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)

  set(prefixes)
  foreach(source ${ARG_SOURCES})
    if(NOT source MATCHES "^(.*_test)\\.cc$")
      continue()
    endif()
    set(file ${CMAKE_MATCH_1})
    plumb_suite_prefix(${file} prefix)
    list(APPEND prefixes ${prefix})
    add_test(NAME ${room}/${file}
      COMMAND ${room}_tests --gtest_filter=${prefix}*:*/${prefix}* --gtest_brief=1)
    set_tests_properties(${room}/${file} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS ${room})
  endforeach()
  add_test(NAME ${room}/suites
    COMMAND python3 ${PROJECT_SOURCE_DIR}/tests/structure/check_suites.py $<TARGET_FILE:${room}_tests> ${prefixes})
  set_tests_properties(${room}/suites PROPERTIES TIMEOUT 60 LABELS ${room})
endfunction()

# plumb_bench(<name> SOURCES … LIBRARIES …): a program bench_<name> with Google Benchmark and its main.
function(plumb_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  plumb_check_arguments()
  find_package(benchmark REQUIRED)
  plumb_executable(bench_${name} SOURCES ${ARG_SOURCES}
    LIBRARIES ${ARG_LIBRARIES} benchmark::benchmark benchmark::benchmark_main)
endfunction()

# geometry/two_view_test -> TwoViewTest
function(plumb_suite_prefix file out)
  get_filename_component(stem ${file} NAME)
  string(REPLACE "_" ";" words ${stem})
  set(prefix)
  foreach(word ${words})
    string(SUBSTRING ${word} 0 1 head)
    string(SUBSTRING ${word} 1 -1 tail)
    string(TOUPPER ${head} head)
    string(APPEND prefix ${head}${tail})
  endforeach()
  set(${out} ${prefix} PARENT_SCOPE)
endfunction()

# Sets <out> to 1 when the generator room is part of this build, else to 0.
function(plumb_has_generator out)
  if(TARGET plumb_generator)
    set(${out} 1 PARENT_SCOPE)
  else()
    set(${out} 0 PARENT_SCOPE)
  endif()
endfunction()

macro(plumb_check_arguments)
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "unexpected arguments: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "SOURCES is missing")
  endif()
endmacro()
