// SPDX-License-Identifier: Apache-2.0
// The protocol that a truth's pictures follow. Internal to the scenes room.
#pragma once

#include "core/truth.h"
#include "scenes/render.h"

namespace plumb {

// Size, length and rate of a truth's own pictures, without passes: to render its scene again.
RenderOptions PicturesLike(const Truth& truth);

}  // namespace plumb
