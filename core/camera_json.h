// SPDX-License-Identifier: Apache-2.0
// Cameras as manifests and camera paths have them: `size`, `focal_px`, `centre_px` (pixels),
// `camera_from_world_xyzw` (a quaternion of length 1) and `camera_from_world_m`.
#pragma once

#include <vector>

#include "core/camera.h"
#include "core/document.h"

namespace plumb {

// Throws UsageError with file, line and key when a number is missing or has no meaning.
Camera ReadCamera(ObjectReader& reader);

// A camera path: {"schema": 1, "cameras": […]}, at least one. Throws UsageError likewise.
std::vector<Camera> CameraPathFromDocument(const Document& document);

}  // namespace plumb
