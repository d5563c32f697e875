// SPDX-License-Identifier: Apache-2.0
// The class names by which a checkpoint's configuration files say what they describe.
#pragma once

namespace plumb {

inline constexpr char kIndexClass[] = "PlumbVideoPipeline";
inline constexpr char kTransformerClass[] = "PlumbSpacetimeTransformer3DModel";
inline constexpr char kVaeClass[] = "PlumbCausalVideoAutoencoder";
inline constexpr char kTextEncoderClass[] = "PlumbTextEncoder";
inline constexpr char kSchedulerClass[] = "FlowMatchEulerDiscreteScheduler";  // rectified flow
inline constexpr char kDiffusionClass[] = "DDPMScheduler";  // variance-preserving diffusion

}  // namespace plumb
