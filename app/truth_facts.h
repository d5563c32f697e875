// SPDX-License-Identifier: Apache-2.0
// What of a truth is neither picture nor pass: truth.json and the states of the bodies.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/document.h"
#include "core/json.h"
#include "core/safetensors.h"
#include "core/truth.h"

namespace plumb {

// Schema, scene, stamps, contacts, events, horizons, cameras and views, as truth.json holds them;
// `passes` is added by who writes them.
Json TruthFacts(const Truth& truth);
// Puts what TruthFacts took, but for the stamps, into `truth`. Throws InputError on another schema,
// an unknown presence or an event that fits no body, Json::exception on a missing key or a wrong
// type.
void ReadTruthFacts(const Document& document, Truth& truth);

// The cameras alone. Throws InputError when there are none, or they are no cameras.
std::vector<Camera> ReadTruthCameras(const Document& document);

// "states" F64 [step, body, 13] (pose as quaternion x y z w and translation, velocity, angular
// velocity) and "scene_poses" F64 [body, 7]: number by number, because making a Rigid3 again would
// turn the last bit by normalising.
Safetensors TruthStates(const Truth& truth);
// Puts both into `truth`, whose scene is known. Throws InputError when they do not fit its bodies.
void ReadTruthStates(const std::filesystem::path& path, Truth& truth);

// The tensor of that name. Throws InputError naming `place` when there is none.
const Tensor& FindTensor(const Safetensors& contents,
                         const std::string& name,
                         const std::string& place);

}  // namespace plumb
