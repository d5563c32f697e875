# SPDX-License-Identifier: Apache-2.0
# The libraries that rooms may use, each as one target plumb::<name>. A library is looked for when the first
# room names it, so a room that is left out needs none of its own. Their headers count as system headers.
#
#   plumb::eigen fmt json yaml cli11 spdlog sqlite crypto ffmpeg     small libraries of core and app
#   plumb::bullet embree                                            scenes
#   plumb::torch sentencepiece                                      generator
#   plumb::ceres colmap opencv                                      metrics
include(PlumbCache)
find_package(PkgConfig REQUIRED)

# Creates plumb::<name> once, by calling plumb_find_<name>.
function(plumb_dependency name)
  if(NOT TARGET plumb::${name})
    if(NOT COMMAND plumb_find_${name})
      message(FATAL_ERROR "plumb::${name} is not a library of cmake/PlumbDependencies.cmake")
    endif()
    cmake_language(CALL plumb_find_${name})
  endif()
endfunction()

# Adds plumb::<name> that stands for the given targets.
function(plumb_alias name)
  add_library(plumb::${name} INTERFACE IMPORTED GLOBAL)
  target_link_libraries(plumb::${name} INTERFACE ${ARGN})
endfunction()

# Adds plumb::<name> from pkg-config modules.
function(plumb_pkgconfig name)
  pkg_check_modules(PLUMB_${name} REQUIRED IMPORTED_TARGET GLOBAL ${ARGN})
  plumb_alias(${name} PkgConfig::PLUMB_${name})
endfunction()

function(plumb_find_eigen)
  find_package(Eigen3 REQUIRED NO_MODULE)
  plumb_alias(eigen Eigen3::Eigen)
endfunction()

function(plumb_find_fmt)
  find_package(fmt REQUIRED)
  plumb_alias(fmt fmt::fmt)
endfunction()

function(plumb_find_json)
  find_package(nlohmann_json REQUIRED)
  plumb_alias(json nlohmann_json::nlohmann_json)
endfunction()

function(plumb_find_yaml)
  plumb_pkgconfig(yaml yaml-cpp)
endfunction()

function(plumb_find_cli11)
  find_package(CLI11 REQUIRED)
  plumb_alias(cli11 CLI11::CLI11)
endfunction()

function(plumb_find_spdlog)
  find_package(spdlog REQUIRED)
  plumb_alias(spdlog spdlog::spdlog)
endfunction()

function(plumb_find_sqlite)
  plumb_pkgconfig(sqlite sqlite3)
endfunction()

function(plumb_find_crypto)
  plumb_pkgconfig(crypto libcrypto)
endfunction()

function(plumb_find_ffmpeg)
  plumb_pkgconfig(ffmpeg libavformat libavcodec libswscale libavutil)
endfunction()

# find_package(Bullet) would give the single-precision build.
function(plumb_find_bullet)
  plumb_pkgconfig(bullet bullet-float64)
endfunction()

function(plumb_find_embree)
  find_package(embree 3 REQUIRED)
  plumb_alias(embree embree)
endfunction()

function(plumb_find_sentencepiece)
  plumb_pkgconfig(sentencepiece sentencepiece)
endfunction()

function(plumb_find_ceres)
  find_package(Ceres 2.1 REQUIRED)
  plumb_alias(ceres Ceres::ceres)
endfunction()

