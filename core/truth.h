// SPDX-License-Identifier: Apache-2.0
// Truth: a scene simulated and rendered. What every metric that knows the answer compares with.
#pragma once

#include <string>
#include <vector>

#include "core/camera.h"
#include "core/motion.h"
#include "core/scene.h"
#include "core/tensor.h"
#include "core/truth_events.h"
#include "core/video.h"

namespace plumb {

enum class Presence { kVisible, kOccluded, kOutOfView, kAbsent };

// One body in one frame, in pixels of the truth's size. From masks, never from a tracker.
struct BodyView {
  Presence presence = Presence::kAbsent;  // occluded: in view with a visible share under 0.1
  double visible_share = 0.0;             // modal pixels / amodal pixels; 0 when out of view
  double modal_area_px = 0.0;
  Eigen::Vector2d centroid_px =
      Eigen::Vector2d::Zero();  // of the amodal mask; projected origin when out of view
  Eigen::Vector4d amodal_box_px = Eigen::Vector4d::Zero();  // left, top, width, height
};

// Per-pixel truth. Shapes name F frames, B bodies, H rows, W columns. A pass that was not asked for
// is empty.
struct Passes {
  Tensor depth_m;    // F32 [F,H,W], along the optical axis; +inf where nothing is hit
  Tensor normals;    // F32 [F,H,W,3], camera frame, unit; zero where nothing is hit
  Tensor instances;  // U8 [F,H,W], body index + 1; 0 where nothing is hit
  Tensor amodal;   // U8 [F,B,H,W], 1 where the body would be seen alone; objects and occluders only
                   // (others 0)
  Tensor flow_px;  // F32 [F-1,H,W,2], from frame f to f+1 (x, y), zero where nothing is hit
  Tensor flow_valid;           // U8 [F-1,H,W], 1 where the point is also visible in frame f+1
  Tensor backward_flow_px;     // F32 [F-1,H,W,2], from frame f+1 back to f
  Tensor backward_flow_valid;  // U8 [F-1,H,W], 1 where the point is also visible in frame f
  // U8 [F,H,W]: face of the body, 8 times a compound's part plus the face of that (box: 2 * axis, 1
  // more on the positive side; cylinder, cone, hoop: 0 side, 1 bottom, 2 top, 3 bore; else 0).
  Tensor parts;
  Tensor albedo;  // F32 [F,H,W,3], linear, at pixel centres; zero where nothing is hit
  // Points on surfaces, N in all, in the order of the queries.
  Tensor tracks_px;     // F32 [F,N,2]; zero where the point is behind the camera or absent
  Tensor track_states;  // U8 [F,N]: a Presence; a query that met nothing is absent throughout
};

struct Truth {
  Scene scene;
  Motion motion;
  Video video;                               // what the camera saw; fps and size of the protocol
  std::vector<Camera> cameras;               // one per frame
  std::vector<std::vector<BodyView>> views;  // [frame][body]
  Passes passes;
  std::vector<TruthEvent> events = {};  // by time
  // How long each body can be foretold by who saw the first frames; empty when nobody asked.
  std::vector<double> predictable_horizons_s = {};

  int num_frames() const { return video.num_frames(); }
  // The physics state that belongs to a frame (rate is a whole multiple of the frame rate: no
  // interpolation).
  const BodyState& StateAtFrame(int frame, int body) const;
};

}  // namespace plumb
