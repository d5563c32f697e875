// SPDX-License-Identifier: Apache-2.0
// A DiT checkpoint behind NativeModel: a class and a seed become a picture.
#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/json.h"
#include "generator/dit/internal_dit_model.h"
#include "generator/dit/internal_dit_pipeline.h"
#include "generator/dit/internal_lineage_files.h"
#include "generator/native/internal_draw_noise.h"
#include "generator/native/internal_frames.h"
#include "tests/paths.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

constexpr const char* kCase = "tests/generator/parity/cases/dit-loop-ddim/checkpoint";

class DitModelTest : public ::testing::Test {
 protected:
  DitModelTest() {
    fs::copy(SourceFolder() / kCase, folder_.path(), fs::copy_options::recursive);
    Change("model_index.json", "id2label", {{"7", "cock"}, {"207", "golden retriever, a dog"}});
  }

  void Change(const char* file, const char* key, const Json& value) const {
    Json json = Json::parse(FileText(folder_ / file));
    json[key] = value;
    WriteText(folder_ / file, DumpJson(json));
  }
  std::unique_ptr<NativeModel> Load(NativeOptions options = {}) const {
    if (!options.steps) options.steps = 2;
    return LoadNativeModel(folder_.path(), options);
  }
  static VideoRequest Request(const std::string& label, uint64_t seed = 1) {
    VideoRequest request;
    request.seed = seed;
    request.caption = label;
    request.width = request.height = 16;
    request.frames = 1;
    request.fps = 24.0;
    return request;
  }
  static std::vector<uint8_t> Picture(NativeModel& model, const VideoRequest& request) {
    return model.Make(request, {}).frame(0).rgb;
  }

  TestFolder folder_;
};

TEST_F(DitModelTest, TheFolderSaysWhichPicturesAreMade) {
  const auto model = Load();
  EXPECT_EQ(model->Trained().width, 16);  // 8 latents a side, a stride of 2
  EXPECT_EQ(model->Trained().height, 16);
  EXPECT_EQ(model->Trained().frames, 1);
  EXPECT_EQ(model->SizeStep(), 4);
  EXPECT_EQ(model->FrameStep(), 1);
  EXPECT_FALSE(model->ReadsSentences());
}

// By hand: noise of the seed, the sampling loop that the parity cases hold, the decoder.
TEST_F(DitModelTest, APictureIsNoiseSampledAndDecoded) {
  const VideoRequest request = Request("207");
  const fs::path checkpoint = folder_.path();
  DitTransformer dit = ReadDitTransformer(checkpoint, at::kFloat);
  AutoencoderKl vae = ReadAutoencoderKl(checkpoint, at::kFloat);
  DitSampling sampling;
  sampling.labels = {207};
  sampling.steps = 2;
  const at::Tensor latents =
      SampleDit(dit,
                ReadSchedulerOptions(checkpoint / "scheduler/scheduler_config.json"),
                sampling,
                DrawNoise(request, {1, 4, 8, 8}, "initial noise"),
                {});
  const at::Tensor pixels = vae->Decode(latents / vae->config().scaling_factor);
  const std::vector<Image> expected = ImagesFromPixels(pixels.unsqueeze(2));
  const auto model = Load();
  EXPECT_EQ(Picture(*model, request), expected[0].rgb);
  EXPECT_EQ(Picture(*model, request), expected[0].rgb) << "and again";
}

