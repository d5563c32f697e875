// SPDX-License-Identifier: Apache-2.0
// Every way in which a checkpoint can be damaged, through the command line: exit code 4, a message
// that names the file, no video. Prints the table of what was said.
#include <functional>
#include <limits>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/json.h"
#include "core/safetensors.h"
#include "tests/app/run_program.h"
#include "tests/core/broken_safetensors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kWeights = "vae/diffusion_pytorch_model.safetensors";
constexpr const char* kTensor = "decoder.patch_path.bias";

class RejectedWeightsTest : public ::testing::Test {
 protected:
  RejectedWeightsTest() {
    fs::copy(SourceFolder() / "models/plumb-tiny", checkpoint_, fs::copy_options::recursive);
  }

  // What `plumb generate` says of the checkpoint; everything that must hold of a refusal is
  // checked.
  std::string Refusal(const std::string& name, const fs::path& checkpoint) const {
    const fs::path out = folder_ / "out.mkv";
    const ProgramOutput output =
        RunPlumb("generate --prompt x --width 32 --height 32 --frames 5 --steps 1 --checkpoint " +
                 checkpoint.string() + " --out " + out.string());
    EXPECT_EQ(output.code, 4) << name << ": " << output.err;
    EXPECT_EQ(output.out, "") << name;
    EXPECT_FALSE(fs::exists(out)) << name;
    std::string message = output.err;
    for (size_t at; (at = message.find(folder_.path().string() + "/")) != std::string::npos;) {
      message.erase(at, folder_.path().string().size() + 1);
    }
    fmt::print("| {} | {} | {} |\n", name, output.code, message.substr(0, message.find('\n')));
    return message;
  }
  std::string Refusal(const std::string& name) const { return Refusal(name, checkpoint_); }

  void ChangeWeights(const std::function<void(Safetensors&)>& change) const {
    Safetensors weights = ReadSafetensors(checkpoint_ / kWeights);
    change(weights);
    WriteSafetensors(checkpoint_ / kWeights, weights);
  }

  const TestFolder folder_;
  const fs::path checkpoint_ = folder_ / "checkpoint";
};

