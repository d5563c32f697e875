// SPDX-License-Identifier: Apache-2.0
// What is wrong with a scene file beyond its schema (scene_file.h puts both together).
#pragma once

#include <string>
#include <vector>

#include "core/document.h"
#include "core/scene.h"

namespace plumb {

// A fault of a scene and the JSON pointer of what is at fault.
struct SceneFault {
  std::string pointer;
  std::string message;
  bool warning = false;
};

// Names and orders: two bodies of one name, joints and events that name nothing, times and shares
// that do not rise, angles given twice. Looks at whatever has the right type and passes over the
// rest.
std::vector<SceneFault> NameAndOrderFaults(const Json& scene);

// What core refuses of single bodies and of the camera; `faulty` are pointers that have a fault
// already.
std::vector<SceneFault> PartFaults(const Json& scene, const std::vector<std::string>& faulty);

// Deep overlaps of bodies, and warnings for bodies that the camera never sees.
std::vector<SceneFault> PlaceFaults(const Scene& scene);

}  // namespace plumb
