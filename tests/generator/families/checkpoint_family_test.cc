// SPDX-License-Identifier: Apache-2.0
#include "generator/families/checkpoint_family.h"

#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/json.h"
#include "generator/native/native_model.h"
#include "tests/paths.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class CheckpointFamilyTest : public ::testing::Test {
 protected:
  void WriteIndex(const Json& json) const {
    WriteText(folder_ / "model_index.json", DumpJson(json));
  }
  TestFolder folder_;
};

TEST_F(CheckpointFamilyTest, TheIndexNamesTheFamily) {
  EXPECT_EQ(FamilyOf(SourceFolder() / "models/plumb-tiny"), CheckpointFamily::kSpacetime);
  EXPECT_EQ(FamilyOf(SourceFolder() / "tests/generator/parity/cases/dit-loop-ddim/checkpoint"),
            CheckpointFamily::kDit);
  EXPECT_THAT(SupportedPipelines(), ElementsAre("PlumbVideoPipeline", "DiTPipeline"));
}

TEST_F(CheckpointFamilyTest, AnotherFamilyIsToldWhichThereAre) {
  WriteIndex({{"_class_name", "WanPipeline"}});
  EXPECT_THAT([&] { LoadNativeModel(folder_.path()); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("model_index.json"),
                                              HasSubstr("'WanPipeline' is not supported"),
                                              HasSubstr("PlumbVideoPipeline, DiTPipeline"))));
}

TEST_F(CheckpointFamilyTest, WhatIsNoCheckpointIsToldWhatOneIs) {
  EXPECT_THAT([&] { FamilyOf(folder_ / "absent"); },
              ThrowsMessage<InputError>(HasSubstr("is no folder")));
  EXPECT_THAT([&] { FamilyOf(folder_.path()); },
              ThrowsMessage<InputError>(HasSubstr("cannot be opened")));
  WriteIndex(Json::object());
  EXPECT_THAT([&] { FamilyOf(folder_.path()); },
              ThrowsMessage<InputError>(HasSubstr("'_class_name'")));
  WriteIndex({{"_class_name", 7}});
  EXPECT_THAT([&] { FamilyOf(folder_.path()); }, ThrowsMessage<InputError>(HasSubstr("a text")));
}

// Options that only one family has.
TEST_F(CheckpointFamilyTest, PlumbsOwnFamilyHasNoChoiceOfGuidedChannels) {
  EXPECT_THAT(
      [] {
        LoadNativeModel(SourceFolder() / "models/plumb-tiny", {.guidance_channels = "upstream"});
      },
      ThrowsMessage<UsageError>(HasSubstr("DiT checkpoints alone")));
}

}  // namespace
}  // namespace plumb
