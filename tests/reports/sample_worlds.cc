// SPDX-License-Identifier: Apache-2.0
#include "tests/reports/sample_worlds.h"

#include <cmath>

namespace plumb {
namespace {

constexpr int kCells = 16;

Json Map(const Json& frame, double hottest_px) {
  Json values = Json::array();
  for (int row = 0; row < kCells; ++row) {
    for (int column = 0; column < kCells; ++column) {
      const double off = std::hypot(column - 12.0, row - 4.0);
      const double px = 0.05 + hottest_px * std::exp(-0.1 * off * off);
      values.push_back(column < 2 ? Json() : Json(std::lround(100.0 * px)));
    }
  }
  return {{"frame", frame},
          {"columns", kCells},
          {"rows", kCells},
          {"step", 0.01},
          {"unit", "px"},
          {"values", values}};
}

Json Pair(double size, bool turns_only) {
  Json shown = Json::array();
  for (int i = 0; i < 12; ++i) {
    const double off_px = 0.5 * i;
    const double x = size * (0.15 + 0.06 * i), y = size * (0.1 + 0.07 * i);
    Json match = {{"px", off_px}, {"seen", {{x, y}, {x + 4.0, y + off_px}}}};
    if (turns_only) {
      match["expected"] = {{x, y - off_px}, {x + 4.0, y}};
    } else {
      match["lines"] = {{0.0, y - off_px, size, y - off_px}, {0.0, y, size, y}};
    }
    shown.push_back(match);
  }
  return {{"frames", {6, 30}},
          {"median_px", 2.75},
          {"matches", 60},
          {"turns_only", turns_only},
          {"shown", shown}};
}

// Cameras on an arc that look at the middle, from frame `first`; y is up.
Json World(int first, int frames, bool turns_only) {
  Json cameras = Json::array(), points = Json::array();
  for (int i = 0; i < frames; ++i) {
    const double angle = 0.02 * (first + i);
    // Turned about the vertical, and half round the view axis: the picture's down is the world's.
    const double half = 0.5 * angle;
    const double reach = turns_only ? 0.0 : 900.0;
    cameras.push_back({first + i,
                       std::lround(-reach * std::sin(angle)),
                       0,
                       std::lround(-reach * std::cos(angle)),
                       0,
                       std::lround(1000.0 * std::sin(half)),
                       0,
                       std::lround(1000.0 * std::cos(half))});
  }
  for (int i = 0; !turns_only && i < 40; ++i) {
    points.push_back(
        {50 * (i % 8) - 200, 90 * (i / 8) - 180, 30 * (i % 5), 0x204080 + 0x041002 * i});
  }
  return {{"turns_only", turns_only},
          {"half_view", {0.5, 0.5}},
          {"found", {frames, points.size()}},
          {"cameras", cameras},
          {"points", points}};
}

}  // namespace

void AddWorlds(int size, bool turns_only, Evidence& evidence) {
  evidence.details["heat_maps"] = {Map(nullptr, 2.0), Map(30, 6.0)};
  evidence.details["worst_pair"] = Pair(size, turns_only);
  evidence.details["worlds"] =
      turns_only ? Json{World(0, 48, true)} : Json{World(0, 24, false), World(24, 24, false)};
}

}  // namespace plumb
