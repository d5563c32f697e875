// SPDX-License-Identifier: Apache-2.0
// One scene as files that people look at and programs read: truth/, video.mp4, contact_sheet.png.
#pragma once

#include <filesystem>

#include "core/progress.h"
#include "core/scene.h"
#include "core/truth.h"
#include "scenes/render.h"

namespace plumb {

// Simulates and renders the scene into the folder and returns its truth. Where the folder holds
// this very truth already (same scene, size, frames and rate) it is read instead of rendered again,
// so that an interrupted dataset goes on. Throws UsageError when it holds another one: truth and
// video of two scenes are never mixed; EnvironmentError when it can't be written.
Truth MakeSceneFolder(const std::filesystem::path& folder,
                      const Scene& scene,
                      const RenderOptions& options,
                      const Progress& progress = {});

}  // namespace plumb
