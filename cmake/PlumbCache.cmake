# SPDX-License-Identifier: Apache-2.0
# Where scripts/setup keeps what it built. scripts/cache-path is the one place that knows the folders' names.
execute_process(COMMAND bash ${PROJECT_SOURCE_DIR}/scripts/cache-path colmap
  OUTPUT_VARIABLE PLUMB_CACHE_COLMAP OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND bash ${PROJECT_SOURCE_DIR}/scripts/cache-path libtorch
  OUTPUT_VARIABLE PLUMB_CACHE_LIBTORCH OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
