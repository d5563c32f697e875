// SPDX-License-Identifier: Apache-2.0
// Other cameras for a scene of any origin: the same bodies seen from elsewhere.
#pragma once

#include <span>
#include <string_view>

#include "core/scene.h"

namespace plumb {

// "front", "oblique" (from 45° to the side and above), "top" (steeply from above), "moving" (an arc
// in front).
std::span<const std::string_view> ListCameraViews();

// The scene with a camera of that kind from which every object lies in the picture at the start,
// with room for where it falls and where its velocity takes it. The eye stays inside the walls; the
// field of view widens where they leave too little room. In caption and paraphrases the camera's
// clause is replaced (added where there is none); the outcome stays. Throws UsageError, with the
// nearest name, for another view.
Scene WithCamera(Scene scene, std::string_view view);

}  // namespace plumb
