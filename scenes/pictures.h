// SPDX-License-Identifier: Apache-2.0
// A scene as its camera sees it and nothing more: what training needs.
#pragma once

#include <vector>

#include "core/camera.h"
#include "core/video.h"
#include "scenes/render.h"

namespace plumb {

struct Pictures {
  Video video;
  std::vector<Camera> cameras;  // one per frame
};

// Video and cameras of MakeTruth, without passes, views and events, in a fraction of its time. The
// protocol alone of `options` counts.
Pictures MakePictures(const Scene& scene,
                      const RenderOptions& options,
                      const Progress& progress = {});

}  // namespace plumb
