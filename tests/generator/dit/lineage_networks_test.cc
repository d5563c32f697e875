// SPDX-License-Identifier: Apache-2.0
// DiT and its autoencoder: what the parity cases don't say.
#include <gmock/gmock.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/dit/internal_lineage_files.h"
#include "generator/weights/internal_register.h"
#include "generator/weights/internal_weights.h"
#include "tests/paths.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

fs::path Checkpoint(const char* name) {
  return SourceFolder() / "tests/generator/parity/cases" / name / "checkpoint";
}

class LineageNetworksTest : public ::testing::Test {
 protected:
  void SetUp() override {
    torch::manual_seed(3);
    at::set_num_threads(1);
  }
  const torch::NoGradGuard no_grad_;
  const fs::path dit_ = Checkpoint("dit-learned-variance");
};

double Apart(const at::Tensor& actual, const at::Tensor& exact) {
  return ((actual.to(at::kDouble) - exact).abs().max() / exact.square().mean().sqrt())
      .item<double>();
}

TEST_F(LineageNetworksTest, EveryTypeOfWeightsGivesTheSameWithinItsRounding) {
  const at::Tensor latents = at::randn({2, 4, 8, 8});
  const at::Tensor timesteps = torch::tensor({30, 900}), labels = torch::tensor({1, 10});
  const auto predict = [&](at::ScalarType type) {
    return ReadDitTransformer(dit_, type)->forward(latents, timesteps, labels);
  };
  const at::Tensor exact = predict(at::kDouble);
  EXPECT_EQ(exact.scalar_type(), at::kDouble);
  EXPECT_LT(Apart(predict(at::kFloat), exact), 1e-4);
  EXPECT_LT(Apart(predict(at::kBFloat16), exact), 0.3);
  EXPECT_EQ(predict(at::kBFloat16).scalar_type(), at::kFloat);
}

TEST_F(LineageNetworksTest, ConditionsMayBeMadeForManyStepsAtOnce) {
  DitTransformer dit = ReadDitTransformer(dit_, at::kDouble);
  const at::Tensor latents = at::randn({1, 4, 8, 8}, at::kDouble);
  const DitConditions all =
      dit->Condition(torch::tensor({900, 500, 100}), torch::tensor({1, 2, 3}));
  const at::Tensor alone = dit->forward(latents, torch::tensor({500}), torch::tensor({2}));
  EXPECT_LT(Apart(dit->Predict(latents, all.Rows(1, 1)), alone), 1e-12);
  EXPECT_GT(Apart(dit->Predict(latents, all.Rows(2, 1)), alone), 1e-3);
}

TEST_F(LineageNetworksTest, PicturesNeedNotBeSquare) {
  DitTransformer dit = ReadDitTransformer(dit_, at::kFloat);
  const at::Tensor out =
      dit->forward(at::randn({1, 4, 6, 10}), torch::tensor({5}), torch::tensor({0}));
  EXPECT_EQ(out.sizes().vec(), (std::vector<int64_t>{1, 8, 6, 10}));
  EXPECT_THROW(dit->forward(at::randn({1, 4, 7, 8}), torch::tensor({5}), torch::tensor({0})),
               CheckFailure);
}

TEST_F(LineageNetworksTest, PositionsTellColumnsFirst) {
  const at::Tensor positions = DitPositions(2, 3, 8, 2);
  ASSERT_EQ(positions.sizes().vec(), (std::vector<int64_t>{6, 8}));
  // Token 4 is row 1, column 1 of a grid that is spread over 2 x 2.
  EXPECT_NEAR(positions[4][0].item<double>(), std::sin(2.0 / 3.0), 1e-12);
  EXPECT_NEAR(positions[4][2].item<double>(), std::cos(2.0 / 3.0), 1e-12);
  EXPECT_NEAR(positions[4][4].item<double>(), std::sin(1.0), 1e-12);
  EXPECT_NEAR(positions[4][5].item<double>(), std::sin(1.0 / 100.0), 1e-12);
}

TEST_F(LineageNetworksTest, EveryWrongTensorIsListed) {
  const TestFolder folder;
  fs::copy(dit_, folder.path(), fs::copy_options::recursive);
  const fs::path file = folder / "transformer/diffusion_pytorch_model.safetensors";
  Safetensors weights = ReadSafetensors(file);
  weights.tensors.erase("proj_out_2.bias");
  weights.tensors["extra"] = Tensor(DType::kF32, {1});
  weights.tensors["proj_out_1.bias"] = Tensor(DType::kF32, {5});
  WriteSafetensors(file, weights);
  EXPECT_THAT([&] { ReadDitTransformer(folder.path(), at::kFloat); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("'proj_out_2.bias' [32] is missing"),
                                              HasSubstr("'extra' [1] is not part"),
                                              HasSubstr("'proj_out_1.bias' has shape [5]"))));
}

TEST_F(LineageNetworksTest, ImagesComeBackAtTheirSize) {
  AutoencoderKl vae = ReadAutoencoderKl(Checkpoint("kl-encode"), at::kFloat);
  const at::Tensor images = at::randn({1, 3, 12, 8});
  const KlPosterior posterior = vae->Encode(images);
  EXPECT_EQ(posterior.mean.sizes().vec(), (std::vector<int64_t>{1, 4, 3, 2}));
  EXPECT_EQ(vae->Decode(posterior.mean).sizes(), images.sizes());
  EXPECT_LE(posterior.logvar.abs().max().item<double>(), 30.0);
  EXPECT_THROW(vae->Encode(at::randn({1, 3, 10, 8})), CheckFailure);
}

TEST_F(LineageNetworksTest, NamesOfOlderFilesAreUnderstood) {
  const std::string middle = "encoder.mid_block.attentions.0.";
  EXPECT_EQ(CurrentKlName(middle + "query.weight"), middle + "to_q.weight");
  EXPECT_EQ(CurrentKlName(middle + "key.bias"), middle + "to_k.bias");
  EXPECT_EQ(CurrentKlName(middle + "value.weight"), middle + "to_v.weight");
  EXPECT_EQ(CurrentKlName(middle + "proj_attn.bias"), middle + "to_out.0.bias");
  EXPECT_EQ(CurrentKlName(middle + "to_q.bias"), middle + "to_q.bias");
  EXPECT_EQ(CurrentKlName("encoder.key.weight"), "encoder.key.weight");
}

TEST_F(LineageNetworksTest, ModulesAreRegisteredUnderDottedNames) {
  torch::nn::Module root;
  RegisterAt(root, "a.b.first", torch::nn::Linear(2, 3));
  RegisterAt(root, "a.b.second", torch::nn::Linear(3, 2));
  RegisterAt(root, "top", torch::nn::Linear(1, 1));
  EXPECT_TRUE(root.named_parameters().contains("a.b.first.weight"));
  EXPECT_TRUE(root.named_parameters().contains("a.b.second.bias"));
  EXPECT_TRUE(root.named_parameters().contains("top.weight"));
  EXPECT_EQ(&ModuleAt(root, "a.b"), &ModuleAt(ModuleAt(root, "a"), "b"));
}

TEST_F(LineageNetworksTest, WorkIsCountedAsInThePaper) {
  // DiT-XL/2 at 256²: 118.6 G multiply-adds (Peebles & Xie 2022, table 4), nearly all in the
  // blocks.
  EXPECT_NEAR(DitBlockFlops(DitConfig{}, 1, 256) / 2e9, 118.6, 1.2);
}

}  // namespace
}  // namespace plumb
