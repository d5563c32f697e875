// SPDX-License-Identifier: Apache-2.0
// The scenarios' makers. Each fills bodies, light, camera, caption and duration. Internal to the
// scenes room.
#pragma once

#include "core/scene.h"
#include "core/seed.h"

namespace plumb {

Scene MakeDrop(Random& random);
Scene MakeBounce(Random& random);
Scene MakeCollide(Random& random);
Scene MakeInclineSlide(Random& random);
Scene MakeOccluderPass(Random& random);
Scene MakeOrbitRoom(Random& random);

}  // namespace plumb
