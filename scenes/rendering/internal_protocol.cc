// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_protocol.h"

namespace plumb {

RenderOptions PicturesLike(const Truth& truth) {
  RenderOptions options;
  options.width = truth.video.width();
  options.height = truth.video.height();
  options.frames = truth.num_frames();
  options.fps = truth.video.fps();
  return RenderOptions::PicturesOnly(options);
}

}  // namespace plumb
