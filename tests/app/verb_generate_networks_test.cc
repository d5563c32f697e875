// SPDX-License-Identifier: Apache-2.0
// `plumb generate`: how its networks compute, and which channels of a DiT are guided.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/safetensors.h"
#include "tests/app/generate_fixture.h"
#include "tests/paths.h"

namespace plumb {
namespace {

using testing::HasSubstr;

class VerbGenerateNetworksTest : public TrainedForAMoment {
 protected:
  struct Picture {
    std::string bytes;
    Json model;  // of the manifest
  };
  // Class 207 of a DiT with random weights.
  static ProgramOutput Dit(const std::string& flags) {
    return RunPlumb(
        "generate --checkpoint " +
        (SourceFolder() / "tests/generator/parity/cases/dit-loop-ddim/checkpoint").string() +
        " --prompt 207 --steps 2 --json --out " + Path("dit.png") + " --frames 1 " + flags);
  }
  static Picture DitPicture(const std::string& flags = "") {
    const ProgramOutput output = Dit(flags);
    EXPECT_EQ(output.code, 0) << output.err;
    if (output.code != 0) return {};
    return {FileText(Path("dit.png")), Json::parse(output.out)["model"]};
  }
};

TEST_F(VerbGenerateNetworksTest, GuidanceActsOnTheChannelsThatAreNamed) {
  const Picture plain = DitPicture();
  const Picture upstream = DitPicture("--guidance-channels upstream");
  const Picture diffusers = DitPicture("--guidance-channels diffusers");
  EXPECT_EQ(plain.bytes, upstream.bytes);
  EXPECT_EQ(plain.model["guidance_channels"], "upstream");
  EXPECT_NE(plain.bytes, diffusers.bytes);
  EXPECT_EQ(diffusers.model["guidance_channels"], "diffusers");
  const ProgramOutput unknown = Dit("--guidance-channels three");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("upstream, diffusers"));
  const ProgramOutput native = GenerateWith(Checkpoint(), "--guidance-channels upstream");
  EXPECT_EQ(native.code, 2);
  EXPECT_THAT(native.err, HasSubstr("for DiT checkpoints alone"));
}

TEST_F(VerbGenerateNetworksTest, Bfloat16IsRecordedAndRepeats) {
  const Picture exact = DitPicture(), rough = DitPicture("--bf16");
  EXPECT_EQ(exact.model["precision"], "float32");
  EXPECT_EQ(rough.model["precision"], "bfloat16");
  EXPECT_NE(rough.bytes, exact.bytes);
  EXPECT_EQ(rough.bytes, DitPicture("--bf16").bytes);
  const Made video = MadeWith("--prompt x"), other = MadeWith("--prompt x --bf16");
  EXPECT_EQ(video.json["model"]["precision"], "float32");
  EXPECT_EQ(other.json["model"]["precision"], "bfloat16");
  EXPECT_FALSE(video.video.frames() == other.video.frames());
  EXPECT_TRUE(other.video.frames() == MadeWith("--prompt x --bf16").video.frames());
}

TEST_F(VerbGenerateNetworksTest, ActivationsStandBesideTheVideo) {
  const Made plain = MadeWith("--prompt x --guidance 2");
  const Made seen = MadeWith("--prompt x --guidance 2 --activations blocks.0,proj_out");
  EXPECT_TRUE(seen.video.frames() == plain.video.frames());
  const Safetensors file = ReadSafetensors(Path("mode.mkv.safetensors"));
  // One step is a pass without the caption and one with it.
  ASSERT_EQ(file.tensors.size(), 4U);
  EXPECT_EQ(file.metadata.at("blocks.0/0000"), "timestep 1000, without caption");
  EXPECT_EQ(file.metadata.at("proj_out/0001"), "timestep 1000, with caption");
  EXPECT_EQ(file.tensors.at("blocks.0/0001").shape().size(), 2U);
  EXPECT_NE(file.tensors.at("proj_out/0000").bytes(), file.tensors.at("proj_out/0001").bytes());
  const ProgramOutput unknown = GenerateWith(Checkpoint(), "--activations blocks.99");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there are: patch_embedding, blocks.0.attn1.to_out"));
  const ProgramOutput dit = Dit("--activations proj_out");
  EXPECT_EQ(dit.code, 2);
  EXPECT_THAT(dit.err, HasSubstr("not DiT's"));
}

}  // namespace
}  // namespace plumb
