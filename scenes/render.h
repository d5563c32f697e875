// SPDX-License-Identifier: Apache-2.0
// Scene + motion → truth: pictures and exact per-pixel passes by ray casting (Embree).
#pragma once

#include <vector>

#include "core/progress.h"
#include "core/scene.h"
#include "core/truth.h"

namespace plumb {

// The surface point that the camera sees in a frame at a place in the picture.
struct TrackQuery {
  int frame = 0;
  Eigen::Vector2d point_px = Eigen::Vector2d::Zero();
};

// The protocol of the pictures and the passes to keep. Views (presence, visible share) are always
// computed.
struct RenderOptions {
  int width = 256;
  int height = 256;
  int frames = 48;
  double fps = 24.0;
  bool depth = true;               // Passes::depth_m
  bool normals = true;             // Passes::normals
  bool instances = true;           // Passes::instances
  bool amodal = true;              // Passes::amodal
  bool flow = true;                // Passes::flow_px and flow_valid
  bool backward_flow = false;      // Passes::backward_flow_px and backward_flow_valid
  bool parts = false;              // Passes::parts
  bool albedo = false;             // Passes::albedo
  std::vector<TrackQuery> tracks;  // Passes::tracks_px and track_states
  int threads = 1;                 // over frames; the same bytes for every number

  // Every pass but tracks.
  static RenderOptions EveryPass(const RenderOptions& protocol);

  // Only pictures and views: the quickest truth.
  static RenderOptions PicturesOnly(const RenderOptions& protocol);
  // Throws UsageError naming the field that makes no sense (sizes 8–4096, frames 1–100,000, fps >
  // 0, threads 1–256, tracks within frames).
  void Validate() const;
};

// Camera of a frame. The path runs over the scene's duration and stays at its end after it.
Camera CameraAtFrame(const Scene& scene, const RenderOptions& options, int frame);

// What the camera sees. Light: one rectangle with Lambertian emission, normalised so that a white
// surface that faces it from the camera's target has radiance `area_share` (1 = sRGB white), and an
// even ambient part that near surfaces block; highlights by gloss. Passes are sampled at pixel
// centres, pictures are anti-aliased. The same arguments give the same bytes, whatever the threads.
// Throws CheckFailure when the motion is shorter than the frames or its rate is no whole multiple
// of fps.
Truth Render(const Scene& scene,
             const Motion& motion,
             const RenderOptions& options,
             const Progress& progress = {});

// Simulate and Render with matching rates; simulates long enough for all frames.
Truth MakeTruth(const Scene& scene, const RenderOptions& options, const Progress& progress = {});

}  // namespace plumb
