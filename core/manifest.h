// SPDX-License-Identifier: Apache-2.0
// The one schema by which Plumb asks outside models for videos and takes them back: `export`,
// `import`, `folder:` and `command:` all use it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/camera.h"
#include "core/document.h"
#include "core/json.h"

namespace plumb {

// One cell. Paths are relative to the manifest's folder and never leave it.
struct ManifestEntry {
  std::string cell_id;  // "<scene id>/<seed>"
  std::string prompt;
  std::vector<std::string>
      conditioning;               // picture files of the known frames, in order; may be empty
  std::vector<int> known_frames;  // the frame index of each conditioning file
  std::vector<Camera> cameras;    // one per frame, empty when not stated
  int width = 0;
  int height = 0;
  double fps = 0.0;
  int frames = 0;
  uint64_t seed = 0;
  std::string output;  // where the video is, or should be put
  std::string status;  // "" asked for, "done", "failed", "refused"
  std::string reason;  // why not, when failed or refused
};

struct Manifest {
  int schema = 1;
  std::string suite;  // "quick v1"
  std::string suite_digest;
  std::vector<ManifestEntry> entries;
};

Json ToJson(const ManifestEntry& entry);
Json ToJson(const Manifest& manifest);
// Unknown keys, duplicate cells, absolute paths and paths with ".." throw UsageError with file,
// line and key.
Manifest ManifestFromDocument(const Document& document);

}  // namespace plumb
