// SPDX-License-Identifier: Apache-2.0
// What `plumb generate` is asked for, as its flags say it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/native/native_model.h"

namespace plumb {

// What becomes of the request; each is one way to use a native checkpoint (generator/native/modes).
enum class GenerationMode { kClip, kForward, kBackward, kLoop, kConnect, kEdit, kRedraw, kShots };

struct GenerationOptions {
  std::string checkpoint = "models/plumb-tiny";
  std::string prompt;
  std::vector<std::string> shots;  // a prompt each, instead of `prompt`
  bool expand = true;              // prompts into the words of captions

  // Given files; "" or empty where none is.
  std::string image;
  std::string video;
  std::string connect;
  std::string mask;
  std::string camera_path;
  std::vector<std::string> references;

  // 0 is not given: what the checkpoint was trained for, as far as the given files allow it.
  int width = 0;
  int height = 0;
  int frames = 0;  // of the clip that is made in one piece
  double fps = 0.0;
  int known_frames = 0;   // taken from videos at a seam
  double seconds = 0.0;   // of the whole video, the given one included
  double backward = 0.0;  // seconds made before `video`
  double strength = 0.0;  // of an edit, up to 1
  bool loop = false;

  uint64_t seed = 0;
  NativeOptions sampling;
  std::vector<double> guidance_interval;  // empty: as `sampling` has it
  std::string out = "generated.mp4";
  std::vector<std::string> activations;  // layers to look at: see ActivationFile; none
  std::string sheet;  // a picture of frames of all videos that are made; empty: none
  bool as_json = false;

  // Throws UsageError naming the flags that don't go together, or that lack another, and what
  // `NativeOptions::Validate` throws.
  void Validate() const;
  // Of options that are valid.
  GenerationMode Mode() const;
};

// "clip", "extend forward", "extend backward", "loop", "connect", "masked edit", "sdedit", "shots"
std::string GenerationModeName(GenerationMode mode);

}  // namespace plumb
