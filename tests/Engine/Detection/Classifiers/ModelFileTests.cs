using System.Buffers.Binary;
using System.Security.Cryptography;
using Surveillance.Detection.Classifiers;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.Classifiers;

public sealed class ModelFileTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var random = new Random(1);
        var written = AModel.File(w => random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(w.AsSpan())), bias: -1234);
        var read = ModelFile.Read(written.ToBytes());
        Assert.Equal(written.Weights, read.Weights);
        Assert.Equal(written.Sums, read.Sums);
        Assert.Equal((written.Bias, written.ThresholdThousandths), (read.Bias, read.ThresholdThousandths));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(4000)]
    [InlineData(ModelFile.LengthBytes - 1)]
    public void Read_CutShort_IsRefused(int length)
    {
        var e = Assert.Throws<ModelFormatException>(() => ModelFile.Read(AModel.File().ToBytes().AsSpan(0, length)));
        Assert.Contains(length < 4000 ? "" : "cut short", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SomethingAdded_IsRefused() =>
        Assert.Contains("bytes instead of", Refusal(bytes => [.. bytes, 0]), StringComparison.Ordinal);

    [Fact]
    public void Read_OneBitChangedAnywhere_IsRefused()
    {
        var whole = AModel.File().ToBytes();
        for (var at = 0; at < whole.Length; at += at < 4200 ? 1 : 997)
        {
            var changed = whole.ToArray();
            changed[at] ^= 4;
            Assert.Throws<ModelFormatException>(() => ModelFile.Read(changed));
        }
    }

    [Fact]
    public void Read_NotAModel_SaysSo() =>
        Assert.Contains("not a model file", Refusal(bytes => [.. "<html>"u8, .. bytes]), StringComparison.Ordinal);

    [Fact]
    public void Read_OtherFeatures_SaysWhichVersions() =>
        Assert.Contains("features of version 99", Refusal(bytes => Rehashed(bytes, 44, 99)), StringComparison.Ordinal);

    [Fact]
    public void Read_OtherFormat_SaysWhichVersions() =>
        Assert.Contains("format version 2", Refusal(bytes => Rehashed(bytes, 40, 2)), StringComparison.Ordinal);

    [Fact]
    public void Read_FallingTable_IsRefused() =>
        Assert.Contains("falls at step 2", Refusal(bytes => Rehashed(bytes, 60, 99)), StringComparison.Ordinal);

    [Fact]
    public void Load_Folder_GivesModelsAndProblems()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "good"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "broken"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));
        File.WriteAllBytes(Path.Combine(folder.Path, "good", "weights.bin"), AModel.File().ToBytes());
        File.WriteAllBytes(Path.Combine(folder.Path, "broken", "weights.bin"), AModel.File().ToBytes()[..^1]);
        var loaded = ModelFolder.Load(folder.Path);
        Assert.Equal("good", Assert.Single(loaded.Models).Name);
        Assert.Equal(["broken", "empty"], loaded.Problems.Select(p => p.Name));
        Assert.Contains("models train empty", loaded.Problems[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFolder_IsAProblem()
    {
        var loaded = ModelFolder.Load(Path.Combine(Path.GetTempPath(), "surveillance-no-such-folder"));
        Assert.Empty(loaded.Models);
        Assert.Contains("does not exist", Assert.Single(loaded.Problems).Message, StringComparison.Ordinal);
    }

    private static string Refusal(Func<byte[], byte[]> change) =>
        Assert.Throws<ModelFormatException>(() => ModelFile.Read(change(AModel.File().ToBytes()))).Message;

    private static byte[] Rehashed(byte[] bytes, int at, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        SHA256.HashData(bytes.AsSpan(40), bytes.AsSpan(8, 32));
        return bytes;
    }
}
