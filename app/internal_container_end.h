// SPDX-License-Identifier: Apache-2.0
// Whether a file ends where its container says: formats that count no frames must not pass for
// whole when cut.
#pragma once

#include <filesystem>
#include <string>

namespace plumb {

// `format` is FFmpeg's name of the container. Looks at GIF's trailer byte and at the size that
// Matroska states for its segment; every other format (and a Matroska stream of unknown size)
// counts as ended.
bool EndsWhereItShould(const std::filesystem::path& path, const std::string& format);

}  // namespace plumb
