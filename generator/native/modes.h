// SPDX-License-Identifier: Apache-2.0
// Ways of using a native checkpoint, each a handful of VideoRequests: going on and back, loops,
// connections, edits, further shots. Frames that were given come back untouched. All throw
// UsageError on options, sizes or lengths that don't go together, naming what does, and
// CancelledError between two clips or steps.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/progress.h"
#include "generator/native/native_model.h"

namespace plumb {

// What all modes share.
struct ModeOptions {
  std::string caption;
  uint64_t seed = 0;
  int clip_frames = 0;  // made in one piece, a multiple of FrameStep plus one; 0: as trained
  int overlap = 9;      // given frames at a seam, so that movement goes on; at most clip_frames / 2
  std::vector<Image> references;  // as in VideoRequest, for every clip that is made
  // One per frame of the video that comes out, given frames included, or none: not stated. Too few
  // are refused with a UsageError.
  std::vector<Camera> cameras;

  // Throws UsageError naming the field and what it may be.
  void Validate(const NativeModel& model) const;
};

// Takes frames in order, so that no mode needs the whole video in memory.
using FrameSink = std::function<void(const Image& frame)>;

// Cameras of `count` frames of a path from frame `first` on; before its beginning and past its end
// the camera stands.
std::vector<Camera> PartOfPath(const std::vector<Camera>& path, int first, int count);

// Extends `start` (at least one frame, of a size that the model takes) to `frames` frames in all:
// clip by clip, each from the last `overlap` frames so far. The frames of `start` are handed on
// first. Memory does not grow with `frames`.
void ExtendForward(NativeModel& model,
                   const Video& start,
                   int frames,
                   const ModeOptions& options,
                   const FrameSink& sink,
                   const Progress& progress);

// `frames` frames that lead to `end`, then `end`, which has FrameStep frames at least.
Video ExtendBackward(NativeModel& model,
                     const Video& end,
                     int frames,
                     const ModeOptions& options,
                     const Progress& progress);

// `first`, frames between, `second`. Both of one size and rate; `second` has FrameStep frames at
// least, and a clip more frames than are given of both.
Video Connect(NativeModel& model,
              const Video& first,
              const Video& second,
              const ModeOptions& options,
              const Progress& progress);

// `video` and frames that lead from its end to its beginning: it can be played round and round. As
// Connect with itself.
Video Loop(NativeModel& model,
           const Video& video,
           const ModeOptions& options,
           const Progress& progress);

// `video` with the pixels where `mask` (width·height, 1 = keep; CheckFailure on another size) is 0
// made anew; at most clip_frames frames of it, a multiple of FrameStep plus one.
Video EditMasked(NativeModel& model,
                 const Video& video,
                 const std::vector<uint8_t>& mask,
                 const ModeOptions& options,
                 const Progress& progress);

// `video` made anew from what is left of it under noise, see VideoRequest::strength; as many frames
// as EditMasked takes.
Video Redraw(NativeModel& model,
             const Video& video,
             double strength,
             const ModeOptions& options,
             const Progress& progress);

// One video per caption, all of the same characters: every shot is shown the pictures in
// `references`, or, without any, the first frame of the first shot. `shape` says the rest.
std::vector<Video> Shots(NativeModel& model,
                         const std::vector<std::string>& captions,
                         const std::vector<Image>& references,
                         const VideoRequest& shape,
                         const Progress& progress);

}  // namespace plumb
