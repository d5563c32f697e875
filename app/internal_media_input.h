// SPDX-License-Identifier: Apache-2.0
// A media file opened for decoding, with the doors closed that lead to other files.
#pragma once

#include <cstdint>
#include <filesystem>

#include "app/internal_ffmpeg.h"

namespace plumb {

// Opens containers and single pictures by the "file" protocol alone; playlists, concat scripts and
// stream descriptions, which name other files, are no video here. Throws InputError naming the file
// when it is absent, empty, no regular file or nothing that can be read.
InputPtr OpenInput(const std::filesystem::path& path);

// A decoder with one thread, exact bits and a cap on the pixels of a frame. `path` is what messages
// name. Throws InputError when there is no decoder or the stream's header is broken.
CodecPtr OpenDecoder(const AVStream& stream, const std::filesystem::path& path, int64_t max_pixels);

}  // namespace plumb
