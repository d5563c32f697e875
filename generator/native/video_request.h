// SPDX-License-Identifier: Apache-2.0
// A video as a native checkpoint is asked for it. Every mode (text, picture, going on, going back,
// loop, connection, edit, further shots) is this one request: some of the clip's pixels are given,
// the rest is made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/camera.h"
#include "core/video.h"

namespace plumb {

// A frame that is given, whole or in part.
struct GivenFrame {
  int frame = 0;                   // of the clip, from 0
  Image image;                     // of the clip's size
  std::vector<uint8_t> mask = {};  // width·height: 1 where given; empty: everywhere
};

struct VideoRequest {
  std::string name = "generate/0";  // decides the noise together with `seed`
  uint64_t seed = 0;
  std::string caption;
  // The clip, exactly: sides are multiples of NativeModel::SizeStep, frames of FrameStep, plus one.
  int width = 0;
  int height = 0;
  int frames = 0;
  double fps = 0.0;
  std::vector<GivenFrame> given;  // each frame at most once
  std::vector<Image> references;  // of who is in it, in another shot; sides: multiples of SizeStep
  std::vector<Camera> cameras;    // one per frame, or none: not stated
  // A video of this size and length to start from instead of noise, and how much of it is made anew
  // (SDEdit, Meng et al. 2021, arXiv 2108.01073): above 0, where it would be left as it is; 1 is
  // noise alone. Not every sampler can: see SamplerInput::edited.
  std::vector<Image> edited;
  double strength = 1.0;
};

}  // namespace plumb
