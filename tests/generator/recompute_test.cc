// SPDX-License-Identifier: Apache-2.0
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include "generator/native/internal_recompute.h"
#include "tests/generator/packed_clips.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

// Two layers whose gradients need what was computed between them.
struct Block {
  torch::nn::Linear in{6, 10}, out{10, 6};
  int calls = 0;

  at::Tensor operator()(const std::vector<at::Tensor>& inputs) {
    ++calls;
    return out(at::gelu(in(inputs[0])) * inputs[1]) + inputs[0];
  }
};

class RecomputeTest : public testing::Test {
 protected:
  RecomputeTest() { torch::manual_seed(3); }

  // Gradients of x, scale and the four parameters.
  std::vector<at::Tensor> Gradients(bool recomputed) {
    const at::Tensor x = x_.clone().set_requires_grad(true);
    const at::Tensor scale = scale_.clone().set_requires_grad(true);
    for (const at::Tensor& parameter : Parameters()) parameter.mutable_grad().reset();
    const at::Tensor y = recomputed ? Recomputed(std::ref(block_), {x, scale}) : block_({x, scale});
    (y * y).sum().backward();
    std::vector<at::Tensor> gradients = {x.grad(), scale.grad()};
    for (const at::Tensor& parameter : Parameters()) gradients.push_back(parameter.grad());
    return gradients;
  }
  std::vector<at::Tensor> Parameters() const {
    return {block_.in->weight, block_.in->bias, block_.out->weight, block_.out->bias};
  }
  static void ExpectSame(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) {
      ASSERT_TRUE(a[i].defined() && b[i].defined()) << i;
      EXPECT_TRUE(at::equal(a[i], b[i])) << i;
      EXPECT_GT(a[i].abs().max().item<double>(), 0.0) << i;
    }
  }

  Block block_;
  const at::Tensor x_ = at::randn({4, 6});
  const at::Tensor scale_ = at::randn({10});
};

TEST_F(RecomputeTest, GradientsAreTheSameBits) {
  const auto plain = Gradients(false);
  EXPECT_EQ(block_.calls, 1);
  ExpectSame(Gradients(true), plain);
  EXPECT_EQ(block_.calls, 3) << "once forward, once more for the gradients";
}

TEST_F(RecomputeTest, GradientsAreTheSameBitsUnderAutocast) {
  const auto under_autocast = [&](bool recomputed) {
    const at::Tensor x = x_.clone().set_requires_grad(true);
    const at::Tensor scale = scale_.clone().set_requires_grad(true);
    for (const at::Tensor& parameter : Parameters()) parameter.mutable_grad().reset();
    at::autocast::set_autocast_enabled(at::kCPU, true);
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    const at::Tensor y = recomputed ? Recomputed(std::ref(block_), {x, scale}) : block_({x, scale});
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(at::kCPU, false);
    y.square().sum().backward();
    std::vector<at::Tensor> gradients = {x.grad(), scale.grad()};
    for (const at::Tensor& parameter : Parameters()) gradients.push_back(parameter.grad());
    return gradients;
  };
  const auto plain = under_autocast(false);
  ExpectSame(under_autocast(true), plain);
  EXPECT_FALSE(at::equal(plain[0], Gradients(false)[0])) << "bfloat16 was not in use";
}

TEST_F(RecomputeTest, AChainOfBlocksSharesAnInput) {
  // As the modulation of a transformer, which every block takes.
  const auto chain = [&](bool recomputed) {
    const at::Tensor scale = scale_.clone().set_requires_grad(true);
    at::Tensor x = x_;
    for (int i = 0; i < 3; ++i) {
      x = recomputed ? Recomputed(std::ref(block_), {x, scale}) : block_({x, scale});
    }
    x.sum().backward();
    return scale.grad();
  };
  const at::Tensor plain = chain(false);
  // Sums of float32 in another order.
  EXPECT_LT((chain(true) - plain).abs().max().item<double>(),
            1e-5 * plain.abs().max().item<double>());
}

