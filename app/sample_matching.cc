// SPDX-License-Identifier: Apache-2.0
#include "app/sample_matching.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {

namespace fs = std::filesystem;

const std::vector<std::string_view>& VideoExtensions() {
  static const std::vector<std::string_view> extensions = {
      ".mp4", ".mkv", ".webm", ".mov", ".m4v", ".avi", ".gif"};
  return extensions;
}

bool HasVideoExtension(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
    return std::tolower(c);
  });
  const auto& known = VideoExtensions();
  return std::find(known.begin(), known.end(), extension) != known.end();
}

std::vector<fs::path> FindVideos(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) throw InputError(folder.string(), "is no folder");
  std::vector<fs::path> videos;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator();
       entry.increment(error)) {
    if (entry->is_regular_file() && HasVideoExtension(entry->path())) {
      videos.push_back(entry->path());
    }
  }
  if (error) throw InputError(folder.string(), error.message());
  std::sort(videos.begin(), videos.end());
  return videos;
}

NamedFolder ParseNamedFolder(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == 0 || equals == text.npos || equals + 1 == text.size()) {
    throw UsageError(fmt::format("--model '{}': expected name=FOLDER", text));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<MatchedClip> MatchFolders(const std::vector<NamedFolder>& folders) {
  std::set<std::string> names;
  std::map<std::string, MatchedClip> clips;
  for (size_t i = 0; i < folders.size(); ++i) {
    const auto& [name, folder] = folders[i];
    if (!names.insert(name).second) {
      throw UsageError(fmt::format("two models are called '{}'", name));
    }
    const std::vector<fs::path> videos = FindVideos(folder);
    if (videos.empty()) throw InputError(folder.string(), "holds no video");
    for (const fs::path& video : videos) {
      const std::string key = video.lexically_relative(folder).replace_extension().string();
      MatchedClip& clip = clips[key];
      clip.name = key;
      clip.files.resize(folders.size());
      if (!clip.files[i].empty()) {
        throw InputError(video.string(), fmt::format("has the name of {}", clip.files[i].string()));
      }
      clip.files[i] = video;
    }
  }
  std::vector<MatchedClip> matched;
  for (auto& [key, clip] : clips) matched.push_back(std::move(clip));
  return matched;
}

}  // namespace plumb
