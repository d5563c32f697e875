// SPDX-License-Identifier: Apache-2.0
// From a ray and its hit to what is there: position, normal, colour. Internal to the scenes room.
#pragma once

#include <vector>

#include "core/camera.h"
#include "core/scene.h"
#include "scenes/rendering/internal_form.h"
#include "scenes/rendering/internal_ray_scene.h"
#include "scenes/rendering/internal_texture.h"

namespace plumb {

// What a picture point shows. Body -1: nothing; then depth is infinite and `x_in_world` is a point
// in that direction.
struct SurfaceSample {
  int16_t body = -1;
  uint8_t part = 0;
  double depth_m = std::numeric_limits<double>::infinity();  // along the optical axis
  Eigen::Vector3f x_in_world = Eigen::Vector3f::Zero();
  Eigen::Vector3f normal = Eigen::Vector3f::Zero();  // world frame, towards the outside
  Eigen::Vector3f albedo = Eigen::Vector3f::Zero();  // linear
};

// What light a surface sends on besides its albedo.
struct Finish {
  float gloss = 0.0f;
  float reflection = 0.0f;
  float metal = 0.0f;
};

// A camera ready to shoot rays: directions have length 1 along the optical axis, so distances are
// depths.
class RayCamera {
 public:
  explicit RayCamera(const Camera& camera);
  Eigen::Vector3d DirectionThrough(const Eigen::Vector2d& point_px) const;
  // The ray from the eye along a direction that DirectionThrough gave.
  Ray RayAlong(const Eigen::Vector3d& direction) const;
  const Eigen::Vector3d& eye() const { return eye_; }
  // Change of direction for one pixel to the right and one down.
  const Eigen::Vector3d& right() const { return right_; }
  const Eigen::Vector3d& down() const { return down_; }

 private:
  Eigen::Vector3d eye_;
  Eigen::Vector3d right_;
  Eigen::Vector3d down_;
  Eigen::Vector3d corner_;  // direction through (0, 0)
};

// The bodies of one frame: where they are and how they look.
class Surfaces {
 public:
  explicit Surfaces(const Scene& scene);
  void Place(const std::vector<Rigid3>& world_from_body);
  // Slides a body's texture along; zero at first.
  void ShiftTexture(int body, const Eigen::Vector3f& shift_m) { shifts_m_.at(body) = shift_m; }
  // Slides it further, by a linear function of the place on the body; zero at first.
  void LeanTexture(int body, const Eigen::Matrix3d& lean);

  // Of the body and of those of its parts that have no look of their own.
  void SetMaterial(int body, const Material& material);

  // `direction` as given by RayCamera::DirectionThrough.
  SurfaceSample Resolve(const RayCamera& camera,
                        const Eigen::Vector3d& direction,
                        const RayHit& hit) const;
  const Finish& finish(int body, int part = 0) const { return LookOf(body, part).finish; }

 private:
  // How one piece of a body looks.
  struct Look {
    Texture texture;
    Finish finish;
    bool follows_body;  // Body::material, not one of its part materials
  };
  struct Dressed {
    Form form;
    std::vector<Look> looks;  // one for each part of a compound; else one
    bool is_compound = false;
  };
  struct Placed {
    Eigen::Matrix3d world_from_body;
    Eigen::Vector3d origin;
  };
  const Look& LookOf(int body, int part) const {
    const Dressed& dressed = bodies_[body];
    return dressed.looks[dressed.is_compound ? part / kFacesOfPart : 0];
  }
  std::vector<Dressed> bodies_;
  std::vector<Eigen::Vector3f> shifts_m_;
  std::vector<Eigen::Matrix3d> leans_;  // empty: none leans
  std::vector<Placed> placed_;
};

}  // namespace plumb