std::string Text(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

TEST_F(RejectedWeightsTest, FilesThatLieAboutThemselves) {
  for (const BrokenSafetensors& file : BrokenSafetensorsFiles()) {
    WriteText(checkpoint_ / kWeights, Text(file.bytes));
    EXPECT_THAT(Refusal(file.name), AllOf(HasSubstr(kWeights), HasSubstr(file.complaint)))
        << file.name;
  }
}

TEST_F(RejectedWeightsTest, AFileCutShort) {
  const std::string sound = FileText(checkpoint_ / kWeights);
  for (const size_t size : {size_t{8}, size_t{500}, sound.size() / 2, sound.size() - 1}) {
    WriteText(checkpoint_ / kWeights, sound.substr(0, size));
    EXPECT_THAT(Refusal(fmt::format("cut to {} of {} bytes", size, sound.size())),
                HasSubstr(kWeights));
  }
}

TEST_F(RejectedWeightsTest, NumbersThatAreNotFinite) {
  const std::string sound = FileText(checkpoint_ / kWeights);
  // Of bfloat16: NaN, infinity and minus infinity.
  for (const auto& [name, bits] :
       {std::pair{"a NaN", 0x7FC0}, {"+Inf", 0x7F80}, {"-Inf", 0xFF80}}) {
    ChangeWeights([bits = bits](Safetensors& weights) {
      Tensor& tensor = weights.tensors.at(kTensor);
      ASSERT_EQ(tensor.dtype(), DType::kBF16);
      tensor.bytes()[6] = static_cast<uint8_t>(bits);
      tensor.bytes()[7] = static_cast<uint8_t>(bits >> 8);
    });
    EXPECT_THAT(
        Refusal(fmt::format("{} in one element", name)),
        HasSubstr(fmt::format(
            "{}: tensor '{}' holds a value that is not finite (element 3)", kWeights, kTensor)));
    WriteText(checkpoint_ / kWeights, sound);
  }
}

TEST_F(RejectedWeightsTest, TensorsOfAnotherNetwork) {
  ChangeWeights([](Safetensors& weights) { weights.tensors.erase(kTensor); });
  EXPECT_THAT(Refusal("a missing tensor"),
              HasSubstr(fmt::format("tensor '{}' [192] is missing", kTensor)));
  ChangeWeights([](Safetensors& weights) {
    weights.tensors.emplace(kTensor, Tensor(DType::kBF16, {7, 1}));
  });
  EXPECT_THAT(Refusal("a tensor of another shape"),
              HasSubstr(fmt::format("tensor '{}' has shape [7, 1] instead of [192]", kTensor)));
  ChangeWeights([](Safetensors& weights) {
    weights.tensors.insert_or_assign(kTensor, Tensor(DType::kI32, {192}));
  });
  EXPECT_THAT(
      Refusal("a tensor of whole numbers"),
      HasSubstr(fmt::format("tensor '{}' holds I32 instead of floating-point numbers", kTensor)));
  ChangeWeights([](Safetensors& weights) {
    weights.tensors.insert_or_assign(kTensor, Tensor(DType::kBF16, {192}));
    for (int i = 0; i < 100'000; ++i) {
      weights.tensors.emplace(fmt::format("extra.{:05}", i), Tensor(DType::kBF16, {1}));
    }
  });
  EXPECT_THAT(Refusal("100,000 tensors too many"),
              AllOf(HasSubstr("tensor 'extra.00000' [1] is not part of this network"),
                    HasSubstr("and 99980 more")));
}

TEST_F(RejectedWeightsTest, ShardsThatDoNotFitTheirIndex) {
  const fs::path index = checkpoint_ / (std::string(kWeights) + ".index.json");
  const auto write_index = [&](const std::string& shard) {
    WriteText(index, Json({{"weight_map", {{kTensor, shard}}}}).dump());
  };
  write_index("w-00001-of-00002.safetensors");
  EXPECT_THAT(Refusal("a missing shard"),
              HasSubstr("index.json: file 'w-00001-of-00002.safetensors' is missing"));
  write_index("diffusion_pytorch_model.safetensors");
  EXPECT_THAT(Refusal("an index without most tensors"), HasSubstr("is not in the index"));
  write_index("../../w.safetensors");
  EXPECT_THAT(Refusal("a shard outside of the folder"),
              HasSubstr(fmt::format("tensor '{}': expected the name of a", kTensor)));
  write_index("w.bin");
  EXPECT_THAT(Refusal("a pickled shard"), HasSubstr("'w.bin' is a pickle by its name"));
  WriteText(index, "{\"weight_map\": 1}");
  EXPECT_THAT(Refusal("an index of another form"), HasSubstr("the key 'weight_map', an object"));
}

TEST_F(RejectedWeightsTest, Pickles) {
  const std::string pickle = "cos\nsystem\n(S'touch " + (folder_ / "ran").string() + "'\ntR.";
  fs::remove(checkpoint_ / kWeights);
  WriteText(checkpoint_ / "vae/diffusion_pytorch_model.bin", pickle);
  const auto says_why = AllOf(HasSubstr("a pickle is a program that runs when it is loaded"),
                              HasSubstr("convert it to safetensors"));
  EXPECT_THAT(Refusal("pickled weights in the folder"), says_why);
  WriteText(checkpoint_ / kWeights, std::string("\x80\x02}q\x00X\x01\x00\x00", 9));
  EXPECT_THAT(Refusal("a pickle by its first bytes"), says_why);
  WriteText(checkpoint_ / kWeights, std::string("PK\x03\x04\x00\x00\x08\x08 archive", 16));
  EXPECT_THAT(Refusal("a PyTorch archive by its first bytes"), says_why);
  for (const char* name : {"model.pt", "model.pth", "model.bin", "model.ckpt"}) {
    WriteText(folder_ / name, pickle);
    EXPECT_THAT(Refusal(fmt::format("--checkpoint {}", name), folder_ / name), says_why);
  }
  WriteText(folder_ / "original/Wan2.1_VAE.pth", pickle);
  EXPECT_THAT(Refusal("a folder of pickles", folder_ / "original"), says_why);
  EXPECT_FALSE(fs::exists(folder_ / "ran"));
}

TEST_F(RejectedWeightsTest, OtherFamiliesAndConfigurations) {
  const auto change = [&](const char* file, const char* key, const Json& value) {
    Json json = Json::parse(FileText(checkpoint_ / file));
    json[key] = value;
    WriteText(checkpoint_ / file, json.dump());
  };
  const std::string sound = FileText(checkpoint_ / "vae/config.json");
  change("vae/config.json", "latent_chanels", 8);
  EXPECT_THAT(
      Refusal("an unknown key"),
      AllOf(
          HasSubstr("vae/config.json"), HasSubstr("latent_chanels"), HasSubstr("latent_channels")));
  WriteText(checkpoint_ / "vae/config.json", sound);
  change("vae/config.json", "latent_channels", -1);
  EXPECT_THAT(Refusal("a number out of range"), HasSubstr("key 'latent_channels'"));
  WriteText(checkpoint_ / "vae/config.json", sound.substr(0, sound.size() / 2));
  EXPECT_THAT(Refusal("a configuration cut short"), HasSubstr("no valid JSON"));
  change("model_index.json", "_class_name", "WanPipeline");
  EXPECT_THAT(Refusal("another family"),
              AllOf(HasSubstr("'WanPipeline' is not supported"),
                    HasSubstr("PlumbVideoPipeline, DiTPipeline")));
  EXPECT_THAT(Refusal("no such folder", folder_ / "absent"), HasSubstr("is no folder"));
  EXPECT_THAT(Refusal("a file of weights", checkpoint_ / kWeights), HasSubstr("is no folder"));
}

}  // namespace
}  // namespace plumb