# Five modules by name: OpenCV's own package file would pull in the whole list, with GDAL and dnn.
function(plumb_find_opencv)
  find_path(PLUMB_OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
  add_library(plumb::opencv INTERFACE IMPORTED GLOBAL)
  target_include_directories(plumb::opencv INTERFACE ${PLUMB_OPENCV_INCLUDE})
  foreach(module calib3d features2d video imgproc core)
    find_library(PLUMB_OPENCV_${module} opencv_${module} REQUIRED)
    target_link_libraries(plumb::opencv INTERFACE ${PLUMB_OPENCV_${module}})
  endforeach()
endfunction()

# The COLMAP library that scripts/setup built, or the user's own (3.8 or later) from CMAKE_PREFIX_PATH.
function(plumb_find_colmap)
  find_package(COLMAP CONFIG QUIET PATHS ${PLUMB_CACHE_COLMAP} PATH_SUFFIXES share/colmap)
  if(NOT COLMAP_FOUND)
    message(FATAL_ERROR "COLMAP's library is missing: run scripts/setup, or name yours with CMAKE_PREFIX_PATH")
  endif()
  if(TARGET colmap::colmap)
    plumb_alias(colmap colmap::colmap)
  else()
    # COLMAP's own package file for 3.8 sets variables, and leaves Ceres to be named after them.
    find_package(Ceres REQUIRED)
    add_library(plumb::colmap INTERFACE IMPORTED GLOBAL)
    target_include_directories(plumb::colmap INTERFACE ${COLMAP_INCLUDE_DIRS})
    target_link_directories(plumb::colmap INTERFACE ${COLMAP_LINK_DIRS})
    target_link_libraries(plumb::colmap INTERFACE ${COLMAP_LIBRARIES} Ceres::ceres)
  endif()
  set_property(GLOBAL PROPERTY PLUMB_COLMAP_DIR ${COLMAP_DIR})
endfunction()

# LibTorch that scripts/setup unpacked, or the user's own (2.11 or later) from CMAKE_PREFIX_PATH or Torch_DIR. The
# files are named one by one:
# LibTorch's package file asks for the CUDA compiler where the libraries were built for CUDA.
# plumb::torch_libraries are the libraries without the headers: see plumb_executable.
function(plumb_find_torch)
  set(hints)
  if(Torch_DIR)  # <prefix>/share/cmake/Torch
    get_filename_component(hints ${Torch_DIR}/../../.. ABSOLUTE)
  endif()
  find_path(PLUMB_TORCH_INCLUDE torch/csrc/api/include/torch/torch.h HINTS ${hints}
    PATHS ${PLUMB_CACHE_LIBTORCH} PATH_SUFFIXES include torch/include)
  if(NOT PLUMB_TORCH_INCLUDE)
    message(FATAL_ERROR "LibTorch is missing: run scripts/setup, name yours with CMAKE_PREFIX_PATH, or leave the "
      "generator out with -DPLUMB_GENERATOR=OFF")
  endif()
  file(READ ${PLUMB_TORCH_INCLUDE}/torch/headeronly/version.h text)
  string(REGEX MATCH "VERSION_MAJOR ([0-9]+)" text_of_major "${text}")
  set(found ${CMAKE_MATCH_1})
  string(REGEX MATCH "VERSION_MINOR ([0-9]+)" text_of_minor "${text}")
  string(APPEND found .${CMAKE_MATCH_1})
  if(found VERSION_LESS 2.11)
    message(FATAL_ERROR "LibTorch in ${PLUMB_TORCH_INCLUDE} is version ${found}; 2.11 or later is needed")
  endif()
  get_filename_component(prefix ${PLUMB_TORCH_INCLUDE} DIRECTORY)
  find_package(Threads REQUIRED)
  add_library(plumb::torch_libraries INTERFACE IMPORTED GLOBAL)
  target_link_libraries(plumb::torch_libraries INTERFACE
    -Wl,--push-state,--no-as-needed ${prefix}/lib/libtorch.so ${prefix}/lib/libtorch_cpu.so)
  if(EXISTS ${prefix}/lib/libtorch_cuda.so)
    target_link_libraries(plumb::torch_libraries INTERFACE
      ${prefix}/lib/libtorch_cuda.so ${prefix}/lib/libc10_cuda.so)
  endif()
  target_link_libraries(plumb::torch_libraries INTERFACE
    ${prefix}/lib/libc10.so -Wl,--pop-state Threads::Threads)

  add_library(plumb::torch INTERFACE IMPORTED GLOBAL)
  target_link_libraries(plumb::torch INTERFACE plumb::torch_libraries)
  # LibTorch's folder carries headers of other libraries too, an fmt that does not fit Debian's among them:
  # it is searched after the system's own folders.
  target_compile_options(plumb::torch INTERFACE "SHELL:-idirafter ${PLUMB_TORCH_INCLUDE}"
    "SHELL:-idirafter ${PLUMB_TORCH_INCLUDE}/torch/csrc/api/include")
endfunction()
