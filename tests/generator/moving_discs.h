// SPDX-License-Identifier: Apache-2.0
// Clips of a coloured disc that glides over a shaded ground: the smallest world with colour, place
// and motion.
#pragma once

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/seed.h"
#include "generator/training/train.h"

namespace plumb {

struct DiscWorld {
  int width = 16;
  int height = 16;
  int frames = 9;
  double fps = 24.0;
};

inline Image DrawDisc(const DiscWorld& world, std::array<int, 3> colour, double x, double y) {
  Image image(world.width, world.height);
  const double radius = 0.2 * world.height;
  for (int row = 0; row < world.height; ++row) {
    for (int column = 0; column < world.width; ++column) {
      const bool inside = std::hypot(column + 0.5 - x, row + 0.5 - y) < radius;
      for (int c = 0; c < 3; ++c) {
        image.Pixel(column, row)[c] =
            static_cast<uint8_t>(inside ? colour[c] : 120 + 60 * row / world.height);
      }
    }
  }
  return image;
}

// The exact caption and one in other words.
inline std::vector<std::string> DiscCaptions(bool red) {
  if (red) return {"A red disc glides to the right.", "A disc that is red moves right."};
  return {"A blue disc glides to the right.", "A disc that is blue moves right."};
}

inline TrainingClip DiscClip(const DiscWorld& world, uint64_t index) {
  Random random(DeriveSeed(7, "disc", std::to_string(index)));
  const bool red = random.Index(2) == 0;
  const std::array<int, 3> colour = red ? std::array{220, 40, 40} : std::array{40, 60, 220};
  const double y = random.Uniform(0.3, 0.7) * world.height;
  const double speed = random.Uniform(0.3, 0.8) * world.width / world.frames;
  std::vector<Image> frames;
  for (int i = 0; i < world.frames; ++i) {
    frames.push_back(DrawDisc(world, colour, 0.2 * world.width + speed * i, y));
  }
  return {Video(std::move(frames), world.fps),
          DiscCaptions(red),
          index < kFirstHeldOut ? fmt::format("disc-{}", index)
                                : fmt::format("disc-h{}", index - kFirstHeldOut)};
}

inline ClipSource DiscSource(const DiscWorld& world) {
  return [world](uint64_t index) { return DiscClip(world, index); };
}

}  // namespace plumb
