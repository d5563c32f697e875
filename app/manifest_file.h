// SPDX-License-Identifier: Apache-2.0
// The manifest on disk: manifest.json in a folder, with the pictures and videos that it names.
#pragma once

#include <filesystem>
#include <string>

#include "core/manifest.h"
#include "core/model.h"

namespace plumb {

inline constexpr const char* kManifestFile = "manifest.json";

// Reads folder/manifest.json. Throws InputError when it is absent or larger than 64 MB, and what
// ManifestFromDocument throws.
Manifest ReadManifest(const std::filesystem::path& folder);

// Writes folder/manifest.json, whole or not at all. Throws EnvironmentError when that fails.
void WriteManifest(const std::filesystem::path& folder, const Manifest& manifest);

// The entry that asks for the video of a prompt; its known frames are written as PNG files
// folder/<stem>_000.png … The caller names the output.
ManifestEntry WriteEntry(const Prompt& prompt,
                         const std::filesystem::path& folder,
                         const std::string& stem);

// folder / relative, with links resolved. Throws InputError when that lies outside the folder: a
// manifest, which may come from anywhere, never reads or writes elsewhere.
std::filesystem::path PathInside(const std::filesystem::path& folder, const std::string& relative);

// What a cell is called as a file, without extension: "drop-3/0" becomes "drop-3_0".
std::string CellFileStem(const std::string& cell_id);

}  // namespace plumb