TEST_F(RecomputeTest, ParametersLearnWhereNoInputDoes) {
  const at::Tensor y = Recomputed(std::ref(block_), {x_, scale_});
  EXPECT_TRUE(y.requires_grad());
  y.sum().backward();
  EXPECT_TRUE(block_.in->weight.grad().defined());
}

TEST_F(RecomputeTest, NothingOfTheBlockIsKept) {
  // The product's backward needs its factor: autograd holds it, unless the block is run again.
  std::weak_ptr<float> held;
  const auto block = [&](const std::vector<at::Tensor>& inputs) {
    const auto factor = std::make_shared<float>(3.0F);
    held = factor;
    return inputs[0] * at::from_blob(
                           factor.get(), {1}, [factor](void*) {}, at::TensorOptions());
  };
  const at::Tensor x = x_.clone().set_requires_grad(true);
  const at::Tensor plain = block({x});
  EXPECT_FALSE(held.expired());
  const at::Tensor y = Recomputed(block, {x});
  EXPECT_TRUE(held.expired());
  y.sum().backward();
  EXPECT_TRUE(at::equal(x.grad(), at::full_like(x_, 3.0)));
}

TEST_F(RecomputeTest, WithoutGradientsItIsAPlainCall) {
  const torch::NoGradGuard no_grad;
  const at::Tensor y = Recomputed(std::ref(block_), {x_, scale_});
  EXPECT_EQ(block_.calls, 1);
  EXPECT_FALSE(y.requires_grad());
  EXPECT_TRUE(at::equal(y, block_({x_, scale_})));
}

// Gradients of a packed batch of two clips, by parameter, and of the caption.
std::map<std::string, at::Tensor> TransformerGradients(bool recomputes_blocks) {
  torch::manual_seed(8);
  SpacetimeTransformer network(PresetConfig("test").transformer);
  DrawAnew(*network);
  network->recomputes_blocks = recomputes_blocks;
  std::vector<HandmadeClip> clips = {DrawnClip(3, 4, 4), DrawnClip(2, 4, 6)};
  clips[0].text.set_requires_grad(true);
  at::Tensor sum = at::zeros({});
  for (const at::Tensor& velocity : Velocities(network, clips)) sum = sum + velocity.square().sum();
  sum.backward();
  std::map<std::string, at::Tensor> gradients = {{"caption", clips[0].text.grad()}};
  for (const auto& parameter : network->named_parameters()) {
    gradients[parameter.key()] = parameter.value().grad();
  }
  return gradients;
}

TEST_F(RecomputeTest, ATransformersGradientsAreTheSameBits) {
  at::set_num_threads(1);
  const auto plain = TransformerGradients(false), recomputed = TransformerGradients(true);
  ASSERT_EQ(plain.size(), recomputed.size());
  for (const auto& [name, gradient] : plain) {
    ASSERT_TRUE(gradient.defined() && recomputed.at(name).defined()) << name;
    EXPECT_TRUE(at::equal(gradient, recomputed.at(name))) << name;
    EXPECT_GT(gradient.abs().max().item<double>(), 0.0) << name;
  }
}

TEST_F(RecomputeTest, ATrainingEndsWithTheSameWeights) {
  const TestFolder scratch;
  const auto weights = [&](const char* name, bool recomputes) {
    TrainOptions options = TestTraining(scratch / name);
    options.bf16 = true;
    options.vae_steps = 2;
    options.dit_steps = 6;
    options.checkpoint_activations = recomputes;
    Train(options, DiscSource({}), {});
    return FileText(options.output / "transformer/diffusion_pytorch_model.safetensors") +
           FileText(options.output / "text_encoder/model.safetensors");
  };
  EXPECT_TRUE(weights("kept", false) == weights("recomputed", true));
}

}  // namespace
}  // namespace plumb