TEST_F(DitModelTest, ClassSeedAndSettingsDecideThePicture) {
  const auto model = Load();
  const auto picture = Picture(*model, Request("207"));
  EXPECT_EQ(Picture(*model, Request("golden retriever")), picture);
  EXPECT_EQ(Picture(*model, Request(" a dog ")), picture);
  EXPECT_NE(Picture(*model, Request("cock")), picture);
  EXPECT_NE(Picture(*model, Request("207", 2)), picture);
  for (const NativeOptions& other : {NativeOptions{.steps = 3},
                                     NativeOptions{.guidance = 1.0},
                                     NativeOptions{.sampler = "ddpm"},
                                     NativeOptions{.sampler = "ddim"},
                                     NativeOptions{.guidance_channels = "diffusers"},
                                     NativeOptions{.bf16 = true}}) {
    EXPECT_NE(Picture(*Load(other), Request("207")), picture) << DumpJson(Load(other)->Manifest());
  }
  EXPECT_EQ(Picture(*Load({.guidance = 4.0, .guidance_channels = "upstream"}), Request("207")),
            picture)
      << "what is assumed where nothing is given";
  const auto classless = Picture(*Load({.guidance = 0.0}), Request("207"));
  EXPECT_NE(classless, Picture(*Load({.guidance = 1.0}), Request("207")));
  EXPECT_THAT([&] { Load({.guidance = 0.5, .guidance_channels = "diffusers"}); },
              ThrowsMessage<UsageError>(HasSubstr("guidance 0.5")));
}

// Eight bits of a value are left, in every layer of two networks.
TEST_F(DitModelTest, InBfloat16ThePictureIsNear) {
  const VideoRequest request = Request("207");
  const auto rough_model = Load({.guidance = 1.5, .bf16 = true});
  const auto exact = Picture(*Load({.guidance = 1.5}), request),
             rough = Picture(*rough_model, request);
  double sum = 0.0;
  for (size_t i = 0; i < exact.size(); ++i) sum += std::abs(exact[i] - rough[i]);
  EXPECT_LT(sum / static_cast<double>(exact.size()), 4.0) << "of 255";
  EXPECT_EQ(Picture(*rough_model, request), rough) << "and again";
}

TEST_F(DitModelTest, SamplersAreThoseOfTheOriginalRepository) {
  SchedulerOptions own = DefaultSchedulerOptions("DPMSolverMultistepScheduler");
  own.beta_end = 0.03;
  own.prediction = Prediction::kVelocity;
  own.clip_sample = true;
  DitConfig config;
  EXPECT_EQ(DitScheduler(own, config, "").class_name, own.class_name);
  const SchedulerOptions ddpm = DitScheduler(own, config, "ddpm");
  EXPECT_EQ(ddpm.class_name, "DDPMScheduler");
  EXPECT_EQ(ddpm.variance_type, "learned_range");
  EXPECT_EQ(ddpm.timestep_spacing, "respaced");
  EXPECT_EQ(ddpm.beta_end, 0.03);
  EXPECT_EQ(ddpm.prediction, Prediction::kVelocity);
  EXPECT_FALSE(ddpm.clip_sample);
  config.out_channels = config.in_channels;
  EXPECT_EQ(DitScheduler(own, config, "ddpm").variance_type, "fixed_large");
  EXPECT_EQ(DitScheduler(own, config, "ddim").class_name, "DDIMScheduler");
  EXPECT_THAT([&] { DitScheduler(own, config, "heun"); },
              ThrowsMessage<UsageError>(AllOf(HasSubstr("'heun'"), HasSubstr("ddim, ddpm"))));
}

TEST_F(DitModelTest, TheManifestTellsWhatDecides) {
  const Json own = Load()->Manifest();
  EXPECT_EQ(own["family"], "DiT");
  EXPECT_EQ(own["scheduler"], "DDIMScheduler");
  EXPECT_EQ(own["guidance"], 4.0);
  EXPECT_EQ(own["guidance_channels"], "upstream");
  EXPECT_EQ(own["precision"], "float32");
  EXPECT_EQ(Load({.bf16 = true})->Manifest()["precision"], "bfloat16");
  EXPECT_EQ(
      own["weights"]["transformer/diffusion_pytorch_model.safetensors"].get<std::string>().size(),
      64U);
  EXPECT_TRUE(own["weights"].contains("vae/diffusion_pytorch_model.safetensors"));
  EXPECT_EQ(own["config"]["transformer/config.json"]["num_layers"], 2);
  const Json other = Load({.guidance = 1.5, .sampler = "ddpm"})->Manifest();
  EXPECT_EQ(other["sampler"], "ddpm");
  EXPECT_EQ(other["scheduler"], "DDPMScheduler");
  EXPECT_EQ(other["guidance"], 1.5);
}

