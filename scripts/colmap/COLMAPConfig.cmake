# Found by find_package(COLMAP): the library that scripts/setup built, as the target colmap::colmap.
# Ceres is named after COLMAP's own archives, because they need it and do not say so.
include(CMakeFindDependencyMacro)
find_dependency(Ceres)
find_dependency(Boost COMPONENTS program_options filesystem graph system)
find_dependency(SQLite3)

get_filename_component(colmap_prefix "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
if(NOT TARGET colmap::colmap)
  add_library(colmap::colmap INTERFACE IMPORTED)
  target_include_directories(colmap::colmap SYSTEM INTERFACE
    ${colmap_prefix}/include/colmap ${colmap_prefix}/include/colmap/lib)
  target_link_libraries(colmap::colmap INTERFACE
    ${colmap_prefix}/lib/libcolmap.a
    ${colmap_prefix}/lib/libvlfeat.a
    ${colmap_prefix}/lib/libpoisson_recon.a
    Ceres::ceres
    Boost::program_options Boost::filesystem Boost::graph Boost::system
    flann_cpp lz4 freeimage metis glog SQLite::SQLite3 pthread ${CMAKE_DL_LIBS})
endif()
set(COLMAP_VERSION "3.8")
set(COLMAP_FOUND TRUE)
