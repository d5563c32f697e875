// SPDX-License-Identifier: Apache-2.0
// Folders of videos, matched by file name: how models are compared that know nothing of suites.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace plumb {

// File name extensions that count as video: ".mp4", ".gif" … (lower case; matched in any case).
const std::vector<std::string_view>& VideoExtensions();
bool HasVideoExtension(const std::filesystem::path& path);

// All videos under a folder in path order. Throws InputError when the folder can't be read.
std::vector<std::filesystem::path> FindVideos(const std::filesystem::path& folder);

// A model named on the command line: "a=DIR".
struct NamedFolder {
  std::string name;
  std::filesystem::path folder;
};
// Throws UsageError unless both parts are there.
NamedFolder ParseNamedFolder(const std::string& text);

// One clip that at least one model made: its path below the folder, without extension, and each
// model's file (empty where that model has none), in the order of the folders.
struct MatchedClip {
  std::string name;
  std::vector<std::filesystem::path> files;
};
// By name. Throws InputError when a folder holds no video or one name twice ("a.mp4" and "a.gif"),
// UsageError when two folders carry one name.
std::vector<MatchedClip> MatchFolders(const std::vector<NamedFolder>& folders);

}  // namespace plumb
