// SPDX-License-Identifier: Apache-2.0
// One rigid world seen by one camera.
#include "core/laws/internal_families.h"

namespace plumb {
namespace {

std::vector<Law> SurfaceLaws() {
  return {
      {"warp_px",
       "px",
       0.0,
       4.0,
       {0.5, 1.0, 2.0, 4.0, 8.0},
       -kNoLimit,
       kNoLimit,
       kCameraMoves,
       {"geometry.consistency", "geometry.inlier_share"},
       "the picture bends smoothly, differently in every frame"},
      {"drift_px",
       "px",
       0.0,
       2.0,
       {0.25, 0.5, 1.0, 2.0, 4.0},
       -kNoLimit,
       kNoLimit,
       kCameraMoves,
       {"geometry.consistency", "geometry.reprojection_px", "geometry.inlier_share"},
       "parts of the room slide against each other, a little more every frame"},
      {"texture_swim",
       "px",
       0.0,
       4.0,
       {1.0, 2.0, 4.0, 6.0, 8.0},
       -kNoLimit,
       kNoLimit,
       kWalls,
       {"geometry.consistency", "geometry.reprojection_px"},
       "textures swim to and fro over their surfaces with this amplitude, each its own way"},
      {"shear_background",
       "px",
       0.0,
       1.0,
       {0.1, 0.25, 0.5, 1.0, 2.0},
       -kNoLimit,
       kNoLimit,
       kWalls,
       {},
       "the walls' looks shear: every frame they slide by this much more at half a picture's "
       "height"},
      {"scale_breathe",
       "share",
       0.0,
       0.1,
       {0.02, 0.05, 0.1, 0.2, 0.3},
       -0.9,
       0.9,
       kObjects,
       {},
       "every object, or the body named, grows and shrinks by this share once a second"},
  };
}

std::vector<Law> CameraLaws() {
  return {
      {"parallax_flat",
       "share flat",
       0.0,
       1.0,
       {0.2, 0.4, 0.6, 0.8, 1.0},
       0.0,
       1.0,
       kCameraMoves | kParallax,
       {"geometry.consistency"},
       "this share of the camera's way shows the world as a painted plane would move"},
      {"focal_breathe",
       "share",
       0.0,
       0.1,
       {0.02, 0.05, 0.1, 0.15, 0.2},
       -0.9,
       0.9,
       0,
       {"geometry.consistency", "geometry.reprojection_px", "permanence.teleported"},
       "the focal length grows and shrinks by this share once a second"},
      {"pose_jitter",
       "px",
       0.0,
       4.0,
       {0.5, 1.0, 2.0, 4.0, 8.0},
       -kNoLimit,
       kNoLimit,
       0,
       {"permanence.teleported", "permanence.persistence"},
       "the camera shakes in every frame, the picture's middle by this standard deviation"},
      {"cut",
       "share other",
       0.0,
       1.0,
       {0.2, 0.4, 0.6, 0.8, 1.0},
       0.0,
       1.0,
       kWalls,
       {"geometry.shots",
        "permanence.persistence",
        "permanence.kept",
        "permanence.vanished",
        "permanence.teleported",
        "permanence.colour_shift"},
       "half-way a shot of another room follows, other by this share in looks and viewpoint"},
  };
}

}  // namespace

std::vector<Law> GeometryLaws() {
  std::vector<Law> all = SurfaceLaws();
  const std::vector<Law> camera = CameraLaws();
  all.insert(all.end(), camera.begin(), camera.end());
  return all;
}

}  // namespace plumb
