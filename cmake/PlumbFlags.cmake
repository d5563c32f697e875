# SPDX-License-Identifier: Apache-2.0
# One set of compiler flags for every file of the program. cmake/flags.txt holds those that COLMAP's library
# is built with too, because both sides pass Eigen values to each other.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG -g0")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/flags.txt plumb_flags)
separate_arguments(plumb_flags)
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(FILTER plumb_flags EXCLUDE REGEX "^-march=")
endif()
add_compile_options(${plumb_flags} -Wall -Wextra -Wno-missing-field-initializers)
if(PLUMB_WERROR)
  add_compile_options(-Werror)
endif()

# Includes are spelled from the root: #include "core/score.h".
include_directories(${PROJECT_SOURCE_DIR})

if(PLUMB_SANITIZE)
  add_compile_options(-fsanitize=${PLUMB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${PLUMB_SANITIZE})
endif()
if(PLUMB_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(PLUMB_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

find_program(PLUMB_MOLD mold)
if(PLUMB_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# ccache sees through precompiled headers only with these settings.
find_program(PLUMB_CCACHE ccache)
if(PLUMB_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${PLUMB_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
    add_compile_options(-fpch-preprocess)
  endif()
endif()
