// SPDX-License-Identifier: Apache-2.0
// A short prompt in the words that native checkpoints are trained on, the exact captions of Plumb's
// scenes: what stands where, what begins to happen, what the camera does.
#pragma once

#include <string>
#include <string_view>

namespace plumb {

struct ExpansionOptions {
  bool looks_are_shown = false;  // by pictures: things get no colour and no material
};

// "red ball falls" becomes "At first a red rubber ball hangs in the air above a wooden floor in
// front of a plaster wall; then it is let go. The camera does not move."
//
// By fixed rules, in this order; the same prompt gives the same text:
// * a prompt that tells of the camera and of a floor, wall or room stays as it is, byte for byte;
// * things get an article, a colour and a material where they have none, cubes and spheres are
//   boxes and balls; those that "the" points to stay;
// * where one thing alone falls, is thrown, slides, rolls or only stands there, and nothing is said
//   of where, that is told as captions tell it; other events keep their words, with a place;
// * a camera that nobody tells of does not move.
// Nothing (or white space alone) stays nothing: then there is no caption at all.
std::string ExpandedPrompt(std::string_view prompt, const ExpansionOptions& options = {});

}  // namespace plumb
