// SPDX-License-Identifier: Apache-2.0
#include "app/generate/generate_flags.h"

#include "app/positive_number.h"

namespace plumb {
namespace {

void AddGivenFlags(CLI::App& verb, GenerationOptions& options) {
  verb.add_option("--checkpoint", options.checkpoint, "folder of the native model")
      ->envname("PLUMB_CHECKPOINT")
      ->capture_default_str();
  verb.add_option("--prompt", options.prompt, "what the video shows");
  verb.add_option("--shot", options.shots, "prompt of one of several videos of the same characters")
      ->allow_extra_args(false);
  verb.add_flag("!--no-expand",
                options.expand,
                "leave prompts as they are instead of telling them as "
                "captions do");
  CLI::Option* image = verb.add_option("--image", options.image, "picture the video starts with");
  verb.add_option("--video", options.video, "video to go on from, or to change")->excludes(image);
  verb.add_option("--reference", options.references, "picture of who is in the video; repeatable")
      ->allow_extra_args(false);
  verb.add_option("--camera-path",
                  options.camera_path,
                  "JSON with a camera for every frame, as truth.json of a scene has them");
}

void AddModeFlags(CLI::App& verb, GenerationOptions& options) {
  verb.add_option("--seconds", options.seconds, "length of the whole video, made clip by clip")
      ->check(PositiveNumber());
  verb.add_option("--backward", options.backward, "seconds that lead to --video")
      ->check(PositiveNumber());
  verb.add_flag("--loop", options.loop, "add the way from the end back to the beginning");
  verb.add_option("--connect", options.connect, "video that --video is led to");
  verb.add_option("--mask", options.mask, "picture: of --video the light part is kept");
  verb.add_option(
          "--strength", options.strength, "how much of --video is made anew, up to 1 (SDEdit)")
      ->check(PositiveNumber());
  verb.add_option("--known-frames",
                  options.known_frames,
                  "frames taken from a video where it is gone on from (default: 9, or half a clip)")
      ->check(PositiveNumber());
}

void AddClipFlags(CLI::App& verb, GenerationOptions& options) {
  verb.add_option("--width", options.width, "pixels (default: as trained, or nearest to a file's)")
      ->check(PositiveNumber());
  verb.add_option("--height", options.height, "pixels")->check(PositiveNumber());
  verb.add_option("--frames", options.frames, "of a clip made in one piece (default: as trained)")
      ->check(PositiveNumber());
  verb.add_option("--fps", options.fps, "frames a second (default: as trained)")
      ->check(PositiveNumber());
  verb.add_option("--out", options.out, ".mp4 to look at, .mkv without loss, .png of one frame")
      ->capture_default_str();
  verb.add_option("--sheet", options.sheet, ".png: frames of what is made, side by side");
  verb.add_option(
          "--activations",
          options.activations,
          "layers, as blocks.2 or 'blocks.*.ffn_out', whose outputs are stored beside --out")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb.add_flag("--json", options.as_json, "print JSON");
}

void AddSamplingFlags(CLI::App& verb, GenerationOptions& options) {
  NativeOptions& sampling = options.sampling;
  verb.add_option("--seed", options.seed, "of the initial noise")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--steps", sampling.steps, "of the sampler (default: 20; of DiT 50)");
  verb.add_option("--sampler",
                  sampling.sampler,
                  "ddim, ddpm, dpm++2m, euler (default), heun, unipc; of DiT ddim, ddpm");
  verb.add_option("--shift", sampling.shift, "of the noise levels; 0 is the checkpoint's own")
      ->capture_default_str();
  verb.add_option("--guidance",
                  sampling.guidance,
                  "weight of the prompt; 1 is none extra (default: 2; of DiT 4)");
  verb.add_option("--guidance-interval",
                  options.guidance_interval,
                  "share of the steps in which guidance acts, as 0.2 0.8")
      ->expected(2);
  verb.add_option("--negative-prompt", sampling.negative_prompt, "what guidance leads away from");
  verb.add_option("--guidance-channels",
                  sampling.guidance_channels,
                  "of DiT, which latent channels guidance acts on: upstream (the first three, "
                  "default), diffusers (all)");
  verb.add_flag("--bf16", sampling.bf16, "networks in bfloat16 (default: float32)");
}

}  // namespace

void AddGenerateFlags(CLI::App& verb, GenerationOptions& options) {
  AddGivenFlags(verb, options);
  AddModeFlags(verb, options);
  AddClipFlags(verb, options);
  AddSamplingFlags(verb, options);
  verb.footer(
      "\nExamples:\n"
      "  plumb generate --prompt \"A red rubber ball falls.\" --out ball.mp4\n"
      "  plumb generate --image start.png --prompt \"The ball rolls on.\" --seed 3\n"
      "  plumb generate --video a.mp4 --known-frames 9 --out rest.mkv\n"
      "  plumb generate --video a.mp4 --seconds 4 --out longer.mkv\n"
      "  plumb generate --video a.mp4 --backward 2 --out before.mkv\n"
      "  plumb generate --video a.mp4 --loop --out loop.mp4\n"
      "  plumb generate --video a.mp4 --connect b.mp4 --out both.mkv\n"
      "  plumb generate --video a.mp4 --mask keep.png --prompt \"a blue box\" --out edit.mkv\n"
      "  plumb generate --video a.mp4 --strength 0.6 --prompt \"a blue ball\" --out blue.mkv\n"
      "  plumb generate --prompt \"a red ball\" --frames 1 --out picture.png\n"
      "  plumb generate --shot \"a red ball falls\" --shot \"the ball rolls\" --out shots.mkv\n"
      "  plumb generate --prompt \"a room\" --camera-path room/truth/truth.json --out room.mkv\n"
      "  plumb generate --prompt \"a red ball rolls\" --seconds 60 --out minute.mp4 --sheet "
      "m.png\n");
}

}  // namespace plumb
