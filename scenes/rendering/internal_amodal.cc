// SPDX-License-Identifier: Apache-2.0
// The part of the frame renderer that asks what each body would cover alone.
#include "scenes/rendering/internal_footprint.h"
#include "scenes/rendering/internal_frame_renderer.h"

namespace plumb {

std::vector<std::vector<uint8_t>> FrameRenderer::TraceAmodal(const FrameInput& input,
                                                             const FrameOutput& output) {
  std::vector<std::vector<uint8_t>> masks(scene_.bodies.size());
  const RayCamera camera = CameraFor(input);
  for (size_t b = 0; b < scene_.bodies.size(); ++b) {
    if (scene_.bodies[b].role == Role::kStructure || !output.present[b]) continue;
    const bool keep = is_still_[b] && camera_is_still_;
    if (keep && still_amodal_[b]) {
      masks[b] = *still_amodal_[b];
      continue;
    }
    std::vector<uint8_t>& mask = masks[b];
    mask.assign(output.samples.size(), 0);
    const Rigid3 body_from_world = Inverse(input.world_from_body[b]);
    const Eigen::Vector3f eye_in_body = (body_from_world * camera.eye()).cast<float>();
    PixelList hidden;
    std::vector<Ray> rays;
    for (const int i : PixelsNear(input, static_cast<int>(b))) {
      // What is seen needs no ray of its own; elsewhere the body is asked alone.
      if (output.samples[i].body == static_cast<int>(b)) {
        mask[i] = 1;
        continue;
      }
      const Eigen::Vector2d point = LookPoint(PixelCentre(i, options_.width), input.frame);
      Ray ray;
      ray.origin = eye_in_body;
      ray.direction = (body_from_world.rotation * camera.DirectionThrough(point)).cast<float>();
      rays.push_back(ray);
      hidden.push_back(i);
    }
    const std::vector<uint8_t> met = rays_.MeetsBody(static_cast<int>(b), rays);
    for (size_t k = 0; k < met.size(); ++k) mask[hidden[k]] = met[k];
    if (keep) still_amodal_[b] = mask;
  }
  return masks;
}

FrameOutput FrameRenderer::Render(const FrameInput& input) {
  FrameOutput output = RenderPicture(input);
  output.amodal = TraceAmodal(input, output);
  return output;
}

}  // namespace plumb
