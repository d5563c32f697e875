// SPDX-License-Identifier: Apache-2.0
// A world of flat discs before a textured wall, drawn by closed form: truth that is exact by
// construction.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/truth.h"

namespace plumb {

// Places are (sideways, up) in metres in the plane y = 0, which the camera faces.
struct Disc {
  std::string name = "red ball";
  double radius_m = 0.15;
  Eigen::Vector3d rgb = {210, 50, 40};
  std::function<Eigen::Vector2d(double time_s)> place_m;
};

// What one frame of a film shows of the discs, in the order of drawing.
struct DrawnDisc {
  Eigen::Vector2d place_m = Eigen::Vector2d::Zero();
  double radius_m = 0.15;
  Eigen::Vector3d rgb = Eigen::Vector3d::Zero();
};

struct DiscWorld {
  std::vector<Disc> discs;
  int frames = 36;
  double fps = 24.0;
  int width = 160;
  int height = 120;
  // An upright screen before the discs: from, to (sideways, metres).
  std::optional<Eigen::Vector2d> screen_m;
  std::vector<ContactEvent> contacts;
  double gravity_mps2 = 9.81;

  // What the frames show when nothing is wrong.
  std::vector<DrawnDisc> Shown(int frame) const;
  // A film of anything: `direct` changes what the frame would show.
  using Direct = std::function<void(int frame, std::vector<DrawnDisc>& shown)>;
  Video Film(const Direct& direct = {}) const;
  // Scene, states (40 a frame), masks, views, cameras and the film.
  Truth MakeTruth() const;
  Camera MakeCamera() const;
};

// Falls from `height_m` at rest and keeps the share `restitution` of its speed at every bounce on z
// = `radius_m`.
std::function<Eigen::Vector2d(double)> Bouncing(const Eigen::Vector2d& start_m,
                                                double radius_m,
                                                double restitution,
                                                double gravity_mps2 = 9.81);
// When that path first touches the ground, and how fast.
double FirstTouch(double height_m, double radius_m, double gravity_mps2 = 9.81);

std::function<Eigen::Vector2d(double)> Rolling(const Eigen::Vector2d& start_m, double speed_mps);

// Every colour channel of every pixel through the function, clamped to bytes.
Video Filtered(const Video& video, const std::function<double(double level, size_t index)>& filter);

}  // namespace plumb