TEST_F(DitModelTest, WhatIsNoClassIsRefusedWithTheNearest) {
  const auto model = Load();
  const auto make = [&](const std::string& label) {
    return [&model, label] { Picture(*model, Request(label)); };
  };
  EXPECT_THAT(make("golden retreiver"),
              ThrowsMessage<UsageError>(HasSubstr("did you mean 'golden retriever'?")));
  EXPECT_THAT(make("1000"), ThrowsMessage<UsageError>(HasSubstr("a number of 0 to 999 or its")));
  EXPECT_THAT(make("-1"), ThrowsMessage<UsageError>(HasSubstr("'-1'")));
  EXPECT_THAT(make("7.5"), ThrowsMessage<UsageError>(HasSubstr("'7.5'")));
  EXPECT_THAT(make(""), ThrowsMessage<UsageError>(Not(HasSubstr("did you mean"))));
  Change("model_index.json", "id2label", nullptr);
  EXPECT_THAT([&] { Picture(*Load(), Request("cock")); },
              ThrowsMessage<UsageError>(Not(HasSubstr("or its name"))));
}

TEST_F(DitModelTest, WhatAPictureCannotBeIsRefused) {
  const auto model = Load();
  VideoRequest request = Request("7");
  request.frames = 2;
  EXPECT_THAT([&] { model->Make(request, {}); },
              ThrowsMessage<UsageError>(HasSubstr("ask for 1 frame")));
  request = Request("7");
  request.width = 14;
  EXPECT_THAT([&] { model->Make(request, {}); }, ThrowsMessage<UsageError>(HasSubstr("16x16")));
  request = Request("7");
  request.references = {Image(16, 16)};
  EXPECT_THAT([&] { model->Make(request, {}); },
              ThrowsMessage<UsageError>(HasSubstr("takes no pictures")));
  EXPECT_THAT([&] { Load({.shift = 3.0}); }, ThrowsMessage<UsageError>(HasSubstr("no shift")));
  EXPECT_THAT([&] { Load({.negative_prompt = "cat"}); },
              ThrowsMessage<UsageError>(HasSubstr("no negative prompt")));
  EXPECT_THAT([&] { Load({.guidance_until = 0.5}); },
              ThrowsMessage<UsageError>(HasSubstr("no guidance interval")));
  EXPECT_THAT([&] { Load({.guidance_channels = "all"}); },
              ThrowsMessage<UsageError>(HasSubstr("upstream, diffusers")));
}

// A suite asks for clips and shows frames; the model answers with the picture that it can make.
TEST_F(DitModelTest, APromptOfASuiteGetsThePictureNearestToIt) {
  Prompt prompt;
  prompt.cell_id = "drop/0";
  prompt.caption = "cock";
  prompt.width = prompt.height = 64;
  prompt.frames = 32;
  prompt.fps = 24.0;
  prompt.conditioning_frames = {Image(8, 8)};
  prompt.cameras.resize(32);
  const auto model = Load();
  const Video video = model->Generate(prompt, {});
  EXPECT_EQ(video.num_frames(), 1);
  EXPECT_EQ(video.width(), 16);
  EXPECT_EQ(video.height(), 16);
  prompt.width = prompt.height = 12;
  EXPECT_EQ(model->PlanClip(prompt).width, 12);
  EXPECT_EQ(model->PlanClip(prompt).known_frames, 0);
}

TEST_F(DitModelTest, PartsThatDoNotFitAreNamed) {
  Change("vae/config.json", "latent_channels", 3);
  EXPECT_THAT([&] { Load(); }, ThrowsMessage<InputError>(HasSubstr("vae")));
  Change("vae/config.json", "latent_channels", 4);
  Change("scheduler/scheduler_config.json", "_class_name", "PNDMScheduler");
  EXPECT_THAT([&] { Load(); }, ThrowsMessage<InputError>(HasSubstr("'PNDMScheduler'")));
}

}  // namespace
}  // namespace plumb
