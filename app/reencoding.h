// SPDX-License-Identifier: Apache-2.0
// A video that went through a lossy codec and back.
#pragma once

#include "core/video.h"

namespace plumb {

// H.264 (libx264, yuv420p, BT.709, one key frame a second) at a constant rate factor in 1–51 and
// decoded again, with the video's own time stamps. Odd sizes lose their last row or column. The
// same video gives the same bytes on one machine. Throws EnvironmentError when FFmpeg lacks the
// encoder or the temporary file can't be written.
Video Reencoded(const Video& video, int crf);

}  // namespace plumb
