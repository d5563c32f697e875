// SPDX-License-Identifier: Apache-2.0
// How a scene is put into words: one exact caption, paraphrases of it, and the outcome apart.
// Internal to the scenes room.
#pragma once

#include <string>
#include <vector>

#include "core/scene.h"

namespace plumb {

// "red ball" made of rubber: "a red rubber ball". The material's name is left out where the body's
// name begins with it already ("cork ring").
std::string Describe(const Body& object);
// The same with "the".
std::string DescribeThe(const Body& object);

// "a, b and c".
std::string Enumerate(const std::vector<std::string>& items);
// "two" … "twelve", digits above.
std::string NumberWord(int count);
std::string Capitalised(std::string sentence);

// What the camera does, as a predicate ("does not move", "travels in an arc to the right"), and the
// same in other words; from the path's motion, turned round and handheld ones included.
struct CameraWords {
  std::string does;
  std::string also_does;
};
CameraWords DescribeCamera(const CameraPath& camera);

// What stands where and what begins to happen, in main clauses without capital and full stop.
struct SceneWords {
  std::string stage;                  // where it is: "a tiled floor in front of a brick wall"
  std::vector<std::string> tellings;  // two wordings or more of the same; never the outcome
  std::string outcome;                // "the red ball stops against the wall"
  CameraWords camera;                 // left empty: DescribeCamera of the scene's path
  std::string where = "on";           // "on", "above" or "in" the stage
};

// Sets caption (unless the scene has one already), at least three paraphrases that differ from it
// and from each other, and outcome.
void Tell(Scene& scene, const SceneWords& words);

}  // namespace plumb
